/// The cost of the delay-optimal split: time on the links plus mean backlog of the routers.
///
/// `Σ_arcs flow · (latency + 1) + Σ_routers F(load)`: by Little's law its value divided by the packets
/// per tick is one more than the mean delay of a packet in ticks (`RouterQueueLatency`), under the approximation that every router's
/// arrivals are Poisson. The one tick per hop is the service itself.
public struct DelayCost: FlowCost {
  /// Ticks on the arc and in its router's service, `[arc]`.
  public let hopTime: [Double]
  public let backlog: QueueBacklog

  /// - Parameter latency: ticks, `[arc]`.
  public init(latency: [Double], backlog: QueueBacklog) {
    hopTime = latency.map { $0 + 1 }
    self.backlog = backlog
  }

  public func arc(_ arc: Int, flow: Double) -> CostDerivatives {
    CostDerivatives(value: hopTime[arc] * flow, slope: hopTime[arc], curvature: 0)
  }

  public func router(_ router: Int, load: Double) -> CostDerivatives { backlog.value(at: load) }

  public var arcCostsAreLinear: Bool { true }
}
