import Flows
import Networks
import PacketSimulation

/// Settings of `delay-optimal-split` and `lp-split`.
public struct SplitConfiguration: AlgorithmConfiguration {
  /// Whether the split is computed anew for the links that are up; default `false`: never told of
  /// failures.
  public var recompute = false
  /// Ticks from a failure or repair to the new split; 0…1,000,000; default 0, at once.
  public var delay = 0

  public init() {}

  public static var fields: [ConfigurationField<Self>] {
    [
      .flag("recompute", \.recompute, "Compute the split anew after each failure and repair."),
      .integer(
        "delay", \.delay, 0...1_000_000, "Ticks from a failure or repair until the new split."),
    ]
  }
}

/// The static split of least mean delay: the yardstick that learned routing is judged by.
///
/// ```swift
/// let policy = DelayOptimalSplit(scenario: scenario)
/// ```
///
/// ## Method
/// Minimises `Σ_arcs flow · (latency + 1) + Σ_routers F(load)` over all static splits, F the mean
/// backlog of a slotted queue with Poisson arrivals over the episode's ticks from an empty start
/// (`Flows.QueueBacklog`); every packet then takes a slot at random with the split's probability.
///
/// - Source: Gallager (1977), *A minimum delay routing algorithm using distributed computation*,
///   IEEE Transactions on Communications 25.
/// - Differs: F is the transient backlog of the simulated queue, not M/M/1.
/// - Shapes: shares per `[router][destination][slot]`.
/// - Randomness: one number per decision with more than one slot.
/// - Complexity: one convex program per set of failed links; O(slots) a decision.
/// - Verified: `SplitPolicyTests`.
/// - Algorithm: delay-optimal-split | Gallager, 1977 | equation 4 | exact check passed
public struct DelayOptimalSplit: RoutingPolicy {
  private let splits: FailureAwareTables<CompiledSplit>
  private let configuration: SplitConfiguration

  public init(scenario: Scenario, configuration: SplitConfiguration = .init()) {
    self.configuration = configuration
    let backlog = QueueBacklog(horizon: scenario.horizon)
    splits = FailureAwareTables { down in
      CompiledSplit(Self.table(scenario, down: down, backlog: backlog))
    }
  }

  public func decide(_ batch: DecisionBatch, in world: PacketWorld) {
    splits.decide(batch, in: world, configuration)
  }

  /// The split itself, for the network without the given links.
  public static func table(
    _ scenario: Scenario, down: [LinkID] = [], backlog: QueueBacklog? = nil,
    demands: [Double]? = nil
  ) -> SplitTable {
    let network = FlowNetwork(scenario.topology, failedLinks: Set(down))
    let cost = DelayCost(
      latency: scenario.arcLatencies, backlog: backlog ?? QueueBacklog(horizon: scenario.horizon))
    var problem = ConvexFlow(network, demands: demands ?? scenario.demandRates, cost: cost)
    _ = problem.solve()
    return SplitTable(problem.flows, latency: scenario.arcLatencies)
  }
}

extension FailureAwareTables where Table == CompiledSplit {
  /// Decides by the intact split, or by the one for the links that are known to be up.
  func decide(_ batch: DecisionBatch, in world: PacketWorld, _ configuration: SplitConfiguration) {
    guard configuration.recompute else {
      return table(down: []).decide(batch, 0..<batch.count)
    }
    forEachReplica(batch, in: world, delay: configuration.delay) { split, range in
      split.decide(batch, range)
    }
  }
}
