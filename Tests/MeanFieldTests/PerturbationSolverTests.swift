import Learning
import MeanField
import Randomness
import Testing

@Suite struct PerturbationSolverTests {
  private let game = Malware()
  private let family = HardThreshold(stateCount: 101)

  /// Three ways to estimate J against the Bellman equation, which the estimates must hit within
  /// about five standard errors; a wrong discount or renewal formula misses by far more.
  @Test func evaluationsAgreeWithBellman() {
    let law = game.stationaryLaw(Threshold(49))
    let policy = family.policy([0.49])
    let exact = game.evaluate(Threshold(49)).value
    let seeds = SeedTree(root: 4)
    let monteCarlo = MonteCarloEvaluation(trajectories: 20_000, horizon: 200).values(
      game, family, [.init(parameters: [0.49], states: law.states)], seeds: seeds)[0]
    #expect(abs(monteCarlo - exact) < 0.02)
    let renewal = RenewalMonteCarlo(starts: 20_000, cycles: 20_000).value(
      game, policy: policy, states: law.states, seeds: seeds)
    #expect(abs(renewal.value - exact) < 0.03)
    #expect(renewal.samples < 400_000)
    let sarsa = SarsaEvaluation(episodes: 2000, horizon: 200).value(
      game, policy: policy, states: law.states, seeds: seeds)
    #expect(abs(sarsa - exact) < 0.05)
  }

  /// A policy that never repairs never renews: the cut cycle must still give the right value.
  @Test func renewalWithoutRenewals() {
    let never = Threshold(101)
    let law = game.stationaryLaw(never)
    let value = RenewalMonteCarlo(starts: 4000, cycles: 10).value(
      game, policy: never.policy(stateCount: 101), states: law.states, seeds: SeedTree(root: 1))
    #expect(abs(value.value - game.evaluate(never).value) < 0.05)
  }

  /// The generated field against the exact stationary one: every cell within five standard errors.
  @Test func meanFieldUpdateIsStationary() {
    let exact = game.stationaryLaw(Threshold(30)).states
    let field = MeanFieldUpdate(steps: 60, batchSize: 50_000).apply(
      game, family, [0.3], from: game.initialDistribution, seeds: SeedTree(root: 5), threads: 2)
    for (share, expected) in zip(field, exact) {
      #expect(abs(share - expected) < 5 * (expected / 50_000).squareRoot() + 1e-9)
    }
  }

  /// The paper's setting: the game's θ comes within .05 of the equilibrium, J within .01 of both
  /// optima; θ₀ = .9 is shown to miss both.
  @Test func reachesBothOptima() {
    let start = ThresholdTeamOptimum.value(game, Threshold(90))
    let result = PerturbationEquilibrium().run(game, family, seeds: SeedTree(root: 1), threads: 2)
    #expect(abs(result.finalParameters[0] - 0.486) < 0.05)
    #expect(result.samples.last == 120_000_000)
    let equilibrium = ThresholdTeamOptimum.value(
      game, Threshold(Double(Int(result.finalParameters[0] * 100 + 1))))
    #expect(abs(equilibrium - -3.885905) < 0.01)
    #expect(abs(start - -3.885905) > 0.1)
    var configuration = PolicySearchConfiguration()
    configuration.iterations = 400
    let team = PerturbationTeam(configuration).run(
      game, family, seeds: SeedTree(root: 1), threads: 2)
    let value = ThresholdTeamOptimum.value(
      game, Threshold(Double(Int(team.finalParameters[0] * 100 + 1))))
    #expect(abs(value - -3.759883) < 0.01)
  }

  @Test func threadsNeverShow() {
    var configuration = PolicySearchConfiguration()
    configuration.iterations = 5
    configuration.commonRandomNumbers = false
    configuration.perturbation = SimultaneousPerturbation(kind: .normal, size: 0.02)
    let runs = [1, 2, 3].map {
      PerturbationEquilibrium(configuration).run(
        game, family, seeds: SeedTree(root: 8), threads: $0)
    }
    #expect(runs[0] == runs[1])
    #expect(runs[0] == runs[2])
  }
}
