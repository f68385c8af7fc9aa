import Networks
import Randomness

// One tick: failures, arrivals, decisions, forwarding, completions, in the order that the model says.
extension PacketWorld {
  /// Plays the first half of a tick and returns the decisions to be made.
  public func beginTick() -> DecisionBatch {
    precondition(!isFinished, "beginTick after the last tick (\(scenario.horizon))")
    precondition(!isMidTick, "beginTick twice without finishTick")
    isMidTick = true
    events.removeAll(keepingCapacity: true)
    if tick > 0 { applyLinkChanges() }
    if !decidesFirst { playArrivals() }
    if historyDepth > 0 { recordHistory() }
    collectDecisions()
    return DecisionBatch(
      count: batchCount, replicas: UnsafePointer(batchReplica.pointer),
      routers: UnsafePointer(batchRouter.pointer),
      destinations: UnsafePointer(batchDestination.pointer), choices: batchChoice.pointer,
      streams: policyStreams.pointer)
  }

  /// Carries the decisions out and plays the rest of the tick.
  public func finishTick() {
    precondition(isMidTick, "finishTick without beginTick")
    if decidesFirst { playArrivals() }
    forwardAll()
    completeAll()
    for replica in 0..<replicaCount {
      let counter = counters.pointer + replica
      counter.pointee.presence +=
        counter.pointee.queued + counter.pointee.inFlight + counter.pointee.lost
      if recordsSeries {
        series?.backlog[tick] += counter.pointee.queued + counter.pointee.inFlight
      }
    }
    tick += 1
    isMidTick = false
  }

  private func collectDecisions() {
    var count = 0
    for replica in 0..<replicaCount {
      if decidesFirst {
        for router in 0..<routerCount { appendDecision(replica, router, &count) }
        continue
      }
      for word in 0..<wordsPerReplica {
        var bits = occupied[replica * wordsPerReplica + word]
        while bits != 0 {
          appendDecision(replica, word << 6 + bits.trailingZeroBitCount, &count)
          bits &= bits - 1
        }
      }
    }
    batchCount = count
  }

  @inline(__always)
  private func appendDecision(_ replica: Int, _ router: Int, _ count: inout Int) {
    let head = queueHead[replica * routerCount + router]
    batchReplica[count] = Int32(truncatingIfNeeded: replica)
    batchRouter[count] = Int32(truncatingIfNeeded: router)
    batchDestination[count] = head < 0 ? -1 : Int32(packets[Int(head)].destination)
    batchChoice[count] = 0
    count += 1
  }

  private func forwardAll() {
    for index in 0..<batchCount {
      let replica = Int(batchReplica[index])
      let router = Int(batchRouter[index])
      let cell = replica * routerCount + router
      if decidesFirst && queueHead[cell] < 0 { continue }
      let first = firstArc[router]
      let arc = first + batchChoice[index]
      if firstArc[router + 1] == first { continue }  // no neighbour: the packet stays
      precondition(
        arc >= first && arc < firstArc[router + 1],
        "router \(router) has no neighbour slot \(batchChoice[index])")
      forward(cell: cell, replica: replica, router: router, arc: arc)
      if requirements.pastActions > 0 { recordAction(batchChoice[index], cell: cell) }
    }
  }

  @inline(__always)
  private func forward(cell: Int, replica: Int, router: Int, arc: Int32) {
    let info = arcInfo[Int(arc)]
    let id = dequeue(cell: cell, replica: replica, router: router)
    let packet = packets + Int(id)
    let wait = Int32(truncatingIfNeeded: tick) - packet.pointee.enqueued
    if anyDown && linkDown[replica * linkCount + Int(info.link)] > 0 {
      lose(id, replica: replica, router: router, arc: arc, cause: .failedLink, wait: wait)
      return
    }
    if Int(packet.pointee.hops) >= ttl {
      lose(id, replica: replica, router: router, arc: arc, cause: .timeToLive, wait: wait)
      return
    }
    if limits
      && !takeCapacity(Double(packet.pointee.size), pool: Int(info.pool), replica: replica)
    {
      lose(id, replica: replica, router: router, arc: arc, cause: .capacity, wait: wait)
      return
    }
    packet.pointee.arc = arc
    if packet.pointee.hops < .max { packet.pointee.hops += 1 }
    launch(id, replica: replica, completion: tick + Int(info.latency))
    counters.pointer[replica].hops += 1
    arcForwarded[Int(arc)] += 1
    if requirements.events { record(.forwarded, id, router: router, arc: arc, wait: wait) }
  }

  private func completeAll() {
    let bucket = tick & wheelMask
    var id = wheelHead[bucket]
    wheelHead[bucket] = -1
    wheelTail[bucket] = -1
    while id >= 0 {
      let packet = packets[Int(id)]
      complete(id, packet)
      id = packet.next
    }
  }

  @inline(__always)
  private func complete(_ id: Int32, _ packet: Packet) {
    let replica = Int(packet.replica)
    let info = arcInfo[Int(packet.arc)]
    if limits {
      poolFree[replica * poolCount + Int(info.pool)] += Double(packet.size)
    }
    let router = Int(info.target)
    counters.pointer[replica].inFlight -= 1
    if router == Int(packet.destination) {
      deliver(id, packet, replica: replica)
    } else if enqueue(
      id, cell: replica * routerCount + router, replica: replica, router: router, tick: tick + 1)
    {
      if requirements.events { record(.received, id, router: router, arc: packet.arc, wait: 0) }
    }
  }

  @inline(__always)
  private func deliver(_ id: Int32, _ packet: Packet, replica: Int) {
    let delay = tick - Int(packet.created)
    let counter = counters.pointer + replica
    counter.pointee.delivered += 1
    counter.pointee.deliveryTimeSum += delay
    counter.pointee.restrictedSum += delay
    recordDelay(delay, replica: replica)
    pairDelivered[pairIndex(replica, packet)] += 1
    if recordsSeries {
      series?.delivered[tick] += 1
      series?.deliveryTimeSum[tick] += delay
    }
    if requirements.events {
      record(.delivered, id, router: Int(packet.destination), arc: packet.arc, wait: 0)
    }
    freePacket(id)
  }
}
