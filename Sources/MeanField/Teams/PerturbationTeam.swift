import Learning
import Randomness

/// Learns a local stationary team optimum from a system-level simulator, with gradients by
/// simultaneous perturbation.
///
/// ```swift
/// let result = PerturbationTeam().run(
///   Malware(), HardThreshold(stateCount: 101), seeds: SeedTree(root: 1))
/// ```
///
/// ## Method
/// For k = 1 … K: `θ± = θ_k ± cη`; `z± = Stationary_MF(θ±)` from ξ₀; `Ĵ± = J(θ±, z±)`, each at its
/// **own** mean field; `θ_{k+1} = [θ_k + α_k η (Ĵ⁺ − Ĵ⁻)/(2c)]_Θ` with Adam's α_k.
///
/// - Algorithm: perturbation-team | Subramanian & Mahajan, 2019 | algorithm 5 | reproduces a published figure
/// - Source: Subramanian, Mahajan (2019), *Reinforcement learning in stationary mean-field games*,
///   AAMAS; algorithms 4 and 5.
/// - Differs: each step needs two stationary mean fields, which the paper's sample count (one)
///   leaves out; ours counts both.
/// - Randomness: with common random numbers the two mean fields, too, share their draws.
/// - Complexity: 2 m B + 2 m H transitions an iteration.
/// - Verified: `PerturbationSolverTests`, `reproduce malware-fig1`.
public struct PerturbationTeam: Hashable, Sendable, Codable {
  public var configuration: PolicySearchConfiguration

  public init(_ configuration: PolicySearchConfiguration = PolicySearchConfiguration()) {
    self.configuration = configuration
  }

  public func run(
    _ model: some BatchSimulator, _ family: some ParametricPolicy, seeds: SeedTree,
    threads: Int = 1
  ) -> PolicySearchResult {
    var parameters = family.project(configuration.initialParameters)
    var result = PolicySearchResult(start: parameters, meanField: model.initialDistribution)
    var optimiser = Adam<Double>(count: parameters.count, stepSize: configuration.stepSize)
    var directions = seeds.stream("direction")
    for iteration in 0..<configuration.iterations {
      let here = seeds.child("iteration", iteration)
      let eta = configuration.perturbation.direction(count: parameters.count, using: &directions)
      let (plus, minus) = configuration.perturbation.perturbed(parameters, along: eta)
      let cases = [plus, minus].enumerated().map { index, perturbed in
        let seeds = here.child("field", configuration.commonRandomNumbers ? 0 : index)
        return MonteCarloEvaluation.Case(
          parameters: perturbed,
          states: configuration.meanField.apply(
            model, family, perturbed, from: model.initialDistribution, seeds: seeds,
            threads: threads))
      }
      let outcome = configuration.evaluation.values(
        model, family, cases, commonRandomNumbers: configuration.commonRandomNumbers,
        seeds: here.child("evaluation"), threads: threads)
      let gradient = configuration.perturbation.gradient(
        eta, plus: outcome.values[0], minus: outcome.values[1])
      optimiser.stepSize = configuration.stepSize * configuration.schedule.factor(iteration)
      optimiser.descend(&parameters, gradient, scale: -1)
      parameters = family.project(parameters)
      let field = zip(cases[0].states, cases[1].states).map { ($0 + $1) / 2 }
      result.record(
        parameters: parameters, value: (outcome.values[0] + outcome.values[1]) / 2,
        meanField: field, samples: 2 * configuration.meanField.samples + outcome.samples)
    }
    return result
  }
}
