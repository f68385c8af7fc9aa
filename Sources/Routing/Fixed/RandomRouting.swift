import Networks
import PacketSimulation
import Randomness

/// Sends every packet to a random neighbour.
///
/// ```swift
/// let policy = RandomRouting(scenario: scenario)
/// ```
///
/// ## Method
/// All slots of a router are equally likely, at every hop: a random walk.
///
/// - Source: the random baseline of the MAMRL paper.
/// - Differs: none known.
/// - Shapes: none.
/// - Randomness: one number per decision.
/// - Complexity: O(1) a decision.
/// - Verified: `RandomRoutingTests`.
/// - Algorithm: random | MAMRL paper | section 4 (baseline) | exact check passed
public struct RandomRouting: RoutingPolicy {
  private let degrees: [Int]

  public init(scenario: Scenario, configuration: NoConfiguration = .init()) {
    degrees = scenario.topology.routerIDs.map(scenario.topology.degree)
  }

  public func decide(_ batch: DecisionBatch, in world: PacketWorld) {
    for index in 0..<batch.count {
      let degree = degrees[Int(batch.routers[index])]
      guard degree > 1 else { continue }
      batch.choices[index] = Int32(
        batch.streams[Int(batch.replicas[index])].integer(below: degree))
    }
  }
}
