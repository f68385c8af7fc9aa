import Networks
import PacketSimulation
import Randomness
import Routing
import Testing

/// Packets that would come back, values that lag behind: what `SocialActorCritic` does against both.
@Suite struct ReturningPacketsTests {
  private func learner(
    _ scenario: Scenario, _ change: (inout ActorCriticConfiguration) -> Void = { _ in }
  ) -> SocialActorCritic {
    var configuration = ActorCriticConfiguration()
    change(&configuration)
    return SocialActorCritic(scenario: scenario, configuration: configuration)
  }

  /// Two stubs behind a middle: r0–r1–r2, r1–r3, r1–r4, r4–r5.
  private func tree() throws -> Topology {
    try Topology(
      name: "tree", routers: (0..<6).map { Router(name: "r\($0)") },
      links: [(0, 1), (1, 2), (1, 3), (1, 4), (4, 5)].map {
        Link(RouterID($0.0), RouterID($0.1), latency: 3)
      })
  }

  /// Where there is no choice of ways, every packet takes exactly the hops of the shortest path, over
  /// capacity and after few episodes too. Without the rule queues drive some up a wrong branch.
  @Test func inATreeNoPacketGoesUpAWrongBranch() throws {
    let scenario = try Scenario(topology: try tree(), load: 0.25)
    let hops = { (learner: SocialActorCritic) -> [Int] in
      var learner: any TrainableLearner = learner
      return train(&learner, scenario, episodes: 5).episodes.map(\.hops)
    }
    let shortest = EpisodeRunner(scenario: scenario).run(
      ShortestPathPolicy(scenario: scenario), episodes: 5, seeds: SeedTree(root: 1)
    ).episodes.map(\.hops)
    // The first episode learns that stubs send everything back.
    #expect(Array(hops(learner(scenario)).dropFirst()) == Array(shortest.dropFirst()))
    #expect(
      Array(hops(learner(scenario) { $0.avoidsReturns = false }).dropFirst())
        != Array(shortest.dropFirst()))
  }

  /// A line A–B–C by hand: V_B(C) = 3 and V_A(C) = 3 + 1 + mean wait at B + V_B(C), exactly what
  /// neighbours told, not an average of the past.
  @Test func valuesFollowFromWhatNeighboursTell() throws {
    let line = try Topology(
      name: "line", routers: ["A", "B", "C"].map { Router(name: $0) },
      links: [(0, 1), (1, 2)].map { Link(RouterID($0.0), RouterID($0.1), latency: 3) })
    let scenario = try Scenario(topology: line, load: 0.2)
    var exact: any TrainableLearner = learner(scenario)
    train(&exact, scenario, episodes: 3)
    let onward = try exact.state.table("onward", count: 9)
    let means = try exact.state.table("meanQueueCost", count: 3)
    #expect(onward[5] == 3)  // from B to C
    // The mean was told anew at the end of the episode, after the last decision.
    let expected: Float = 7 + means[1]
    #expect(abs(onward[2] - expected) < 0.05)  // from A to C
  }

  /// Two links of B4 fail, and router E must carry 1.01 times what it can. Within a few episodes the
  /// learner is, and stays, as quick as the best split recomputed for the failed network; with values
  /// that lag and packets that may return it does not stay.
  @Test func staysQuickWhereAFailureFillsARouter() throws {
    let scenario = try Scenario(topology: BuiltInTopology.b4.topology, load: 0.6 * 0.3143)
    let failed = try scenario.with(outages: [1, 6].map { LinkOutage(link: LinkID($0)) })
    let split = EpisodeRunner(scenario: failed).run(
      DelayOptimalSplitPolicy(scenario: failed, configuration: .recomputed), episodes: 40,
      seeds: SeedTree(root: 7)
    ).episodes.map(\.restrictedMeanDelay)
    let worst = { (learner: SocialActorCritic) -> Double in
      var learner: any TrainableLearner = learner
      train(&learner, scenario, episodes: 60)
      let delays = train(&learner, failed, episodes: 40, root: 7).episodes
        .map(\.restrictedMeanDelay)
      return (5...35).map { start in
        delays[start..<start + 5].reduce(0, +) / split[start..<start + 5].reduce(0, +)
      }.max() ?? .infinity
    }
    #expect(worst(learner(scenario)) < 1.12)
    #expect(
      worst(
        learner(scenario) {
          $0.avoidsReturns = false
          $0.criticRate = 0.05
        }) > 1.12)
  }
}
