/// Takes the largest improving step along the natural gradient that keeps a divergence bounded.
///
/// ```swift
/// let old = PolicyEvaluation(network, parameters, batch)
/// let objective = ImportanceObjective(around: old)
/// let step = TrustRegion().step(
///   from: parameters, gradient: objective.gradient(old), fisherProduct: old.fisherProduct
/// ) {
///   let new = PolicyEvaluation(network, $0, batch)
///   return (objective.value(new), new.meanDivergence(from: old))
/// }
/// ```
///
/// ## Method
/// `s ≈ (F + damping·I)⁻¹ g` by conjugate gradients; `β = √(2δ / (sᵀ(F + damping·I)s))`; then
/// `θ + decay^k·β·s` for k = 0, 1, … until the objective rises and the divergence is at most δ. If
/// no k does, θ stays.
///
/// - Source: Schulman, Levine, Abbeel, Jordan, Moritz (2015), *Trust region policy optimization*,
///   ICML; appendix C. Defaults as in the program released with the MAMRL paper (maximum KL .01, 10
///   conjugate-gradient steps, damping 1e-5, backtracking .5^k). It backtracks at most 30 times, we
///   too.
/// - Algorithm: trust-region-policy-optimization | Schulman et al., 2015 | appendix C | exact check passed
/// - Differs: none known.
/// - Randomness: none.
/// - Complexity: one Fisher product per conjugate-gradient step and one more, one evaluation per
///   backtracking step.
/// - Verified: `OptimizerTests` (natural gradient against a dense solve; KL never exceeded).
public struct TrustRegion: Hashable, Sendable, Codable {
  /// The bound δ on the mean KL divergence, in nats; > 0; default .01 (released program).
  public var maximumDivergence: Double
  public var conjugateGradient: ConjugateGradient
  /// Added to the Fisher matrix's diagonal; ≥ 0; default 1e-5 (released program).
  public var damping: Double
  /// Factor of each backtracking step, in (0, 1); default .5 (released program).
  public var backtrackDecay: Double
  /// Backtracking steps at most; default 30 (released program).
  public var backtrackSteps: Int

  public init(
    maximumDivergence: Double = 0.01, conjugateGradient: ConjugateGradient = ConjugateGradient(),
    damping: Double = 1e-5, backtrackDecay: Double = 0.5, backtrackSteps: Int = 30
  ) {
    self.maximumDivergence = maximumDivergence
    self.conjugateGradient = conjugateGradient
    self.damping = damping
    self.backtrackDecay = backtrackDecay
    self.backtrackSteps = backtrackSteps
  }

  /// What a step came to.
  public struct Outcome<Scalar: NetworkScalar>: Sendable {
    public var parameters: [Scalar]
    /// The divergence at the new parameters; 0 where none was accepted.
    public var divergence: Double
    /// The objective's rise; 0 where none was accepted.
    public var improvement: Double
    public var gradientNorm: Double
    /// Backtracking steps taken before acceptance; nil where none was accepted.
    public var backtracks: Int?
  }

  /// The full step `β·s`: on the boundary of the trust region in the quadratic model.
  public func fullStep<Scalar: NetworkScalar>(
    gradient: [Scalar], fisherProduct: ([Scalar]) -> [Scalar]
  ) -> [Scalar]? {
    func damped(_ v: [Scalar]) -> [Scalar] { fisherProduct(v).adding(damping, v) }
    let direction = conjugateGradient.solve(gradient, product: damped)
    let curvature = direction.dot(damped(direction))
    guard curvature > 0, curvature.isFinite else { return nil }
    return direction.scaled((2 * maximumDivergence / curvature).squareRoot())
  }

  /// - Parameters:
  ///   - gradient: of the objective, which is maximised.
  ///   - fisherProduct: the Hessian of the divergence at `parameters`, times a vector.
  ///   - objective: its value at `parameters`, where the caller knows it; else it is evaluated.
  ///   - evaluate: objective and divergence at other parameters.
  public func step<Scalar: NetworkScalar>(
    from parameters: [Scalar], gradient: [Scalar], fisherProduct: ([Scalar]) -> [Scalar],
    objective known: Double? = nil,
    evaluate: ([Scalar]) -> (objective: Double, divergence: Double)
  ) -> Outcome<Scalar> {
    var outcome = Outcome(
      parameters: parameters, divergence: 0, improvement: 0, gradientNorm: gradient.norm,
      backtracks: nil)
    guard let full = fullStep(gradient: gradient, fisherProduct: fisherProduct) else {
      return outcome
    }
    let before = known ?? evaluate(parameters).objective
    var scale = 1.0
    for attempt in 0..<max(backtrackSteps, 1) {
      let candidate = parameters.adding(scale, full)
      let (objective, divergence) = evaluate(candidate)
      if objective > before && divergence <= maximumDivergence {
        outcome.parameters = candidate
        outcome.divergence = divergence
        outcome.improvement = objective - before
        outcome.backtracks = attempt
        return outcome
      }
      scale *= backtrackDecay
    }
    return outcome
  }
}
