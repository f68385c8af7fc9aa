/// `lp-split`: the static split with the least largest router load and, among all such splits, the
/// least time on links and in service.
///
/// ```swift
/// let split = LeastLoadSplit(network, demands: rates, latency: latencies)
/// split.utilisation        // largest load; at rates of mean 1 per router, λ* is its reciprocal
/// split.table              // shares per router, destination and neighbour slot
/// ```
///
/// ## Method
/// Lexicographic: first `θ = min max load / limit`, then `min Σ flow · (latency + 1)` over the routings
/// whose loads keep within θ. Both scale with the demands, so the split is the same at every load, in
/// overload too. Up to 300 routers both stages are exact (`ExactCapacity`); beyond, certified
/// approximations (`SmoothedCapacity` to 1e-4, `SmoothedLeastCost` to 2e-3 under a ceiling 1e-3 above).
///
/// - Source: definition of this project's references; an arbitrary optimum of the first stage alone can
///   deliver 10–40 % later.
/// - Randomness: none; one thread.
/// - Complexity: see the solvers.
/// - Verified: `CapacityTests`.
/// - Algorithm: lp-split | definition of this project, CLP 1.17 | least largest load, then least time | exact check passed
public struct LeastLoadSplit: Sendable {
  public let table: SplitTable
  public let flows: DestinationFlows
  /// The largest load over limit of the split.
  public let utilisation: Double
  /// What the first stage attained; the second may exceed it by its tolerance.
  public let leastUtilisation: Double
  /// No routing has a smaller largest utilisation.
  public let utilisationBound: Double
  /// `Σ flow · (latency + 1)`.
  public let cost: Double
  /// No routing at the utilisation of the first stage costs less.
  public let costBound: Double
  public let method: CapacityMethod
  /// The demand between routers that no usable path joins; it is left out.
  public let unreachableDemand: Double

  /// - Parameters:
  ///   - demands: `[source * routerCount + destination]`.
  ///   - latency: ticks, `[arc]`.
  ///   - limits: default: every router sends one packet per tick.
  ///   - start: the routing of a similar problem (earlier demands, other failures).
  public init(
    _ network: FlowNetwork, demands: [Double], latency: [Double], limits: CapacityLimits? = nil,
    method: CapacityMethod? = nil, start: DestinationFlows? = nil
  ) {
    let limits = limits ?? .routers(network)
    let method = method ?? .suited(to: network)
    let hopCost = latency.map { $0 + 1 }
    let result =
      method == .exact
      ? Self.exact(network, demands, limits, hopCost, start)
      : Self.certified(network, demands, limits, hopCost, start)
    self.method = method
    flows = result.flows
    table = SplitTable(result.flows, latency: latency)
    utilisation = limits.largestUtilisation(result.flows)
    leastUtilisation = result.leastUtilisation
    utilisationBound = min(result.utilisationBound, leastUtilisation)
    cost = result.flows.total(hopCost)
    costBound = min(result.costBound, cost)
    unreachableDemand = result.unreachableDemand
  }

  private typealias Stages = (
    flows: DestinationFlows, leastUtilisation: Double, utilisationBound: Double, costBound: Double,
    unreachableDemand: Double
  )

  private static func exact(
    _ network: FlowNetwork, _ demands: [Double], _ limits: CapacityLimits, _ hopCost: [Double],
    _ start: DestinationFlows?
  ) -> Stages {
    let problem = ExactCapacity(network, demands: demands, limits: limits)
    let first = problem.leastUtilisation(start: start)
    let second = problem.leastCost(hopCost: hopCost, utilisation: first)
    return (second.flows, first.value, first.lowerBound, second.lowerBound, first.unreachableDemand)
  }

  private static func certified(
    _ network: FlowNetwork, _ demands: [Double], _ limits: CapacityLimits, _ hopCost: [Double],
    _ start: DestinationFlows?
  ) -> Stages {
    var first = SmoothedCapacity(network, demands: demands, limits: limits, start: start)
    let outcome = first.solve(relativeGap: 1e-4)
    guard outcome.upperBound > 0 else {
      return (first.flows, 0, 0, 0, first.unreachableDemand)
    }
    var second = SmoothedLeastCost(
      network, demands: demands, limits: limits, hopCost: hopCost,
      ceiling: outcome.upperBound * 1.001,
      prices: first.prices, start: first.flows)
    let cost = second.solve(tolerance: 2e-3)
    return (
      second.flows, outcome.upperBound, outcome.lowerBound, cost.lowerBound, first.unreachableDemand
    )
  }
}

/// How a capacity was computed.
public enum CapacityMethod: String, Sendable, Hashable, Codable, CaseIterable {
  /// Linear programs by CLP, proved by weak duality.
  case exact
  /// Smoothed first-order solutions with a certified gap.
  case certified

  /// Exact up to 300 routers.
  public static func suited(to network: FlowNetwork) -> CapacityMethod {
    network.routerCount <= 300 ? .exact : .certified
  }
}
