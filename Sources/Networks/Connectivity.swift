/// Which routers can reach each other, and which links hold a network together.
extension Topology {
  /// The component of every router, numbered from 0 in the order of their first routers: two routers
  /// are in the same one where each can reach the other.
  ///
  /// - Parameter linkIsUp: one flag a link; empty: all are up.
  ///
  /// - Algorithm: strong-components | Tarjan, 1972 | section 4 | exact check passed
  /// - Source: Tarjan (1972), *Depth-first search and linear graph algorithms*, SIAM J. Comput. 1(2).
  /// - Differs: an explicit stack instead of recursion.
  /// - Complexity: O(n + m).
  /// - Verified: `ConnectivityTests` (against reachability by repeated search).
  public func components(linkIsUp: [Bool] = []) -> [Int] {
    var search = StrongComponentSearch(self, linkIsUp: linkIsUp)
    return search.run()
  }

  /// The number of components.
  public func componentCount(linkIsUp: [Bool] = []) -> Int {
    (components(linkIsUp: linkIsUp).max() ?? -1) + 1
  }

  /// Whether every router can reach every other.
  public func isConnected(linkIsUp: [Bool] = []) -> Bool {
    componentCount(linkIsUp: linkIsUp) <= 1
  }

  /// The links whose failure alone makes some router unreachable from another that could reach it
  /// before, in ascending order.
  ///
  /// A link between routers that a parallel link joins too is none; nor is a self-loop.
  ///
  /// - Algorithm: bridges | Tarjan, 1974 | low-link test | exact check passed
  /// - Source: Tarjan (1974), *A note on finding the bridges of a graph*, Inf. Proc. Letters 2(6).
  /// - Differs: skips the tree edge by its link, not by the parent router, so parallel links count;
  ///   a network with directed links is tested link by link instead.
  /// - Complexity: O(n + m); O(m (n + m)) with directed links.
  /// - Verified: `ConnectivityTests` (against removing each link).
  public func bridges() -> [LinkID] {
    if links.contains(where: \.isDirected) {
      let before = componentCount()
      return linkIDs.filter { link in
        var up = [Bool](repeating: true, count: links.count)
        up[link.index] = false
        return componentCount(linkIsUp: up) > before
      }
    }
    var search = BridgeSearch(self)
    return search.run()
  }
}

private struct StrongComponentSearch {
  private let topology: Topology
  private let linkIsUp: [Bool]
  private var order: [Int]
  private var low: [Int]
  private var component: [Int]
  private var stack: [Int] = []
  private var counter = 0
  private var found = 0

  init(_ topology: Topology, linkIsUp: [Bool]) {
    precondition(
      linkIsUp.isEmpty || linkIsUp.count == topology.links.count,
      "components: \(linkIsUp.count) flags for \(topology.links.count) links")
    self.topology = topology
    self.linkIsUp = linkIsUp
    let unset = [Int](repeating: -1, count: topology.routerCount)
    (order, low, component) = (unset, unset, unset)
  }

  mutating func run() -> [Int] {
    for root in order.indices where order[root] < 0 { visit(root) }
    // Tarjan numbers components backwards; renumber them by their first routers.
    var names = [Int](repeating: -1, count: found)
    var next = 0
    return component.map { raw in
      if names[raw] < 0 {
        names[raw] = next
        next += 1
      }
      return names[raw]
    }
  }

  private mutating func open(_ router: Int) {
    order[router] = counter
    low[router] = counter
    counter += 1
    stack.append(router)
  }

  private mutating func visit(_ root: Int) {
    var frames = [(router: root, arc: topology.firstArc[root])]
    open(root)
    while let (router, arc) = frames.last {
      guard arc < topology.firstArc[router + 1] else {
        frames.removeLast()
        if let parent = frames.last?.router { low[parent] = min(low[parent], low[router]) }
        if low[router] == order[router] { close(router) }
        continue
      }
      frames[frames.count - 1].arc += 1
      let step = topology.arcs[arc]
      guard linkIsUp.isEmpty || linkIsUp[step.link.index] else { continue }
      let target = step.target.index
      if order[target] < 0 {
        open(target)
        frames.append((target, topology.firstArc[target]))
      } else if component[target] < 0 {
        low[router] = min(low[router], order[target])
      }
    }
  }

  private mutating func close(_ root: Int) {
    while let router = stack.popLast() {
      component[router] = found
      if router == root { break }
    }
    found += 1
  }
}

private struct BridgeSearch {
  private let topology: Topology
  private var order: [Int]
  private var low: [Int]
  private var counter = 0

  init(_ topology: Topology) {
    self.topology = topology
    let unset = [Int](repeating: -1, count: topology.routerCount)
    (order, low) = (unset, unset)
  }

  mutating func run() -> [LinkID] {
    var bridges: [LinkID] = []
    for root in order.indices where order[root] < 0 { visit(root, &bridges) }
    return bridges.sorted()
  }

  private mutating func open(_ router: Int) {
    order[router] = counter
    low[router] = counter
    counter += 1
  }

  private mutating func visit(_ root: Int, _ bridges: inout [LinkID]) {
    var frames = [(router: root, arc: topology.firstArc[root], by: LinkID(-1))]
    open(root)
    while let (router, arc, by) = frames.last {
      guard arc < topology.firstArc[router + 1] else {
        frames.removeLast()
        if let parent = frames.last?.router {
          low[parent] = min(low[parent], low[router])
          if low[router] > order[parent] { bridges.append(by) }
        }
        continue
      }
      frames[frames.count - 1].arc += 1
      let step = topology.arcs[arc]
      guard step.link != by else { continue }
      if order[step.target.index] < 0 {
        open(step.target.index)
        frames.append((step.target.index, topology.firstArc[step.target.index], step.link))
      } else {
        low[router] = min(low[router], order[step.target.index])
      }
    }
  }
}
