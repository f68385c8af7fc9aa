/// Finds the least largest utilisation of a network approximately, with a certified gap, also for
/// thousands of routers.
///
/// ```swift
/// var solver = SmoothedCapacity(network, demands: rates, limits: .routers(network))
/// let result = solver.solve(relativeGap: 0.01)
/// result.upperBound             // the largest utilisation of `solver.flows`
/// result.lowerBound             // no routing is below this
/// ```
///
/// ## Method
/// The largest utilisation is smoothed: `min Σ exp(β (u_r / θ − 1))` over routers and arcs, `u` load
/// over limit, θ the present largest `u`. Its slopes, divided by their sum, are prices; weak duality
/// makes a lower bound of them (`CapacityPrices`), and the largest `u` is the upper bound. At the
/// smoothed optimum the two are at most `log(resources) / β` apart, so β grows as the gap shrinks. Each
/// stage is one sweep of `ConvexFlow` from the last flows. A small cost per hop, which changes
/// the largest utilisation by less than a tenth of the asked gap, keeps idle detours out.
///
/// - Source: Kort & Bertsekas (1972) and Bienstock (2002), *Potential function methods for
///   approximately solving linear programming problems*, for the exponential potential.
/// - Differs: the potential is minimised by second-order steps per destination instead of
///   Frank–Wolfe steps or Fleischer's path augmentations.
/// - Randomness: none; one thread.
/// - Complexity: some tens of sweeps, each O(routers · (arcs + routers log routers)).
/// - Verified: `CapacityTests` (hand-derived networks, agreement with the exact LP).
/// - Algorithm: smoothed-concurrent-flow | Bienstock 2002 | exponential potential | exact check passed
public struct SmoothedCapacity: Sendable {
  private let limits: CapacityLimits
  private var problem: ConvexFlow<PotentialCost>
  public private(set) var prices: CapacityPrices

  public var flows: DestinationFlows { problem.flows }
  public var unreachableDemand: Double { problem.unreachableDemand }

  public init(
    _ network: FlowNetwork, demands: [Double], limits: CapacityLimits,
    start: DestinationFlows? = nil
  ) {
    self.limits = limits
    problem = ConvexFlow(
      network, demands: demands,
      cost: PotentialCost(limits: limits, level: 1, sharpness: 0, hop: 1),
      start: start)
    prices = CapacityPrices(
      router: [Double](repeating: 0, count: network.routerCount),
      arc: [Double](repeating: 0, count: network.arcCount))
  }

  /// Sweeps until the gap is certified or the limit is reached.
  public mutating func solve(relativeGap: Double, sweepLimit: Int = 400) -> SmoothedCapacityOutcome
  {
    var outcome = SmoothedCapacityOutcome(
      upperBound: limits.largestUtilisation(flows), lowerBound: 0, sweeps: 0)
    guard outcome.upperBound > 0 else { return outcome }
    let resources = Double((limits.router + limits.arc).count { $0 < .infinity })
    var best = flows
    while outcome.relativeGap > relativeGap, outcome.sweeps < sweepLimit {
      let gap = min(0.5, max(outcome.relativeGap, relativeGap))
      // 0.7: tried on six networks from 12 to 754 routers; below, more stages, above, stages that converge slowly.
      setPotential(sharpness: 0.7 * logarithm(resources + 2) / gap, relativeGap: relativeGap)
      problem.sweep()
      outcome.sweeps += 1
      let largest = limits.largestUtilisation(flows)
      if largest < outcome.upperBound {
        outcome.upperBound = largest
        best = flows
      }
      let candidate = problem.cost.prices(flows)
      let bound = candidate.utilisationBound(
        problem.network, demands: problem.demands, limits: limits)
      if bound > outcome.lowerBound {
        outcome.lowerBound = bound
        prices = candidate
      }
    }
    problem.flows = best
    return outcome
  }

  private mutating func setPotential(sharpness: Double, relativeGap: Double) {
    let largest = limits.largestUtilisation(flows)
    var hops = 0.0
    for flow in flows.arcFlow { hops += flow }
    problem.replaceCost(
      PotentialCost(
        limits: limits, level: largest, sharpness: sharpness,
        hop: 0.1 * relativeGap * largest / max(hops, 1e-300)))
  }
}

/// What `SmoothedCapacity.solve` reached.
public struct SmoothedCapacityOutcome: Sendable, Hashable {
  /// The largest utilisation of the routing found.
  public var upperBound: Double
  /// No routing has a smaller largest utilisation.
  public var lowerBound: Double
  public var sweeps: Int
  /// (upper − lower bound) / upper bound; 0 where there is no load.
  public var relativeGap: Double {
    upperBound > 0 ? max(0, upperBound - lowerBound) / upperBound : 0
  }
}

/// `level / sharpness · exp(sharpness (load / (limit · level) − 1))` per limited resource, plus a cost
/// per hop.
struct PotentialCost: FlowCost {
  let limits: CapacityLimits
  let level: Double
  let sharpness: Double
  let hop: Double

  func arc(_ arc: Int, flow: Double) -> CostDerivatives {
    var cost = potential(load: flow, limit: limits.arc[arc])
    cost.value += hop * flow
    cost.slope += hop
    return cost
  }

  func router(_ router: Int, load: Double) -> CostDerivatives {
    potential(load: load, limit: limits.router[router])
  }

  func prices(_ flows: DestinationFlows) -> CapacityPrices {
    CapacityPrices(
      router: limits.router.indices.map {
        potential(load: flows.routerLoad[$0], limit: limits.router[$0]).slope
      },
      arc: limits.arc.indices.map {
        potential(load: flows.arcFlow[$0], limit: limits.arc[$0]).slope
      })
  }

  private func potential(load: Double, limit: Double) -> CostDerivatives {
    guard limit < .infinity, sharpness > 0 else { return .zero }
    let height = exponential(min(60, sharpness * (load / (limit * level) - 1)))
    return CostDerivatives(
      value: level / sharpness * height, slope: height / limit,
      curvature: height * sharpness / (limit * limit * level))
  }
}
