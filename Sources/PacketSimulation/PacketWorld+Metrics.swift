import Networks

// What an episode came to.
extension PacketWorld {
  /// The measures of one replica's episode; call after the last tick.
  ///
  /// Checks conservation against a recount of queues and links, and the restricted-mean identity.
  public func metrics(replica: Int) -> EpisodeMetrics {
    precondition(isFinished && !hot.pointer.pointee.isMidTick, "metrics before the episode's end")
    let counter = counters[replica]
    var metrics = EpisodeMetrics()
    metrics.horizon = scenario.horizon
    metrics.initial = counter.initial
    metrics.generated = counter.generated
    metrics.delivered = counter.delivered
    metrics.lostInFlightAtFailure = counter.lostInFlightAtFailure
    metrics.lostOnFailedLink = counter.lostOnFailedLink
    metrics.lostByCapacity = counter.lostByCapacity
    metrics.lostByBuffer = counter.lostByBuffer
    metrics.lostByTimeToLive = counter.lostByTimeToLive
    metrics.deliveryTimeSum = counter.deliveryTimeSum
    metrics.restrictedDelaySum = counter.restrictedSum
    metrics.hops = counter.hops
    let bins = histogram.pointer + replica * histogramBins
    metrics.delayHistogram = [Int32](UnsafeBufferPointer(start: bins, count: histogramBins))
    forEachPacketPresent(replica: replica) { packet, isQueued in
      if isQueued { metrics.queued += 1 } else { metrics.inFlight += 1 }
      let restricted = scenario.horizon - Int(packet.created)
      metrics.restrictedDelaySum += restricted
      metrics.delayHistogram[min(restricted, histogramBins - 1)] += 1
    }
    check(metrics, counter)
    return metrics
  }

  /// Packets per pair of one replica's episode.
  public func pairCounts(replica: Int) -> PairCounts {
    var counts = PairCounts(routerCount: routerCount)
    let size = routerCount * routerCount
    for pair in 0..<size {
      counts.packets[pair] = pairPackets[replica * size + pair]
      counts.delivered[pair] = pairDelivered[replica * size + pair]
    }
    return counts
  }

  private func forEachPacketPresent(replica: Int, _ body: (Packet, Bool) -> Void) {
    for router in 0..<routerCount {
      var id = queues[replica * routerCount + router].head
      while id >= 0 {
        body(packets[Int(id)], true)
        id = packets[Int(id)].next
      }
    }
    for bucket in 0...wheelMask {
      var id = wheel[bucket].head
      while id >= 0 {
        let packet = packets[Int(id)]
        if Int(packet.replica) == replica { body(packet, false) }
        id = packet.next
      }
    }
  }

  private func check(_ metrics: EpisodeMetrics, _ counter: ReplicaCounters) {
    precondition(
      metrics.packets == metrics.delivered + metrics.lost + metrics.queued + metrics.inFlight
        && metrics.packets - metrics.delivered == counter.undelivered
        && metrics.lost == counter.lost,
      "packets are not conserved: \(metrics.packets) in, \(metrics.delivered) delivered, "
        + "\(metrics.lost) lost, \(metrics.queued) queued, \(metrics.inFlight) in flight")
    precondition(
      metrics.restrictedDelaySum == counter.presence + counter.initialAge,
      "restricted delays sum to \(metrics.restrictedDelaySum) over packets but to "
        + "\(counter.presence + counter.initialAge) over ticks")
  }
}
