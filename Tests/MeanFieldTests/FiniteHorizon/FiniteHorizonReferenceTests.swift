import Foundation
import MeanField
import Testing

/// Traces of the solvers against an independent dense reference in float64
/// (`Benchmarks/meanfield/make_reference.py`, which also checks itself against MFGLib).
struct FiniteHorizonReferenceTests {
  static let games: [PreparedGame<Double>] = [
    PreparedGame(LeftRight<Double>()),
    PreparedGame(RockPaperScissors<Double>()),
    PreparedGame(SusceptibleInfected<Double>()),
    PreparedGame(BeachBar<Double>()),
    PreparedGame(LinearQuadratic<Double>()),
    PreparedGame(EquilibriumPrice<Double>()),
    PreparedGame(ConservativeTreasureHunting<Double>()),
    PreparedGame(CrowdMotion<Double>()),
    PreparedGame(BuildingEvacuation<Double>()),
    PreparedGame(RandomLinear<Double>()),
    PreparedGame(PredatorPrey<Double>()),
  ]

  static func reference() throws -> [String: [String: [Double]]] {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Reference/finite-horizon.json")
    return try JSONDecoder().decode(
      [String: [String: [Double]]].self, from: Data(contentsOf: file))
  }

  static func search(
    _ game: PreparedGame<Double>, _ solver: String
  ) -> EquilibriumSearch<Double>? {
    switch solver {
    case "online-mirror-descent 1": EquilibriumSearch(game, OnlineMirrorDescent())
    case "online-mirror-descent 0.1":
      EquilibriumSearch(game, OnlineMirrorDescent(learningRate: 0.1))
    case "prior-descent 1": EquilibriumSearch(game, PriorDescent())
    case "prior-descent 1 5": EquilibriumSearch(game, PriorDescent(priorUpdateInterval: 5))
    case "fictitious-play": EquilibriumSearch(game, FictitiousPlay())
    default: nil
    }
  }

  @Test(arguments: games.map(\.name))
  func tracesAgreeWithTheDenseReference(name: String) throws {
    let game = try #require(Self.games.first { $0.name == name })
    let traces = try #require(try Self.reference()[name])
    #expect(traces.count == 5)
    for (solver, expected) in traces.sorted(by: { $0.key < $1.key }) {
      let search = try #require(Self.search(game, solver))
      let result = search.run(StoppingRule(iterations: expected.count - 1))
      #expect(result.exploitabilities.count == expected.count)
      let largest = zip(result.exploitabilities, expected).map { abs($0 - $1) }.max() ?? .infinity
      #expect(largest < 1e-9, "\(name), \(solver): \(largest)")
    }
  }

  @Test
  func uniformPoliciesHaveTheStatedExploitability() throws {
    let stated = [
      "left-right": 0.25, "rock-paper-scissors": 1.0 / 3, "beach-bar": 1.2212622553,
      "susceptible-infected": 5.4668739132, "predator-prey": 36.9683839252,
    ]
    for (name, value) in stated {
      let game = try #require(Self.games.first { $0.name == name })
      let found = PolicyMeasures.evaluate(.uniform(game), in: game).exploitability
      #expect(abs(found - value) < 1e-9, "\(name): \(found)")
    }
  }
}
