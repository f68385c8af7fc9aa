import MeanField
import Testing

struct FiniteHorizonMeasureTests {
  /// Left costs μ_L, right 2 μ_R. Selfish: 2/3 left, everybody pays 2/3. Team: min x² + 2 (1 − x)²
  /// at x = 2/3, too: no price. With an own cost of 1 for going left (Pigou): see below.
  @Test
  func priceOfAnarchyInClosedForm() {
    let none = PriceOfAnarchy.measure(
      PreparedGame(LeftRight<Double>()), OnlineMirrorDescent(), StoppingRule(iterations: 400))
    #expect(abs(none.difference) < 1e-6)
    // Pigou: one way costs 1, the other its share: selfish value −1, team −3/4.
    let pigou = PriceOfAnarchy.measure(
      PreparedGame(PigouGame()), OnlineMirrorDescent(), StoppingRule(iterations: 4000))
    #expect(abs(pigou.equilibriumValue + 1) < 1e-3)
    #expect(abs(pigou.teamValue + 0.75) < 1e-6)
  }

  @Test
  func monotonicityKnowsTheClasses() {
    func measure(_ coupling: MeanFieldGarnet<Double>.Coupling) -> Monotonicity {
      Monotonicity.measure(
        PreparedGame(MeanFieldGarnet<Double>(coupling: coupling)), pairs: 60, seed: 3)
    }
    #expect(measure(.monotone).isMonotone)
    #expect(measure(.monotone).largest < 0)
    #expect(!measure(.potential).isMonotone)
    #expect(Monotonicity.measure(PreparedGame(CrowdMotion())).isMonotone)
    #expect(!Monotonicity.measure(PreparedGame(RandomLinear())).isMonotone)
  }

  @Test
  func checkGamePassesTheLibrarysGames() {
    #expect(checkGame(BeachBar<Double>()).isEmpty)
    #expect(checkGame(PredatorPrey<Double>()).isEmpty)
    #expect(checkGame(BuildingEvacuation<Double>(floors: 2, length: 3, width: 3)).isEmpty)
    #expect(checkGame(ConservativeTreasureHunting<Double>()).isEmpty)
    #expect(checkGame(EquilibriumPrice<Double>()).isEmpty)
    #expect(checkGame(RandomLinear<Double>()).isEmpty)
    #expect(checkGame(CrowdModelling<Double>.fourRooms(), samples: 1).isEmpty)
    #expect(checkGame(DynamicRouting<Double>.braess(), samples: 1).isEmpty)
    for coupling in MeanFieldGarnet<Double>.Coupling.allCases {
      #expect(checkGame(MeanFieldGarnet<Double>(coupling: coupling)).isEmpty)
    }
  }

  @Test
  func checkGameFindsEachFault() {
    func found(_ fault: FaultyGame.Fault) -> [GameProblem] { checkGame(FaultyGame(fault)) }
    #expect(found(.none).isEmpty)
    #expect(found(.law).contains { $0.description.contains("initialLaw") })
    #expect(found(.row).contains { $0.description.contains("sums to") })
    #expect(found(.infinite).contains { $0.description.contains("the reward is") })
    #expect(found(.unwritten).contains { $0.description.contains("was not written") })
    #expect(found(.jump).contains { $0.severity == .warning })
    #expect(found(.elsewhere).contains { $0.description.contains("rewardsReadOwnStateOnly") })
  }
}

/// One decision: a way that costs 1, and one that costs its share.
struct PigouGame: FiniteHorizonGame {
  let name = "pigou"
  let lastStep = 1
  let populations = [PopulationShape(states: 3, actions: 2, rewardsIgnoreAction: true)]
  func initialLaw(of population: Int) -> [Double] { [1, 0, 0] }
  func transitions(of population: Int) -> TransitionModel<Double> {
    .fixed(SparseTransitions(states: 3, actions: 2) { _, action in [(1 + action, 1)] })
  }
  func fillRewards(
    step: Int, population: Int, states: Range<Int>, meanField: StepMeanField<Double>,
    into rewards: RewardWriter<Double>
  ) {
    rewards[0] = 0
    rewards[1] = step == 0 ? 0 : -1
    rewards[2] = -meanField[state: 2]
  }
}

/// Two states with one fault at a time.
struct FaultyGame: FiniteHorizonGame {
  enum Fault { case none, law, row, infinite, unwritten, jump, elsewhere }
  let fault: Fault
  init(_ fault: Fault) { self.fault = fault }
  let name = "faulty"
  let lastStep = 2
  let populations = [PopulationShape(states: 2, actions: 2)]
  var rewardsReadOwnStateOnly: Bool { fault == .none || fault == .elsewhere }
  func initialLaw(of population: Int) -> [Double] { fault == .law ? [0.5, 0.6] : [0.5, 0.5] }
  func transitions(of population: Int) -> TransitionModel<Double> {
    .fixed(
      SparseTransitions(states: 2, actions: 2) { state, action in
        [(action, fault == .row && state == 1 ? 0.7 : 0.9), (1 - action, 0.1)]
      })
  }
  func fillRewards(
    step: Int, population: Int, states: Range<Int>, meanField: StepMeanField<Double>,
    into rewards: RewardWriter<Double>
  ) {
    for state in states {
      rewards[state, 0] = -meanField[state: fault == .elsewhere ? 1 - state : state]
      if fault != .unwritten || step != 1 { rewards[state, 1] = fault == .infinite ? .infinity : 1 }
      if fault == .jump { rewards[state, 0] = (meanField[state: 0] * 1e5).rounded() }
    }
  }
}
