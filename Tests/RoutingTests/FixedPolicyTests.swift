import Flows
import Networks
import PacketSimulation
import Randomness
import Routing
import Testing

@Suite struct ShortestPathPolicyTests {
  @Test func takesTheShorterWay() throws {
    let scenario = try Scenario(topology: SmallNetworks.twoRoutes(), load: 0.1)
    let policy = ShortestPathPolicy(scenario: scenario)
    #expect(policy.slot(at: RouterID(0), to: RouterID(3)) == 0)  // A to D by B
    #expect(policy.slot(at: RouterID(0), to: RouterID(4)) == 1)  // A to E by C
  }

  @Test func tiesGoToTheLowestNeighbour() throws {
    // Links in an order that puts C before B among A's slots.
    let square = try Topology(
      name: "square", routers: ["A", "B", "C", "D"].map { Router(name: $0) },
      links: [(0, 2), (0, 1), (1, 3), (2, 3)].map {
        Link(RouterID($0.0), RouterID($0.1), latency: 3)
      })
    let scenario = try Scenario(topology: square, load: 0.1)
    #expect(ShortestPathPolicy(scenario: scenario).slot(at: RouterID(0), to: RouterID(3)) == 1)
    var byFile = ShortestPathConfiguration()
    byFile.ties = .fileOrder
    let filed = ShortestPathPolicy(scenario: scenario, configuration: byFile)
    #expect(filed.slot(at: RouterID(0), to: RouterID(3)) == 0)
  }

  @Test func aloneOnTheWayAPacketTakesItsLatency() throws {
    // Two hops of latency 3: sent at once, forwardable again at 0 + 3 + 1, delivered at 4 + 3 = 7.
    let topology = try SmallNetworks.square()
    let scenario = try Scenario(
      topology: topology, load: 0.001, traffic: SmallNetworks.single(topology, from: 0, to: 3),
      horizon: 100_000)
    let result = EpisodeRunner(scenario: scenario).run(
      ShortestPathPolicy(scenario: scenario), episodes: 1, seeds: SeedTree(root: 1))
    let episode = result.episodes[0]
    #expect(episode.delivered > 50)
    #expect(episode.meanDeliveryTime.map { abs($0 - 7) < 0.1 } == true)
  }

  @Test func onlyTheReconvergingOneAvoidsADeadLink() throws {
    let topology = try SmallNetworks.square()
    let scenario = try Scenario(
      topology: topology, load: 0.05, traffic: SmallNetworks.single(topology, from: 0, to: 3),
      horizon: 2000, outages: [LinkOutage(link: LinkID(0), from: 500)])
    let runner = EpisodeRunner(scenario: scenario)
    let blind = runner.run(
      ShortestPathPolicy(scenario: scenario), episodes: 4, seeds: SeedTree(root: 1))
    var configuration = ReconvergingConfiguration()
    configuration.delay = 100
    let told = runner.run(
      ReconvergingShortestPath(scenario: scenario, configuration: configuration), episodes: 4,
      seeds: SeedTree(root: 1))
    let blindLosses = blind.episodes.reduce(0) { $0 + $1.lost }
    let toldLosses = told.episodes.reduce(0) { $0 + $1.lost }
    // 1,500 ticks of loss against about 100 (a packet rate of .05 · 4 routers = .2 from A).
    #expect(blindLosses > 1000)
    #expect(toldLosses > 20 && toldLosses < 160)
  }
}

@Suite struct SplitPolicyTests {
  @Test func equalCostSharesAreEqual() throws {
    let topology = try SmallNetworks.square()
    let scenario = try Scenario(
      topology: topology, load: 0.1, traffic: SmallNetworks.single(topology, from: 0, to: 3),
      horizon: 20_000)
    let result = EpisodeRunner(scenario: scenario).run(
      EqualCostMultipath(scenario: scenario), episodes: 1, seeds: SeedTree(root: 1))
    let sent = topology.firstArc[0]..<topology.firstArc[1]
    let shares = sent.map { Double(result.arcForwarded[$0]) }
    let total = shares.reduce(0, +)
    // About 8,000 packets: a standard deviation of .0056.
    #expect(total > 7000)
    #expect(abs(shares[0] / total - 0.5) < 0.025)
  }

  @Test func splitsPlayTheirOwnShares() throws {
    // The largest router load is A's own whatever the split, so least time decides: the short way.
    let topology = try SmallNetworks.twoRoutes()
    let scenario = try Scenario(
      topology: topology, load: 0.1, traffic: SmallNetworks.single(topology, from: 0, to: 3))
    let result = EpisodeRunner(scenario: scenario).run(
      LeastLoadSplitPolicy(scenario: scenario), episodes: 2, seeds: SeedTree(root: 1))
    #expect(result.arcForwarded[topology.firstArc[0]] > 100)
    #expect(result.arcForwarded[topology.firstArc[0] + 1] == 0)
  }

  @Test func delayOptimalSplitPredictsTheSimulation() throws {
    // B4 at .9 of capacity: 13.0 ticks (facts of the project's prototype, ± 2 %).
    let scenario = try Scenario(topology: BuiltInTopology.b4.topology, load: 0.9 * 0.3143)
    let measured = delay(DelayOptimalSplitPolicy(scenario: scenario), scenario, episodes: 60)
    #expect(abs(measured / 13.0 - 1) < 0.04)
  }

  @Test func recomputedSplitsLoseNothing() throws {
    let scenario = try Scenario(
      topology: BuiltInTopology.b4.topology, load: 0.1, horizon: 200,
      outages: [LinkOutage(link: LinkID(2))])
    let runner = EpisodeRunner(scenario: scenario)
    let told = runner.run(
      DelayOptimalSplitPolicy(scenario: scenario, configuration: .recomputed), episodes: 3,
      seeds: SeedTree(root: 1))
    let blind = runner.run(
      DelayOptimalSplitPolicy(scenario: scenario), episodes: 3, seeds: SeedTree(root: 1))
    #expect(told.episodes.allSatisfy { $0.lost == 0 })
    #expect(blind.episodes.contains { $0.lost > 0 })
  }
}

@Suite struct BackpressureTests {
  @Test func biasLeadsAndPlainWanders() throws {
    let scenario = try Scenario(topology: BuiltInTopology.b4.topology, load: 0.15)
    var plain = BackpressureConfiguration()
    plain.bias = 0
    let led = delay(Backpressure(scenario: scenario), scenario, episodes: 4)
    let wandering = delay(
      Backpressure(scenario: scenario, configuration: plain), scenario, episodes: 4)
    let random = delay(RandomRouting(scenario: scenario), scenario, episodes: 4)
    #expect(led < 12)
    #expect(wandering > 3 * led)
    #expect(random > 3 * led)
  }
}
