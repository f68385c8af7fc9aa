import Networks
import PacketSimulation
import Randomness
import Testing

@Suite struct DeterminismTests {
  private func scenario() throws -> Scenario {
    var stream = RandomStream(seed: 8)
    let topology = try randomTopology(routers: 12, chords: 7, capacity: nil, stream: &stream)
    return try Scenario(topology: topology, load: 0.1)
  }

  @Test(arguments: [(1, 1), (1, 64), (2, 7), (2, 64), (5, 3)])
  func batchAndThreadsDoNotMatter(threads: Int, replicas: Int) throws {
    let scenario = try scenario()
    let seeds = SeedTree(root: 12)
    let reference = EpisodeRunner(scenario: scenario, replicas: 1, threads: 1, recordsSeries: true)
      .run(UniformPolicy(), episodes: 70, seeds: seeds)
    let other = EpisodeRunner(
      scenario: scenario, replicas: replicas, threads: threads, recordsSeries: true
    ).run(UniformPolicy(), episodes: 70, seeds: seeds)
    #expect(reference.episodes == other.episodes)
    #expect(reference.pairGroups == other.pairGroups)
    #expect(reference.arcForwarded == other.arcForwarded)
    #expect(reference.series == other.series)
  }

  /// Every policy faces the same arrivals: the same packets per pair.
  @Test func arrivalsDoNotDependOnThePolicy() throws {
    let scenario = try scenario()
    let runner = EpisodeRunner(scenario: scenario)
    let a = runner.run(UniformPolicy(), episodes: 5, seeds: SeedTree(root: 3))
    let b = runner.run(
      TablePolicy.shortestPath(scenario.topology), episodes: 5, seeds: SeedTree(root: 3))
    #expect(a.pairs.packets == b.pairs.packets)
    #expect(a.pairs.delivered != b.pairs.delivered)
  }

  /// Totals per tick add up to the episode's totals.
  @Test func seriesAddUp() throws {
    let result = EpisodeRunner(scenario: try scenario(), recordsSeries: true)
      .run(UniformPolicy(), episodes: 6, seeds: SeedTree(root: 3))
    let series = try #require(result.series)
    #expect(series.episodes == 6)
    #expect(series.generated.reduce(0, +) == result.episodes.map(\.generated).reduce(0, +))
    #expect(series.delivered.reduce(0, +) == result.episodes.map(\.delivered).reduce(0, +))
    #expect(
      series.deliveryTimeSum.reduce(0, +) == result.episodes.map(\.deliveryTimeSum).reduce(0, +))
    let last = result.episodes.map { $0.queued + $0.inFlight }.reduce(0, +)
    #expect(series.backlog.last == last)
  }

  /// Effective rates of the released arrival law, as measured on the released program.
  @Test(arguments: [
    (0.005, 0.0564), (0.01, 0.0797), (0.05, 0.1773), (0.1, 0.2492), (0.2, 0.3480), (0.3, 0.4209),
    (0.4, 0.4800), (0.5, 0.5300),
  ])
  func effectiveRates(load: Double, rate: Double) {
    let found = Scenario.effectiveRate(load: load, law: .growingHazard)
    #expect(abs(found - rate) < 0.00006)
    #expect(abs(Scenario.load(effectiveRate: found, law: .growingHazard) - load) < 1e-9)
  }
}
