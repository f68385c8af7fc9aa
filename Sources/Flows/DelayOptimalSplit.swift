/// `delay-optimal-split` (FD): the static split of least mean delay, the yardstick for every learner.
///
/// ```swift
/// let backlog = QueueBacklog(horizon: 500)     // share it between problems of one horizon
/// let split = DelayOptimalSplit(network, demands: rates, latency: latencies, backlog: backlog)
/// split.delay                                  // predicted mean ticks per packet
/// ```
///
/// ## Method
/// `min Σ flow · (latency + 1) + Σ_routers F(load)`, F the mean backlog of a slotted queue with Poisson
/// arrivals over an episode from an empty start (`QueueBacklog`); convex, also in overload, so its value
/// is unique. Solved by `ConvexFlow` to a certified relative gap.
///
/// - Source: definition of this project's references; Gallager (1977) and Bertsekas & Gallager (1992),
///   *Data Networks*, section 5.4, for minimum-delay routing.
/// - Differs: the queue term is the transient mean of a slotted queue, not the stationary M/M/1.
/// - Randomness: none; one thread.
/// - Complexity: some tens of sweeps, each O(routers · (arcs + routers log routers)).
/// - Verified: `ConvexFlowTests`, `DelayOptimalSplitTests`.
/// - Algorithm: delay-optimal-split | Gallager 1977 | definition of this project | exact check passed
public struct DelayOptimalSplit: Sendable {
  public let table: SplitTable
  public let flows: DestinationFlows
  public let outcome: ConvexFlowOutcome
  /// The demand between routers that no usable path joins; it is left out.
  public let unreachableDemand: Double
  /// The cost divided by the packets per tick, less the tick that the last hop does not take
  /// (`RouterQueueLatency.timePerPacket`): the predicted mean ticks from creation to delivery.
  public let delay: Double

  /// - Parameters:
  ///   - demands: packets per tick, `[source * routerCount + destination]`.
  ///   - latency: ticks, `[arc]`.
  ///   - start: the routing of a similar problem (earlier demands, other failures).
  public init(
    _ network: FlowNetwork, demands: [Double], latency: [Double], backlog: QueueBacklog,
    configuration: ConvexFlowConfiguration = .init(), start: DestinationFlows? = nil
  ) {
    var problem = ConvexFlow(
      network, demands: demands, cost: DelayCost(latency: latency, backlog: backlog), start: start)
    outcome = problem.solve(configuration)
    flows = problem.flows
    table = SplitTable(problem.flows, latency: latency)
    unreachableDemand = problem.unreachableDemand
    var packets = -problem.unreachableDemand
    for s in 0..<network.routerCount {
      for d in 0..<network.routerCount where s != d {
        packets += demands[s * network.routerCount + d]
      }
    }
    delay = packets > 0 ? outcome.objective / packets + RouterQueueLatency.timePerPacket : 0
  }
}
