/// λ* alone, without the split that attains it: what load fractions refer to.
public struct LoadCapacity: Sendable {
  /// The largest factor on the demands at which every router forwards at most one packet per tick;
  /// with demands of mean rate 1 per router it is λ*. Infinite without demand.
  public let value: Double
  /// No routing sustains more.
  public let bound: Double
  public let method: CapacityMethod
  /// The demand between routers that no usable path joins; it is left out.
  public let unreachableDemand: Double

  /// - Parameters:
  ///   - limits: default: one packet per router and tick.
  ///   - method: default: exact up to 300 routers, beyond certified to 1e-4.
  public init(
    _ network: FlowNetwork, demands: [Double], limits: CapacityLimits? = nil,
    method: CapacityMethod? = nil
  ) {
    let limits = limits ?? .routers(network)
    self.method = method ?? .suited(to: network)
    let utilisation: (upper: Double, lower: Double)
    if self.method == .exact {
      let stage = ExactCapacity(network, demands: demands, limits: limits).leastUtilisation()
      utilisation = (stage.value, stage.lowerBound)
      unreachableDemand = stage.unreachableDemand
    } else {
      var solver = SmoothedCapacity(network, demands: demands, limits: limits)
      let outcome = solver.solve(relativeGap: 1e-4)
      utilisation = (outcome.upperBound, outcome.lowerBound)
      unreachableDemand = solver.unreachableDemand
    }
    value = utilisation.upper > 0 ? 1 / utilisation.upper : .infinity
    bound = utilisation.lower > 0 ? max(value, 1 / utilisation.lower) : .infinity
  }
}
