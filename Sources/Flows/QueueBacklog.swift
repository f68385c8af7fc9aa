/// The mean backlog of one router over an episode, as a function of its load: what queueing costs in
/// the delay-optimal split.
///
/// A slotted queue starts empty; in each of `horizon` ticks Poisson(ρ) packets arrive, then one is
/// served. F(ρ) is the mean, over the ticks, of the expected number left after service. It is finite
/// for every ρ, also in overload, and convex.
///
/// ```swift
/// let backlog = QueueBacklog(horizon: 500)
/// backlog.value(at: 0.5).value   // close to 0.25, the stationary ρ² / (2 (1 − ρ))
/// ```
///
/// ## Method
/// The queue after service obeys `Q[t] = max(0, Q[t−1] + A[t] − 1)`, so it has the law of the largest
/// partial sum of `A − 1`, and Spitzer's identity gives `E Q[t] = Σ_{k ≤ t} E (N_kρ − k)⁺ / k` with
/// `N_m` Poisson of mean `m`. Averaged over the ticks, and with
/// `d/dm E (N_m − k)⁺ = P(N_m ≥ k)`, `d/dm P(N_m ≥ k) = P(N_m = k − 1)`:
/// ```
/// F(ρ)   = Σ_k w_k E (N_kρ − k)⁺ / k        w_k = (T − k + 1) / T,  k = 1 … T
/// F′(ρ)  = Σ_k w_k P(N_kρ ≥ k)
/// F″(ρ)  = Σ_k w_k k P(N_kρ = k − 1)        every term ≥ 0: F is convex
/// ```
/// `F″` needs one exponential per term. `F′` and `F` are its integrals from 0 (both vanish there),
/// taken over small cells by the five-point Gauss rule and kept in a table; between the
/// nodes the quintic with the right value, slope and curvature at both ends is used. Cells are
/// `0.1/√T` wide up to load 2, where `F″` has a peak about `1/√T` wide at 1; then 1/20 up to 40, from
/// where on `F″ = 0` to double precision.
///
/// - Source: Spitzer (1956), *A combinatorial lemma and its application to probability theory*,
///   Transactions of the AMS 82; Lindley (1952) for the recursion.
/// - Differs: no recursion over the queue-length distribution is run; the result is the same number
///   (the recursion is the check).
/// - Complexity: the table takes O(T^1.5) exponentials (10 ms for T = 500), a value O(1).
/// - Verified: `QueueBacklogTests` against the recursion on the queue-length distribution.
/// - Algorithm: transient-queue-backlog | Spitzer 1956 | Spitzer's identity | exact check passed
public struct QueueBacklog: Sendable, Hashable {
  /// Ticks of an episode; at least 1.
  public let horizon: Int

  private let fineWidth: Double
  private let fineCells: Int
  private let coarseWidth: Double
  private var nodes: [CostDerivatives]
  /// Where the table ends.
  private static let lastLoad = 40.0
  private static let fineEnd = 2.0

  public init(horizon: Int) {
    precondition(horizon >= 1, "a horizon of \(horizon) ticks")
    self.horizon = horizon
    fineCells = max(200, Int((Self.fineEnd / 0.1 * Double(horizon).squareRoot()).rounded(.up)))
    fineWidth = Self.fineEnd / Double(fineCells)
    coarseWidth = 1.0 / 20
    let curvature = BacklogCurvature(horizon: horizon)
    nodes = [CostDerivatives(value: 0, slope: 0, curvature: curvature.value(at: 0))]
    let coarseCells = Int(((Self.lastLoad - Self.fineEnd) / coarseWidth).rounded())
    for cell in 0..<(fineCells + coarseCells) { appendNode(after: cell, curvature) }
  }

  /// Value, slope and curvature at a load, which is at least 0.
  public func value(at load: Double) -> CostDerivatives {
    guard load < Self.lastLoad else { return beyondTable(load) }
    let (cell, start, width) = cell(of: max(0, load))
    return QuinticCell(nodes[cell], nodes[cell + 1], width: width).value(at: (load - start) / width)
  }

  private func beyondTable(_ load: Double) -> CostDerivatives {
    let last = nodes[nodes.count - 1]
    return CostDerivatives(
      value: last.value + last.slope * (load - Self.lastLoad), slope: last.slope, curvature: 0)
  }

  private func cell(of load: Double) -> (cell: Int, start: Double, width: Double) {
    if load < Self.fineEnd {
      let cell = min(fineCells - 1, Int(load / fineWidth))
      return (cell, Double(cell) * fineWidth, fineWidth)
    }
    let cell = min(nodes.count - 2 - fineCells, Int((load - Self.fineEnd) / coarseWidth))
    return (fineCells + cell, Self.fineEnd + Double(cell) * coarseWidth, coarseWidth)
  }

  private mutating func appendNode(after cell: Int, _ curvature: BacklogCurvature) {
    let isFine = cell < fineCells
    let width = isFine ? fineWidth : coarseWidth
    let start =
      isFine ? Double(cell) * fineWidth : Self.fineEnd + Double(cell - fineCells) * coarseWidth
    let last = nodes[cell]
    var slope = 0.0
    var moment = 0.0
    for (place, weight) in Self.gaussRule {
      let value = weight * curvature.value(at: start + place * width)
      slope += value
      moment += value * (1 - place)
    }
    nodes.append(
      CostDerivatives(
        value: last.value + width * last.slope + width * width * moment,
        slope: last.slope + width * slope, curvature: curvature.value(at: start + width)))
  }

  /// Places and weights of the five-point Gauss–Legendre rule on [0, 1].
  private static let gaussRule: [(place: Double, weight: Double)] = [
    (0.046910077030668018, 0.11846344252809464),
    (0.23076534494715845, 0.23931433524968315),
    (0.5, 0.28444444444444433),
    (0.7692346550528415, 0.23931433524968315),
    (0.95308992296933193, 0.11846344252809464),
  ]
}

/// `F″` of `QueueBacklog`, term by term.
private struct BacklogCurvature {
  private let horizon: Int
  /// `log(w_k k · k^(k−1) / (k−1)!) − k`, `[k - 1]`.
  private let logScale: [Double]

  init(horizon: Int) {
    self.horizon = horizon
    let ticks = Double(horizon)
    logScale = (1...horizon).map { k in
      let count = Double(k)
      let weight = (ticks - count + 1) / ticks
      return logarithm(weight * count) + (count - 1) * logarithm(count) - count
        - logFactorial(k - 1)
    }
  }

  /// The k-th term is `exp(logScale_k + (k − 1) log ρ − k (ρ − 1))`; once `k (ρ − 1 − log ρ)` is above
  /// 60 all further ones are below 1e-20.
  func value(at load: Double) -> Double {
    guard load > 0 else { return exponential(logScale[0] + 1) }
    let logLoad = logarithm(load)
    let decay = load - 1 - logLoad
    let last = decay > 0 ? min(Double(horizon), 60 / decay + 2) : Double(horizon)
    var sum = 0.0
    for k in 1...max(1, Int(last)) {
      let count = Double(k)
      sum += exponential(logScale[k - 1] + (count - 1) * logLoad - count * (load - 1))
    }
    return sum
  }
}

/// The quintic on a cell with given value, slope and curvature at both ends.
private struct QuinticCell {
  private let c0: Double, c1: Double, c2: Double, c3: Double, c4: Double, c5: Double
  private let width: Double

  init(_ a: CostDerivatives, _ b: CostDerivatives, width: Double) {
    self.width = width
    c0 = a.value
    c1 = a.slope * width
    c2 = a.curvature * width * width / 2
    let value = b.value - c0 - c1 - c2
    let slope = b.slope * width - c1 - 2 * c2
    let curvature = b.curvature * width * width / 2 - c2
    c3 = 10 * value - 4 * slope + curvature
    c4 = -15 * value + 7 * slope - 2 * curvature
    c5 = 6 * value - 3 * slope + curvature
  }

  /// - Parameter t: the place in the cell, from 0 to 1.
  func value(at t: Double) -> CostDerivatives {
    let value = c0 + t * (c1 + t * (c2 + t * (c3 + t * (c4 + t * c5))))
    let slope = c1 + t * (2 * c2 + t * (3 * c3 + t * (4 * c4 + t * 5 * c5)))
    let curvature = 2 * c2 + t * (6 * c3 + t * (12 * c4 + t * 20 * c5))
    return CostDerivatives(
      value: value, slope: slope / width, curvature: max(0, curvature) / (width * width))
  }
}
