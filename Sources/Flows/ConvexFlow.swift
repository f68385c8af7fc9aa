/// Finds the routing of least convex cost, to a certified gap, on any network and demands.
///
/// ```swift
/// let cost = DelayCost(network, latency: latencies, backlog: QueueBacklog(horizon: 500))
/// var problem = ConvexFlow(network, demands: rates, cost: cost)
/// let outcome = problem.solve()
/// outcome.relativeGap            // at most 1e-6: no static split is better by more than that
/// problem.flows                  // per destination, free of circles
/// ```
///
/// ## Method
/// Flows are kept per destination. One sweep improves one destination after the other:
/// 1. label every router with the greatest cost `U` of its used paths; the arcs that lead downhill in
///    `U` form an acyclic bush that holds all used arcs, and all shortest ones at the optimum;
/// 2. from the destination upwards: mean cost `W` and curvature `S` of going on from each router;
/// 3. from the far end downwards: each router splits what it gets by the Newton step
///    `min Σ v_a x_a + ½ s_a (x_a − e_a)²` over `x ≥ 0, Σ x = what it gets`, where `v_a` is the cost
///    over arc `a` to the destination, `s_a` its curvature and `e_a` the present split;
/// 4. go along the resulting direction as far as the cost falls.
/// Step 1 never gets stuck: where all used paths cost the same, an arc to a cheaper neighbour is
/// downhill. The certificate is convexity: for slopes `c` at the flow `f`,
/// `cost(any g) ≥ cost(f) + Σ c (g − f) ≥ cost(f) − Σ c f + Σ demand · shortest distance under c`.
///
/// - Source: Gentile (2014), *Local user cost equilibrium: a bush-based algorithm for traffic
///   assignment*, Transportmetrica A 10, steps 2–4; Gallager (1977), *A minimum delay routing
///   algorithm using distributed computation*, IEEE Transactions on Communications 25, for splits per
///   destination at a router; Frank & Wolfe (1956) for the bound.
/// - Differs: bushes are rooted at destinations; routers have costs, too; the bush is made anew from
///   the labels in each step instead of being edited.
/// - Shapes: `demands[source * routerCount + destination]`.
/// - Randomness: none; one thread.
/// - Complexity: a sweep is O(routers · (arcs + routers · log routers)); some tens of sweeps.
/// - Verified: `ConvexFlowTests` (hand-derived equilibria, optimality conditions, gap against CLP).
/// - Algorithm: local-user-cost-equilibrium | Gentile 2014 | the local step | exact check passed
public struct ConvexFlow<Cost: FlowCost>: Sendable {
  public let network: FlowNetwork
  public let demands: [Double]
  public private(set) var cost: Cost
  public internal(set) var flows: DestinationFlows
  /// The demand between routers that no usable path joins; it is left out.
  public private(set) var unreachableDemand = 0.0

  var step: BushStep

  /// Starts from shortest paths, loaded one destination after the other, or from a given routing.
  ///
  /// - Parameter start: the routing of a similar problem (other demands, other failures): its splits
  ///   are kept wherever they still work.
  public init(
    _ network: FlowNetwork, demands: [Double], cost: Cost, start: DestinationFlows? = nil
  ) {
    precondition(
      demands.count == network.routerCount * network.routerCount,
      "\(demands.count) demands for \(network.routerCount) routers")
    self.network = network
    self.demands = demands
    self.cost = cost
    flows = DestinationFlows(network)
    step = BushStep(network)
    step.refresh(cost: cost, flows: flows)
    for d in 0..<network.routerCount {
      unreachableDemand += step.load(
        destination: d, demands: demands, cost: cost, flows: &flows, start: start)
    }
    settle()
  }

  /// Exchanges the cost functions and keeps the routing as the starting point.
  public mutating func replaceCost(_ newCost: Cost) {
    cost = newCost
    settle()
  }

  /// One improvement of every destination's flows.
  public mutating func sweep() {
    for d in 0..<network.routerCount {
      step.improve(destination: d, demands: demands, cost: cost, flows: &flows)
    }
    settle()
  }

  /// The cost of the present routing.
  public var objective: Double {
    var sum = 0.0
    for a in 0..<network.arcCount where network.isUsable[a] {
      sum += cost.arc(a, flow: flows.arcFlow[a]).value
    }
    for r in 0..<network.routerCount { sum += cost.router(r, load: flows.routerLoad[r]).value }
    return sum
  }

  /// A lower bound of the cost of every routing: the tangent at the present one.
  public var lowerBound: Double {
    let marginal = step.marginal
    var slack = 0.0
    for a in 0..<network.arcCount where flows.arcFlow[a] > 0 {
      slack += marginal[a] * flows.arcFlow[a]
    }
    return objective - slack + weightedDistance(network, demands: demands, cost: marginal)
  }

  /// Sweeps until the certified gap is small enough.
  public mutating func solve(_ configuration: ConvexFlowConfiguration = .init())
    -> ConvexFlowOutcome
  {
    var outcome = ConvexFlowOutcome(objective: objective, lowerBound: lowerBound, sweeps: 0)
    while outcome.relativeGap > configuration.relativeGap, outcome.sweeps < configuration.sweepLimit
    {
      sweep()
      outcome.sweeps += 1
      // The bound costs a third of a sweep, and gaps fall slowly later on.
      guard outcome.sweeps <= 4 || outcome.sweeps % 4 == 0 else { continue }
      outcome.objective = objective
      outcome.lowerBound = max(outcome.lowerBound, lowerBound)
    }
    outcome.objective = objective
    return outcome
  }

  /// Removes rounding errors that the sums of flows gathered, and evaluates all slopes.
  private mutating func settle() {
    flows.addUp()
    step.refresh(cost: cost, flows: flows)
  }
}

/// `Σ demand · shortest distance`: what the demands cost at least under fixed arc costs. Pairs without
/// a path are left out.
func weightedDistance(_ network: FlowNetwork, demands: [Double], cost: [Double]) -> Double {
  let n = network.routerCount
  var paths = ShortestDistances(routerCount: n)
  var sum = 0.0
  for d in 0..<n {
    paths.solve(network, to: d, cost: cost)
    for s in paths.settled where s != d { sum += demands[s * n + d] * paths.distance[s] }
  }
  return sum
}

/// When `ConvexFlow.solve` stops.
public struct ConvexFlowConfiguration: Codable, Hashable, Sendable {
  /// The certified relative gap (cost − lower bound) / cost to reach; above 0. Default 1e-6: far below
  /// the sampling error of any simulation.
  public var relativeGap: Double = 1e-6
  /// The greatest number of sweeps. Default 500: several times what any tested network needed.
  public var sweepLimit: Int = 500

  public init(relativeGap: Double = 1e-6, sweepLimit: Int = 500) {
    self.relativeGap = relativeGap
    self.sweepLimit = sweepLimit
  }

  private enum CodingKeys: String, CodingKey, CaseIterable { case relativeGap, sweepLimit }

  /// A missing key means the default; an unknown one is an error that names the allowed ones.
  public init(from decoder: any Decoder) throws {
    let allowed = CodingKeys.allCases.map(\.rawValue)
    let found = try decoder.singleValueContainer().decode([String: Double].self).keys.sorted()
    if let unknown = found.first(where: { !allowed.contains($0) }) {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "unknown key '\(unknown)'; allowed: \(allowed.joined(separator: ", "))")
      )
    }
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    relativeGap = try values.decodeIfPresent(Double.self, forKey: .relativeGap) ?? relativeGap
    sweepLimit = try values.decodeIfPresent(Int.self, forKey: .sweepLimit) ?? sweepLimit
  }
}

/// What `ConvexFlow.solve` reached.
public struct ConvexFlowOutcome: Sendable, Hashable {
  public var objective: Double
  public var lowerBound: Double
  public var sweeps: Int
  /// (objective − lower bound) / objective; 0 where the objective is 0.
  public var relativeGap: Double {
    objective > 0 ? max(0, objective - lowerBound) / objective : 0
  }
}
