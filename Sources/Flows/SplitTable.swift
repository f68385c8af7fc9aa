/// A static routing: which share of its packets for a destination each router sends to which
/// neighbour.
///
/// The splits of this room (`lp-split`, `delay-optimal-split`, `wardrop-split`) come as such a table; shares follow
/// `Topology`'s neighbour slots.
///
/// - Shapes: `shares[destination * arcCount + arc]`: those of router `r` are at the arcs
///   `firstOutgoing[r] ..< firstOutgoing[r + 1]`, one per neighbour slot, and add up to 1; to 0 where
///   `r` is the destination or no usable path leads there. For a destination, the arcs with a
///   positive share form no circle.
public struct SplitTable: Sendable, Hashable {
  public let network: FlowNetwork
  public let shares: [Double]

  /// The shares of one router for one destination, one per neighbour slot.
  public func shares(router: Int, destination: Int) -> ArraySlice<Double> {
    let base = destination * network.arcCount
    return shares[base + network.firstOutgoing[router]..<base + network.firstOutgoing[router + 1]]
  }

  /// The table that realises given flows.
  ///
  /// Flow that runs in circles is removed first, and shares below 1e-9 are left out. A router that
  /// has no flow for a destination (it has no demand, and none passes) sends such packets along the
  /// shortest path under `latency`; that closes no circle, because routers with flow send only to
  /// routers with flow.
  ///
  /// - Parameter latency: ticks, `[arc]`.
  public init(_ flows: DestinationFlows, latency: [Double]) {
    let network = flows.network
    self.network = network
    let hopTime = latency.map { $0 + 1 }
    var table = [Double](repeating: 0, count: flows.flow.count)
    var circles = CircleRemoval(network)
    var paths = ShortestDistances(routerCount: network.routerCount)
    for d in 0..<network.routerCount {
      let base = d * network.arcCount
      var flow = Array(flows.flow[base..<base + network.arcCount])
      circles.removeCircles(&flow)
      paths.solve(network, to: d, cost: hopTime)
      let shares = Self.shares(network, flow: flow, paths: paths, destination: d)
      table.replaceSubrange(base..<base + network.arcCount, with: shares)
    }
    shares = table
  }

  private static func shares(
    _ network: FlowNetwork, flow: [Double], paths: ShortestDistances, destination: Int
  ) -> [Double] {
    var shares = [Double](repeating: 0, count: network.arcCount)
    for r in 0..<network.routerCount where r != destination {
      let out = network.firstOutgoing[r]..<network.firstOutgoing[r + 1]
      let total = flow[out].reduce(0, +)
      let kept = flow[out].filter { $0 > 1e-9 * total }.reduce(0, +)
      if kept > 0 {
        for a in out where flow[a] > 1e-9 * total { shares[a] = flow[a] / kept }
      } else if paths.nextArc[r] >= 0 {
        shares[paths.nextArc[r]] = 1
      }
    }
    return shares
  }

  /// The flows that this table makes of given demands.
  ///
  /// - Parameter demands: `[source * routerCount + destination]`; demands without a path are left out.
  public func flows(demands: [Double]) -> DestinationFlows {
    let n = network.routerCount
    var flow = [Double](repeating: 0, count: shares.count)
    var sorter = CircleRemoval(network)
    for d in 0..<n {
      let base = d * network.arcCount
      let own = Array(shares[base..<base + network.arcCount])
      var inflow = (0..<n).map { $0 == d ? 0 : demands[$0 * n + d] }
      for r in sorter.topologicalOrder(own) {
        for a in network.firstOutgoing[r]..<network.firstOutgoing[r + 1] where own[a] > 0 {
          flow[base + a] = inflow[r] * own[a]
          inflow[network.arcTarget[a]] += flow[base + a]
        }
      }
    }
    return DestinationFlows(network, flow: flow)
  }
}
