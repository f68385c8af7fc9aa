import Networks
import Randomness

// One tick: failures, arrivals, decisions, forwarding, completions, in the order that the model says.
extension PacketWorld {
  /// Plays the first half of a tick and returns the decisions to be made.
  public func beginTick() -> DecisionBatch {
    let hot = hot.pointer
    precondition(!isFinished, "beginTick after the last tick (\(scenario.horizon))")
    precondition(!hot.pointee.isMidTick, "beginTick twice without finishTick")
    hot.pointee.isMidTick = true
    hot.pointee.eventCount = 0
    if hot.pointee.nextChangeTick <= tick && tick > 0 { applyLinkChanges() }
    if !decidesFirst { kernel.playArrivals(arrivals, in: self) }
    if historyDepth > 0 { recordHistory() }
    kernel.collectDecisions()
    return currentBatch
  }

  /// The decisions of the tick being played.
  var currentBatch: DecisionBatch {
    DecisionBatch(
      count: hot.pointer.pointee.batchCount, replicas: UnsafePointer(batchReplica.pointer),
      routers: UnsafePointer(batchRouter.pointer),
      destinations: UnsafePointer(batchDestination.pointer), choices: batchChoice.pointer,
      streams: policyStreams.pointer)
  }

  /// Carries the decisions out and plays the rest of the tick.
  public func finishTick() {
    let hot = hot.pointer
    precondition(hot.pointee.isMidTick, "finishTick without beginTick")
    if decidesFirst { kernel.playArrivals(arrivals, in: self) }
    kernel.forwardAll(in: self)
    kernel.completeAll(in: self)
    let counter = counters.pointer
    for replica in 0..<replicaCount {
      counter[replica].presence &+= counter[replica].undelivered
      if recordsSeries {
        series?.backlog[tick] += counter[replica].undelivered - counter[replica].lost
      }
    }
    hot.pointee.tick &+= 1
    hot.pointee.isMidTick = false
  }
}

// What the kernel reports when something rare happened, or when somebody listens.
extension PacketWorld {
  @inline(never)
  func noteArrival(_ id: Int32, router: Int, isQueued: Bool) {
    if recordsSeries { series?.generated[tick] += 1 }
    if !isQueued { return loseAtFullQueue(id, router: router) }
    if requirements.events { record(.generated, id, router: router, arc: -1, wait: 0) }
  }

  @inline(never)
  func noteForwarded(_ id: Int32, router: Int, arc: Int32) {
    guard requirements.events else { return }
    let wait = Int32(truncatingIfNeeded: tick) - packets[Int(id)].enqueued
    record(.forwarded, id, router: router, arc: arc, wait: wait)
  }

  @inline(never)
  func noteReceived(_ id: Int32, router: Int, isQueued: Bool) {
    if !isQueued { return loseAtFullQueue(id, router: router) }
    if requirements.events {
      record(.received, id, router: router, arc: packets[Int(id)].arc, wait: 0)
    }
  }

  @inline(never)
  func noteDelivered(_ id: Int32, delay: Int) {
    if recordsSeries {
      series?.delivered[tick] += 1
      series?.deliveryTimeSum[tick] += delay
    }
    if requirements.events {
      let packet = packets[Int(id)]
      record(.delivered, id, router: Int(packet.destination), arc: packet.arc, wait: 0)
    }
  }

  private func loseAtFullQueue(_ id: Int32, router: Int) {
    lose(
      id, replica: Int(packets[Int(id)].replica), router: router, arc: -1, cause: .bufferOverflow,
      wait: 0)
  }
}
