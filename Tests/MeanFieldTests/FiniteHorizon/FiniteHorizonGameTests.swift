import MeanField
import Testing

struct FiniteHorizonGameTests {
  /// Exploitability of the uniform policy by an enumeration of OpenSpiel 2.0.2's own states, the
  /// last action kept in the key (`Benchmarks/meanfield/openspiel_uniform.py`). OpenSpiel's
  /// `nash_conv` leaves that action out although rewards depend on it, and gives 2.8135, 5.4429 and
  /// 21.498.
  @Test
  func uniformExploitabilityIsOpenSpiels() {
    let games: [(PreparedGame<Double>, Double)] = [
      (PreparedGame(CrowdModelling(dimensions: 1)), 2.7866824162983277),
      (PreparedGame(CrowdModelling(dimensions: 2)), 5.354777245184003),
      (PreparedGame(LinearQuadraticTorus()), 29.522579305959972),
    ]
    for (game, expected) in games {
      let found = PolicyMeasures.evaluate(.uniform(game), in: game).exploitability
      #expect(abs(found - expected) < 1e-9, "\(game.name): \(found)")
    }
  }

  /// Equilibria that are known in closed form.
  @Test
  func closedFormEquilibria() {
    let leftRight = PreparedGame(LeftRight<Double>())
    let found = EquilibriumSearch(leftRight, OnlineMirrorDescent()).run(
      StoppingRule(iterations: 500))
    #expect(abs(found.policy[population: 0, step: 0, state: 0, action: 0] - 2.0 / 3) < 1e-9)
    let value = PolicyMeasures.evaluate(found.policy, in: leftRight).values[0]
    #expect(abs(value + 2.0 / 3) < 1e-9)

    let game = PreparedGame(RockPaperScissors<Double>())
    var policy = FiniteHorizonPolicy.uniform(game)
    for (action, share) in [26.0, 20, 31].enumerated() {
      policy[population: 0, step: 0, state: 0, action: action] = share / 77
    }
    let measures = PolicyMeasures.evaluate(policy, in: game)
    #expect(abs(measures.exploitability) < 1e-14)
    #expect(abs(measures.values[0] - 6.0 / 11) < 1e-14)
  }

  @Test
  func dynamicRoutingConservesVehiclesAndFindsAnEquilibrium() throws {
    let game = PreparedGame(DynamicRouting<Double>.braess())
    let search = EquilibriumSearch(game, OnlineMirrorDescent(learningRate: 0.1))
    let result = search.run(StoppingRule(iterations: 400))
    let best = try #require(result.bestPolicy)
    let measures = PolicyMeasures.evaluate(best, in: game)
    for law in measures.laws[0] { #expect(abs(law.reduce(0, +) - 1) < 1e-12) }
    #expect(measures.laws[0].last?[3] ?? 0 > 0.999, "everybody arrives")
    #expect(result.exploitabilities[0] > 0.5)
    #expect(result.bestExploitability < 0.02, "\(result.bestExploitability)")
  }
}
