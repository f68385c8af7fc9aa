import Foundation

/// The numbers of outer and inner iterations for which theorem 2 of Guo et al. (2019) guarantees
/// W₁(L_K, L*) = O(ε) with probability at least 1 − 2δ.
///
/// ```swift
/// let schedule = GMFQSchedule(epsilon: 0.3, delta: 0.1, contraction: 0.5, gap: 0.2, pairs: 4)
/// schedule.outerIterations      // K_ε
/// schedule.innerIterations(0)   // T_0
/// schedule.sharpness            // c
/// ```
///
/// ## Method
/// - `K_ε = ⌈2 max{(ηε)^(−1/η), log_d(ε / max{diam, 1}) + 1}⌉`;
/// - `ε_k = (k + 1)^−(1+η)`, `δ_k = δ / K_ε`;
/// - `T_k` from the bound of Even-Dar & Mansour (2003), theorem 4, with learning-rate exponent ω:
///   `(L^{1+3ω} V² ln(|S||A| V / (δ_k b ε_k)) / (b² ε_k²))^{1/ω} + (L/b · ln(V/ε_k))^{1/(1−ω)}`,
///   b = (1 − γ)/2;
/// - `c = ln(1/ε) / gap`, with `gap` the smallest difference between the best and the second-best
///   action value over the net.
///
/// - Algorithm: gmf-q-schedule | Guo et al., 2019 | theorem 2 | exact check passed
/// - Source: Guo, Hu, Xu, Zhang (2019), *Learning mean-field games*, NeurIPS, theorem 2; Even-Dar,
///   Mansour (2003), *Learning rates for Q-learning*, JMLR 5.
/// - Differs: constants that the theorem leaves open are 1. The counts are a guarantee, not advice:
///   they are astronomical for small ε, so `learning` caps T_k.
/// - Verified: `MeanFieldLearningTests` (monotone in ε, δ and k).
public struct GMFQSchedule: Hashable, Sendable, Codable {
  public var epsilon: Double
  public var delta: Double
  /// d in (0, 1), the contraction constant d₁d₂ + d₃.
  public var contraction: Double
  /// η > 0.
  public var eta = 1.0
  /// ω in (½, 1).
  public var exponent = 0.77
  /// The smallest gap between the best and the second-best action value, > 0.
  public var gap: Double
  /// |S| |A|.
  public var pairs: Int
  /// L ≥ 1, the covering time of the behaviour.
  public var coveringTime: Double
  /// V_max.
  public var valueBound = 1.0
  public var discount = 0.9
  /// max{diam(S) diam(A), 1}.
  public var diameter = 1.0

  public init(epsilon: Double, delta: Double, contraction: Double, gap: Double, pairs: Int) {
    precondition(
      epsilon > 0 && epsilon < 1 && delta > 0 && delta < 1 && contraction > 0 && contraction < 1
        && gap > 0 && pairs > 0,
      "GMFQSchedule(epsilon: \(epsilon), delta: \(delta), contraction: \(contraction), gap: \(gap))"
    )
    self.epsilon = epsilon
    self.delta = delta
    self.contraction = contraction
    self.gap = gap
    self.pairs = pairs
    coveringTime = Double(pairs)
  }

  /// K_ε.
  public var outerIterations: Int {
    let slow = pow(eta * epsilon, -1 / eta)
    let fast = log(epsilon / max(diameter, 1)) / log(contraction) + 1
    return Int((2 * max(slow, fast)).rounded(.up))
  }

  /// T_k; +∞ where it exceeds every integer.
  public func innerIterations(_ k: Int) -> Double {
    let target = pow(Double(k + 1), -(1 + eta))
    let share = delta / Double(outerIterations)
    let b = (1 - discount) / 2
    let logarithm = log(Double(pairs) * valueBound / (share * b * target))
    let first = pow(coveringTime, 1 + 3 * exponent) * valueBound * valueBound * logarithm
    let second = coveringTime / b * max(0, log(valueBound / target))
    return pow(first / (b * b * target * target), 1 / exponent)
      + pow(second, 1 / (1 - exponent))
  }

  /// c.
  public var sharpness: Double { log(1 / epsilon) / gap }

  /// GMF-Q at this schedule, with every T_k capped at `longestInner` transitions.
  public func learning(longestInner: Int) -> MeanFieldLearning {
    var method = MeanFieldLearning.gmfQ(
      sharpness: sharpness, netResolution: Int((1 / epsilon).rounded(.up)) * pairs,
      QLearning(exponent: exponent))
    method.iterations = outerIterations
    method.schedule = self
    method.longestInner = longestInner
    return method
  }
}
