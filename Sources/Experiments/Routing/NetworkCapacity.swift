import Flows
import Networks

/// The largest load that any routing sustains when each router forwards at most one packet per tick:
/// λ*, to which load fractions refer.
public struct NetworkCapacity: Sendable, Hashable {
  /// Packets per router and tick (mean over routers, for a traffic matrix).
  public let value: Double
  /// No routing sustains more than `value · (1 + gap)`.
  public let gap: Double

  /// - Throws: `InputError` where demands cannot be routed at all.
  public init(topology: Topology, demand: TrafficMatrix) throws(InputError) {
    let bounds = LoadCapacity(FlowNetwork(topology), demands: demand.packetRates(meanPerRouter: 1))
    guard bounds.value > 0, bounds.value.isFinite, bounds.unreachableDemand == 0 else {
      throw InputError(
        file: topology.name,
        expected: "some demands have no path, so that a share of the capacity means nothing; "
          + "use --load")
    }
    value = bounds.value
    gap = bounds.bound / bounds.value - 1
  }
}
