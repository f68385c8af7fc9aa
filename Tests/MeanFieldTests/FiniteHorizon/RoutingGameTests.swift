import MeanField
import Testing

struct RoutingGameTests {
  /// Braess (1968): 92 against 83.
  @Test
  func braess() throws {
    let answer = ClassicRoutingGames.braess().solve()
    #expect(abs(answer.equilibrium.meanTime - 92) < 1e-6)
    #expect(abs(answer.optimum.meanTime - 83) < 1e-6)
    #expect(answer.equilibrium.certificate.largestPathGap <= 1e-6)
  }

  @Test
  func siouxFallsLike() throws {
    let answer = ClassicRoutingGames.siouxFallsLike().solve()
    #expect(answer.equilibrium.certificate.largestPathGap <= 1e-6)
    #expect(answer.optimum.certificate.largestPathGap <= 1e-6)
    #expect(answer.priceOfAnarchy > 1.0001 && answer.priceOfAnarchy < 2.2)
  }

  @Test(arguments: ["b4", "geant", "abilene"], RoutingGame.Latency.allCases)
  func wideAreaNetworks(topology: String, latency: RoutingGame.Latency) throws {
    let game = try RoutingGame.load(topology: topology, load: 0.3, latency: latency)
    let answer = game.solve()
    #expect(answer.equilibrium.certificate.largestPathGap <= 1e-6)
    #expect(answer.priceOfAnarchy >= 1 - 1e-12)
  }

  @Test
  func throughTheCatalogue() throws {
    let solution = try MeanFieldCatalogue.solve(
      game: "routing", solver: "wardrop-equilibrium", settings: ["topology": "braess"])
    #expect(abs((solution.value ?? 0) + 92) < 1e-6)
    #expect(abs((solution.priceOfAnarchy ?? 0) - 9) < 1e-6)
  }
}
