import Dispatch
import Networks
import Randomness

/// Plays episodes of one scenario, in blocks of replicas, on several threads.
///
/// ```swift
/// let result = EpisodeRunner(scenario: scenario).run(policy, episodes: 100, seeds: SeedTree(root: 1))
/// ```
///
/// Episode `e` always plays on the seed `seeds.child("episode", e)`: its arrivals are the same under
/// every policy, thread count and batch size.
public struct EpisodeRunner: Sendable {
  public let scenario: Scenario
  /// Replicas that a world plays in step. The results do not depend on it.
  public var replicas: Int
  public var threads: Int
  public var recordsSeries: Bool

  public init(
    scenario: Scenario, replicas: Int? = nil, threads: Int = 1, recordsSeries: Bool = false
  ) {
    self.scenario = scenario
    // Few replicas on large networks: the pair counts take routers² each.
    let n = scenario.topology.routerCount
    self.replicas = replicas ?? max(1, min(16, 4_000_000 / (n * n + scenario.horizon)))
    self.threads = max(1, threads)
    self.recordsSeries = recordsSeries
  }

  /// Plays `episodes` episodes under a frozen policy.
  ///
  /// - Parameters:
  ///   - firstEpisode: the number of the first episode (its seed's index).
  ///   - outages: the outages of episode number e, instead of the scenario's.
  ///   - progress: called after each block with the number of episodes done, from any thread.
  public func run(
    _ policy: some RoutingPolicy, episodes: Int, seeds: SeedTree, firstEpisode: Int = 0,
    outages: (@Sendable (Int) -> [LinkOutage])? = nil, progress: (@Sendable (Int) -> Void)? = nil
  ) -> EpisodeResults {
    let blockSize = max(1, min(replicas, (episodes + threads - 1) / threads))
    let blocks = (episodes + blockSize - 1) / blockSize
    let parts = concurrentMap(count: blocks, threads: threads) { block in
      let first = block * blockSize
      let count = min(blockSize, episodes - first)
      let world = PacketWorld(
        scenario: scenario, replicas: count, requirements: policy.requirements,
        recordsSeries: recordsSeries)
      let numbers = (0..<count).map { firstEpisode + first + $0 }
      world.reset(
        seeds: numbers.map { seeds.child("episode", $0) }, outages: outages.map { numbers.map($0) })
      while !world.isFinished {
        policy.decide(world.beginTick(), in: world)
        world.finishTick()
      }
      progress?(count)
      var results = EpisodeResults(world: world, firstEpisode: firstEpisode + first)
      let controlBytes = policy.controlBytesPerTick * scenario.horizon
      for index in results.episodes.indices { results.episodes[index].controlBytes = controlBytes }
      return results
    }
    return EpisodeResults(joining: parts, scenario: scenario)
  }

  /// Plays `episodes` episodes one after the other with a learner, which keeps what it learned.
  ///
  /// - Parameter onEpisode: called after each episode with its number and measures; `false` stops.
  public func run<Learner: RoutingLearner>(
    _ learner: inout Learner, episodes: Int, seeds: SeedTree, firstEpisode: Int = 0,
    outages: ((Int) -> [LinkOutage])? = nil, onEpisode: ((Int, EpisodeMetrics) -> Bool)? = nil
  ) -> EpisodeResults {
    let world = PacketWorld(
      scenario: scenario, replicas: 1, requirements: learner.requirements,
      recordsSeries: recordsSeries)
    var parts: [EpisodeResults] = []
    for index in 0..<episodes {
      let number = firstEpisode + index
      world.reset(
        seeds: [seeds.child("episode", number)], outages: outages.map { [$0(number)] })
      let told = learner.controlBytes
      learner.beginEpisode(in: world)
      while !world.isFinished {
        let tick = world.tick
        learner.decide(world.beginTick(), in: world)
        world.finishTick()
        learner.observe(tick: tick, in: world)
      }
      learner.endEpisode(in: world)
      var part = EpisodeResults(world: world, firstEpisode: number)
      part.episodes[0].controlBytes = learner.controlBytes - told
      parts.append(part)
      if let onEpisode, !onEpisode(number, part.episodes[0]) { break }
    }
    return EpisodeResults(joining: parts, scenario: scenario)
  }
}

/// The measures of many episodes of one scenario.
public struct EpisodeResults: Sendable {
  /// In the order of episode numbers.
  public var episodes: [EpisodeMetrics]
  /// Pair counts pooled over the episodes whose number is congruent modulo the count of groups: the
  /// groups of a jackknife over episodes.
  public var pairGroups: [PairCounts]
  /// Packets put on each arc, over all episodes.
  public var arcForwarded: [Int]
  public var series: TickSeries?

  /// Groups of the jackknife for measures that need pooling over episodes.
  public static let groupCount = 20

  /// Pair counts over all episodes.
  public var pairs: PairCounts {
    var sum = PairCounts(routerCount: pairGroups.first?.routerCount ?? 0)
    for group in pairGroups { sum += group }
    return sum
  }

  init(world: PacketWorld, firstEpisode: Int) {
    episodes = (0..<world.replicaCount).map { world.metrics(replica: $0) }
    // Small networks carry all groups; large ones one, because a group takes routers² numbers.
    let groups = Self.groups(routers: world.routerCount)
    pairGroups = [PairCounts](
      repeating: PairCounts(routerCount: world.routerCount), count: groups)
    for replica in 0..<world.replicaCount {
      pairGroups[(firstEpisode + replica) % groups] += world.pairCounts(replica: replica)
    }
    arcForwarded = world.arcForwarded
    series = world.series
  }

  /// The results of consecutive blocks of episodes as one.
  public init(joining parts: [EpisodeResults], scenario: Scenario) {
    episodes = []
    let n = scenario.topology.routerCount
    pairGroups = [PairCounts](
      repeating: PairCounts(routerCount: n), count: Self.groups(routers: n))
    arcForwarded = [Int](repeating: 0, count: scenario.topology.arcs.count)
    for part in parts {
      episodes += part.episodes
      for group in pairGroups.indices { pairGroups[group] += part.pairGroups[group] }
      for arc in arcForwarded.indices { arcForwarded[arc] += part.arcForwarded[arc] }
      if let other = part.series {
        if series == nil { series = other } else { series? += other }
      }
    }
  }

  private static func groups(routers: Int) -> Int { routers <= 256 ? groupCount : 1 }
}

/// Computes `body(0) … body(count − 1)` on several threads; the result is ordered by index.
public func concurrentMap<Result: Sendable>(
  count: Int, threads: Int, _ body: @Sendable (Int) -> Result
) -> [Result] {
  guard count > 0 else { return [] }
  if threads <= 1 || count == 1 { return (0..<count).map(body) }
  let slots = ResultSlots<Result>(count: count)
  let workers = min(threads, count)
  DispatchQueue.concurrentPerform(iterations: workers) { worker in
    var index = worker
    while index < count {
      slots.set(index, body(index))
      index += workers
    }
  }
  return slots.take()
}

/// One place per result, each written once by one thread.
private final class ResultSlots<Result: Sendable>: @unchecked Sendable {
  private let pointer: UnsafeMutablePointer<Result?>
  private let count: Int

  init(count: Int) {
    self.count = count
    pointer = .allocate(capacity: count)
    pointer.initialize(repeating: nil, count: count)
  }

  deinit {
    pointer.deinitialize(count: count)
    pointer.deallocate()
  }

  func set(_ index: Int, _ value: Result) { pointer[index] = value }

  func take() -> [Result] { (0..<count).compactMap { pointer[$0] } }
}
