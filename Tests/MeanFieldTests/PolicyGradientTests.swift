import MeanField
import Randomness
import Testing

@Suite struct PolicyGradientTests {
  private let game = Malware(cells: 21)
  private let family = SmoothThreshold(stateCount: 21, width: 0.1)

  /// The exact derivative of J at a fixed mean field, by central differences of the Bellman solution.
  private func exactGradient(_ theta: Double, _ states: [Double]) -> Double {
    func value(_ theta: Double) -> Double {
      let policy = family.policy([theta])
      let law = PopulationLaw(states: states, policy: policy)
      return zip(game.initialDistribution, game.exactValues(policy, law: law))
        .reduce(0) { $0 + $1.0 * $1.1 }
    }
    return (value(theta + 1e-5) - value(theta - 1e-5)) / 2e-5
  }

  /// All three estimators within five standard errors (about .05) of the exact derivative; the
  /// formula as printed (state value instead of return) would give 0.
  @Test(arguments: [0.3, 0.8])
  func estimatorsAgreeWithFiniteDifferences(theta: Double) {
    let states = StationaryMeanField.find(game, policy: family.policy([theta])).states
    let exact = exactGradient(theta, states)
    let estimators: [LikelihoodRatio] = [
      .monteCarlo(trajectories: 20_000, horizon: 100),
      .renewal(RenewalMonteCarlo(starts: 40_000, cycles: 40_000)),
      .sarsa(SarsaEvaluation(episodes: 3000, horizon: 100), trajectories: 5000, horizon: 100),
    ]
    for estimator in estimators {
      let found = estimator.gradient(
        game, family, [theta], states: states, seeds: SeedTree(root: 3))
      #expect(abs(found.gradient[0] - exact) < 0.08 + 0.05 * abs(exact), "\(estimator)")
    }
    #expect(abs(exact) > 0.15)
  }

  /// ∇ log π against finite differences, for both differentiable families.
  @Test func scoresAgreeWithFiniteDifferences() {
    let softmax = TabularSoftmax(stateCount: 2, actionCount: 3)
    let parameters = [0.1, -0.4, 0.8, 1.2, 0.3, -0.7]
    for state in 0..<2 {
      for action in 0..<3 {
        let score = softmax.logGradient(parameters, state: state, action: action)
        for index in parameters.indices {
          var (up, down) = (parameters, parameters)
          up[index] += 1e-6
          down[index] -= 1e-6
          let ratio = softmax.policy(up)[state, action] / softmax.policy(down)[state, action]
          #expect(abs(score[index] - (ratio - 1) / 2e-6) < 1e-4)
        }
      }
    }
  }

  /// Algorithm 2 and iteration (3) come near the exact equilibrium of the smooth family resp. of hard
  /// thresholds; both starts are shown to be far away.
  @Test func searchesFindTheEquilibrium() {
    var configuration = PolicySearchConfiguration()
    configuration.iterations = 150
    configuration.stepSize = 0.02
    configuration.meanField = MeanFieldUpdate(steps: 40, batchSize: 500)
    let learned = LikelihoodRatioEquilibrium(
      configuration, estimator: .monteCarlo(trajectories: 300, horizon: 60)
    ).run(game, family, seeds: SeedTree(root: 2))
    let theta = learned.finalParameters[0]
    let states = StationaryMeanField.find(game, policy: family.policy([theta])).states
    #expect(abs(exactGradient(theta, states)) < 0.3)
    let start = StationaryMeanField.find(game, policy: family.policy([0.9])).states
    #expect(abs(exactGradient(0.9, start)) > 0.6)
    configuration.iterations = 400
    configuration.evaluation = .monteCarlo(MonteCarloEvaluation(trajectories: 500, horizon: 60))
    configuration.perturbation.size = 0.1
    let hard = TwoTimescale(configuration).run(
      game, HardThreshold(stateCount: 21), seeds: SeedTree(root: 2), threads: 2)
    #expect(abs(hard.finalParameters[0] - 0.49) < 0.12)
  }
}
