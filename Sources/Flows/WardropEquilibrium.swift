/// How the traffic of a network divides when every unit of it takes its own shortest path, and how
/// it should: the equilibrium, the system optimum, and the price of anarchy between them.
///
/// ```swift
/// let roads = PublicRoadsLatency(free: free, factor: factor, capacity: capacity, power: power)
/// let game = WardropEquilibrium(network, demands: rates, latency: roads)
/// game.equilibrium.certificate.largestPathGap   // used paths are this close to the shortest
/// game.priceOfAnarchy                           // total time of the equilibrium over the optimum's
/// ```
///
/// ## Method
/// Both flows minimise a convex function over all routings (`WardropCost`, `SystemOptimumCost`), which
/// `ConvexFlow` does bush by bush. The certificate does not trust it: it takes the final arc times and
/// compares, for every pair with demand, the *longest* path that carries a share above `1e−9` at
/// each of its routers with the shortest path of all.
///
/// - Algorithm: wardrop-equilibrium | Beckmann, McGuire & Winsten 1956 | chapter 3 | exact check passed
/// - Source: Wardrop (1952), *Some theoretical aspects of road traffic research*; Beckmann, McGuire,
///   Winsten (1956); Roughgarden & Tardos (2002), *How bad is selfish routing?* for the ratio.
/// - Differs: None known.
/// - Shapes: `demands[source * routerCount + destination]`.
/// - Complexity: see `ConvexFlow`.
/// - Verified: `WardropEquilibriumTests`.
public struct WardropEquilibrium: Sendable {
  public let equilibrium: RoutedFlow
  public let optimum: RoutedFlow

  /// Solves both problems for latencies of arcs.
  public init<Latency: CongestionLatency>(
    _ network: FlowNetwork, demands: [Double], latency: Latency,
    configuration: ConvexFlowConfiguration = Self.accurate
  ) {
    equilibrium = RoutedFlow(
      network, demands: demands, cost: WardropCost(latency), configuration: configuration
    ) { flows in flows.arcFlow.indices.map { latency.latency(arc: $0, flow: flows.arcFlow[$0]) } }
    optimum = RoutedFlow(
      network, demands: demands, cost: SystemOptimumCost(latency), configuration: configuration
    ) { flows in flows.arcFlow.indices.map { latency.latency(arc: $0, flow: flows.arcFlow[$0]) } }
  }

  /// Solves both problems where packets wait at the routers.
  public init(
    _ network: FlowNetwork, demands: [Double], queues: RouterQueueLatency,
    configuration: ConvexFlowConfiguration = Self.accurate
  ) {
    equilibrium = RoutedFlow(
      network, demands: demands, cost: RouterQueueWardropCost(queues), configuration: configuration,
      timePerUnit: RouterQueueLatency.timePerPacket
    ) { queues.hopTimes(network, $0) }
    optimum = RoutedFlow(
      network, demands: demands, cost: RouterQueueOptimumCost(queues), configuration: configuration,
      timePerUnit: RouterQueueLatency.timePerPacket
    ) { queues.hopTimes(network, $0) }
  }

  /// A gap small enough for the certificate per path.
  public static var accurate: ConvexFlowConfiguration {
    ConvexFlowConfiguration(relativeGap: 1e-8, sweepLimit: 2000)
  }

  /// Total time in the equilibrium over total time in the optimum; at least 1.
  public var priceOfAnarchy: Double {
    optimum.totalTime > 0 ? equilibrium.totalTime / optimum.totalTime : 1
  }
}

/// A routing with its times and how close it is to what it claims to be.
public struct RoutedFlow: Sendable {
  public let flows: DestinationFlows
  public let outcome: ConvexFlowOutcome
  /// Time over each arc (waiting included), `[arc]`.
  public let arcTime: [Double]
  /// `Σ flow · time`, with what every unit pays once whatever its path (`RouterQueueLatency`).
  public let totalTime: Double
  /// Total time over all demand that has a path.
  public let meanTime: Double
  /// Paths compared under what the cost function charges: times for the equilibrium, marginal
  /// times for the optimum.
  public let certificate: PathCertificate
  /// The demand between routers that no usable path joins.
  public let unreachableDemand: Double

  init<Cost: FlowCost>(
    _ network: FlowNetwork, demands: [Double], cost: Cost, configuration: ConvexFlowConfiguration,
    timePerUnit: Double = 0, times: (DestinationFlows) -> [Double]
  ) {
    var problem = ConvexFlow(network, demands: demands, cost: cost)
    var outcome = problem.solve(configuration)
    // A path that carries next to nothing hardly moves the gap of the cost: go on by the paths.
    while outcome.sweeps < configuration.sweepLimit,
      PathCertificate(problem.flows, demands: demands, cost: Self.charged(problem))
        .largestPathGap > Self.pathGapGoal
    {
      problem.sweep()
      outcome.sweeps += 1
    }
    outcome.objective = problem.objective
    self.outcome = outcome
    flows = problem.flows
    unreachableDemand = problem.unreachableDemand
    let arcTime = times(problem.flows)
    self.arcTime = arcTime
    var total = 0.0
    for arc in arcTime.indices where problem.flows.arcFlow[arc] > 0 {
      total += problem.flows.arcFlow[arc] * arcTime[arc]
    }
    var demand = -problem.unreachableDemand
    for s in 0..<network.routerCount {
      for d in 0..<network.routerCount where s != d {
        demand += demands[s * network.routerCount + d]
      }
    }
    totalTime = total + timePerUnit * demand
    meanTime = demand > 0 ? totalTime / demand : 0
    certificate = PathCertificate(
      problem.flows, demands: demands, cost: Self.charged(problem))
  }

  /// The largest path gap at which the search may end.
  private static var pathGapGoal: Double { 1e-7 }

  /// What one more unit pays on each arc, its router's part included.
  private static func charged<Cost: FlowCost>(_ problem: ConvexFlow<Cost>) -> [Double] {
    let (network, flows) = (problem.network, problem.flows)
    return flows.arcFlow.indices.map { arc in
      let router = network.arcSource[arc]
      return problem.cost.arc(arc, flow: flows.arcFlow[arc]).slope
        + problem.cost.router(router, load: flows.routerLoad[router]).slope
    }
  }
}

/// How much longer than the shortest path the paths are that a routing uses.
public struct PathCertificate: Sendable, Hashable {
  /// The largest, over pairs with demand, of (longest used − shortest) / shortest.
  public let largestPathGap: Double
  /// `(Σ cost · flow − Σ demand · shortest) / Σ cost · flow`.
  public let meanGap: Double
  /// Shares of a router's flow that count as used.
  public static let usedShare = 1e-9

  public init(_ flows: DestinationFlows, demands: [Double], cost: [Double]) {
    let network = flows.network
    let n = network.routerCount
    var paths = ShortestDistances(routerCount: n)
    var worst = 0.0
    var shortest = 0.0
    for d in 0..<n where (0..<n).contains(where: { $0 != d && demands[$0 * n + d] > 0 }) {
      paths.solve(network, to: d, cost: cost)
      let longest = Self.longestUsed(flows, to: d, cost: cost)
      for s in paths.settled where s != d && demands[s * n + d] > 0 {
        shortest += demands[s * n + d] * paths.distance[s]
        if paths.distance[s] > 0 {
          worst = max(worst, (longest[s] - paths.distance[s]) / paths.distance[s])
        }
      }
    }
    largestPathGap = worst
    let total = flows.total(cost)
    meanGap = total > 0 ? (total - shortest) / total : 0
  }

  /// Cost of the longest used path from each router; used arcs of one destination form no circle.
  private static func longestUsed(
    _ flows: DestinationFlows, to d: Int, cost: [Double]
  ) -> [Double] {
    let network = flows.network
    let base = d * network.arcCount
    var longest = [Double](repeating: -1, count: network.routerCount)
    longest[d] = 0
    var state = [Int](repeating: 0, count: network.routerCount)
    state[d] = 2
    for root in 0..<network.routerCount where state[root] == 0 {
      var stack = [root]
      while let router = stack.last {
        let throughput = flows.throughput(router, destination: d)
        let used = (network.firstOutgoing[router]..<network.firstOutgoing[router + 1]).filter {
          flows.flow[base + $0] > usedShare * throughput && throughput > 0
        }
        if state[router] == 0 {
          state[router] = 1
          stack.append(
            contentsOf: used.map { network.arcTarget[$0] }.filter { state[$0] == 0 })
          continue
        }
        stack.removeLast()
        if state[router] == 2 { continue }
        state[router] = 2
        for arc in used {
          longest[router] = max(longest[router], cost[arc] + longest[network.arcTarget[arc]])
        }
      }
    }
    return longest
  }
}
