import MeanField
import Testing

/// Each deep solver against a closed form and against exact exploitability, over several seeds: a
/// learner that learns nothing stays at the uniform policy and fails.
struct DeepSolverTests {
  static let bar = PreparedGame(BeachBar<Double>())

  private static let seeds: [UInt64] = [0, 1, 2, 3, 4]

  /// The solvers under test, small enough for a test, with a given seed.
  private func solvers(_ seed: UInt64) -> [any FiniteHorizonSolver] {
    var learning = DeepLearningConfiguration()
    learning.hidden = [32, 32]
    learning.stepSize = 3e-3
    learning.seed = seed
    var descent = DeepMunchausenMirrorDescent()
    descent.learning = learning
    descent.temperature = 2
    var optimisation = MeanFieldProximalPolicyOptimization()
    optimisation.learning = learning
    var play = DeepAverageNetworkFictitiousPlay()
    play.learning = learning
    return [descent, optimisation, play]
  }

  private func best<Solver: FiniteHorizonSolver>(
    _ solver: Solver, _ game: PreparedGame<Double>, _ iterations: Int
  ) throws -> (policy: FiniteHorizonPolicy<Double>, share: Double) {
    let result = EquilibriumSearch(game, solver).run(StoppingRule(iterations: iterations))
    return (
      try #require(result.bestPolicy), result.bestExploitability / result.exploitabilities[0]
    )
  }

  /// The equilibrium of left-right is (2/3, 1/3); the uniform policy misses it by 1/6.
  @Test(arguments: 0..<3)
  func theClosedFormOfLeftRightIsFound(index: Int) throws {
    let game = PreparedGame(LeftRight<Double>())
    var sum = 0.0
    for seed in Self.seeds {
      let found = try best(solvers(seed)[index], game, 25).policy
      let left = found[population: 0, step: 0, state: 0, action: 0]
      #expect(abs(left - 2.0 / 3) < 0.08, "seed \(seed): \(left)")
      sum += left
    }
    #expect(abs(sum / Double(Self.seeds.count) - 2.0 / 3) < 0.03)
  }

  /// Exact exploitability, as a share of the uniform policy's, which every network starts from.
  @Test(arguments: 0..<3)
  func theBeachBarIsNearlySolved(index: Int) throws {
    for seed in Self.seeds.prefix(3) {
      let share = try best(solvers(seed)[index], Self.bar, 20).share
      #expect(share < 0.15, "seed \(seed): \(share)")
    }
  }

  @Test
  func sameSeedSameBytesAndResume() throws {
    var solver = DeepMunchausenMirrorDescent()
    solver.learning.hidden = [8]
    solver.learning.episodes = 40
    let whole = EquilibriumSearch(Self.bar, solver).run(StoppingRule(iterations: 4))
    let first = EquilibriumSearch(Self.bar, solver)
    _ = first.run(StoppingRule(iterations: 2))
    let second = EquilibriumSearch(Self.bar, solver)
    try second.restore(first.checkpoint())
    #expect(second.run(StoppingRule(iterations: 4)).policy.values == whole.policy.values)
    solver.learning.seed = 1
    let other = EquilibriumSearch(Self.bar, solver).run(StoppingRule(iterations: 4))
    #expect(other.policy.values != whole.policy.values)
  }

  @Test
  func populationsAndMasksAreServed() {
    var solver = MeanFieldProximalPolicyOptimization()
    solver.learning.hidden = [8]
    solver.learning.episodes = 20
    let game = PreparedGame(DynamicRouting<Double>.braess(lastStep: 20))
    let result = EquilibriumSearch(game, solver).run(StoppingRule(iterations: 2))
    #expect(result.exploitabilities.allSatisfy { $0.isFinite && $0 > -1e-9 })
    let prey = PreparedGame(PredatorPrey<Double>(lastStep: 3, size: 3))
    let hunted = EquilibriumSearch(prey, solver).run(StoppingRule(iterations: 2))
    #expect(hunted.exploitabilities.allSatisfy { $0.isFinite && $0 > -1e-9 })
  }
}
