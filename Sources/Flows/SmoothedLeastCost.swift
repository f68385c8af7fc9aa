/// Finds the cheapest routing under a ceiling on the utilisation approximately, with a certified gap,
/// also for thousands of routers: the second stage of `lp-split` where the linear program is too large.
///
/// ## Method
/// Exponential multipliers: each limited resource carries `price · ceiling · limit / β ·
/// exp(β (u / ceiling − 1))` beside `Σ hopCost · flow`; after each stage of sweeps the price becomes
/// the slope, so prices rise where the ceiling is exceeded and fall elsewhere. Any prices `p` give the
/// bound `Σ demand · distance(hopCost + p) − ceiling Σ p · limit`.
///
/// - Source: Tseng & Bertsekas (1993), *On the convergence of the exponential multiplier method for
///   convex programming*, Mathematical Programming 60.
/// - Differs: stages are a few sweeps of `ConvexFlow`, not exact minima.
/// - Randomness: none; one thread.
/// - Complexity: a hundred sweeps, each O(routers · (arcs + routers log routers)).
/// - Verified: `CapacityTests` (agreement with the exact second stage).
/// - Algorithm: exponential-multipliers | Tseng and Bertsekas 1993 | the exponential multiplier method | exact check passed
public struct SmoothedLeastCost: Sendable {
  private let limits: CapacityLimits
  private let hopCost: [Double]
  private let ceiling: Double
  private var problem: ConvexFlow<CeilingCost>

  public var flows: DestinationFlows { problem.flows }

  /// - Parameters:
  ///   - ceiling: the largest utilisation allowed.
  ///   - prices: a guess, in any unit, for instance of `SmoothedCapacity`.
  ///   - start: a routing near the ceiling.
  public init(
    _ network: FlowNetwork, demands: [Double], limits: CapacityLimits, hopCost: [Double],
    ceiling: Double, prices: CapacityPrices, start: DestinationFlows
  ) {
    self.limits = limits
    self.hopCost = hopCost
    self.ceiling = ceiling
    let mean = hopCost.reduce(0, +) / Double(max(1, hopCost.count))
    let largest = max(1e-300, (prices.router + prices.arc).max() ?? 0)
    let first = CapacityPrices(
      router: prices.router.map { mean * max(1e-3, $0 / largest) },
      arc: prices.arc.map { mean * max(1e-3, $0 / largest) })
    problem = ConvexFlow(
      network, demands: demands,
      cost: CeilingCost(
        limits: limits, ceiling: ceiling, sharpness: 30, prices: first, hopCost: hopCost),
      start: start)
  }

  /// Sweeps until cost and ceiling are met within `tolerance`, relative, or the limit is reached.
  public mutating func solve(tolerance: Double, sweepLimit: Int = 300) -> SmoothedLeastCostOutcome {
    var outcome = measure()
    var best = (flows: flows, outcome: outcome)
    while outcome.sweeps < sweepLimit {
      for _ in 0..<3 { problem.sweep() }
      let sweeps = outcome.sweeps + 3
      let bound = outcome.lowerBound
      outcome = measure()
      outcome.sweeps = sweeps
      outcome.lowerBound = max(bound, outcome.lowerBound)
      best.outcome.lowerBound = outcome.lowerBound
      best.outcome.sweeps = sweeps
      if outcome.error < best.outcome.error { best = (flows, outcome) }
      if best.outcome.error <= tolerance { break }
      let sharpness = min(1000, problem.cost.sharpness * 1.1)
      problem.replaceCost(problem.cost.updated(flows, sharpness: sharpness))
    }
    problem.flows = best.flows
    return best.outcome
  }

  private func measure() -> SmoothedLeastCostOutcome {
    let prices = problem.cost.updated(flows, sharpness: 1).prices
    var cost = hopCost
    var worth = 0.0
    for a in cost.indices {
      cost[a] += prices.arc[a] + prices.router[problem.network.arcSource[a]]
      if limits.arc[a] < .infinity { worth += prices.arc[a] * limits.arc[a] }
    }
    for r in limits.router.indices where limits.router[r] < .infinity {
      worth += prices.router[r] * limits.router[r]
    }
    let bound =
      weightedDistance(problem.network, demands: problem.demands, cost: cost) - ceiling * worth
    return SmoothedLeastCostOutcome(
      cost: flows.total(hopCost), lowerBound: bound,
      excess: limits.largestUtilisation(flows) / ceiling - 1, sweeps: 0)
  }
}

/// What `SmoothedLeastCost.solve` reached.
public struct SmoothedLeastCostOutcome: Sendable, Hashable {
  public var cost: Double
  /// No routing under the ceiling costs less.
  public var lowerBound: Double
  /// Largest utilisation over ceiling, minus 1; below 0 where the ceiling is kept.
  public var excess: Double
  public var sweeps: Int
  /// (cost − lower bound) / cost.
  public var relativeGap: Double { cost > 0 ? (cost - lowerBound) / cost : 0 }
  /// The larger of gap and excess.
  public var error: Double { max(relativeGap, excess, 0) }
}

/// `hopCost · flow` per arc plus `price · ceiling · limit / sharpness · exp(sharpness (u / ceiling − 1))`
/// per limited resource, `u` its load over its limit.
struct CeilingCost: FlowCost {
  let limits: CapacityLimits
  let ceiling: Double
  let sharpness: Double
  let prices: CapacityPrices
  let hopCost: [Double]

  func arc(_ arc: Int, flow: Double) -> CostDerivatives {
    var cost = penalty(load: flow, limit: limits.arc[arc], price: prices.arc[arc])
    cost.value += hopCost[arc] * flow
    cost.slope += hopCost[arc]
    return cost
  }

  func router(_ router: Int, load: Double) -> CostDerivatives {
    penalty(load: load, limit: limits.router[router], price: prices.router[router])
  }

  /// The slopes at the given flows as new prices, not below a millionth of a hop.
  func updated(_ flows: DestinationFlows, sharpness: Double) -> CeilingCost {
    let floor = 1e-6 * (hopCost.max() ?? 0)
    let new = CapacityPrices(
      router: prices.router.indices.map {
        max(floor, router($0, load: flows.routerLoad[$0]).slope)
      },
      arc: prices.arc.indices.map {
        max(floor, arc($0, flow: flows.arcFlow[$0]).slope - hopCost[$0])
      })
    return CeilingCost(
      limits: limits, ceiling: ceiling, sharpness: sharpness, prices: new, hopCost: hopCost)
  }

  private func penalty(load: Double, limit: Double, price: Double) -> CostDerivatives {
    guard limit < .infinity else { return .zero }
    let top = ceiling * limit
    let height = price * exponential(min(40, sharpness * (load / top - 1)))
    return CostDerivatives(
      value: height * top / sharpness, slope: height, curvature: height * sharpness / top)
  }
}
