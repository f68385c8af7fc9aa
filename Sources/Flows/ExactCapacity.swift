/// Finds the least largest utilisation exactly, and among all routings that attain it the one of
/// least cost.
///
/// ```swift
/// let exact = ExactCapacity(network, demands: rates, limits: .routers(network))
/// let stage = exact.leastUtilisation()            // 1 / stage.value is λ* at demands of rate 1
/// let best = exact.leastCost(hopCost: costs, utilisation: stage)
/// ```
///
/// ## Method
/// Sifting: the linear program over few arcs per destination (`SegmentProgram`) is solved by CLP; its
/// resource prices give all routers' true distances; where an arc left out would shorten a
/// distance, it is allowed from now on. When none does, weak duality shows that the optimum of the
/// small program is the optimum of the whole one. The first arcs are those that the smoothed solution
/// uses, which leaves few rounds. Resources get a row once their load comes near
/// the limit.
///
/// - Source: Ahuja, Magnanti & Orlin (1993), *Network Flows*, chapter 17 (column generation for
///   multicommodity flows); Bixby et al. (1992) for sifting.
/// - Differs: columns are segments between routers with a choice, aggregated by destination.
/// - Randomness: none; one thread.
/// - Complexity: rows are a small multiple of the pairs (destination, router with a choice).
/// - Verified: `CapacityTests` (hand-derived networks, the complete program, published values).
/// - Algorithm: exact-capacity | Ahuja, Magnanti and Orlin 1993 | chapter 17 | exact check passed
public struct ExactCapacity: Sendable {
  public let network: FlowNetwork
  public let demands: [Double]
  public let limits: CapacityLimits
  /// `true`: the program over all arcs at once, without sifting; for checks, and small networks.
  public var usesAllArcs: Bool

  public init(
    _ network: FlowNetwork, demands: [Double], limits: CapacityLimits, usesAllArcs: Bool = false
  ) {
    self.network = network
    self.demands = demands
    self.limits = limits
    self.usesAllArcs = usesAllArcs
  }

  /// The least largest utilisation, with its proof.
  public func leastUtilisation(start: DestinationFlows? = nil) -> ExactStage {
    var smooth = SmoothedCapacity(network, demands: demands, limits: limits, start: start)
    let rough = smooth.solve(relativeGap: 1e-4, sweepLimit: 200)
    guard rough.upperBound > 0 else {
      return ExactStage(
        value: 0, lowerBound: 0, flows: smooth.flows, prices: smooth.prices, rounds: 0,
        unreachableDemand: smooth.unreachableDemand)
    }
    var sifting = Sifting(self, scale: rough.upperBound, hopCost: nil)
    sifting.allow(usedBy: smooth.flows)
    var stage = sifting.run()
    stage.unreachableDemand = smooth.unreachableDemand
    return stage
  }

  /// The least `Σ hopCost · flow` over all routings whose largest utilisation is at most that of
  /// `stage`.
  ///
  /// - Parameter hopCost: above 0, `[arc]`.
  public func leastCost(hopCost: [Double], utilisation stage: ExactStage) -> ExactStage {
    guard stage.value > 0 else { return stage }
    var sifting = Sifting(self, scale: stage.value * (1 + 1e-9), hopCost: hopCost)
    sifting.allow(usedBy: stage.flows)
    sifting.allowShortestPaths(cost: hopCost)
    var result = sifting.run()
    result.unreachableDemand = stage.unreachableDemand
    return result
  }
}

/// An optimum with its proof.
public struct ExactStage: Sendable {
  /// The utilisation, or the cost.
  public var value: Double
  /// By weak duality under `prices`, computed apart from the linear program.
  public var lowerBound: Double
  public var flows: DestinationFlows
  public var prices: CapacityPrices
  /// Linear programs solved.
  public var rounds: Int
  public var unreachableDemand = 0.0

  public var relativeGap: Double { value > 0 ? max(0, value - lowerBound) / value : 0 }
}
