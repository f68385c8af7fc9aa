import Networks
import PacketSimulation
import Randomness

/// Settings of `ecmp`.
public struct EqualCostConfiguration: AlgorithmConfiguration {
  /// What a path adds up.
  public var metric = PathMetric.latency

  public init() {}

  public static var fields: [ConfigurationField<Self>] {
    [.choice("metric", \.metric, "What a path adds up: ticks of latency or hops.")]
  }
}

/// Spreads packets evenly over all equally short next hops, never told of failures.
///
/// ```swift
/// let policy = EqualCostMultipath(scenario: scenario)
/// ```
///
/// ## Method
/// Each packet takes one of the slots of the equal-cost set of (router, destination), all equally
/// likely.
///
/// - Source: Hopps (2000), *Analysis of an equal-cost multi-path algorithm*, RFC 2992.
/// - Differs: a draw per packet instead of a hash per flow (packets here belong to no flow).
/// - Shapes: a list of slots per `[router][destination]`.
/// - Randomness: one number per decision with more than one slot.
/// - Complexity: O(1) a decision.
/// - Verified: `EqualCostMultipathTests`.
/// - Algorithm: ecmp | Hopps, 2000 | RFC 2992 | exact check passed
public struct EqualCostMultipath: RoutingPolicy {
  private let routerCount: Int
  private let first: [Int32]
  private let slots: [Int32]

  public init(scenario: Scenario, configuration: EqualCostConfiguration = .init()) {
    let paths = scenario.shortestPaths(metric: configuration.metric)
    let n = scenario.topology.routerCount
    var first: [Int32] = [0]
    var slots: [Int32] = []
    for router in 0..<n {
      for destination in 0..<n {
        slots += paths.equalCostSlots(at: RouterID(router), to: RouterID(destination))
        first.append(Int32(slots.count))
      }
    }
    routerCount = n
    self.first = first
    self.slots = slots
  }

  public func decide(_ batch: DecisionBatch, in world: PacketWorld) {
    for index in 0..<batch.count {
      let destination = Int(batch.destinations[index])
      guard destination >= 0 else { continue }  // blind: slot 0, as the batch starts with
      let pair = Int(batch.routers[index]) * routerCount + destination
      let start = Int(first[pair])
      let count = Int(first[pair + 1]) - start
      guard count > 0 else { continue }
      let pick =
        count == 1 ? 0 : batch.streams[Int(batch.replicas[index])].integer(below: count)
      batch.choices[index] = slots[start + pick]
    }
  }
}
