import Experiments
import Networks
import PacketSimulation
import Randomness
import Routing
import Testing

/// The interval of the difference of lowest pair shares: how often it cries wolf, and that it sees a
/// starved pair.
@Suite struct FairnessTests {
  private static let routers = 8
  private static let episodes = 100

  /// A result whose pairs have 20 to 60 packets over 100 episodes, each delivered with a probability.
  private func result(
    _ scenario: Scenario, seeds: Int, draws: inout RandomStream, share: (Int) -> Double
  ) -> RoutingResult {
    let n = Self.routers
    let parts = (0..<seeds).map { _ -> EpisodeResults in
      var results = EpisodeResults(joining: [], scenario: scenario)
      for pair in 0..<n * n where pair / n != pair % n {
        for packet in 0..<(20 + pair % 41) {
          let group = packet % results.pairGroups.count
          results.pairGroups[group].packets[pair] += 1
          if draws.uniform() < share(pair) { results.pairGroups[group].delivered[pair] += 1 }
        }
      }
      return results
    }
    let algorithm = RoutingCatalogue.algorithms[0]
    return RoutingResult(
      entry: RoutingEntry(algorithm, configuration: algorithm.defaultConfiguration), load: 0.1,
      failure: .intact, seeds: parts, scenario: scenario)
  }

  private func scenario() throws -> Scenario {
    let topology = try Topology(
      name: "ring", routers: (0..<Self.routers).map { Router(name: "r\($0)") },
      links: (0..<Self.routers).map {
        Link(RouterID($0), RouterID(($0 + 1) % Self.routers), latency: 1)
      })
    return try Scenario(topology: topology, load: 0.1, horizon: 10)
  }

  /// Two algorithms that deliver alike: the interval may exclude zero in one case of twenty at each end;
  /// the plain difference is below −.005 in every second or third.
  @Test func luckOfTheLowestIsNotCalledUnfair() throws {
    let scenario = try scenario()
    var draws = SeedTree(root: 5).stream("draws")
    var called = 0
    var lower = 0
    for _ in 0..<100 {
      let mine = result(scenario, seeds: 3, draws: &draws) { _ in 0.93 }
      let other = result(scenario, seeds: 1, draws: &draws) { _ in 0.93 }
      let difference = mine.lowestPairShareDifference(to: other)
      if (difference?.high ?? 0) < 0 { called += 1 }
      if (difference?.mean ?? 0) < -0.005 { lower += 1 }
    }
    #expect(called <= 5, "\(called) of 100")
    #expect(lower >= 25, "\(lower) of 100")
  }

  @Test func aStarvedPairIsSeen() throws {
    let scenario = try scenario()
    var draws = SeedTree(root: 6).stream("draws")
    var seen = 0
    for _ in 0..<20 {
      let mine = result(scenario, seeds: 3, draws: &draws) { $0 == 1 ? 0.3 : 0.93 }
      let other = result(scenario, seeds: 1, draws: &draws) { _ in 0.93 }
      if (mine.lowestPairShareDifference(to: other)?.high ?? 0) < 0 { seen += 1 }
    }
    #expect(seen >= 18, "\(seen) of 20")
  }
}
