import PacketSimulation

extension ActorCriticTables {
  /// Lets the queues ahead speak also against neighbours that would send the packet back.
  ///
  /// Where the way to a destination leads through one long queue, every other neighbour looks better at
  /// that moment; but a packet sent to one that knows no other way either comes back, and meets this
  /// router's own queue and the long one again. With `r_a` the share of packets for d that neighbour a
  /// sends back here, which it tells with its value, slot a costs `r_a (δ_own + Σ_b π_b δ_b)` more, δ
  /// the deviation of a queue's cost of the moment from its mean. In a tree nothing is gained by any
  /// detour then, as it should be.
  ///
  /// - Returns: the highest logit.
  @inline(__always)
  func weighReturns(
    router: Int, destination: Int, replica: Int, world: PacketWorld, heard: HeardMessages?,
    _ scratch: inout DecisionScratch
  ) -> Float {
    let n = network.routerCount
    let first = network.firstArc[router]
    let degree = network.firstArc[router + 1] - first
    let start = network.offset(router: router, destination: destination)
    let own = QueueBins.bin(Int(world.queueLengths[replica * n + router]))
    var again = queueCost[router * QueueBins.count + own] - meanQueueCost[router]
    for slot in 0..<degree { again += shares[start + slot] * scratch.deviations[slot] }
    var highest = -Float.infinity
    for slot in 0..<degree {
      let arc = first + slot
      if !scratch.isDead[slot] && network.targets[arc] != destination && network.reverse[arc] >= 0 {
        scratch.probabilities[slot] -=
          responseFactor * again
          * shareBack(arc: arc, destination: destination, tick: world.tick, heard)
      }
      highest = max(highest, scratch.probabilities[slot])
    }
    return highest
  }

  /// The share of packets for a destination that the neighbour at the end of an arc sends back, as it
  /// told.
  @inline(__always)
  private func shareBack(arc: Int, destination: Int, tick: Int, _ heard: HeardMessages?) -> Float {
    let target = network.targets[arc]
    let cell = network.offset(router: target, destination: destination)
    let index = cell + network.reverse[arc] - network.firstArc[target]
    var share = shares[index]
    if let heard {
      share = heard.shares.value(
        now: share, arc: arc, router: target,
        destination: index - network.firstArc[target] * network.routerCount, tick: tick)
    }
    return (share * 255).rounded() / 255  // it is told in a byte
  }
}
