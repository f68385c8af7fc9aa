import Networks

/// What `wayfield capacity` tells of a network and its demand: the largest sustainable load, the split
/// that attains it, and the least largest link utilisation.
///
/// ```swift
/// let report = CapacityReport(BuiltInTopology.b4.topology, demand: .uniform(routerCount: 12))
/// report.capacity        // 0.3143 packets per router and tick
/// ```
///
/// - Randomness: none; one thread.
/// - Verified: `CapacityReportTests`.
public struct CapacityReport: Sendable {
  /// λ*: the largest mean rate per router, in packets per tick, at which every router forwards at most
  /// one packet per tick (and every link at most its rate, if links limit). 0 where some demand has no
  /// path; `reachableCapacity` then leaves that demand out.
  public let capacity: Double
  /// λ* of the demands that have a path; infinite where there is none.
  public let reachableCapacity: Double
  /// No routing sustains more.
  public let capacityBound: Double
  /// The share of the demand that has no path.
  public let unreachableShare: Double
  /// Mean ticks of a packet on links and in service in `lp-split`, without waiting.
  public let splitTime: Double
  /// No routing at that load is below this time.
  public let splitTimeBound: Double
  public let split: LeastLoadSplit

  public var method: CapacityMethod { split.method }
  /// 1 − capacity / bound.
  public var gap: Double {
    capacityBound.isFinite && capacityBound > 0 ? max(0, 1 - reachableCapacity / capacityBound) : 0
  }

  /// - Parameters:
  ///   - latency: ticks per link; default: the link's own, and 3 where it has none.
  ///   - linkRates: packets per tick and direction, per link; nil: links do not limit.
  ///   - method: default: exact up to 300 routers.
  public init(
    _ topology: Topology, demand: TrafficMatrix, latency: [Int]? = nil, linkRates: [Double]? = nil,
    method: CapacityMethod? = nil
  ) {
    let network = FlowNetwork(topology, usable: linkRates.map { topology.usableArcs($0) })
    let latency = latency ?? topology.links.map { max($0.latency ?? 3, 1) }
    let rates = demand.packetRates(meanPerRouter: 1)
    var limits = CapacityLimits.routers(network)
    if let linkRates { limits = limits.adding(arcs: topology.arcLimits(linkRates)) }
    split = LeastLoadSplit(
      network, demands: rates, latency: topology.arcs.map { Double(latency[$0.link.index]) },
      limits: limits, method: method)
    let total = rates.reduce(0, +)
    let reached = total - split.unreachableDemand
    unreachableShare = total > 0 ? split.unreachableDemand / total : 0
    reachableCapacity = split.leastUtilisation > 0 ? 1 / split.leastUtilisation : .infinity
    capacityBound = split.utilisationBound > 0 ? 1 / split.utilisationBound : .infinity
    capacity = unreachableShare > 1e-12 ? 0 : reachableCapacity
    splitTime = reached > 0 ? split.cost / reached : 0
    splitTimeBound = reached > 0 ? split.costBound / reached : 0
  }
}

/// The least largest utilisation that any routing can give the links of a network.
public struct LinkUtilisation: Sendable {
  /// The largest flow over capacity, in the best routing found.
  public let value: Double
  /// No routing has less.
  public let bound: Double
  public let method: CapacityMethod
  /// The share of the demand that has no path.
  public let unreachableShare: Double

  public var gap: Double { value > 0 ? max(0, 1 - bound / value) : 0 }

  /// Each undirected link carries its capacity both ways. Links of capacity 0 carry nothing.
  ///
  /// - Parameter demand: in the unit of the capacities.
  /// - Returns: nil where a link has no capacity.
  public init?(_ topology: Topology, demand: TrafficMatrix, method: CapacityMethod? = nil) {
    let capacities = topology.links.compactMap(\.capacity)
    guard capacities.count == topology.links.count, !capacities.isEmpty else { return nil }
    let network = FlowNetwork(topology, usable: topology.usableArcs(capacities))
    let n = topology.routerCount
    var demands = demand.values
    for r in 0..<n { demands[r * n + r] = 0 }
    let limits = CapacityLimits.arcs(network, topology.arcLimits(capacities))
    self.method = method ?? .suited(to: network)
    let capacity = LoadCapacity(network, demands: demands, limits: limits, method: self.method)
    value = capacity.value.isFinite ? 1 / capacity.value : 0
    bound = capacity.bound.isFinite ? 1 / capacity.bound : 0
    let total = demands.reduce(0, +)
    unreachableShare = total > 0 ? capacity.unreachableDemand / total : 0
  }
}

extension Topology {
  fileprivate func usableArcs(_ capacities: [Double]) -> [Bool] {
    arcs.map { capacities[$0.link.index] > 0 }
  }

  /// One limit per arc; unusable arcs get 1, which nothing reaches.
  fileprivate func arcLimits(_ capacities: [Double]) -> [Double] {
    arcs.map { capacities[$0.link.index] > 0 ? capacities[$0.link.index] : 1 }
  }
}
