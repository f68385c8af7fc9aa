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
    var solver = SmoothedCapacity(
      FlowNetwork(topology), demands: demand.packetRates(meanPerRouter: 1),
      limits: .routers(FlowNetwork(topology)))
    let outcome = solver.solve(relativeGap: 1e-4)
    guard outcome.upperBound > 0, outcome.lowerBound > 0, solver.unreachableDemand == 0 else {
      throw InputError(
        file: topology.name,
        expected: "some demands have no path, so that a share of the capacity means nothing; "
          + "use --load")
    }
    value = 1 / outcome.upperBound
    gap = outcome.upperBound / outcome.lowerBound - 1
  }
}
