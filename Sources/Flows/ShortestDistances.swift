/// Least path costs from every router to one destination, with buffers that are reused.
///
/// - Source: Dijkstra (1959), *A note on two problems in connexion with graphs*, Numerische
///   Mathematik 1; the queue is a four-ary heap with positions, so that a label is lowered in place.
/// - Shapes: `distance`, `nextArc` are `[router]`; `nextArc` is -1 at the destination and where no
///   path exists (there `distance` is infinite).
/// - Randomness: none; among equal paths the first that is found stays.
/// - Complexity: O(arcs · log routers).
struct ShortestDistances {
  private(set) var distance: [Double]
  private(set) var nextArc: [Int]
  /// The routers in the order in which their distance became final; the destination is first.
  private(set) var settled: [Int] = []
  private var heap: [Int] = []
  private var position: [Int]

  init(routerCount: Int) {
    distance = [Double](repeating: .infinity, count: routerCount)
    nextArc = [Int](repeating: -1, count: routerCount)
    position = [Int](repeating: -1, count: routerCount)
    heap.reserveCapacity(routerCount)
    settled.reserveCapacity(routerCount)
  }

  /// Finds all distances to `destination` under non-negative arc costs.
  mutating func solve(_ network: FlowNetwork, to destination: Int, cost: [Double]) {
    for r in distance.indices {
      distance[r] = .infinity
      nextArc[r] = -1
      position[r] = -1
    }
    settled.removeAll(keepingCapacity: true)
    lower(destination, to: 0, via: -1)
    while let router = popLeast() {
      settled.append(router)
      let base = distance[router]
      for slot in network.firstIncoming[router]..<network.firstIncoming[router + 1] {
        let arc = network.incomingArcs[slot]
        let tail = network.arcSource[arc]
        let candidate = base + cost[arc]
        if candidate < distance[tail] { lower(tail, to: candidate, via: arc) }
      }
    }
  }

  private mutating func lower(_ router: Int, to value: Double, via arc: Int) {
    distance[router] = value
    nextArc[router] = arc
    if position[router] < 0 {
      position[router] = heap.count
      heap.append(router)
    }
    siftUp(position[router])
  }

  private mutating func siftUp(_ start: Int) {
    var index = start
    let router = heap[index]
    while index > 0 {
      let parent = (index - 1) >> 2
      guard distance[router] < distance[heap[parent]] else { break }
      heap[index] = heap[parent]
      position[heap[index]] = index
      index = parent
    }
    heap[index] = router
    position[router] = index
  }

  private mutating func popLeast() -> Int? {
    guard let least = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return least }
    var index = 0
    let count = heap.count
    while true {
      let child = 4 * index + 1
      guard child < count else { break }
      var best = child
      for other in (child + 1)..<max(child + 1, min(child + 4, count))
      where distance[heap[other]] < distance[heap[best]] {
        best = other
      }
      guard distance[heap[best]] < distance[last] else { break }
      heap[index] = heap[best]
      position[heap[index]] = index
      index = best
    }
    heap[index] = last
    position[last] = index
    return least
  }
}
