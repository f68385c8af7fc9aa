import Flows
import Networks
import PacketSimulation

/// Plays the static split of least mean delay (FD): the yardstick that learned routing is judged by.
///
/// ```swift
/// let policy = DelayOptimalSplitPolicy(scenario: scenario)
/// ```
///
/// ## Method
/// Every packet takes a slot at random with the probability of `Flows.DelayOptimalSplit`, which
/// minimises time on links plus mean backlog over the episode for the scenario's demands.
///
/// - Source: Gallager (1977), *A minimum delay routing algorithm using distributed computation*,
///   IEEE Transactions on Communications 25.
/// - Differs: see `Flows.DelayOptimalSplit`; a draw per packet.
/// - Shapes: shares per `[router][destination][slot]`.
/// - Randomness: one number per decision with more than one slot.
/// - Complexity: one convex program per set of failed links; O(slots) a decision.
/// - Verified: `SplitPolicyTests`.
public struct DelayOptimalSplitPolicy: RoutingPolicy {
  private let splits: FailureAwareTables<CompiledSplit>
  private let configuration: SplitConfiguration

  public init(scenario: Scenario, configuration: SplitConfiguration = .init()) {
    self.configuration = configuration
    let backlog = QueueBacklog(horizon: scenario.horizon)
    let demands = scenario.demandRates
    let latency = scenario.arcLatencies
    splits = FailureAwareTables { down in
      let split = DelayOptimalSplit(
        FlowNetwork(scenario.topology, failedLinks: Set(down)), demands: demands, latency: latency,
        backlog: backlog)
      return CompiledSplit(split.table)
    }
  }

  public func decide(_ batch: DecisionBatch, in world: PacketWorld) {
    splits.decide(batch, in: world, configuration)
  }
}
