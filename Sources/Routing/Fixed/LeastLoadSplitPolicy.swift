import Flows
import Networks
import PacketSimulation

/// Plays the static split of least largest router load, and among those of least time: `lp-split`.
///
/// ```swift
/// let policy = LeastLoadSplitPolicy(scenario: scenario)
/// ```
///
/// ## Method
/// Every packet takes a slot at random with the probability of `Flows.LeastLoadSplit`.
///
/// - Source: see `Flows.LeastLoadSplit`.
/// - Differs: a draw per packet.
/// - Shapes: shares per `[router][destination][slot]`.
/// - Randomness: one number per decision with more than one slot.
/// - Complexity: two linear programs per set of failed links; O(slots) a decision.
/// - Verified: `SplitPolicyTests`.
public struct LeastLoadSplitPolicy: RoutingPolicy {
  private let splits: FailureAwareTables<CompiledSplit>
  private let configuration: SplitConfiguration

  public init(scenario: Scenario, configuration: SplitConfiguration = .init()) {
    self.configuration = configuration
    let demands = scenario.demandRates
    let latency = scenario.arcLatencies
    splits = FailureAwareTables { down in
      let split = LeastLoadSplit(
        FlowNetwork(scenario.topology, failedLinks: Set(down)), demands: demands, latency: latency)
      return CompiledSplit(split.table)
    }
  }

  public func decide(_ batch: DecisionBatch, in world: PacketWorld) {
    splits.decide(batch, in: world, configuration)
  }
}
