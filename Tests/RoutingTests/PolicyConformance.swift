import Networks
import PacketSimulation
import Randomness
import Routing
import Testing

/// What every catalogued policy must keep: the same course for any batch size, thread count and
/// repetition.
func checkRoutingPolicy(_ policy: any RoutingPolicy, _ scenario: Scenario) {
  func play(_ concrete: some RoutingPolicy, replicas: Int, threads: Int) -> [EpisodeMetrics] {
    EpisodeRunner(scenario: scenario, replicas: replicas, threads: threads)
      .run(concrete, episodes: 5, seeds: SeedTree(root: 3)).episodes
  }
  let alone = play(policy, replicas: 1, threads: 1)
  #expect(play(policy, replicas: 5, threads: 1) == alone)
  #expect(play(policy, replicas: 2, threads: 2) == alone)
}

@Suite struct PolicyConformance {
  static let names = RoutingCatalogue.algorithms.filter { $0.kind == .policy }.map(\.name)

  @Test(arguments: names)
  func policiesDependOnNothingButTheirReplica(name: String) throws {
    let b4 = BuiltInTopology.b4.topology
    for outages in [[], [LinkOutage(link: LinkID(0), from: 40, until: 90)]] {
      let scenario = try Scenario(topology: b4, load: 0.2, horizon: 120, outages: outages)
      let actor = try RoutingCatalogue.algorithm(name).make(scenario: scenario)
      guard case .policy(let policy) = actor else { throw TestFailure("\(name) is no policy") }
      checkRoutingPolicy(policy, scenario)
    }
  }

  @Test func trainedTablesAreAPolicyLikeAnyOther() throws {
    let scenario = try Scenario(topology: BuiltInTopology.b4.topology, load: 0.2, horizon: 120)
    for name in ["social-actor-critic", "actor-critic", "q-routing", "policy-gradient"] {
      guard
        case .learner(var learner) = try RoutingCatalogue.algorithm(name).make(scenario: scenario)
      else { throw TestFailure("\(name) is no learner") }
      train(&learner, scenario, episodes: 3)
      checkRoutingPolicy(learner.frozenPolicy(), scenario)
    }
  }
}

struct TestFailure: Error {
  let text: String
  init(_ text: String) { self.text = text }
}

@discardableResult
func train(
  _ learner: inout any TrainableLearner, _ scenario: Scenario, episodes: Int, first: Int = 0,
  root: UInt64 = 1
) -> EpisodeResults {
  func opened<Learner: TrainableLearner>(_ concrete: inout Learner) -> EpisodeResults {
    EpisodeRunner(scenario: scenario).run(
      &concrete, episodes: episodes, seeds: SeedTree(root: root), firstEpisode: first)
  }
  return opened(&learner)
}

func delay(_ policy: any RoutingPolicy, _ scenario: Scenario, episodes: Int = 10) -> Double {
  func opened(_ concrete: some RoutingPolicy) -> [EpisodeMetrics] {
    EpisodeRunner(scenario: scenario).run(concrete, episodes: episodes, seeds: SeedTree(root: 99))
      .episodes
  }
  return opened(policy).map(\.restrictedMeanDelay).reduce(0, +) / Double(episodes)
}
