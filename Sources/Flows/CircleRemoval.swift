/// Takes flow that runs in circles out of one destination's flows.
///
/// ## Method
/// Depth-first search over arcs with flow; where it meets its own trail, the least flow on that circle
/// is taken off all its arcs, and the search goes on from the start of the circle. Loads fall, nobody's
/// balance changes.
///
/// - Complexity: each circle found empties an arc: O(arcs · routers) at worst; O(arcs) without circles.
struct CircleRemoval: Sendable {
  private let network: FlowNetwork
  private var nextSlot: [Int]
  private var state: [UInt8]
  private var trail: [Int] = []

  init(_ network: FlowNetwork) {
    self.network = network
    nextSlot = network.firstOutgoing
    state = [UInt8](repeating: 0, count: network.routerCount)
  }

  /// - Parameter flow: `[arc]`, for one destination.
  mutating func removeCircles(_ flow: inout [Double]) {
    reset()
    for root in 0..<network.routerCount where state[root] == 0 { search(from: root, &flow) }
  }

  private mutating func reset() {
    for r in 0..<network.routerCount {
      nextSlot[r] = network.firstOutgoing[r]
      state[r] = 0
    }
    trail.removeAll(keepingCapacity: true)
  }

  /// States: 0 unseen, 1 on the trail, 2 done (no circle can be reached from it).
  private mutating func search(from root: Int, _ flow: inout [Double]) {
    state[root] = 1
    var router = root
    while true {
      guard nextSlot[router] < network.firstOutgoing[router + 1] else {
        state[router] = 2
        guard let arc = trail.popLast() else { return }
        router = network.arcSource[arc]
        nextSlot[router] += 1
        continue
      }
      let arc = nextSlot[router]
      let head = network.arcTarget[arc]
      guard flow[arc] > 0, state[head] != 2 else {
        nextSlot[router] += 1
        continue
      }
      trail.append(arc)
      if state[head] == 0 {
        state[head] = 1
        router = head
      } else {
        router = cancel(circleEndingAt: head, &flow)
      }
    }
  }

  /// Empties the circle at the end of the trail by its least flow and steps back to its start.
  private mutating func cancel(circleEndingAt head: Int, _ flow: inout [Double]) -> Int {
    var start = trail.count - 1
    while network.arcSource[trail[start]] != head { start -= 1 }
    var least = Double.infinity
    for arc in trail[start...] { least = min(least, flow[arc]) }
    for arc in trail[start...] {
      flow[arc] = flow[arc] <= least ? 0 : flow[arc] - least
      if network.arcSource[arc] != head { state[network.arcSource[arc]] = 0 }
    }
    for arc in trail[start...] {
      let router = network.arcSource[arc]
      nextSlot[router] = network.firstOutgoing[router]
    }
    trail.removeSubrange(start...)
    return head
  }

  /// The routers in an order in which each comes before those it sends to; routers on circles are
  /// missing.
  mutating func topologicalOrder(_ weight: [Double]) -> [Int] {
    var pending = [Int](repeating: 0, count: network.routerCount)
    for a in weight.indices where weight[a] > 0 { pending[network.arcTarget[a]] += 1 }
    var order = (0..<network.routerCount).filter { pending[$0] == 0 }
    var done = 0
    while done < order.count {
      let router = order[done]
      done += 1
      for a in network.firstOutgoing[router]..<network.firstOutgoing[router + 1]
      where weight[a] > 0 {
        pending[network.arcTarget[a]] -= 1
        if pending[network.arcTarget[a]] == 0 { order.append(network.arcTarget[a]) }
      }
    }
    return order
  }
}
