/// What a shortest path adds up.
public enum PathMetric: String, Sendable, Hashable, Codable, CaseIterable {
  /// Ticks of latency.
  case latency
  /// Links.
  case hops
}

/// Which of several equally short next hops is taken.
public enum PathTieRule: String, Sendable, Hashable, Codable, CaseIterable {
  /// The neighbour with the lowest router index; among parallel links the lowest link.
  case lowestNeighbour
  /// The first neighbour slot: the order of the links in the file.
  case fileOrder
}

/// Shortest paths between all pairs of routers, with the sets of equally short next hops.
///
/// ```swift
/// let network = BuiltInTopology.b4.topology
/// let paths = ShortestPaths(network, arcCosts: network.arcs.map { _ in 1 })
/// paths.distance(from: RouterID(0), to: RouterID(11))
/// paths.nextSlot(at: RouterID(0), to: RouterID(11))
/// ```
///
/// ## Method
/// One search a destination against the arcs: `distance(s, d) = min over slots a of cost(a) +
/// distance(target(a), d)`; a slot is in the equal-cost set of (s, d) when it attains the minimum
/// exactly. Costs that are whole numbers (ticks, hops) add without rounding, so ties are exact.
///
/// - Algorithm: shortest-paths | Dijkstra, 1959 | problem 2 | exact check passed
/// - Source: Dijkstra (1959), *A note on two problems in connexion with graphs*, Numerische
///   Mathematik 1.
/// - Differs: a binary heap; ties are settled by an explicit rule.
/// - Shapes: flat `[source * n + destination]`; slots count from 0 within `outgoing(source)`.
/// - Randomness: none.
/// - Complexity: O(n (n + m) log n) time, O(n²) memory for distances and slots.
/// - Verified: `ShortestPathsTests` (Floyd–Warshall on random multigraphs, B4 by hand).
public struct ShortestPaths: Sendable {
  public let routerCount: Int
  /// `[source * n + destination]`, infinite where there is no path.
  public let distances: [Double]
  /// `[source * n + destination]`: the slot of the next hop, −1 on the diagonal and where there is
  /// no path.
  public let nextSlots: [Int32]
  private let equalSlots: [Int32]
  private let equalStart: [Int32]

  /// - Parameters:
  ///   - arcCosts: one positive finite cost an arc of the topology.
  ///   - linkIsUp: one flag a link; a link that is down carries no path. Empty: all are up.
  public init(
    _ topology: Topology, arcCosts: [Double], linkIsUp: [Bool] = [],
    ties: PathTieRule = .lowestNeighbour
  ) {
    precondition(
      arcCosts.count == topology.arcs.count && arcCosts.allSatisfy { $0 > 0 && $0.isFinite },
      "ShortestPaths needs one positive cost for each of \(topology.arcs.count) arcs")
    precondition(
      linkIsUp.isEmpty || linkIsUp.count == topology.links.count,
      "ShortestPaths: \(linkIsUp.count) flags for \(topology.links.count) links")
    let n = topology.routerCount
    let costs = arcCosts.indices.map { arc in
      linkIsUp.isEmpty || linkIsUp[topology.arcs[arc].link.index] ? arcCosts[arc] : .infinity
    }
    let reverse = ReverseArcs(topology)
    var distances = [Double](repeating: .infinity, count: n * n)
    var search = DijkstraSearch(routerCount: n)
    for destination in 0..<n {
      search.run(to: destination, reverse: reverse, costs: costs)
      for source in 0..<n { distances[source * n + destination] = search.distance[source] }
    }
    routerCount = n
    self.distances = distances
    (nextSlots, equalSlots, equalStart) = Self.slots(
      topology, costs: costs, distances: distances, ties: ties)
  }

  /// The length of the shortest path, infinite where there is none.
  @inlinable
  public func distance(from source: RouterID, to destination: RouterID) -> Double {
    distances[source.index * routerCount + destination.index]
  }

  /// The neighbour slot to take; nil at the destination and where there is no path.
  public func nextSlot(at router: RouterID, to destination: RouterID) -> Int? {
    let slot = nextSlots[router.index * routerCount + destination.index]
    return slot < 0 ? nil : Int(slot)
  }

  /// All slots on a shortest path, in the order of the tie rule.
  public func equalCostSlots(at router: RouterID, to destination: RouterID) -> ArraySlice<Int32> {
    let pair = router.index * routerCount + destination.index
    return equalSlots[Int(equalStart[pair])..<Int(equalStart[pair + 1])]
  }

  /// The routers along the path by next slots, both ends included; nil where there is no path.
  public func path(from source: RouterID, to destination: RouterID, in topology: Topology)
    -> [RouterID]?
  {
    var path = [source]
    var router = source
    while router != destination {
      guard let slot = nextSlot(at: router, to: destination), path.count <= routerCount else {
        return nil
      }
      router = topology.arcs[topology.firstArc[router.index] + slot].target
      path.append(router)
    }
    return path
  }

  /// The largest finite distance between two routers; 0 for fewer than two.
  public var diameter: Double {
    var largest = 0.0
    for distance in distances where distance.isFinite && distance > largest { largest = distance }
    return largest
  }

  private static func slots(
    _ topology: Topology, costs: [Double], distances: [Double], ties: PathTieRule
  ) -> ([Int32], [Int32], [Int32]) {
    let n = topology.routerCount
    var next = [Int32](repeating: -1, count: n * n)
    var equal: [Int32] = []
    var start: [Int32] = [0]
    start.reserveCapacity(n * n + 1)
    for source in 0..<n {
      let slots = orderedSlots(topology, source: source, ties: ties)
      let first = topology.firstArc[source]
      for destination in 0..<n {
        let shortest = distances[source * n + destination]
        if source != destination && shortest.isFinite {
          for slot in slots {
            let arc = first + slot
            let through = costs[arc] + distances[topology.arcs[arc].target.index * n + destination]
            guard through == shortest else { continue }
            if next[source * n + destination] < 0 { next[source * n + destination] = Int32(slot) }
            equal.append(Int32(slot))
          }
        }
        start.append(Int32(equal.count))
      }
    }
    return (next, equal, start)
  }

  private static func orderedSlots(_ topology: Topology, source: Int, ties: PathTieRule) -> [Int] {
    let first = topology.firstArc[source]
    let slots = Array(0..<topology.firstArc[source + 1] - first)
    guard ties == .lowestNeighbour else { return slots }
    return slots.sorted { a, b in
      let (left, right) = (topology.arcs[first + a].target, topology.arcs[first + b].target)
      return left == right ? a < b : left < right
    }
  }
}

/// The arcs by their target, for searches from a destination.
struct ReverseArcs {
  let first: [Int]
  let arcs: [Int]
  let sources: [Int]

  init(_ topology: Topology) {
    let n = topology.routerCount
    var count = [Int](repeating: 0, count: n + 1)
    for arc in topology.arcs { count[arc.target.index + 1] += 1 }
    for r in 0..<n { count[r + 1] += count[r] }
    var next = count
    var arcs = [Int](repeating: 0, count: topology.arcs.count)
    for (index, arc) in topology.arcs.enumerated() {
      arcs[next[arc.target.index]] = index
      next[arc.target.index] += 1
    }
    first = count
    self.arcs = arcs
    sources = arcs.map { topology.arcs[$0].source.index }
  }
}

/// Dijkstra's search from one destination against the arcs; its arrays are used again for the next.
struct DijkstraSearch {
  private(set) var distance: [Double]
  private var heap: [(key: Double, router: Int)] = []

  init(routerCount: Int) { distance = [Double](repeating: .infinity, count: routerCount) }

  mutating func run(to destination: Int, reverse: ReverseArcs, costs: [Double]) {
    for router in distance.indices { distance[router] = .infinity }
    distance[destination] = 0
    heap.removeAll(keepingCapacity: true)
    push(0, destination)
    while let (key, router) = pop() {
      guard key == distance[router] else { continue }
      for index in reverse.first[router]..<reverse.first[router + 1] {
        let candidate = key + costs[reverse.arcs[index]]
        let source = reverse.sources[index]
        if candidate < distance[source] {
          distance[source] = candidate
          push(candidate, source)
        }
      }
    }
  }

  private mutating func push(_ key: Double, _ router: Int) {
    heap.append((key, router))
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child].key < heap[parent].key else { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func pop() -> (Double, Int)? {
    guard let top = heap.first else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      siftDown()
    }
    return (top.key, top.router)
  }

  private mutating func siftDown() {
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < heap.count else { return }
      if child + 1 < heap.count && heap[child + 1].key < heap[child].key { child += 1 }
      guard heap[child].key < heap[parent].key else { return }
      heap.swapAt(child, parent)
      parent = child
    }
  }
}
