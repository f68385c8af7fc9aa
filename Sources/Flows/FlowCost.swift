/// A convex function at one point: its value and its first two derivatives.
public struct CostDerivatives: Sendable, Hashable {
  public var value: Double
  public var slope: Double
  public var curvature: Double

  @inlinable
  public init(value: Double, slope: Double, curvature: Double) {
    self.value = value
    self.slope = slope
    self.curvature = curvature
  }

  public static let zero = CostDerivatives(value: 0, slope: 0, curvature: 0)
}

/// What a flow costs: a convex function of each arc's flow plus one of each router's load.
///
/// The solver `ConvexFlow` minimises the sum. Choosing the functions chooses the problem:
/// - *delay-optimal split*: arc `(latency + 1) · flow`, router the mean backlog (`DelayCost`);
/// - *Wardrop equilibrium*: arc the integral of its latency function (`WardropCost`);
/// - *system optimum*: arc flow times its latency function (`SystemOptimumCost`);
/// - *least largest load*: router or arc an exponential penalty of its utilisation.
///
/// A router's load is all the flow that it sends out, own and transit, not what it receives as its
/// destination.
///
/// Conforming types promise: both functions are convex and non-decreasing on [0, ∞), curvatures are
/// at least 0, and on each arc the slope of the arc plus the slope of its source router is above 0
/// (so that no optimal flow runs in a circle).
public protocol FlowCost: Sendable {
  func arc(_ arc: Int, flow: Double) -> CostDerivatives
  func router(_ router: Int, load: Double) -> CostDerivatives
  /// `true` where no arc's slope depends on its flow; saves time. Default `false`.
  var arcCostsAreLinear: Bool { get }
  /// `false` where all router functions are 0; saves time. Default `true`.
  var hasRouterCosts: Bool { get }
}

extension FlowCost {
  public var arcCostsAreLinear: Bool { false }
  public var hasRouterCosts: Bool { true }
}

/// A latency that grows with an arc's own flow: what a road or a link makes each unit wait.
///
/// Conforming types promise that the latency is positive and non-decreasing; for the system optimum
/// also that flow times latency is convex.
public protocol CongestionLatency: Sendable {
  /// The integral of the latency from 0 to `flow`.
  func integral(arc: Int, flow: Double) -> Double
  func latency(arc: Int, flow: Double) -> Double
  func slope(arc: Int, flow: Double) -> Double
  func curvature(arc: Int, flow: Double) -> Double
}

/// The cost whose minimum is the selfish (Wardrop) equilibrium: nobody finds a faster path.
///
/// - Source: Beckmann, McGuire & Winsten (1956), *Studies in the economics of transportation*: the
///   optimality conditions of `min Σ ∫ latency` say that all used paths of a pair are equally long.
public struct WardropCost<Latency: CongestionLatency>: FlowCost {
  public let latency: Latency
  public init(_ latency: Latency) { self.latency = latency }

  public func arc(_ arc: Int, flow: Double) -> CostDerivatives {
    CostDerivatives(
      value: latency.integral(arc: arc, flow: flow), slope: latency.latency(arc: arc, flow: flow),
      curvature: latency.slope(arc: arc, flow: flow))
  }

  public func router(_ router: Int, load: Double) -> CostDerivatives { .zero }
  public var hasRouterCosts: Bool { false }
}

/// The cost whose minimum is the system optimum: the least total time of all.
public struct SystemOptimumCost<Latency: CongestionLatency>: FlowCost {
  public let latency: Latency
  public init(_ latency: Latency) { self.latency = latency }

  public func arc(_ arc: Int, flow: Double) -> CostDerivatives {
    let time = latency.latency(arc: arc, flow: flow)
    let slope = latency.slope(arc: arc, flow: flow)
    let curvature = latency.curvature(arc: arc, flow: flow)
    return CostDerivatives(
      value: flow * time, slope: time + flow * slope, curvature: 2 * slope + flow * curvature)
  }

  public func router(_ router: Int, load: Double) -> CostDerivatives { .zero }
  public var hasRouterCosts: Bool { false }
}

/// The Bureau of Public Roads' latency, `free · (1 + factor · (flow / capacity)^power)` per arc;
/// with power 1 it is an affine latency.
public struct PublicRoadsLatency: CongestionLatency {
  /// Time on the empty arc, above 0, `[arc]`.
  public var free: [Double]
  /// `[arc]`, at least 0.
  public var factor: [Double]
  /// `[arc]`, above 0, in the unit of the flows.
  public var capacity: [Double]
  /// `[arc]`, at least 1.
  public var power: [Double]

  public init(free: [Double], factor: [Double], capacity: [Double], power: [Double]) {
    self.free = free
    self.factor = factor
    self.capacity = capacity
    self.power = power
  }

  public func integral(arc: Int, flow: Double) -> Double {
    let p = power[arc]
    let grown = factor[arc] * raised(flow / capacity[arc], p) / (p + 1)
    return free[arc] * flow * (1 + grown)
  }

  public func latency(arc: Int, flow: Double) -> Double {
    free[arc] * (1 + factor[arc] * raised(flow / capacity[arc], power[arc]))
  }

  public func slope(arc: Int, flow: Double) -> Double {
    let p = power[arc]
    return free[arc] * factor[arc] * p * raised(flow / capacity[arc], p - 1) / capacity[arc]
  }

  public func curvature(arc: Int, flow: Double) -> Double {
    let p = power[arc]
    guard p > 1, flow > 0 else { return 0 }
    let square = capacity[arc] * capacity[arc]
    return free[arc] * factor[arc] * p * (p - 1) * raised(flow / capacity[arc], p - 2) / square
  }

  private func raised(_ base: Double, _ exponent: Double) -> Double {
    if exponent == 0 { return 1 }
    if exponent == 1 { return base }
    return realPower(base, exponent)
  }
}
