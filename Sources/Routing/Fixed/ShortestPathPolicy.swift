import Networks
import PacketSimulation

/// Settings of `shortest-path`.
public struct ShortestPathConfiguration: AlgorithmConfiguration {
  /// Where the table comes from.
  public enum Table: String, CaseIterable, Sendable, Hashable, Codable {
    /// The released next hops in the published model on a network that came with them, else computed.
    case automatic
    /// Always computed.
    case computed
  }
  /// What a path adds up: ticks (default) or links.
  public var metric = PathMetric.latency
  /// Which of equally short paths is taken: lowest neighbour index (default) or file order.
  public var ties = PathTieRule.lowestNeighbour
  /// Released or computed next hops; default `automatic`.
  public var table = Table.automatic

  public init() {}

  public static var fields: [ConfigurationField<Self>] {
    [
      .choice("metric", \.metric, "What a path adds up: ticks of latency or hops."),
      .choice("ties", \.ties, "Which of equally short next hops is taken."),
      .choice("table", \.table, "Released next hops in the published model, or always computed."),
    ]
  }
}

/// Sends every packet along one shortest path, whatever happens.
///
/// ```swift
/// let policy = ShortestPathPolicy(scenario: scenario, configuration: ShortestPathConfiguration())
/// let result = EpisodeRunner(scenario: scenario).run(policy, episodes: 10, seeds: seeds)
/// ```
///
/// ## Method
/// `next(i, d) = argmin_a latency(i, a) + distance(target(a), d)`, ties to the lowest neighbour
/// index. The table is made once on the intact network: the reference that nobody tells of failures.
///
/// - Source: Dijkstra (1959), *A note on two problems in connexion with graphs*.
/// - Differs: in the published model on B4, Geant and ATT, the next hops that the released program
///   really takes (its ties go by file order); a blind decision (empty queue) is slot 0, as there.
/// - Shapes: `[router][destination]` → slot.
/// - Randomness: none.
/// - Complexity: O(1) a decision; O(routers²) memory.
/// - Verified: `ShortestPathPolicyTests`.
/// - Algorithm: shortest-path | Dijkstra, 1959 | problem 2 | exact check passed
public struct ShortestPathPolicy: RoutingPolicy {
  private let table: NextHopTable

  public init(scenario: Scenario, configuration: ShortestPathConfiguration = .init()) {
    let topology = scenario.topology
    let computed = {
      scenario.shortestPaths(metric: configuration.metric, ties: configuration.ties).nextSlots
    }
    let released =
      configuration.table == .automatic && configuration.metric == .latency
        && scenario.model.decidesBeforeArrivals
      ? Self.publishedSlots(topology) : nil
    table = NextHopTable(routerCount: topology.routerCount, slots: released ?? computed())
  }

  public func decide(_ batch: DecisionBatch, in world: PacketWorld) { table.decide(batch) }

  /// The slot chosen at a router for a destination.
  public func slot(at router: RouterID, to destination: RouterID) -> Int {
    Int(table[router.index, destination.index])
  }

  /// The released next hops as slots; nil on any network that did not come with them.
  private static func publishedSlots(_ topology: Topology) -> [Int32]? {
    guard let builtIn = BuiltInTopology(rawValue: topology.name), builtIn.topology == topology,
      let hops = builtIn.publishedNextHops
    else { return nil }
    let n = topology.routerCount
    return hops.enumerated().map { index, hop in
      guard let hop else { return -1 }
      let arcs = topology.outgoing(RouterID(index / n))
      return Int32(arcs.firstIndex { $0.target == hop }.map { $0 - arcs.startIndex } ?? -1)
    }
  }
}

extension Scenario {
  /// Shortest paths of the scenario's network by its latencies, or by hops.
  public func shortestPaths(
    metric: PathMetric = .latency, ties: PathTieRule = .lowestNeighbour, linkIsUp: [Bool] = []
  ) -> ShortestPaths {
    ShortestPaths(
      topology, arcCosts: arcCosts(metric: metric), linkIsUp: linkIsUp, ties: ties)
  }

  /// Ticks, or 1, per arc.
  func arcCosts(metric: PathMetric) -> [Double] {
    topology.arcs.map { metric == .hops ? 1 : Double(latencies[$0.link.index]) }
  }
}
