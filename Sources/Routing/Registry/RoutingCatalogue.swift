import Networks
import PacketSimulation

/// All routing algorithms by name: what `simulate`, `compare`, `train` and `adapt` stand on.
///
/// ```swift
/// let algorithm = try RoutingCatalogue.algorithm("shortest-path")
/// let configuration = try algorithm.configuration(settings: ["metric": "hops"])
/// switch try algorithm.make(scenario: scenario, configuration: configuration) {
/// case .policy(let policy): …
/// case .learner(let learner): …
/// }
/// ```
public enum RoutingCatalogue {
  /// Every algorithm, in the order in which they are listed.
  public static let algorithms: [RoutingAlgorithm] =
    fixedAlgorithms + queueAlgorithms + learningAlgorithms

  /// The algorithm of a given name.
  ///
  /// - Throws: `InputError` that lists the names.
  public static func algorithm(_ name: String) throws(InputError) -> RoutingAlgorithm {
    if let found = algorithms.first(where: { $0.name == name }) { return found }
    throw InputError(
      file: "--algorithm", value: name,
      expected: "expected one of \(algorithms.map(\.name).joined(separator: ", "))")
  }

  /// Rules with fixed tables.
  static let fixedAlgorithms: [RoutingAlgorithm] = [
    RoutingAlgorithm(
      policy: "shortest-path", "One shortest path per destination, never told of failures.",
      ShortestPathConfiguration.self
    ) { ShortestPathPolicy(scenario: $0, configuration: $1) },
    RoutingAlgorithm(
      policy: "shortest-path-reconverging",
      "One shortest path per destination, recomputed a delay after each failure and repair.",
      ReconvergingConfiguration.self
    ) { ReconvergingShortestPath(scenario: $0, configuration: $1) },
    RoutingAlgorithm(
      policy: "ecmp", "Equal shares, packet by packet, over all equally short next hops.",
      EqualCostConfiguration.self
    ) { EqualCostMultipath(scenario: $0, configuration: $1) },
    RoutingAlgorithm(
      policy: "random", "A neighbour at random, all equally likely.", NoConfiguration.self
    ) { RandomRouting(scenario: $0, configuration: $1) },
  ]

  /// Rules that look at queues and learn nothing.
  static let queueAlgorithms: [RoutingAlgorithm] = [
    RoutingAlgorithm(
      policy: "backpressure",
      "Sends towards the steepest fall of the queue length, with a bias towards the destination.",
      BackpressureConfiguration.self
    ) { Backpressure(scenario: $0, configuration: $1) }
  ]

  /// Rules that learn.
  static let learningAlgorithms: [RoutingAlgorithm] = []
}
