import Networks

/// What limits a network: packets per tick that each router may send out and each arc may carry.
///
/// - Shapes: `router[router]`, `arc[arc]`; infinite where nothing limits. Any unit, the same as that
///   of the demands.
public struct CapacityLimits: Sendable, Hashable {
  public let router: [Double]
  public let arc: [Double]

  /// - Precondition: every limit is above 0.
  public init(router: [Double], arc: [Double]) {
    precondition((router + arc).allSatisfy { $0 > 0 }, "a limit is not above 0")
    self.router = router
    self.arc = arc
  }

  /// Every router sends at most `rate` packets per tick; links are unlimited.
  public static func routers(_ network: FlowNetwork, rate: Double = 1) -> CapacityLimits {
    CapacityLimits(
      router: [Double](repeating: rate, count: network.routerCount),
      arc: [Double](repeating: .infinity, count: network.arcCount))
  }

  /// Arcs carry at most so much, `[arc]`; routers are unlimited.
  public static func arcs(_ network: FlowNetwork, _ limits: [Double]) -> CapacityLimits {
    CapacityLimits(
      router: [Double](repeating: .infinity, count: network.routerCount), arc: limits)
  }

  /// Both kinds of limits at once.
  public func adding(arcs limits: [Double]) -> CapacityLimits {
    CapacityLimits(router: router, arc: zip(arc, limits).map { min($0, $1) })
  }

  /// The largest load over limit.
  public func largestUtilisation(_ flows: DestinationFlows) -> Double {
    var largest = 0.0
    for r in router.indices { largest = max(largest, flows.routerLoad[r] / router[r]) }
    for a in arc.indices { largest = max(largest, flows.arcFlow[a] / arc[a]) }
    return largest
  }
}

/// How dear each router's and each arc's limit is: the dual solution of a capacity problem.
///
/// Any non-negative prices give a bound: a routing at utilisation θ sends `Σ price · load ≤
/// θ Σ price · limit`, and every unit of demand pays at least its shortest distance under the prices.
public struct CapacityPrices: Sendable, Hashable {
  /// `[router]`, per unit of load.
  public var router: [Double]
  /// `[arc]`, per unit of flow.
  public var arc: [Double]

  public init(router: [Double], arc: [Double]) {
    self.router = router
    self.arc = arc
  }

  /// Weak duality: no routing of the demands has a largest utilisation below this number.
  public func utilisationBound(
    _ network: FlowNetwork, demands: [Double], limits: CapacityLimits
  ) -> Double {
    var cost = [Double](repeating: 0, count: network.arcCount)
    var worth = 0.0
    for a in 0..<network.arcCount {
      cost[a] = max(0, arc[a]) + max(0, router[network.arcSource[a]])
      if limits.arc[a] < .infinity { worth += max(0, arc[a]) * limits.arc[a] }
    }
    for r in 0..<network.routerCount where limits.router[r] < .infinity {
      worth += max(0, router[r]) * limits.router[r]
    }
    return worth > 0 ? weightedDistance(network, demands: demands, cost: cost) / worth : 0
  }
}
