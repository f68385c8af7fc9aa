import PacketSimulation

extension ActorCriticTables {
  /// A neighbour that sends a larger share of the packets for a destination back is left out.
  static let returnLimit: Float = 0.25

  /// Leaves out neighbours that send packets for the destination back to this router: split horizon
  /// with poisoned reverse, for routers that share packets out.
  ///
  /// Where the way to a destination leads through one long queue, every other neighbour looks better at
  /// that moment, and a packet could go to and fro between two routers until it falls; at capacity some
  /// pairs would then wait outside for all the others. Each neighbour tells the share of packets for the
  /// destination that it sends here. Where all living neighbours send back, none is left out: after a
  /// failure the way may turn round.
  ///
  /// - Source: Hedrick (1988), *Routing Information Protocol*, RFC 1058, section 2.2.1, where the rule is
  ///   for single next hops and the neighbour's distance is called infinite.
  @inline(__always)
  func leaveOutReturns(
    router: Int, destination: Int, tick: Int, heard: HeardMessages?,
    _ scratch: inout DecisionScratch
  ) {
    let first = network.firstArc[router]
    let degree = network.firstArc[router + 1] - first
    var othersLive = false
    for slot in 0..<degree {
      let arc = first + slot
      scratch.returns[slot] =
        network.targets[arc] != destination && network.reverse[arc] >= 0
        && shareBack(arc: arc, destination: destination, tick: tick, heard) > Self.returnLimit
      othersLive = othersLive || !(scratch.isDead[slot] || scratch.returns[slot])
    }
    guard othersLive else { return }
    for slot in 0..<degree where scratch.returns[slot] {
      scratch.probabilities[slot] = -.infinity
    }
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
