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

  /// The mean of a run's later θ finds the equilibrium in every one of ten runs: J within .01, and
  /// θ within the quarter of a cell; the last θ scatters several times as much.
  @Test func averagedParametersFindTheEquilibrium() {
    var averaging = PolicySearchConfiguration()
    averaging.iterations = 600
    averaging.perturbation.size = 0.03
    var errors: [[Double]] = [[], []]
    for run in 0..<10 {
      let result = PerturbationEquilibrium(averaging).run(
        game, family, seeds: SeedTree(root: 50).child("run", run), threads: 2)
      let theta = result.averagedParameters(last: 400)
      let value = ThresholdTeamOptimum.value(game, Threshold(Double(family.first(theta))))
      #expect(abs(value - -3.885905) < 0.01)
      errors[0].append(abs(theta[0] - 0.48516))
      errors[1].append(abs(result.finalParameters[0] - 0.48516))
    }
    #expect((errors[0].max() ?? 1) < 0.004)
    #expect(errors[1].reduce(0, +) > 2 * errors[0].reduce(0, +), "\(errors)")
  }

  /// With steps that fall like 1/k the iterate itself settles: its last fifty moves are small.
  @Test func fallingStepsSettle() {
    var settling = PolicySearchConfiguration()
    settling.iterations = 300
    settling.perturbation.size = 0.03
    var paths: [Double] = []
    for exponent in [0.0, 1.0] {
      settling.schedule = StepSizeSchedule(start: 60, exponent: exponent)
      let result = PerturbationEquilibrium(settling).run(
        game, family, seeds: SeedTree(root: 51), threads: 2)
      let tail = result.parameters.suffix(50).map { $0[0] }
      paths.append(zip(tail, tail.dropFirst()).reduce(0) { $0 + abs($1.0 - $1.1) })
      #expect(abs(result.finalParameters[0] - 0.485) < 0.03)
    }
    #expect(paths[1] < 0.4 * paths[0], "\(paths)")
  }

  @Test func averagesAndSchedules() {
    let schedule = StepSizeSchedule(start: 10, exponent: 0.5)
    #expect(schedule.factor(0) == 1 && schedule.factor(9) == 1)
    #expect(abs(schedule.factor(39) - 0.5) < 1e-12)
    #expect(StepSizeSchedule().factor(1_000_000) == 1)
    var configuration = PolicySearchConfiguration()
    configuration.iterations = 6
    let result = PerturbationEquilibrium(configuration).run(
      game, family, seeds: SeedTree(root: 1), threads: 2)
    let last = result.parameters.suffix(3).map { $0[0] }
    #expect(abs(result.averagedParameters(last: 3)[0] - last.reduce(0, +) / 3) < 1e-15)
    #expect(result.averagedParameters(last: 0) == result.finalParameters)
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
