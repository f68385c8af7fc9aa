/// What `topologies show` tells of a network.
public struct TopologySummary: Sendable {
  public let routerCount: Int
  public let linkCount: Int
  public let directedLinkCount: Int
  public let selfLoopCount: Int
  /// Links beyond the first between the same two routers.
  public let parallelLinkCount: Int
  /// Smallest, mean and largest number of neighbour slots.
  public let degrees: (least: Int, mean: Double, most: Int)
  /// Sets of routers that can all reach each other.
  public let componentCount: Int
  /// The most links on a shortest path between two routers that can reach each other.
  public let diameterHops: Int
  /// The longest latency of a shortest path, in ticks by the given units.
  public let diameterTicks: Int
  public let bridges: [LinkID]
  /// Smallest and largest capacity, and the sum over links; nil where no link has one.
  public let capacities: (least: Double, most: Double, sum: Double)?
  public let linksWithoutCapacity: Int
  public let routersWithoutCoordinate: Int
  /// Links whose latency can only be the default, as nothing is known of them.
  public let linksWithoutLatency: Int
  public let units: SimulatedLinks

  public init(_ topology: Topology, units: SimulationUnits = SimulationUnits()) {
    let links = topology.links
    let simulated = units.links(of: topology)
    self.units = simulated
    routerCount = topology.routerCount
    linkCount = links.count
    directedLinkCount = links.count { $0.isDirected }
    selfLoopCount = links.count { $0.source == $0.target }
    parallelLinkCount = topology.parallelBundles().reduce(0) { $0 + $1.links.count - 1 }
    let all = topology.routerIDs.map(topology.degree)
    degrees = (
      all.min() ?? 0, Double(topology.arcs.count) / Double(max(1, all.count)), all.max() ?? 0
    )
    componentCount = topology.componentCount()
    let hops = ShortestPaths(topology, arcCosts: topology.arcs.map { _ in 1 })
    diameterHops = Int(hops.diameter)
    let ticks = ShortestPaths(
      topology, arcCosts: topology.arcs.map { Double(simulated.latencyTicks[$0.link.index]) })
    diameterTicks = Int(ticks.diameter)
    bridges = topology.bridges()
    let known = links.compactMap(\.capacity)
    capacities = known.min().flatMap { least in
      known.max().map { (least, $0, known.reduce(0, +)) }
    }
    linksWithoutCapacity = links.count - known.count
    routersWithoutCoordinate = topology.routers.count { $0.coordinate == nil }
    linksWithoutLatency = simulated.latencyOrigins.count { $0 == .unknown }
  }

  /// What is missing, one sentence each.
  public var missing: [String] {
    var lines: [String] = []
    if linksWithoutCapacity > 0 { lines.append("\(linksWithoutCapacity) links have no capacity.") }
    if routersWithoutCoordinate > 0 {
      lines.append("\(routersWithoutCoordinate) routers have no coordinates.")
    }
    if linksWithoutLatency > 0 {
      lines.append("\(linksWithoutLatency) links have no latency, delay or coordinates.")
    }
    if units.hasCapacities && !units.isUnitKnown {
      lines.append("The unit of the capacities is not given.")
    }
    if componentCount > 1 { lines.append("The network falls into \(componentCount) parts.") }
    return lines
  }
}
