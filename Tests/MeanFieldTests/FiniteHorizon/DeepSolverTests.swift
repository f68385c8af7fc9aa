import MeanField
import Testing

/// Each deep solver against the exploitability of the uniform policy, which is the first entry of its
/// own trace (networks start there): a learner that learns nothing fails.
struct DeepSolverTests {
  static let bar = PreparedGame(BeachBar<Double>())

  private func improvement<S: FiniteHorizonSolver>(_ solver: S, _ iterations: Int) -> Double {
    let result = EquilibriumSearch(Self.bar, solver).run(StoppingRule(iterations: iterations))
    return result.bestExploitability / result.exploitabilities[0]
  }

  @Test
  func deepMunchausenMirrorDescentLearns() {
    var solver = DeepMunchausenMirrorDescent()
    solver.temperature = 2
    solver.learning.hidden = [32, 32]
    solver.learning.stepSize = 3e-3
    #expect(improvement(solver, 15) < 0.35)
  }

  @Test
  func proximalPolicyOptimizationLearns() {
    var solver = MeanFieldProximalPolicyOptimization()
    solver.learning.hidden = [32, 32]
    solver.learning.stepSize = 3e-3
    #expect(improvement(solver, 20) < 0.35)
  }

  @Test
  func deepAverageNetworkFictitiousPlayLearns() {
    var solver = DeepAverageNetworkFictitiousPlay()
    solver.learning.hidden = [32, 32]
    solver.learning.stepSize = 3e-3
    #expect(improvement(solver, 15) < 0.35)
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
