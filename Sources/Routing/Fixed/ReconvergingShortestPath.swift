import Networks
import PacketSimulation

/// Settings of `shortest-path-reconverging`.
public struct ReconvergingConfiguration: AlgorithmConfiguration {
  /// Ticks from a failure or repair to new tables everywhere; 0…1,000,000; default 50, about ten
  /// times the diameter of a wide-area network in ticks of this model (our choice).
  public var delay = 50
  /// What a path adds up.
  public var metric = PathMetric.latency

  public init() {}

  public static var fields: [ConfigurationField<Self>] {
    [
      .integer(
        "delay", \.delay, 0...1_000_000,
        "Ticks from a failure or repair until every router has its new table."),
      .choice("metric", \.metric, "What a path adds up: ticks of latency or hops."),
    ]
  }
}

/// Sends every packet along the shortest path of the network as it was some ticks ago.
///
/// ```swift
/// let policy = ReconvergingShortestPath(scenario: scenario)
/// ```
///
/// ## Method
/// The table in force at tick t is that of the links that were up at tick t − `delay`: what a
/// link-state protocol does when detection, flooding and computation take `delay` ticks in all, and
/// all routers switch at once.
///
/// - Source: Moy (1998), *OSPF version 2*, RFC 2328, section 16 (the computation); one delay for
///   the whole network is our simplification.
/// - Differs: no loops while tables differ between routers, because they switch together.
/// - Shapes: `[router][destination]` → slot, one table per set of failed links.
/// - Randomness: none.
/// - Complexity: O(1) a decision; one all-pairs search per new set of failed links.
/// - Verified: `ShortestPathPolicyTests`.
/// - Algorithm: shortest-path-reconverging | Moy, 1998 | RFC 2328 section 16 | exact check passed
public struct ReconvergingShortestPath: RoutingPolicy {
  private let tables: FailureAwareTables<NextHopTable>
  private let delay: Int

  public init(scenario: Scenario, configuration: ReconvergingConfiguration = .init()) {
    delay = configuration.delay
    tables = FailureAwareTables { down in
      let paths = scenario.shortestPaths(
        metric: configuration.metric, linkIsUp: scenario.topology.linkIsUp(except: down))
      return NextHopTable(routerCount: scenario.topology.routerCount, slots: paths.nextSlots)
    }
  }

  public func decide(_ batch: DecisionBatch, in world: PacketWorld) {
    tables.forEachReplica(batch, in: world, delay: delay) { table, range in
      table.decide(batch, range)
    }
  }
}
