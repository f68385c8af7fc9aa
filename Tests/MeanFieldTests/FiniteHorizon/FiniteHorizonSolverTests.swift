import Foundation
import MeanField
import Testing

struct FiniteHorizonSolverTests {
  static let beach = PreparedGame(BeachBar<Double>(lastStep: 4, places: 7, bar: 3))

  private func traces<A: FiniteHorizonSolver>(
    _ solver: A, _ game: PreparedGame<Double>, _ iterations: Int
  ) -> [Double] {
    EquilibriumSearch(game, solver).run(StoppingRule(iterations: iterations)).exploitabilities
  }

  /// α = 1 carries log π + Q/τ, which differs from the running sum by a constant per state only.
  @Test
  func munchausenIsMirrorDescent() {
    for game in [Self.beach, PreparedGame(PredatorPrey())] {
      let sum = traces(OnlineMirrorDescent(learningRate: 0.2), game, 25)
      let munchausen = traces(MunchausenMirrorDescent(temperature: 5), game, 25)
      for (a, b) in zip(sum, munchausen) { #expect(abs(a - b) < 1e-9) }
    }
  }

  /// A game without interaction is a decision problem: one greedy or best-response step solves it.
  @Test
  func withoutInteractionOneStepIsOptimal() {
    let game = PreparedGame(MeanFieldGarnet<Double>(strength: 0))
    #expect(traces(FixedPointIteration(), game, 1)[1] < 1e-12)
    // Policy iteration needs as many steps as there are stages at most.
    let trace = traces(PolicyIteration(), game, 12)
    #expect(trace[0] > 0.1)
    #expect(trace[12] < 1e-12)
    let smooth = traces(SmoothedPolicyIteration(), game, 2000)
    #expect(smooth[2000] < 1e-3 * smooth[0])
  }

  /// With one decision and rewards that ignore the flow, both softmax forms are known in closed
  /// form: π ∝ exp(r/τ).
  @Test
  func softmaxIterationsInClosedForm() {
    let game = PreparedGame(BanditGame())
    let expected = [1.0, 2, 4].map { exp($0 / 2) }
    let total = expected.reduce(0, +)
    let results = [
      EquilibriumSearch(game, BoltzmannIteration(temperature: 2)).run(StoppingRule(iterations: 3)),
      EquilibriumSearch(game, EntropyRegularisedIteration(temperature: 2)).run(
        StoppingRule(iterations: 3)),
      EquilibriumSearch(game, MunchausenMirrorDescent(temperature: 2, munchausen: 0)).run(
        StoppingRule(iterations: 3)),
    ]
    for result in results {
      for action in 0..<3 {
        let found = result.policy[population: 0, step: 0, state: 0, action: action]
        #expect(abs(found - expected[action] / total) < 1e-12, "\(result.solver)")
      }
    }
  }

  /// Two stages: the first stage's soft value counts the entropy that is left to come.
  @Test
  func entropyRegularisationLooksAhead() {
    let game = PreparedGame(ForkGame())
    let result = EquilibriumSearch(game, EntropyRegularisedIteration(temperature: 1)).run(
      StoppingRule(iterations: 1))
    // Action 0 leads to state 1 (both actions pay 1), action 1 to state 2 (pays 1 and −30): with the
    // uniform reference V(1) = 1, V(2) = log((e + e^−30)/2) = 1 − log 2 up to e^−31.
    let odds =
      result.policy[population: 0, step: 0, state: 0, action: 0]
      / result.policy[population: 0, step: 0, state: 0, action: 1]
    #expect(abs(odds - 2) < 1e-9, "\(odds)")
  }

  @Test
  func bestIterateAndStoppingRule() throws {
    let search = EquilibriumSearch(Self.beach, OnlineMirrorDescent(learningRate: 1))
    let result = search.run(StoppingRule(iterations: 500, exploitability: 1e-2))
    #expect(result.status == .converged)
    #expect(result.iterations < 500)
    let best = try #require(result.bestPolicy)
    let measured = PolicyMeasures.evaluate(best, in: Self.beach).exploitability
    #expect(abs(measured - result.bestExploitability) < 1e-15)
    #expect(measured <= 1e-2)
  }

  @Test
  func resumedSearchesHaveTheSameBytes() throws {
    func check<S: FiniteHorizonSolver>(_ solver: S) throws {
      let whole = EquilibriumSearch(Self.beach, solver)
      let expected = whole.run(StoppingRule(iterations: 40))
      let first = EquilibriumSearch(Self.beach, solver)
      _ = first.run(StoppingRule(iterations: 17))
      let stored = try JSONEncoder().encode(first.checkpoint())
      let second = EquilibriumSearch(Self.beach, solver)
      try second.restore(
        JSONDecoder().decode(SearchCheckpoint<Double>.self, from: stored))
      let found = second.run(StoppingRule(iterations: 40))
      #expect(found.policy.values == expected.policy.values, "\(S.name)")
      #expect(found.exploitabilities == expected.exploitabilities, "\(S.name)")
      #expect(found.bestPolicy?.values == expected.bestPolicy?.values, "\(S.name)")
    }
    try check(OnlineMirrorDescent(learningRate: 0.3))
    try check(FictitiousPlay())
    try check(PriorDescent(priorUpdateInterval: 3))
    try check(MunchausenMirrorDescent(temperature: 3, munchausen: 0.9))
    try check(EntropyRegularisedIteration())
    try check(SmoothedPolicyIteration())
  }

  @Test
  func threadsDoNotChangeTheResult() {
    let game = PreparedGame(CrowdMotion<Double>(lastStep: 4, length: 130, width: 150))
    let one = EquilibriumSearch(game, FictitiousPlay(), threads: 1).run(StoppingRule(iterations: 2))
    let three = EquilibriumSearch(game, FictitiousPlay(), threads: 3).run(
      StoppingRule(iterations: 2))
    #expect(one.policy.values == three.policy.values)
    #expect(one.exploitabilities == three.exploitabilities)
  }

  @Test
  func singlePrecisionFollowsDouble() {
    let double = EquilibriumSearch(
      PreparedGame(CrowdMotion<Double>()), OnlineMirrorDescent(learningRate: 0.1))
    let single = EquilibriumSearch(
      PreparedGame(CrowdMotion<Float>()), OnlineMirrorDescent(learningRate: 0.1))
    let a = double.run(StoppingRule(iterations: 20)).exploitabilities
    let b = single.run(StoppingRule(iterations: 20)).exploitabilities
    for (x, y) in zip(a, b) { #expect(abs(x - y) < 1e-4) }
  }
}

/// One state, one step, three actions that pay 1, 2 and 4.
struct BanditGame: FiniteHorizonGame {
  let name = "bandit"
  let lastStep = 0
  let populations = [PopulationShape(states: 1, actions: 3)]
  func initialLaw(of population: Int) -> [Double] { [1] }
  func transitions(of population: Int) -> TransitionModel<Double> {
    .fixed(SparseTransitions(states: 1, actions: 3) { _, _ in [(0, 1)] })
  }
  func fillRewards(
    step: Int, population: Int, states: Range<Int>, meanField: StepMeanField<Double>,
    into rewards: RewardWriter<Double>
  ) {
    rewards[0, 0] = 1
    rewards[0, 1] = 2
    rewards[0, 2] = 4
  }
}

/// State 0 forks to 1 or 2; at 1 both actions pay 1, at 2 they pay 1 and −30.
struct ForkGame: FiniteHorizonGame {
  let name = "fork"
  let lastStep = 1
  let populations = [PopulationShape(states: 3, actions: 2)]
  func initialLaw(of population: Int) -> [Double] { [1, 0, 0] }
  func transitions(of population: Int) -> TransitionModel<Double> {
    .fixed(
      SparseTransitions(states: 3, actions: 2) { state, action in
        [(state == 0 ? 1 + action : state, 1)]
      })
  }
  func fillRewards(
    step: Int, population: Int, states: Range<Int>, meanField: StepMeanField<Double>,
    into rewards: RewardWriter<Double>
  ) {
    for state in states { rewards[state] = 0 }
    if step == 1 {
      rewards[1] = 1
      rewards[2, 0] = 1
      rewards[2, 1] = -30
    }
  }
}

struct OccupationAndOracleTests {
  /// The relative progress that every solver must make on a monotone game, within its own means.
  @Test
  func occupationMeasureInclusionApproachesTheEquilibrium() {
    let game = PreparedGame(BeachBar<Double>())
    let result = EquilibriumSearch(game, OccupationMeasureInclusion(stepSize: 0.01)).run(
      StoppingRule(iterations: 300))
    #expect(result.exploitabilities[0] > 1)
    #expect(result.bestExploitability < 1e-2, "\(result.bestExploitability)")
    let closed = EquilibriumSearch(
      PreparedGame(LeftRight<Double>()), OccupationMeasureInclusion(stepSize: 0.1)
    ).run(StoppingRule(iterations: 200))
    #expect(abs(closed.policy[population: 0, step: 0, state: 0, action: 0] - 2.0 / 3) < 1e-6)
  }

  @Test
  func oraclesApproachTheEquilibrium() {
    for game in [PreparedGame(LeftRight<Double>()), PreparedGame(BeachBar<Double>())] {
      let result = EquilibriumSearch(game, PolicySpaceResponseOracles(innerIterations: 300)).run(
        StoppingRule(iterations: 25))
      #expect(result.exploitabilities[0] > 0.2)
      #expect(result.bestExploitability < 2e-2, "\(game.name): \(result.bestExploitability)")
    }
    let hunters = PreparedGame(PredatorPrey<Double>())
    let result = EquilibriumSearch(
      hunters, PolicySpaceResponseOracles(innerIterations: 100, populationLimit: 40)
    ).run(StoppingRule(iterations: 30))
    #expect(result.bestExploitability < 0.3 * result.exploitabilities[0])
  }
}

struct SusceptibleInfectedTests {
  /// Below 1e−2 within 10,000 iterations, where mirror descent with any rate stays above .1.
  @Test
  func dampedFixedPointSolvesIt() {
    let game = PreparedGame(SusceptibleInfected<Double>())
    let result = EquilibriumSearch(game, FixedPointIteration(damping: 0.99)).run(
      StoppingRule(iterations: 10_000, exploitability: 1e-2))
    #expect(result.status == .converged)
    for rate in [0.01, 0.1, 1] {
      let descent = EquilibriumSearch(game, OnlineMirrorDescent(learningRate: rate)).run(
        StoppingRule(iterations: result.iterations, exploitability: 1e-2))
      #expect(descent.bestExploitability > 0.1)
    }
  }
}
