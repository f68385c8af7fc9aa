import PacketSimulation

extension RoutingCatalogue {
  /// Rules that learn without tables over destinations: prices per router, networks.
  static let sharedValueAlgorithms: [RoutingAlgorithm] = [
    RoutingAlgorithm(
      learner: "priced-distances",
      "Learns a price per router and routes by distances under prices; for large networks.",
      episodes: 60, PricedDistancesConfiguration()
    ) { scenario, configuration, _ in
      PricedDistances(scenario: scenario, configuration: configuration)
    },
    RoutingAlgorithm(
      learner: "neural-actor-critic",
      "social-actor-critic with a policy and a value network per router instead of tables.",
      episodes: 300, NeuralActorCriticConfiguration()
    ) { scenario, configuration, seeds in
      NeuralActorCritic(scenario: scenario, configuration: configuration, seeds: seeds)
    },
  ]
}
