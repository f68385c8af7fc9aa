import Foundation

/// "When does the lecture start?": a static game in which everybody chooses when to leave home.
///
/// ```swift
/// LectureStart().equilibrium()  // .exists(start: 2.123172799117515, …)
/// ```
///
/// ## Model
/// The lecture is scheduled for t; it starts at t or when a share q of the participants has arrived,
/// whichever is later. A participant aims at τ, arrives at τ + σε with ε standard normal, and pays
/// α per unit after t, β per unit after the actual start T, and γ per unit of waiting for T.
///
/// ## Method
/// Given T, the first-order condition α N((τ − t)/σ) + (β + γ) N((τ − T)/σ) = γ has one root τ(T, σ).
/// The arrivals' q-quantile Q(T) solves Σ_σ m₀(σ) N((Q − τ(T, σ))/σ) = q. The new start is
/// T**(T) = max(t, Q(T)).
///
/// For α > 0 the left side of the condition is at least γ at large T only if (β + γ) N((τ − T)/σ)
/// falls below γ − α N(∞): the drift D(T) = Q(T) − T decreases with T, because τ grows by less than
/// T does. Its limit for T → ∞ is D(∞) = q-quantile of Σ m₀ · Normal(σ N⁻¹((γ − α)/(β + γ)), σ),
/// where γ > α, else −∞. So a finite equilibrium exists exactly when D(∞) < 0 or D(t) ≤ 0, and it is
/// the root of a decreasing function, found by bisection.
///
/// - Algorithm: lecture-start | Guéant, Lasry & Lions, 2011 | proposition 2 of Xu, 2020 | exact check passed
/// - Source: Guéant, Lasry, Lions (2011), *Mean field games and applications*, section 1; Xu (2020),
///   *Multi-agent reinforcement learning: from a mean-field perspective*, RLChina lecture.
/// - Differs: the lecture says "whichever is earlier", which its own domain [t, ∞) contradicts. Its
///   proposition 2 (T** is a contraction, so a fixed point exists) is false for γ > α: the slope is
///   below 1 everywhere but not bounded away from it, and T may grow without end.
/// - Complexity: about 60 × 60 evaluations of N for each σ.
/// - Verified: `LectureStartTests`.
public struct LectureStart: CataloguedGame, Hashable, Codable {
  /// t.
  public var scheduled: Double
  /// α ≥ 0.
  public var latenessCost: Double
  /// β ≥ 0.
  public var missedCost: Double
  /// γ ≥ 0, with β + γ > 0.
  public var waitingCost: Double
  /// q in (0, 1).
  public var quantile: Double
  /// The noise scales, each > 0.
  public var scales: [Double]
  /// The share of participants with each scale; positive, any sum.
  public var weights: [Double]

  public init(
    scheduled: Double = 0, latenessCost: Double = 1, missedCost: Double = 1,
    waitingCost: Double = 1, quantile: Double = 0.9, scales: [Double] = [1],
    weights: [Double] = [1]
  ) {
    precondition(
      !scales.isEmpty && scales.count == weights.count && scales.allSatisfy { $0 > 0 }
        && weights.allSatisfy { $0 > 0 } && quantile > 0 && quantile < 1,
      "LectureStart(quantile: \(quantile), scales: \(scales), weights: \(weights))")
    precondition(
      latenessCost >= 0 && missedCost >= 0 && waitingCost >= 0 && missedCost + waitingCost > 0,
      "LectureStart: costs \(latenessCost), \(missedCost), \(waitingCost)")
    self.scheduled = scheduled
    self.latenessCost = latenessCost
    self.missedCost = missedCost
    self.waitingCost = waitingCost
    self.quantile = quantile
    self.scales = scales
    let total = weights.reduce(0, +)
    self.weights = weights.map { $0 / total }
  }

  /// What the game comes to.
  public enum Outcome: Sendable, Hashable {
    /// The start T*, the residual T**(T*) − T*, and the intended arrivals for each σ.
    case exists(start: Double, residual: Double, intentions: [Double])
    /// T**(T) > T for every T; `growth` is the limit of T**(T) − T, by which an iteration grows.
    case noFiniteEquilibrium(growth: Double)
    /// Participants would come ever earlier (no cost of waiting) or never (no cost of coming late).
    case unbounded(String)
  }

  /// The actual start in equilibrium, or why there is none.
  public func equilibrium() -> Outcome {
    if waitingCost == 0 {
      return .unbounded(
        "waiting costs nothing (gamma = 0), so everybody would come infinitely early")
    }
    if latenessCost == 0 && missedCost == 0 {
      return .unbounded("being late costs nothing, so everybody would come infinitely late")
    }
    // Below, starts are counted from t. At T = t: if the quantile has come by then, t it is.
    if quantileOfArrivals(start: 0) <= 0 { return found(0) }
    let limit = limitingDrift
    // No sooner than the drift is truly negative somewhere can the bisection have an upper end.
    guard limit < 0 else { return .noFiniteEquilibrium(growth: limit) }
    var low = 0.0
    var high = 1.0
    while quantileOfArrivals(start: high) > high {
      low = high
      high *= 2
      // D(T) < 0 for some T, but so late that T + D(T) no longer differs from T.
      if high > 1e12 { return .noFiniteEquilibrium(growth: limit) }
    }
    while true {
      let middle = (low + high) / 2
      if middle <= low || middle >= high { return found(high) }
      if quantileOfArrivals(start: middle) > middle { low = middle } else { high = middle }
    }
  }

  private func found(_ start: Double) -> Outcome {
    .exists(
      start: scheduled + start,
      residual: max(0, quantileOfArrivals(start: start)) - start,
      intentions: scales.map { scheduled + intention(start: start, scale: $0) })
  }

  /// T**(T): when the lecture starts if all expect it to start at T ≥ t.
  public func actualStart(expected: Double) -> Double {
    scheduled + max(0, quantileOfArrivals(start: expected - scheduled))
  }

  /// τ(T, σ): when a participant with noise scale σ means to arrive.
  public func intendedArrival(expected: Double, scale: Double) -> Double {
    scheduled + intention(start: expected - scheduled, scale: scale)
  }

  /// lim_{T→∞} Q(T) − T.
  public var limitingDrift: Double {
    if waitingCost <= latenessCost { return -.infinity }
    // Far from t everybody pays α for every unit: (β + γ) N((τ − T)/σ) = γ − α.
    let share = (waitingCost - latenessCost) / (missedCost + waitingCost)
    guard share < 1 else { return .infinity }
    let offset = Normal.quantile(share)
    return quantileOfArrivals(intentions: scales.map { $0 * offset })
  }

  /// The intended arrival, counted from t, when the start is `start` after t.
  private func intention(start: Double, scale: Double) -> Double {
    // The residual increases with τ from −γ to α + β > 0, so the bracket below is sure to close.
    func residual(_ tau: Double) -> Double {
      latenessCost * Normal.cumulative(tau / scale)
        + (missedCost + waitingCost) * Normal.cumulative((tau - start) / scale) - waitingCost
    }
    return Self.root(around: start, width: scale, residual)
  }

  private func quantileOfArrivals(start: Double) -> Double {
    quantileOfArrivals(intentions: scales.map { intention(start: start, scale: $0) })
  }

  private func quantileOfArrivals(intentions: [Double]) -> Double {
    let widest = scales.max() ?? 1
    return Self.root(around: intentions[0], width: widest) { time in
      var share = -quantile
      for index in scales.indices {
        share += weights[index] * Normal.cumulative((time - intentions[index]) / scales[index])
      }
      return share
    }
  }

  /// The root of an increasing function, by bracketing and bisection down to neighbouring numbers.
  private static func root(
    around guess: Double, width: Double, _ function: (Double) -> Double
  ) -> Double {
    var low = guess - width
    var high = guess + width
    var reach = width
    while function(low) > 0 && reach < 1e300 {
      reach *= 2
      low = guess - reach
    }
    reach = width
    while function(high) < 0 && reach < 1e300 {
      reach *= 2
      high = guess + reach
    }
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { return middle }
      if function(middle) > 0 { high = middle } else { low = middle }
    }
  }
}

/// The standard normal distribution.
enum Normal {
  /// N(x), accurate in both tails.
  static func cumulative(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

  /// N⁻¹(p) for p in (0, 1), by bisection on N.
  static func quantile(_ p: Double) -> Double {
    var low = -40.0
    var high = 40.0
    while true {
      let middle = (low + high) / 2
      if middle <= low || middle >= high { return middle }
      if cumulative(middle) > p { high = middle } else { low = middle }
    }
  }
}
