import Flows
import Networks
import PacketSimulation

/// Plays the mean-field routing game's equilibrium: what selfish packets would do, set beside the split
/// that serves them all best.
///
/// ```swift
/// let policy = WardropSplitPolicy(scenario: scenario)
/// ```
///
/// ## Method
/// Every packet takes a slot at random with the shares of `Flows.WardropEquilibrium`, under which no
/// packet could expect to arrive earlier on another path: hop times are latency, service and the mean wait
/// `F(ρ)/ρ` at the sending router.
///
/// - Algorithm: wardrop-split | Wardrop 1952 | first principle | exact check passed
/// - Source: Wardrop (1952), *Some theoretical aspects of road traffic research*, Proceedings of the
///   Institution of Civil Engineers 1.
/// - Differs: see `Flows.WardropEquilibrium`; a draw per packet.
/// - Shapes: shares per `[router][destination][slot]`.
/// - Randomness: one number per decision with more than one slot.
/// - Complexity: one convex program per set of failed links; O(slots) a decision.
/// - Verified: `WardropSplitTests` (delays against the prediction).
public struct WardropSplitPolicy: RoutingPolicy {
  private let splits: FailureAwareTables<CompiledSplit>
  private let configuration: SplitConfiguration

  public init(scenario: Scenario, configuration: SplitConfiguration = .init()) {
    self.configuration = configuration
    let queues = RouterQueueLatency(
      latency: scenario.arcLatencies, backlog: QueueBacklog(horizon: scenario.horizon))
    let demands = scenario.demandRates
    splits = FailureAwareTables { down in
      let game = WardropEquilibrium(
        FlowNetwork(scenario.topology, failedLinks: Set(down)), demands: demands, queues: queues)
      return CompiledSplit(SplitTable(game.equilibrium.flows, latency: queues.latency))
    }
  }

  public func decide(_ batch: DecisionBatch, in world: PacketWorld) {
    splits.decide(batch, in: world, configuration)
  }
}
