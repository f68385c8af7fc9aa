/// How the step size of a policy search changes with time.
///
/// ## Method
/// `α_k = α` up to iteration `start`, then `α_k = α (start/k)^exponent`. Exponents in (½, 1] meet the
/// conditions of stochastic approximation, Σ α_k = ∞ and Σ α_k² < ∞, under which the iterate settles
/// instead of hovering around the answer; 0 keeps the step constant, as the published experiments do.
///
/// - Source: Robbins, Monro (1951), *A stochastic approximation method*, Annals of Mathematical
///   Statistics 22(3).
/// - Differs: the constant stretch at the beginning.
/// - Verified: `PerturbationSolverTests`.
public struct StepSizeSchedule: Hashable, Sendable, Codable {
  /// The last iteration at full step, ≥ 1; default 100: the published step of .01 gets from one end
  /// of [0, 1] to the other by then.
  public var start = 100
  /// In [0, 1]; default 0: constant.
  public var exponent = 0.0

  public init() {}

  public init(start: Int, exponent: Double) {
    precondition(start >= 1 && exponent >= 0, "StepSizeSchedule(\(start), \(exponent))")
    self.start = start
    self.exponent = exponent
  }

  /// α_k/α for iteration k, counted from 0.
  public func factor(_ iteration: Int) -> Double {
    guard exponent > 0, iteration + 1 > start else { return 1 }
    return power(Double(start) / Double(iteration + 1), exponent)
  }
}
