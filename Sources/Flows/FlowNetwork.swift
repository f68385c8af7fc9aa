import Networks

/// A topology as the flow solvers see it: directed arcs in flat arrays, some of them out of use.
///
/// ```swift
/// let network = FlowNetwork(topology)                       // everything works
/// let failed = FlowNetwork(topology, failedLinks: [LinkID(3)])  // link 3 is down, both ways
/// ```
///
/// Arcs keep the indices of `Topology.arcs`, so a solution on a failed network still fits the
/// neighbour slots of the whole one.
///
/// - Shapes: arc arrays are `[arc]`; the arcs that leave router `r` are
///   `firstOutgoing[r] ..< firstOutgoing[r + 1]`; those that enter it are
///   `incomingArcs[firstIncoming[r] ..< firstIncoming[r + 1]]` (usable ones only).
public struct FlowNetwork: Sendable, Hashable {
  public let routerCount: Int
  public let arcSource: [Int]
  public let arcTarget: [Int]
  public let isUsable: [Bool]
  public let firstOutgoing: [Int]
  public let firstIncoming: [Int]
  public let incomingArcs: [Int]

  public var arcCount: Int { arcSource.count }

  /// - Parameter usable: which arcs carry traffic, `[arc]`; nil means all.
  public init(_ topology: Topology, usable: [Bool]? = nil) {
    precondition(
      usable == nil || usable?.count == topology.arcs.count,
      "\(usable?.count ?? 0) flags for \(topology.arcs.count) arcs")
    self.init(
      routerCount: topology.routerCount, arcSource: topology.arcs.map(\.source.index),
      arcTarget: topology.arcs.map(\.target.index), firstOutgoing: topology.firstArc,
      isUsable: usable ?? [Bool](repeating: true, count: topology.arcs.count))
  }

  /// The network without some links (both directions of each).
  public init(_ topology: Topology, failedLinks: Set<LinkID>) {
    self.init(topology, usable: topology.arcs.map { !failedLinks.contains($0.link) })
  }

  /// A network from its arcs, which must be ordered by source router.
  public init(
    routerCount: Int, arcSource: [Int], arcTarget: [Int], firstOutgoing: [Int], isUsable: [Bool]
  ) {
    self.routerCount = routerCount
    self.arcSource = arcSource
    self.arcTarget = arcTarget
    self.isUsable = isUsable
    self.firstOutgoing = firstOutgoing
    var first = [Int](repeating: 0, count: routerCount + 1)
    for a in arcTarget.indices where isUsable[a] { first[arcTarget[a] + 1] += 1 }
    for r in 0..<routerCount { first[r + 1] += first[r] }
    var next = first
    var incoming = [Int](repeating: 0, count: first[routerCount])
    for a in arcTarget.indices where isUsable[a] {
      incoming[next[arcTarget[a]]] = a
      next[arcTarget[a]] += 1
    }
    firstIncoming = first
    incomingArcs = incoming
  }

  /// The same arcs with other ones in use.
  public func with(usable: [Bool]) -> FlowNetwork {
    FlowNetwork(
      routerCount: routerCount, arcSource: arcSource, arcTarget: arcTarget,
      firstOutgoing: firstOutgoing, isUsable: usable)
  }
}
