import Foundation
import MeanField
import Testing

/// MF-OMO against traces of MFGLib 0.3 in float64 (`Benchmarks/meanfield/make_mf_omo_reference.py`),
/// whose gradients are automatic derivatives of dense tensors: objective, derivatives, projections,
/// bounds, residual balancing and Adam all have to agree.
struct OccupationMeasureOptimisationTests {
  struct Reference: Decodable {
    let rewardBound: Double
    let traces: [String: [Double]]
  }

  static func reference() throws -> [String: Reference] {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Reference/mf-omo.json")
    return try JSONDecoder().decode([String: Reference].self, from: Data(contentsOf: file))
  }

  static func solver(_ name: String) -> OccupationMeasureOptimisation? {
    var solver = OccupationMeasureOptimisation(stepSize: 0.01)
    switch name {
    case "projected": break
    case "projected balanced": solver.balancing = 5
    case "projected squared": solver.loss = .squared
    case "projected absolute":
      solver.loss = .absolute
      solver.startsAtValues = false
    case "parametrised":
      solver.isParametrised = true
      solver.startsAtValues = false
    default: return nil
    }
    return solver
  }

  /// The first policy of the reference: without symmetries.
  static func lopsided(_ game: PreparedGame<Double>) -> FiniteHorizonPolicy<Double> {
    var policy = FiniteHorizonPolicy.uniform(game)
    let shape = game.shapes[0]
    for step in 0...game.lastStep {
      for state in 0..<shape.stateCount {
        let weights = (0..<shape.actionCount).map {
          1 + Double((3 * step + 5 * state + 7 * $0) % 11) / 11
        }
        let total = weights.reduce(0, +)
        for action in 0..<shape.actionCount {
          policy[population: 0, step: step, state: state, action: action] = weights[action] / total
        }
      }
    }
    return policy
  }

  @Test(arguments: try reference().keys.sorted())
  func tracesAgreeWithMFGLib(name: String) throws {
    let game = try #require(FiniteHorizonReferenceTests.games.first { $0.name == name })
    let reference = try #require(try Self.reference()[name])
    #expect(!reference.traces.isEmpty)
    for (setting, expected) in reference.traces.sorted(by: { $0.key < $1.key }) {
      var solver = try #require(Self.solver(setting))
      solver.rewardBound = reference.rewardBound
      let found = EquilibriumSearch(game, solver, initialPolicy: Self.lopsided(game)).run(
        StoppingRule(iterations: expected.count - 1)
      ).exploitabilities
      #expect(expected.first != expected.last)
      let largest = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
      // Next states of linear-quadratic are rounded, with ties at the first mean field: derivatives
      // beside a jump are less sharp.
      let tolerance = name == "linear-quadratic" ? 1e-4 : 2e-6
      #expect(largest < tolerance, "\(name), \(setting): \(largest)")
    }
  }

  /// The equilibrium of left-right is (2/3, 1/3); neither form may stop elsewhere.
  @Test(arguments: [false, true])
  func itFindsAKnownEquilibrium(isParametrised: Bool) {
    var solver = OccupationMeasureOptimisation(stepSize: 0.01)
    solver.isParametrised = isParametrised
    let game = PreparedGame(LeftRight<Double>())
    let result = EquilibriumSearch(game, solver).run(StoppingRule(iterations: 3000))
    #expect(result.exploitabilities[0] > 0.2)
    #expect(result.bestExploitability < 1e-3, "\(result.bestExploitability)")
  }

  /// Derivatives entry by entry and all at once are the same.
  @Test
  func declaringOwnStateRewardsChangesOnlyTheCost() {
    let fast = EquilibriumSearch(
      PreparedGame(BeachBar<Double>()), OccupationMeasureOptimisation(stepSize: 0.01)
    ).run(StoppingRule(iterations: 20))
    let slow = EquilibriumSearch(
      PreparedGame(SlowBeachBar()), OccupationMeasureOptimisation(stepSize: 0.01)
    ).run(StoppingRule(iterations: 20))
    for (a, b) in zip(fast.exploitabilities, slow.exploitabilities) { #expect(abs(a - b) < 1e-9) }
  }
}

/// The beach bar without saying that its rewards read their own state only.
private struct SlowBeachBar: FiniteHorizonGame {
  let bar = BeachBar<Double>()
  var name: String { bar.name }
  var lastStep: Int { bar.lastStep }
  var populations: [PopulationShape] { bar.populations }
  func initialLaw(of population: Int) -> [Double] { bar.initialLaw(of: population) }
  func transitions(of population: Int) -> TransitionModel<Double> {
    bar.transitions(of: population)
  }
  func fillRewards(
    step: Int, population: Int, states: Range<Int>, meanField: StepMeanField<Double>,
    into rewards: RewardWriter<Double>
  ) {
    bar.fillRewards(
      step: step, population: population, states: states, meanField: meanField, into: rewards)
  }
}
