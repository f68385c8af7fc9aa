import Networks
import Randomness

// What a decision maker may see.
extension PacketWorld {
  /// Packets in a router's queue now.
  @inline(__always)
  public func queueLength(replica: Int, router: Int) -> Int {
    Int(queueCount[replica * routerCount + router])
  }

  /// Queue lengths now, `[replica * routerCount + router]`; valid until the world is gone.
  public var queueLengths: UnsafePointer<Int32> { UnsafePointer(queueCount.pointer) }

  /// Destination of the head packet of a router's queue; nil where the queue is empty.
  public func headDestination(replica: Int, router: Int) -> RouterID? {
    let head = queues[replica * routerCount + router].head
    return head < 0 ? nil : RouterID(Int(packets[Int(head)].destination))
  }

  /// Whether a link is up in a replica.
  @inline(__always)
  public func isUp(replica: Int, link: LinkID) -> Bool {
    linkDown[replica * linkCount + link.index] == 0
  }

  /// Whether any link has been down in any replica since the reset.
  public var hasFailures: Bool { hot.pointer.pointee.anyDown }

  /// The outages that a replica plays in this episode.
  public func outages(replica: Int) -> [LinkOutage] { outagesOfReplica[replica] }

  /// The queue length of an arc's target as its source sees it: as old as the model says.
  ///
  /// Needs `requirements.queueHistory` where the model's observation age is not `now`.
  public func observedQueueLength(replica: Int, arc: Int) -> Int {
    let info = arcInfo[arc]
    let cell = replica * routerCount + Int(info.target)
    let age = scenario.model.observationAge.age(latency: Int(info.latency))
    if age == 0 { return Int(queueCount[cell]) }
    precondition(historyDepth > age, "queue history was not asked for")
    guard tick >= age else { return 0 }
    return Int(history[((tick - age) % historyDepth) * replicaCount * routerCount + cell])
  }

  /// The neighbour slot with the longest observed queue, the lowest slot among equals; −1 without
  /// neighbours.
  public func busiestSlot(replica: Int, router: Int) -> Int {
    let first = Int(firstArc[router])
    let end = Int(firstArc[router + 1])
    var best = -1
    var longest = -1
    for arc in first..<end {
      let length = observedQueueLength(replica: replica, arc: arc)
      if length > longest {
        longest = length
        best = arc - first
      }
    }
    return best
  }

  /// The slots that a router chose last, newest first; −1 where there was none yet.
  public func pastAction(replica: Int, router: Int, back: Int) -> Int {
    let depth = requirements.pastActions
    precondition(back >= 0 && back < depth, "pastAction(back: \(back)): only \(depth) are kept")
    let cell = replica * routerCount + router
    let count = Int(actionCount[cell])
    guard back < count else { return -1 }
    return Int(actionRing[cell * depth + (count - 1 - back) % depth])
  }

  /// Packets that a router sent over an arc from `oldest` to `newest` ticks before this one, as far as
  /// 63 ticks back, and that go on from the neighbour: those that a queue length may not show yet.
  ///
  /// Needs `requirements.recentSends`.
  @inline(__always)
  public func recentSends(replica: Int, arc: Int, oldest: Int, newest: Int = 1) -> Int {
    let index = replica * topology.arcs.count + arc
    let shift = tick - Int(sendTick[index])
    guard shift < 64, newest < 64, newest <= oldest else { return 0 }
    let upTo = oldest >= 63 ? UInt64.max : (UInt64(1) << UInt64(oldest + 1)) &- 1
    let mask = upTo & ~((UInt64(1) << UInt64(newest)) &- 1)
    return ((sendBits[index] << UInt64(shift)) & mask).nonzeroBitCount
  }

  /// The decision maker's random stream of a replica.
  public func withPolicyStream<Result>(
    replica: Int, _ body: (inout RandomStream) -> Result
  ) -> Result {
    body(&policyStreams.pointer[replica])
  }

  func noteAction(_ slot: Int32, cell: Int, arc: Int, joinsQueue: Bool) {
    let depth = requirements.pastActions
    if depth > 0 {
      actionRing[cell * depth + Int(actionCount[cell]) % depth] = slot
      actionCount[cell] += 1
    }
    if requirements.recentSends && joinsQueue {
      let index = cell / routerCount * topology.arcs.count + arc
      let shift = tick - Int(sendTick[index])
      sendBits[index] = (shift < 64 ? sendBits[index] << UInt64(shift) : 0) | 1
      sendTick[index] = Int32(truncatingIfNeeded: tick)
    }
  }

  func recordHistory() {
    let cells = replicaCount * routerCount
    let row = (tick % historyDepth) * cells
    (history.pointer + row).update(from: queueCount.pointer, count: cells)
  }
}
