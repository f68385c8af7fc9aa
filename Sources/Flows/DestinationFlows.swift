/// A routing as flows that are added up per destination: the form in which every solver of this room
/// gives its result.
///
/// Packets for one destination are alike wherever they came from, so flows per destination lose
/// nothing against flows per pair, and they can be realised by routers that look at the destination
/// only (`SplitTable`).
///
/// - Shapes: `flow[destination * arcCount + arc]`, `arcFlow[arc]`, `routerLoad[router]`: all that a
///   router sends out, own and transit, not what it receives as its destination.
public struct DestinationFlows: Sendable, Hashable {
  public let network: FlowNetwork
  public internal(set) var flow: [Double]
  public internal(set) var arcFlow: [Double]
  public internal(set) var routerLoad: [Double]

  /// No flow at all.
  public init(_ network: FlowNetwork) {
    self.network = network
    flow = [Double](repeating: 0, count: network.routerCount * network.arcCount)
    arcFlow = [Double](repeating: 0, count: network.arcCount)
    routerLoad = [Double](repeating: 0, count: network.routerCount)
  }

  /// The given flows, with the sums computed from them.
  public init(_ network: FlowNetwork, flow: [Double]) {
    precondition(
      flow.count == network.routerCount * network.arcCount, "\(flow.count) flows do not fit")
    self.init(network)
    self.flow = flow
    addUp()
  }

  /// Recomputes arc flows and router loads from the flows per destination.
  mutating func addUp() {
    for a in arcFlow.indices { arcFlow[a] = 0 }
    for r in routerLoad.indices { routerLoad[r] = 0 }
    for d in 0..<network.routerCount {
      let base = d * network.arcCount
      for a in 0..<network.arcCount { arcFlow[a] += flow[base + a] }
    }
    for a in 0..<network.arcCount { routerLoad[network.arcSource[a]] += arcFlow[a] }
  }

  /// The same routing with all demands multiplied by `factor`.
  public func scaled(by factor: Double) -> DestinationFlows {
    DestinationFlows(network, flow: flow.map { $0 * factor })
  }

  /// The flow for `destination` that leaves `router`.
  public func throughput(_ router: Int, destination: Int) -> Double {
    let base = destination * network.arcCount
    var sum = 0.0
    for a in network.firstOutgoing[router]..<network.firstOutgoing[router + 1] {
      sum += flow[base + a]
    }
    return sum
  }

  /// `Σ cost · flow` over the arcs.
  public func total(_ cost: [Double]) -> Double {
    var sum = 0.0
    for a in arcFlow.indices { sum += cost[a] * arcFlow[a] }
    return sum
  }

  /// The largest difference, over all routers and destinations, between what leaves a router and
  /// what it must send: its own demand plus what enters. 0 for an exact routing.
  ///
  /// - Parameter demands: `[source * routerCount + destination]`.
  public func largestImbalance(_ demands: [Double]) -> Double {
    let n = network.routerCount
    var worst = 0.0
    for d in 0..<n {
      var balance = (0..<n).map { $0 == d ? 0 : demands[$0 * n + d] }
      for a in 0..<network.arcCount {
        balance[network.arcSource[a]] -= flow[d * network.arcCount + a]
        balance[network.arcTarget[a]] += flow[d * network.arcCount + a]
      }
      for r in 0..<n where r != d { worst = max(worst, abs(balance[r])) }
    }
    return worst
  }
}
