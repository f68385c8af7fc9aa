import Networks
import PacketSimulation
import Randomness
import Routing
import Testing

@Suite struct PricedDistancesTests {
  static let b4 = BuiltInTopology.b4.topology
  static let capacity = 0.3143

  private func trained(
    _ scenario: Scenario, episodes: Int,
    _ change: (inout PricedDistancesConfiguration) -> Void = { _ in }
  ) -> any TrainableLearner {
    var configuration = PricedDistancesConfiguration()
    change(&configuration)
    var learner: any TrainableLearner = PricedDistances(
      scenario: scenario, configuration: configuration)
    train(&learner, scenario, episodes: episodes)
    return learner
  }

  /// Without traffic worth speaking of nothing has a price, and values are distances: shortest paths.
  @Test func withoutTrafficItRoutesByDistance() throws {
    let scenario = try Scenario(topology: Self.b4, load: 0.001)
    let learned = trained(scenario, episodes: 2) { $0.temperature = 0.01 }
    let paths = ShortestPathPolicy(scenario: scenario)
    #expect(
      abs(delay(learned.frozenPolicy(), scenario) / delay(paths, scenario) - 1) < 0.01)
  }

  /// Near capacity prices must do the work that shortest paths cannot.
  @Test func pricesComeCloseToTheBestSplit() throws {
    let scenario = try Scenario(topology: Self.b4, load: 0.8 * Self.capacity)
    let split = delay(DelayOptimalSplitPolicy(scenario: scenario), scenario, episodes: 20)
    let paths = delay(ShortestPathPolicy(scenario: scenario), scenario, episodes: 20)
    let learned = trained(scenario, episodes: 60) { $0.queueResponse = 0 }
    #expect(delay(learned.frozenPolicy(), scenario, episodes: 20) < 1.03 * split)
    #expect(paths > 1.5 * split)
  }

  /// On a network of 197 routers a router keeps less than a quarter of what tables need, and with
  /// landmarks less again.
  @Test func storesLittle() throws {
    let n = 100
    let topology = try Topology(
      name: "ring", routers: (0..<n).map { Router(name: "r\($0)") },
      links: (0..<n).map { Link(RouterID($0), RouterID(($0 + 1) % n), latency: 1) })
    let scenario = try Scenario(topology: topology, load: 0.01, horizon: 50)
    func mean(_ learner: any TrainableLearner) -> Double {
      Double(learner.bytesPerRouter.reduce(0, +)) / Double(n)
    }
    let tables = mean(SocialActorCritic(scenario: scenario))
    let values = mean(PricedDistances(scenario: scenario))
    var near = PricedDistancesConfiguration()
    near.aggregation = .landmarks
    let landmarks = mean(PricedDistances(scenario: scenario, configuration: near))
    // Ring of 100, 10 landmarks about 10 apart: n values against those 10 and about 20 near ones.
    #expect(tables - values >= 4 * 3 * Double(n) - 1)
    #expect(values - landmarks > 4 * 0.5 * Double(n))
  }

  /// Geant at .8 of its λ* of .2274. Comparing values with and without the way from a landmark, at which
  /// packets turned back, it stood 1.2 % above the split.
  @Test func aggregatedItStillArrivesAndLearns() throws {
    let scenario = try Scenario(
      topology: BuiltInTopology.geant.topology, load: 0.8 * 0.2274)
    let learned = trained(scenario, episodes: 40) { $0.aggregation = .landmarks }
    let split = delay(DelayOptimalSplitPolicy(scenario: scenario), scenario, episodes: 20)
    let paths = delay(ShortestPathPolicy(scenario: scenario), scenario, episodes: 20)
    let found = delay(learned.frozenPolicy(), scenario, episodes: 20)
    #expect(found < split && paths > 1.5 * split)
  }

  @Test func frozenItIsAPolicyLikeAnyOther() throws {
    let scenario = try Scenario(topology: Self.b4, load: 0.2, horizon: 120)
    checkRoutingPolicy(trained(scenario, episodes: 3).frozenPolicy(), scenario)
  }

  /// A link dies: routers notice by losses, exchange, and lose little.
  @Test func leavesADeadLink() throws {
    let scenario = try Scenario(topology: Self.b4, load: 0.6 * Self.capacity)
    var learner = trained(scenario, episodes: 40).settled()
    let failed = try scenario.with(outages: [LinkOutage(link: LinkID(2))])
    let after = train(&learner, failed, episodes: 8, root: 7).episodes
    let blind = EpisodeRunner(scenario: failed).run(
      DelayOptimalSplitPolicy(scenario: failed), episodes: 8, seeds: SeedTree(root: 7)
    ).episodes
    let lost = { (episodes: [EpisodeMetrics]) in episodes.reduce(0) { $0 + $1.lost } }
    #expect(lost(after) < 80 && lost(blind) > 240)
  }
}
