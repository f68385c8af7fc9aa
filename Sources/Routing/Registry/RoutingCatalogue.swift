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
    fixedAlgorithms + queueAlgorithms + learningAlgorithms + sharedValueAlgorithms
    + mamrlAlgorithms

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
      ShortestPathConfiguration()
    ) { ShortestPathPolicy(scenario: $0, configuration: $1) },
    RoutingAlgorithm(
      policy: "shortest-path-reconverging",
      "One shortest path per destination, recomputed a delay after each failure and repair.",
      ReconvergingConfiguration()
    ) { ReconvergingShortestPath(scenario: $0, configuration: $1) },
    RoutingAlgorithm(
      policy: "ecmp", "Equal shares, packet by packet, over all equally short next hops.",
      EqualCostConfiguration()
    ) { EqualCostMultipath(scenario: $0, configuration: $1) },
    RoutingAlgorithm(
      policy: "lp-split",
      "The static split of least largest router load, then of least time.", SplitConfiguration()
    ) { LeastLoadSplitPolicy(scenario: $0, configuration: $1) },
    RoutingAlgorithm(
      policy: "delay-optimal-split",
      "The static split of least mean delay for the given demands: the yardstick (FD).",
      SplitConfiguration()
    ) { DelayOptimalSplitPolicy(scenario: $0, configuration: $1) },
    RoutingAlgorithm(
      policy: "wardrop-split",
      "The selfish equilibrium: all used paths of a pair are equally long, queues included.",
      SplitConfiguration()
    ) { WardropSplitPolicy(scenario: $0, configuration: $1) },
    RoutingAlgorithm(
      policy: "random", "A neighbour at random, all equally likely.", NoConfiguration()
    ) { RandomRouting(scenario: $0, configuration: $1) },
  ]

  /// Rules that look at queues and learn nothing.
  static let queueAlgorithms: [RoutingAlgorithm] = [
    RoutingAlgorithm(
      policy: "backpressure",
      "Sends towards the steepest fall of the queue length, with a bias towards the destination.",
      BackpressureConfiguration()
    ) { Backpressure(scenario: $0, configuration: $1) }
  ]

  /// Rules that learn.
  static let learningAlgorithms: [RoutingAlgorithm] = [
    RoutingAlgorithm(
      learner: "social-actor-critic",
      "Learns next hops from neighbours' values, queues and a price for the delay of others.",
      episodes: 300, ActorCriticConfiguration()
    ) { scenario, configuration, _ in
      SocialActorCritic(scenario: scenario, configuration: configuration)
    },
    RoutingAlgorithm(
      learner: "actor-critic",
      "Learns next hops from neighbours' values, each packet for itself, blind to queues.",
      episodes: 300, ActorCriticConfiguration.selfish
    ) { scenario, configuration, _ in
      SocialActorCritic(scenario: scenario, configuration: configuration)
    },
    RoutingAlgorithm(
      learner: "q-routing",
      "Takes the neighbour over which packets were quickest (1994), greedily.",
      episodes: 60, QRoutingConfiguration()
    ) { scenario, configuration, _ in QRouting(scenario: scenario, configuration: configuration) },
    RoutingAlgorithm(
      learner: "full-echo-q-routing", "Q-routing that asks all neighbours at every packet (1994).",
      episodes: 60, QRoutingConfiguration()
    ) { scenario, configuration, _ in
      FullEchoQRouting(scenario: scenario, configuration: configuration)
    },
    RoutingAlgorithm(
      learner: "dual-q-routing", "Q-routing that also learns from where packets came (1997).",
      episodes: 60, QRoutingConfiguration()
    ) { scenario, configuration, _ in
      DualQRouting(scenario: scenario, configuration: configuration)
    },
    RoutingAlgorithm(
      learner: "predictive-q-routing",
      "Q-routing that remembers the best and probes what should have recovered (1996).",
      episodes: 60, PredictiveQRoutingConfiguration()
    ) { scenario, configuration, _ in
      PredictiveQRouting(scenario: scenario, configuration: configuration)
    },
    RoutingAlgorithm(
      learner: "policy-gradient",
      "Softmax next hops learned from the time that each packet took (2002).",
      episodes: 600, PolicyGradientConfiguration()
    ) { scenario, configuration, _ in
      PolicyGradientRouting(scenario: scenario, configuration: configuration)
    },
  ]
}
