import Learning
import Networks
import PacketSimulation
import Randomness
import Routing
import Testing

struct MAMRLRoutingTests {
  @Test func theFamilyIsInTheCatalogue() throws {
    for name in ["mamrl", "mamrl-published", "mamrl-global"] {
      let algorithm = try RoutingCatalogue.algorithm(name)
      #expect(algorithm.kind == .learner)
    }
    let published = try RoutingCatalogue.algorithm("mamrl-published")
    let settings = try published.configuration(settings: ["iterations": "7"]) as? MAMRLConfiguration
    #expect(
      settings?.iterations == 7 && settings?.hiddenUnits == 128 && settings?.pastActions == 10)
  }

  @Test func aPolicyDoesNotDependOnItsBatch() throws {
    let scenario = try Scenario(topology: BuiltInTopology.geant.topology, load: 0.1, horizon: 80)
    let layout = ObservationLayout(scenario: scenario, form: .global, pastActions: 3)
    let policy = NeuralRoutingPolicy(
      RouterNetworks(layout: layout, hidden: [12], seeds: SeedTree(root: 1)))
    let seeds = SeedTree(root: 9)
    let one = EpisodeRunner(scenario: scenario, replicas: 1).run(policy, episodes: 6, seeds: seeds)
    let six = EpisodeRunner(scenario: scenario, replicas: 6).run(policy, episodes: 6, seeds: seeds)
    #expect(one.episodes == six.episodes)
  }

  /// The backlog reward adds up to the restricted delay: Σ over ticks of −mean backlog, over all
  /// routers, is −Σ packets present, which the world's own identity equals to the delays.
  @Test func theBacklogIsTheRestrictedDelay() throws {
    let scenario = try Scenario(topology: BuiltInTopology.b4.topology, load: 0.25, horizon: 100)
    var settings = smallSettings()
    settings.reward = .globalBacklog
    let layout = ObservationLayout(scenario: scenario, form: .oneHot, pastActions: 0)
    let played = RouterTrajectories.collect(
      RouterNetworks(layout: layout, hidden: [8], seeds: SeedTree(root: 1)), scenario: scenario,
      seeds: (0..<3).map { SeedTree(root: 2).child("episode", $0) }, outages: [],
      settings: settings, threads: 1)
    let paid = played.paid.reduce(0.0) { $0 + Double($1) }
    let delays = played.metrics.reduce(0) { $0 + $1.restrictedDelaySum }
    #expect(abs(paid + Double(delays)) < 1e-4 * Double(delays))
  }

  /// Per-packet credit against the same sum written out: the first decision of every packet is paid
  /// minus its delay, so the sum over the routers where packets are born is the restricted sum
  /// less the waits before the first decision.
  @Test func packetCreditNeverExceedsTheDelay() throws {
    let scenario = try Scenario(topology: BuiltInTopology.b4.topology, load: 0.25, horizon: 100)
    let layout = ObservationLayout(scenario: scenario, form: .oneHot, pastActions: 0)
    let played = RouterTrajectories.collect(
      RouterNetworks(layout: layout, hidden: [8], seeds: SeedTree(root: 1)), scenario: scenario,
      seeds: [SeedTree(root: 2)], outages: [], settings: smallSettings(), threads: 1)
    for router in played.routers {
      for (row, credit) in router.packetReturns.enumerated() {
        let tick = Double(router.ticks[row])
        // At least one link of latency 3; at most the rest of the episode.
        #expect(credit <= -3 || credit == tick - 100)
        #expect(credit >= tick - 100)
      }
    }
  }

  @Test func atTestTimeAFailureSendsItBackToTheTrainedPolicy() throws {
    let topology = BuiltInTopology.b4.topology
    let intact = try Scenario(topology: topology, load: 0.25, horizon: 150)
    var settings = smallSettings()
    var learner = MAMRLRouting(scenario: intact, settings: settings, seeds: SeedTree(root: 3))
    settings.adaptationEpisodes = 1
    learner.beginTestTime()
    #expect(learner.isAdapting)
    _ = EpisodeRunner(scenario: intact).run(&learner, episodes: 2, seeds: SeedTree(root: 4))
    #expect(learner.resets == 0 && learner.acting.parameters != learner.policies.parameters)
    let failed = try intact.with(outages: [LinkOutage(link: LinkID(0))])
    _ = EpisodeRunner(scenario: failed).run(&learner, episodes: 1, seeds: SeedTree(root: 5))
    #expect(learner.resets == 1 && learner.acting.parameters == learner.policies.parameters)
    // It stays failed: no second reset, and adaptation goes on from θ.
    _ = EpisodeRunner(scenario: failed).run(&learner, episodes: 1, seeds: SeedTree(root: 6))
    #expect(learner.resets == 1 && learner.acting.parameters != learner.policies.parameters)
  }

  @Test func theReleasedEnvironmentsAreTheNamedLinks() {
    let expected = [
      BuiltInTopology.b4: [("D", "E"), ("I", "K"), ("C", "F")],
      .geant: [("7", "19"), ("5", "16"), ("3", "14")],
      .att: [("2", "9"), ("15", "17"), ("5", "13")],
    ]
    for (network, links) in expected.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      let topology = network.topology
      let found = EnvironmentDistribution(.releasedFour, topology: topology).environments
      #expect(found.count == 4 && found[0].isEmpty)
      for (link, names) in zip(found.dropFirst(), links) {
        let ends = topology.links[link[0].index]
        let pair = Set([ends.source, ends.target].map { topology.routers[$0.index].name })
        #expect(pair == [names.0, names.1])
      }
    }
    let all = EnvironmentDistribution(
      .singleFailures, topology: BuiltInTopology.geant.topology)
    #expect(all.environments.count == 32)  // 31 of the 32 links leave Geant connected, and none.
  }
}
