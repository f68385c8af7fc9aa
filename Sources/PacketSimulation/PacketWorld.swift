import Networks
import Randomness

/// Plays packets through a network, tick by tick, for many replicas in step.
///
/// ```swift
/// let world = PacketWorld(scenario: scenario, replicas: 64)
/// world.reset(seeds: (0..<64).map { SeedTree(root: 1).child("episode", $0) })
/// while !world.isFinished {
///   let batch = world.beginTick()
///   policy.decide(batch, in: world)
///   world.finishTick()
/// }
/// let first = world.metrics(replica: 0)
/// ```
///
/// This is also the interface for an outside caller: `reset`, then `beginTick` (observations),
/// choices, `finishTick` (events, from which rewards follow). The world owns its random streams, so
/// any two policies face identical arrivals (common random numbers); a replica's course depends on
/// its own seed only, never on the other replicas.
///
/// - Shapes: a *cell* is `replica * routerCount + router`; queues, masks and streams are flat arrays
///   over cells, packets one slab of 32-byte records linked by index.
/// - Randomness: one environment stream per replica and router (gaps, destinations, sizes), one for
///   the decision maker per replica.
/// - Complexity: time O(packets moved + routers/64) per tick and replica; memory O(routers² +
///   horizon) per replica for the measures.
/// - Verified: `PacketSimulationTests` (queueing theory, a slow obvious simulator, conservation).
public final class PacketWorld {
  public let scenario: Scenario
  public let topology: Topology
  public let replicaCount: Int
  public let routerCount: Int
  public let requirements: WorldRequirements
  let recordsSeries: Bool
  let decidesFirst: Bool
  let limits: Bool
  let bufferLimit: Int

  /// Scalars that change in the hot loop, behind a pointer: a class's own stored properties are
  /// checked for exclusive access at every use, which costs a third of the speed.
  let hot: Storage<HotState>
  let kernel: TickKernel
  /// The tick about to be played, or being played between `beginTick` and `finishTick`.
  public var tick: Int { hot.pointer.pointee.tick }
  public var isFinished: Bool { tick >= scenario.horizon }

  // Network, immutable
  let arcInfo: Storage<ArcInfo>
  let firstArc: Storage<Int32>
  let linkCount: Int
  let poolCount: Int
  let poolCapacity: [Double]
  let arrivals: ArrivalTables

  // Per cell
  let queues: Storage<PacketList>
  let queueCount: Storage<Int32>
  let nextArrival: Storage<Double>
  let arrivalStreams: Storage<RandomStream>
  let calendarNext: Storage<Int32>
  let actionRing: Storage<Int32>
  let actionCount: Storage<Int32>
  let history: Storage<Int32>
  let historyDepth: Int
  /// Per arc of a replica: the ticks in which it was used, as bits back from `sendTick`.
  let sendBits: Storage<UInt64>
  let sendTick: Storage<Int32>
  /// One bit per router with a non-empty queue, `wordsPerReplica` words per replica.
  let occupied: Storage<UInt64>
  let wordsPerReplica: Int

  // Wheels: packets by tick of completion, cells by tick of next arrival
  let wheel: Storage<PacketList>
  let wheelMask: Int
  let calendarHead: Storage<Int32>

  // Per replica
  let counters: Storage<ReplicaCounters>
  let histogram: Storage<Int32>
  let histogramBins: Int
  let pairPackets: Storage<Int32>
  let pairDelivered: Storage<Int32>
  let policyStreams: Storage<RandomStream>
  let linkDown: Storage<Int16>
  let poolFree: Storage<Double>
  var changes: [LinkChange] = []
  var nextChange = 0
  var outagesOfReplica: [[LinkOutage]] = []

  // The current batch
  let batchReplica: Storage<Int32>
  let batchRouter: Storage<Int32>
  let batchDestination: Storage<Int32>
  let batchChoice: Storage<Int32>

  /// What happened in the tick just finished; empty unless `requirements.events`. Valid until the
  /// next tick begins.
  public var events: UnsafeBufferPointer<PacketEvent> {
    UnsafeBufferPointer(
      start: hot.pointer.pointee.events, count: hot.pointer.pointee.eventCount)
  }
  let arcCounts: Storage<Int>
  /// Packets put on each arc, over all replicas, since the last reset.
  public var arcForwarded: [Int] {
    [Int](UnsafeBufferPointer(start: arcCounts.pointer, count: arcCounts.count))
  }
  /// Per-tick totals over all replicas since the last reset; nil unless asked for.
  public internal(set) var series: TickSeries?

  static let calendarSize = 256
  static let calendarMask = calendarSize - 1
  /// Room in the delay histogram for packets older than the episode.
  static let initialAgeRoom = 64

  /// Creates a world; `reset` must follow before the first tick.
  ///
  /// - Parameter recordsSeries: keep per-tick totals (`series`).
  public init(
    scenario: Scenario, replicas: Int, requirements: WorldRequirements = WorldRequirements(),
    recordsSeries: Bool = false
  ) {
    precondition(replicas >= 1, "PacketWorld(replicas: \(replicas)): at least one is needed")
    let topology = scenario.topology
    let n = topology.routerCount
    let cells = replicas * n
    self.scenario = scenario
    self.topology = topology
    self.requirements = requirements
    self.recordsSeries = recordsSeries
    replicaCount = replicas
    routerCount = n
    linkCount = topology.links.count
    decidesFirst = scenario.model.decidesBeforeArrivals
    limits = scenario.capacities.contains { $0.isFinite }
    bufferLimit = scenario.model.bufferLimit ?? Int.max

    let shared = scenario.model.sharesLinkCapacity
    poolCount = shared ? linkCount : 2 * linkCount
    poolCapacity =
      shared ? scenario.capacities : scenario.capacities.flatMap { [$0, $0] }
    arcInfo = Storage(
      topology.arcs.map { arc in
        ArcInfo(
          link: Int32(arc.link.index), target: Int32(arc.target.index),
          latency: Int32(scenario.latencies[arc.link.index]),
          pool: Int32(shared ? arc.link.index : 2 * arc.link.index + (arc.isForward ? 0 : 1)))
      })
    firstArc = Storage(topology.firstArc.map(Int32.init))
    arrivals = ArrivalTables(scenario: scenario)

    hot = Storage(
      count: 1,
      fill: HotState(
        packetCapacity: max(1024, cells * 8), eventCapacity: requirements.events ? 256 : 1))
    queues = Storage(count: cells, fill: PacketList())
    queueCount = Storage(count: cells, fill: 0)
    nextArrival = Storage(count: cells, fill: .infinity)
    arrivalStreams = Storage(count: cells, fill: RandomStream(seed: 0))
    calendarNext = Storage(count: cells, fill: -1)
    actionRing = Storage(count: cells * requirements.pastActions, fill: -1)
    actionCount = Storage(count: cells, fill: 0)
    historyDepth = Self.historyDepth(scenario, requirements)
    history = Storage(count: cells * historyDepth, fill: 0)
    let sendCount = requirements.recentSends ? replicas * topology.arcs.count : 0
    sendBits = Storage(count: sendCount, fill: 0)
    sendTick = Storage(count: sendCount, fill: 0)
    wordsPerReplica = (n + 63) / 64
    occupied = Storage(count: replicas * wordsPerReplica, fill: 0)

    let longest = max(scenario.latencies.max() ?? 1, scenario.model.initialInFlight) + 1
    var wheelSize = 1
    while wheelSize < longest + 1 { wheelSize *= 2 }
    wheelMask = wheelSize - 1
    wheel = Storage(count: wheelSize, fill: PacketList())
    calendarHead = Storage(count: Self.calendarSize, fill: -1)

    counters = Storage(count: replicas, fill: ReplicaCounters())
    histogramBins = scenario.horizon + 1 + Self.initialAgeRoom
    histogram = Storage(count: replicas * histogramBins, fill: 0)
    pairPackets = Storage(count: replicas * n * n, fill: 0)
    pairDelivered = Storage(count: replicas * n * n, fill: 0)
    policyStreams = Storage(count: replicas, fill: RandomStream(seed: 0))
    linkDown = Storage(count: replicas * linkCount, fill: 0)
    poolFree = Storage(count: limits ? replicas * poolCount : 0, fill: 0)
    batchReplica = Storage(count: cells, fill: 0)
    batchRouter = Storage(count: cells, fill: 0)
    batchDestination = Storage(count: cells, fill: 0)
    batchChoice = Storage(count: cells, fill: 0)
    arcCounts = Storage(count: topology.arcs.count, fill: 0)
    hot.pointer.pointee.tick = scenario.horizon
    kernel = TickKernel(
      hot: hot.pointer, queues: queues.pointer, queueCount: queueCount.pointer,
      occupied: occupied.pointer, wheel: wheel.pointer, counters: counters.pointer,
      histogram: histogram.pointer, pairPackets: pairPackets.pointer,
      pairDelivered: pairDelivered.pointer, arcInfo: arcInfo.pointer, firstArc: firstArc.pointer,
      arcCounts: arcCounts.pointer, linkDown: linkDown.pointer, poolFree: poolFree.pointer,
      batchReplica: batchReplica.pointer, batchRouter: batchRouter.pointer,
      batchDestination: batchDestination.pointer, batchChoice: batchChoice.pointer,
      nextArrival: nextArrival.pointer, calendarHead: calendarHead.pointer,
      calendarNext: calendarNext.pointer, streams: arrivalStreams.pointer,
      replicaCount: replicas, routerCount: n, wordsPerReplica: wordsPerReplica,
      linkCount: linkCount, poolCount: poolCount, wheelMask: wheelMask,
      histogramBins: histogramBins, bufferLimit: bufferLimit,
      timeToLive: scenario.model.timeToLive ?? .max, horizon: Double(scenario.horizon),
      limits: limits, losesAtEqual: scenario.model.losesAtEqualCapacity,
      decidesFirst: decidesFirst, isObserved: requirements.events || recordsSeries,
      recordsActions: requirements.pastActions > 0 || requirements.recentSends)
  }

  deinit {
    hot.pointer.pointee.packets.deallocate()
    hot.pointer.pointee.events.deallocate()
  }

  private static func historyDepth(_ scenario: Scenario, _ requirements: WorldRequirements) -> Int {
    guard requirements.queueHistory else { return 0 }
    switch scenario.model.observationAge {
    case .now: return 0
    case .linkLatency: return (scenario.latencies.max() ?? 1) + 1
    case .ticks(let age): return max(age, 0) + 1
    }
  }

  /// Starts an episode in every replica.
  ///
  /// - Parameters:
  ///   - seeds: one per replica; the same seed gives the same arrivals under any policy.
  ///   - outages: one list per replica, instead of the scenario's for all.
  public func reset(seeds: [SeedTree], outages: [[LinkOutage]]? = nil) {
    precondition(
      seeds.count == replicaCount, "reset: \(seeds.count) seeds, \(replicaCount) replicas")
    hot.pointer.pointee.tick = 0
    hot.pointer.pointee.isMidTick = false
    clearStorage()
    setUpOutages(outages)
    for replica in 0..<replicaCount {
      let environment = seeds[replica].child("environment")
      policyStreams[replica] = seeds[replica].stream("decisions")
      for router in 0..<routerCount {
        arrivalStreams[replica * routerCount + router] = environment.stream("arrivals", router)
      }
    }
    applyLinkChanges()
    for replica in 0..<replicaCount { placeInitialPackets(replica, seeds[replica]) }
    for cell in 0..<(replicaCount * routerCount) { scheduleFirstArrival(cell) }
  }

  private func clearStorage() {
    hot.pointer.pointee.chainFreePackets(from: 0)
    hot.pointer.pointee.eventCount = 0
    queues.fill(PacketList())
    queueCount.fill(0)
    occupied.fill(0)
    wheel.fill(PacketList())
    calendarHead.fill(-1)
    counters.fill(ReplicaCounters())
    histogram.fill(0)
    pairPackets.fill(0)
    pairDelivered.fill(0)
    actionRing.fill(-1)
    actionCount.fill(0)
    history.fill(0)
    sendBits.fill(0)
    sendTick.fill(0)
    arcCounts.fill(0)
    series = recordsSeries ? TickSeries(horizon: scenario.horizon) : nil
    series?.episodes = replicaCount
    if limits {
      for replica in 0..<replicaCount {
        for pool in 0..<poolCount { poolFree[replica * poolCount + pool] = poolCapacity[pool] }
      }
    }
  }
}
