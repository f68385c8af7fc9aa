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
  let ttl: Int
  let bufferLimit: Int

  /// The tick about to be played, or being played between `beginTick` and `finishTick`.
  public internal(set) var tick = 0
  public var isFinished: Bool { tick >= scenario.horizon }

  // Network, immutable
  let arcInfo: Storage<ArcInfo>
  let firstArc: Storage<Int32>
  let linkCount: Int
  let poolCount: Int
  let poolCapacity: [Double]
  let arrivals: ArrivalTables

  // Packets
  var packets: UnsafeMutablePointer<Packet>
  var packetCapacity: Int
  var freeHead: Int32 = -1

  // Per cell
  let queueHead: Storage<Int32>
  let queueTail: Storage<Int32>
  let queueCount: Storage<Int32>
  let nextArrival: Storage<Double>
  let arrivalStreams: Storage<RandomStream>
  let calendarNext: Storage<Int32>
  let actionRing: Storage<Int32>
  let actionCount: Storage<Int32>
  let history: Storage<Int32>
  let historyDepth: Int
  /// One bit per router with a non-empty queue, `wordsPerReplica` words per replica.
  let occupied: Storage<UInt64>
  let wordsPerReplica: Int

  // Wheels: packets by tick of completion, cells by tick of next arrival
  let wheelHead: Storage<Int32>
  let wheelTail: Storage<Int32>
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
  var anyDown = false
  var outagesOfReplica: [[LinkOutage]] = []

  // The current batch
  let batchReplica: Storage<Int32>
  let batchRouter: Storage<Int32>
  let batchDestination: Storage<Int32>
  let batchChoice: Storage<Int32>
  var batchCount = 0
  var isMidTick = false

  /// What happened in the tick just finished; empty unless `requirements.events`.
  public internal(set) var events: [PacketEvent] = []
  /// Packets put on each arc, over all replicas, since the last reset.
  public internal(set) var arcForwarded: [Int]
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
    ttl = scenario.model.timeToLive ?? Int(UInt16.max)
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

    packetCapacity = max(1024, cells * 8)
    packets = .allocate(capacity: packetCapacity)
    packets.initialize(repeating: Packet(), count: packetCapacity)

    queueHead = Storage(count: cells, fill: -1)
    queueTail = Storage(count: cells, fill: -1)
    queueCount = Storage(count: cells, fill: 0)
    nextArrival = Storage(count: cells, fill: .infinity)
    arrivalStreams = Storage(count: cells, fill: RandomStream(seed: 0))
    calendarNext = Storage(count: cells, fill: -1)
    actionRing = Storage(count: cells * requirements.pastActions, fill: -1)
    actionCount = Storage(count: cells, fill: 0)
    historyDepth = Self.historyDepth(scenario, requirements)
    history = Storage(count: cells * historyDepth, fill: 0)
    wordsPerReplica = (n + 63) / 64
    occupied = Storage(count: replicas * wordsPerReplica, fill: 0)

    let longest = max(scenario.latencies.max() ?? 1, scenario.model.initialInFlight) + 1
    var wheelSize = 1
    while wheelSize < longest + 1 { wheelSize *= 2 }
    wheelMask = wheelSize - 1
    wheelHead = Storage(count: wheelSize, fill: -1)
    wheelTail = Storage(count: wheelSize, fill: -1)
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
    arcForwarded = [Int](repeating: 0, count: topology.arcs.count)
    tick = scenario.horizon
  }

  deinit { packets.deallocate() }

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
    tick = 0
    isMidTick = false
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
    for index in 0..<packetCapacity { packets[index].next = Int32(index + 1) }
    packets[packetCapacity - 1].next = -1
    freeHead = 0
    queueHead.fill(-1)
    queueTail.fill(-1)
    queueCount.fill(0)
    occupied.fill(0)
    wheelHead.fill(-1)
    wheelTail.fill(-1)
    calendarHead.fill(-1)
    counters.fill(ReplicaCounters())
    histogram.fill(0)
    pairPackets.fill(0)
    pairDelivered.fill(0)
    actionRing.fill(-1)
    actionCount.fill(0)
    history.fill(0)
    events.removeAll(keepingCapacity: true)
    for arc in arcForwarded.indices { arcForwarded[arc] = 0 }
    series = recordsSeries ? TickSeries(horizon: scenario.horizon) : nil
    series?.episodes = replicaCount
    if limits {
      for replica in 0..<replicaCount {
        for pool in 0..<poolCount { poolFree[replica * poolCount + pool] = poolCapacity[pool] }
      }
    }
  }
}

/// What the forwarding loop needs to know of an arc.
struct ArcInfo: BitwiseCopyable {
  var link: Int32
  var target: Int32
  var latency: Int32
  var pool: Int32
}

/// A packet: 32 bytes, linked into a queue, a wheel bucket or the free list by `next`.
struct Packet: BitwiseCopyable {
  var next: Int32 = -1
  var created: Int32 = 0
  var enqueued: Int32 = 0
  var arc: Int32 = -1
  var replica: Int32 = 0
  var size: Float = 1
  var source: UInt16 = 0
  var destination: UInt16 = 0
  var hops: UInt16 = 0
}

/// The running totals of one replica.
struct ReplicaCounters: BitwiseCopyable {
  var initial = 0
  var generated = 0
  var delivered = 0
  var lostInFlightAtFailure = 0
  var lostOnFailedLink = 0
  var lostByCapacity = 0
  var lostByBuffer = 0
  var lostByTimeToLive = 0
  var lost = 0
  var queued = 0
  var inFlight = 0
  var deliveryTimeSum = 0
  var restrictedSum = 0
  var initialAge = 0
  /// Σ over ticks, after completions, of packets queued, in flight or lost so far.
  var presence = 0
  var hops = 0
}

/// A link going down (+1) or coming up (−1) in one replica.
struct LinkChange {
  var tick: Int
  var replica: Int
  var link: Int
  var change: Int16
}
