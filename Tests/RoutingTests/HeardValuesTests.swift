import Networks
import PacketSimulation
import Randomness
import Routing
import Testing

@Suite struct HeardValuesTests {
  /// Against whole copies of the table, one for the decisions of every tick.
  @Test func valuesAreAsOldAsTheArc() {
    var stream = RandomStream(seed: 5)
    let (routers, destinations, ticks) = (4, 3, 300)
    let ages = [0, 1, 2, 7, 40]
    var heard = HeardValues(routerCount: routers, ages: ages)
    var table = [Float](repeating: 0, count: routers * destinations)
    for _ in 0..<2 {
      heard.beginEpisode()
      let start = table
      var copies: [[Float]] = []
      for tick in 0..<ticks {
        copies.append(table)
        // Reads at the decisions of this tick, then changes, sometimes of the same cell twice.
        for arc in ages.indices {
          let (router, destination) = (
            stream.integer(below: routers), stream.integer(below: destinations)
          )
          let cell = router * destinations + destination
          let seen = heard.value(
            now: table[cell], arc: arc, router: router, destination: destination, tick: tick)
          let slow = tick >= ages[arc] ? copies[tick - ages[arc]] : start
          #expect(seen == slow[cell])
        }
        for _ in 0..<stream.integer(below: 4) {
          let (router, destination) = (
            stream.integer(below: routers), stream.integer(below: destinations)
          )
          let cell = router * destinations + destination
          heard.note(router: router, destination: destination, old: table[cell], tick: tick)
          table[cell] = Float(stream.uniform())
        }
      }
    }
  }

  private static let learners = RoutingCatalogue.algorithms.filter {
    $0.kind == .learner && !$0.name.hasPrefix("mamrl")
  }

  private func play(_ algorithm: RoutingAlgorithm, _ age: SimulationModel.ObservationAge) throws
    -> [EpisodeMetrics]
  {
    var model = SimulationModel.standard
    model.observationAge = age
    let topology = BuiltInTopology.b4.topology
    let scenario = try Scenario(
      topology: topology, model: model, load: 0.28, horizon: 200,
      latencies: [Int](repeating: 3, count: topology.links.count))
    guard case .learner(var learner) = try algorithm.make(scenario: scenario) else { return [] }
    return train(&learner, scenario, episodes: 6).episodes
  }

  /// Latency 3 everywhere: as old as the link is the same as three ticks; no age is at once.
  @Test func agesMeanWhatTheySay() throws {
    for algorithm in Self.learners {
      let now = try play(algorithm, .now)
      let late = try play(algorithm, .linkLatency)
      #expect(try play(algorithm, .ticks(0)) == now, "\(algorithm.name)")
      #expect(try play(algorithm, .ticks(3)) == late, "\(algorithm.name)")
      // Only per-packet credit hears nothing from neighbours.
      #expect((late == now) == (algorithm.name == "policy-gradient"), "\(algorithm.name)")
    }
  }

  /// A ring of three, every router with packets for every other: what is told can be counted by hand.
  @Test func controlMessagesAreCounted() throws {
    let ring = try Topology(
      name: "ring", routers: ["a", "b", "c"].map { Router(name: $0) },
      links: [(0, 1), (1, 2), (2, 0)].map { Link(RouterID($0), RouterID($1)) })
    let scenario = try Scenario(topology: ring, load: 0.4, horizon: 40)
    guard
      case .learner(var learner) = try RoutingCatalogue.algorithm("social-actor-critic")
        .make(scenario: scenario)
    else { return }
    let results = train(&learner, scenario, episodes: 3)
    for (number, metrics) in results.episodes.enumerated() {
      // Every pair has packets, so that every cell is visited and none is refreshed at the end.
      // A queue length and a notice of sending over every arc in every tick.
      let queues = 40 * 6 * (2 + 1)
      let values = metrics.hops * 2 * (2 + 4 + 1)
      let bins = metrics.hops
      // At the end: 36 costs and their mean from every router to two neighbours.
      let announcements = 3 * 2 * 37 * 4
      #expect(
        metrics.controlBytes == queues + values + bins + announcements, "episode \(number)")
    }
    #expect(results.pairs.delivered.enumerated().allSatisfy { $0 % 4 == 0 || $1 > 2 })
    let frozen = EpisodeRunner(scenario: scenario).run(
      learner.frozenPolicy(), episodes: 1, seeds: SeedTree(root: 1))
    #expect(frozen.episodes[0].controlBytes == 40 * 6 * 3)
    #expect(
      EpisodeRunner(scenario: scenario).run(
        ShortestPathPolicy(scenario: scenario, configuration: .init()), episodes: 1,
        seeds: SeedTree(root: 1)
      ).episodes[0].controlBytes == 0)
  }
}
