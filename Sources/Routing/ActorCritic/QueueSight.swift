import PacketSimulation

/// How long a router takes a neighbour's queue to be: what the neighbour tells, and packets under way to
/// it that will be in the queue before the next one.
///
/// A neighbour tells, as late as the model says, its queue and the packets that others have told it that
/// they sent: a packet can be announced sooner than it arrives only where news is younger than the
/// link is long, and otherwise these are none. Packets that the router sent itself it knows.
///
/// - Shapes: windows of ticks before this one, by arc.
struct QueueSight: Sendable {
  private let network: NetworkArrays
  private let readsPresentQueues: Bool
  /// Own sends over an arc that the neighbour's queue cannot show yet: so many ticks back; 0: not
  /// counted.
  private let ownWindow: [Int]
  private let countsOthers: Bool
  private let ages: [Int]
  /// Arcs into each router, one router after the other.
  private let incoming: [Int]
  private let firstIncoming: [Int]

  init(_ network: NetworkArrays, scenario: Scenario, configuration: ActorCriticConfiguration) {
    let age = scenario.model.observationAge
    self.network = network
    readsPresentQueues = age == .now
    ages = network.latencies.map { age.age(latency: $0) }
    ownWindow = zip(network.latencies, ages).map {
      configuration.countsRecentSends ? $0 + $1 : 0
    }
    countsOthers =
      configuration.countsOthersSends && zip(network.latencies, ages).contains { $0 > $1 }
    var arcs = [[Int]](repeating: [], count: network.routerCount)
    for (arc, target) in network.targets.enumerated() { arcs[target].append(arc) }
    incoming = arcs.flatMap { $0 }
    firstIncoming = arcs.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
  }

  var requirements: WorldRequirements {
    WorldRequirements(
      queueHistory: !readsPresentQueues,
      recentSends: countsOthers || ownWindow.contains { $0 > 0 })
  }

  /// Every tick, over every arc: a queue length, and whether a packet was sent that goes on from there.
  var controlBytesPerTick: Int {
    (ControlMessage.queueLength + (countsOthers ? ControlMessage.sendNotice : 0))
      * network.arcCount
  }

  @inline(__always)
  func length(_ world: PacketWorld, replica: Int, arc: Int) -> Int {
    let target = network.targets[arc]
    var length =
      readsPresentQueues
      ? Int(world.queueLengths[replica * network.routerCount + target])
      : world.observedQueueLength(replica: replica, arc: arc)
    if ownWindow[arc] > 0 {
      length += world.recentSends(replica: replica, arc: arc, oldest: ownWindow[arc])
    }
    if countsOthers { length += othersSends(world, replica: replica, arc: arc) }
    return length
  }

  /// Packets that were under way to the neighbour from others when it told its queue, as far as it knew.
  @inline(__always)
  private func othersSends(_ world: PacketWorld, replica: Int, arc: Int) -> Int {
    let target = network.targets[arc]
    let age = ages[arc]
    var count = 0
    for index in firstIncoming[target]..<firstIncoming[target + 1] {
      let other = incoming[index]
      if other == arc { continue }
      count += world.recentSends(
        replica: replica, arc: other, oldest: age + network.latencies[other],
        newest: age + ages[other] + 1)
    }
    return count
  }
}
