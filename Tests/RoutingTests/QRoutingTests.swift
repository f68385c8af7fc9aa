import Networks
import PacketSimulation
import Randomness
import Routing
import Testing

@Suite struct QRoutingTests {
  private func line() throws -> (Topology, Scenario) {
    let topology = try Topology(
      name: "line", routers: ["A", "B", "C"].map { Router(name: $0) },
      links: [(0, 1), (1, 2)].map { Link(RouterID($0.0), RouterID($0.1), latency: 3) })
    let scenario = try Scenario(
      topology: topology, load: 0.02, traffic: SmallNetworks.single(topology, from: 0, to: 2),
      horizon: 5000)
    return (topology, scenario)
  }

  @Test func estimatesBecomeTheTrueTimes() throws {
    // Nobody waits: from B 3 ticks of link; from A 3 + min Q[B] = 6 (waits are 0 at this load, or 1
    // now and then). B's slot 0 (back to A) is never worth it: 3 + 6 = 9 once tried.
    let (_, scenario) = try line()
    var learner = QRouting(scenario: scenario)
    _ = EpisodeRunner(scenario: scenario).run(&learner, episodes: 3, seeds: SeedTree(root: 1))
    #expect(abs(learner.value(at: RouterID(1), to: RouterID(2), slot: 1) - 3) < 0.5)
    #expect(abs(learner.value(at: RouterID(0), to: RouterID(2), slot: 0) - 6) < 1)
  }

  @Test(arguments: [
    "q-routing", "full-echo-q-routing", "dual-q-routing", "predictive-q-routing",
    "policy-gradient", "actor-critic", "social-actor-critic",
  ])
  func learnersBeatRandomWalks(name: String) throws {
    let scenario = try Scenario(topology: BuiltInTopology.b4.topology, load: 0.1)
    guard case .learner(var learner) = try RoutingCatalogue.algorithm(name).make(scenario: scenario)
    else { throw TestFailure("\(name) is no learner") }
    train(&learner, scenario, episodes: name == "policy-gradient" ? 200 : 40)
    let last = train(&learner, scenario, episodes: 10, first: 1000).episodes
    let learned = last.map(\.restrictedMeanDelay).reduce(0, +) / 10
    let random = delay(RandomRouting(scenario: scenario), scenario, episodes: 5)
    #expect(learned < 25)
    #expect(!(random < 25))
  }

  @Test func reproducesTheReleasedProgram() throws {
    // Facts: B4 with the baselines' latencies, λ = .3, three queued at the start, episodes 11–40.
    let builtIn = BuiltInTopology.b4Baselines
    var model = SimulationModel.published
    model.initialQueue = 3
    let sizes = builtIn.pairSizes(columns: .diagonalSkipped)
    let scenario = try Scenario(
      topology: builtIn.topology, model: model, load: 0.3,
      packetSizes: sizes.map { .lognormal(mu: $0.mu, sigma: $0.sigma) }
        ?? .unit)
    var delivered: [Double] = []
    var queued: [Double] = []
    var times: [Double] = []
    for run in 0..<4 {
      var learner = QRouting(scenario: scenario)
      let result = EpisodeRunner(scenario: scenario).run(
        &learner, episodes: 40, seeds: SeedTree(root: UInt64(run)))
      for episode in result.episodes.dropFirst(10) {
        delivered.append(Double(episode.delivered))
        queued.append(Double(episode.queued))
        if let time = episode.meanDeliveryTime { times.append(time) }
      }
    }
    let mean = { (values: [Double]) in values.reduce(0, +) / Double(values.count) }
    #expect(abs(mean(delivered) - 1886) < 60)
    #expect(abs(mean(queued) - 760) < 60)
    #expect(abs(mean(times) - 82.3) < 4)
  }
}
