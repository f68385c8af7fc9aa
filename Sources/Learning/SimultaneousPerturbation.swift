import Randomness

/// Estimates a gradient from two evaluations at randomly perturbed parameters.
///
/// ```swift
/// let method = SimultaneousPerturbation(size: 0.01)
/// let direction = method.direction(count: 1, using: &stream)
/// let (plus, minus) = method.perturbed([0.9], along: direction)
/// let gradient = method.gradient(direction, plus: value(plus), minus: value(minus))
/// ```
///
/// ## Method
/// `G = η (J(θ + cη) − J(θ − cη)) / (2c)` with η of independent ±1 (SPSA) or of independent standard
/// normal numbers (SFSA, the smoothed functional).
///
/// - Source: Spall (1992), *Multivariate stochastic approximation using a simultaneous perturbation
///   gradient approximation*, IEEE TAC 37(3), equation 2.2; Katkovnik, Kulchitsky (1972) for the
///   normal form; in the form of Subramanian, Mahajan (2019), section 2.1.2.
/// - Algorithm: simultaneous-perturbation | Spall, 1992 | equation 2.2 | exact check passed
/// - Differs: Spall divides by ηᵢ, which for ±1 is the same as multiplying.
/// - Randomness: one number a parameter and direction.
/// - Verified: `SimultaneousPerturbationTests` (exact on quadratics; mean over directions).
public struct SimultaneousPerturbation: Hashable, Sendable, Codable {
  /// The law of η.
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    /// ±1 with equal probability.
    case rademacher
    /// Standard normal.
    case normal
  }

  public var kind: Kind
  /// c > 0, in units of the parameters.
  public var size: Double

  public init(kind: Kind = .rademacher, size: Double = 0.01) {
    precondition(size > 0, "perturbation of size \(size): must be positive")
    self.kind = kind
    self.size = size
  }

  /// η.
  public func direction(count: Int, using generator: inout some RandomNumberGenerator) -> [Double] {
    (0..<count).map { _ in
      switch kind {
      case .rademacher: generator.sign()
      case .normal: generator.normal()
      }
    }
  }

  /// θ + cη and θ − cη.
  public func perturbed(
    _ parameters: [Double], along direction: [Double]
  ) -> (plus: [Double], minus: [Double]) {
    precondition(
      parameters.count == direction.count,
      "\(parameters.count) parameters, a direction of \(direction.count)")
    return (
      zip(parameters, direction).map { $0 + size * $1 },
      zip(parameters, direction).map { $0 - size * $1 }
    )
  }

  /// G.
  public func gradient(_ direction: [Double], plus: Double, minus: Double) -> [Double] {
    let slope = (plus - minus) / (2 * size)
    return direction.map { $0 * slope }
  }
}
