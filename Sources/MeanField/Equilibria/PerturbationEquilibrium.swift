import Learning
import Randomness

/// Learns a local stationary mean-field equilibrium from an agent-level simulator, with gradients by
/// simultaneous perturbation.
///
/// ```swift
/// let result = PerturbationEquilibrium().run(
///   Malware(), HardThreshold(stateCount: 101), seeds: SeedTree(root: 1))
/// result.finalParameters  // near the equilibrium threshold
/// ```
///
/// ## Method
/// For k = 1 … K:
/// 1. `z_{k+1} = MF_Update(θ_k, z_k)`;
/// 2. `θ± = θ_k ± cη`, `Ĵ± = J(θ±, z_{k+1})`: both against the **same** mean field;
/// 3. `θ_{k+1} = [θ_k + α_k η (Ĵ⁺ − Ĵ⁻)/(2c)]_Θ` with Adam's α_k.
///
/// - Algorithm: perturbation-equilibrium | Subramanian & Mahajan, 2019 | algorithm 3 | reproduces a published figure
/// - Source: Subramanian, Mahajan (2019), *Reinforcement learning in stationary mean-field games*,
///   AAMAS; algorithm 3.
/// - Differs: the paper prints the perturbation as ηβ where its text has cη.
/// - Randomness: η, mean field and evaluations each have their own streams for every iteration.
/// - Complexity: m B + 2 m H transitions an iteration.
/// - Verified: `PerturbationSolverTests`, `reproduce malware-fig2`.
public struct PerturbationEquilibrium: Hashable, Sendable, Codable {
  public var configuration: PolicySearchConfiguration

  public init(_ configuration: PolicySearchConfiguration = PolicySearchConfiguration()) {
    self.configuration = configuration
  }

  public func run(
    _ model: some BatchSimulator, _ family: some ParametricPolicy, seeds: SeedTree,
    threads: Int = 1
  ) -> PolicySearchResult {
    var parameters = family.project(configuration.initialParameters)
    var field = model.initialDistribution
    var result = PolicySearchResult(start: parameters, meanField: field)
    var optimiser = Adam<Double>(count: parameters.count, stepSize: configuration.stepSize)
    var directions = seeds.stream("direction")
    for iteration in 0..<configuration.iterations {
      let here = seeds.child("iteration", iteration)
      field = configuration.meanField.apply(
        model, family, parameters, from: field, seeds: here.child("field"), threads: threads)
      let eta = configuration.perturbation.direction(count: parameters.count, using: &directions)
      let (plus, minus) = configuration.perturbation.perturbed(parameters, along: eta)
      let outcome = configuration.evaluation.values(
        model, family,
        [.init(parameters: plus, states: field), .init(parameters: minus, states: field)],
        commonRandomNumbers: configuration.commonRandomNumbers, seeds: here.child("evaluation"),
        threads: threads)
      let gradient = configuration.perturbation.gradient(
        eta, plus: outcome.values[0], minus: outcome.values[1])
      optimiser.stepSize = configuration.stepSize * configuration.schedule.factor(iteration)
      optimiser.descend(&parameters, gradient, scale: -1)
      parameters = family.project(parameters)
      result.record(
        parameters: parameters, value: (outcome.values[0] + outcome.values[1]) / 2,
        meanField: field, samples: configuration.meanField.samples + outcome.samples)
    }
    return result
  }
}
