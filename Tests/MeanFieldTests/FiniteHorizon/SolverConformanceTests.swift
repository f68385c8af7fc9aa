import MeanField
import Testing

/// Every solver keeps its promises; one that breaks them is found.
struct SolverConformanceTests {
  private func expectSound<Solver: FiniteHorizonSolver>(_ solver: Solver) {
    let problems = checkSolver(solver)
    #expect(problems.isEmpty, "\(Solver.name): \(problems)")
  }

  @Test
  func exactSolvers() {
    expectSound(FixedPointIteration(damping: 0.9))
    expectSound(FictitiousPlay())
    expectSound(OnlineMirrorDescent(learningRate: 0.3))
    expectSound(MunchausenMirrorDescent(temperature: 3))
    expectSound(MunchausenMirrorDescent(temperature: 3, munchausen: 0.9))
    expectSound(MunchausenMirrorDescent(temperature: 3, munchausen: 0))
    expectSound(PriorDescent(priorUpdateInterval: 3))
    expectSound(PolicyIteration())
    expectSound(SmoothedPolicyIteration())
    expectSound(BoltzmannIteration(temperature: 2))
    expectSound(BoltzmannIteration(temperature: 2, values: .policy))
    expectSound(EntropyRegularisedIteration())
    expectSound(OccupationMeasureInclusion())
    expectSound(PolicySpaceResponseOracles(innerIterations: 10))
    for isParametrised in [false, true] {
      var optimisation = OccupationMeasureOptimisation(stepSize: 0.01)
      optimisation.isParametrised = isParametrised
      optimisation.balancing = 2
      expectSound(optimisation)
    }
  }

  @Test
  func learningSolvers() {
    var learning = DeepLearningConfiguration()
    learning.hidden = [8]
    learning.episodes = 10
    var descent = DeepMunchausenMirrorDescent()
    descent.learning = learning
    expectSound(descent)
    var optimisation = MeanFieldProximalPolicyOptimization()
    optimisation.learning = learning
    expectSound(optimisation)
    var play = DeepAverageNetworkFictitiousPlay()
    play.learning = learning
    play.reservoir = 200
    expectSound(play)
  }

  @Test
  func brokenPromisesAreFound() {
    #expect(
      checkSolver(Forgetful()).contains { $0.description.contains("resumed after") })
    #expect(
      checkSolver(Unnormalised()).contains { $0.description.contains("no probabilities") })
  }
}

/// Remembers something that it does not carry.
private struct Forgetful: FiniteHorizonSolver {
  static let name = "forgetful"
  func makeStepper<Scalar: FlowScalar>(
    _ workspace: FlowWorkspace<Scalar>
  ) -> any PolicyStepper<Scalar> {
    var steps = 0
    return FlowStepper(workspace) { _, policy, flow, next in
      steps += 1
      let values = workspace.bestResponse(to: policy, in: flow, tolerance: 0, into: next)
      workspace.mix(policy, into: next, keeping: 1 - 1 / Scalar(steps + 1))
      return values
    }
  }
}

/// Loses a tenth of the probabilities.
private struct Unnormalised: FiniteHorizonSolver {
  static let name = "unnormalised"
  func makeStepper<Scalar: FlowScalar>(
    _ workspace: FlowWorkspace<Scalar>
  ) -> any PolicyStepper<Scalar> {
    FlowStepper(workspace) { _, policy, flow, next in
      let values = workspace.bestResponse(to: policy, in: flow, tolerance: 0, into: next)
      for i in 0..<next.count { next.base[i] *= 0.9 }
      return values
    }
  }
}
