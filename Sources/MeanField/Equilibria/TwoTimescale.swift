import Learning
import Randomness

/// The two-timescale iteration: one noisy step of the mean field and one of the policy, at rates
/// that drift apart.
///
/// ## Method
/// `z_{k+1} = z_k + β_k (Φ̂(z_k, π_{θ_k}) − z_k)`, `θ_{k+1} = [θ_k + α_k G_{θ_k,z_k}]_Θ` with
/// β_k = `fieldRate`/(k + 1)^`fieldExponent`, α_k = `policyRate`/(k + 1)^`policyExponent`; Φ̂ moves m
/// agents drawn from z_k by one step; G is a simultaneous-perturbation estimate.
///
/// - Algorithm: two-timescale-iteration | Subramanian & Mahajan, 2019 | equation 3 | exact check passed
/// - Source: Subramanian, Mahajan (2019), equations (3a), (3b); Borkar (1997).
/// - Differs: the paper's condition Σ β/α = 0 should read α_k/β_k → 0: the policy is the slower one,
///   which the default exponents .6 and .9 respect.
/// - Complexity: m + 2 m H transitions an iteration.
/// - Verified: `PolicyGradientTests`.
public struct TwoTimescale: Hashable, Sendable, Codable {
  /// Iterations, θ₀, perturbation, evaluation and m are taken from here.
  public var configuration: PolicySearchConfiguration
  public var fieldRate = 1.0
  /// In (½, 1].
  public var fieldExponent = 0.6
  public var policyRate = 0.1
  /// In (½, 1], above `fieldExponent`.
  public var policyExponent = 0.9

  public init(_ configuration: PolicySearchConfiguration = PolicySearchConfiguration()) {
    self.configuration = configuration
  }

  public func run(
    _ model: some BatchSimulator, _ family: some ParametricPolicy, seeds: SeedTree,
    threads: Int = 1
  ) -> PolicySearchResult {
    precondition(
      fieldExponent < policyExponent,
      "exponents \(fieldExponent), \(policyExponent): the policy must be the slower one")
    var parameters = family.project(configuration.initialParameters)
    var field = model.initialDistribution
    var result = PolicySearchResult(start: parameters, meanField: field)
    var directions = seeds.stream("direction")
    let oneStep = MeanFieldUpdate(steps: 1, batchSize: configuration.meanField.batchSize)
    for iteration in 0..<configuration.iterations {
      let here = seeds.child("iteration", iteration)
      let eta = configuration.perturbation.direction(count: parameters.count, using: &directions)
      let (plus, minus) = configuration.perturbation.perturbed(parameters, along: eta)
      let outcome = configuration.evaluation.values(
        model, family,
        [.init(parameters: plus, states: field), .init(parameters: minus, states: field)],
        commonRandomNumbers: configuration.commonRandomNumbers, seeds: here.child("evaluation"),
        threads: threads)
      let gradient = configuration.perturbation.gradient(
        eta, plus: outcome.values[0], minus: outcome.values[1])
      let moved = oneStep.apply(
        model, family, parameters, from: field, seeds: here.child("field"), threads: threads)
      let time = Double(iteration + 1)
      let beta = min(1, fieldRate * power(time, -fieldExponent))
      for state in field.indices { field[state] += beta * (moved[state] - field[state]) }
      let alpha = policyRate * power(time, -policyExponent)
      parameters = family.project(zip(parameters, gradient).map { $0 + alpha * $1 })
      result.record(
        parameters: parameters, value: (outcome.values[0] + outcome.values[1]) / 2,
        meanField: field, samples: oneStep.samples + outcome.samples)
    }
    return result
  }
}
