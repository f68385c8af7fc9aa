import Networks
import PacketSimulation
import Randomness

extension RoutingCatalogue {
  /// The MAMRL family.
  static let mamrlAlgorithms: [RoutingAlgorithm] = [
    RoutingAlgorithm(
      learner: "mamrl",
      "Neural routers, meta-learned, every decision paid by its packet's delay (sound).",
      episodes: 960, MAMRLConfiguration()
    ) { MAMRLRouting(scenario: $0, settings: $1, seeds: $2) },
    RoutingAlgorithm(
      learner: "mamrl-published",
      "Neural routers with the published reward, network and training (2021).",
      episodes: 9000, MAMRLConfiguration.published
    ) { MAMRLRouting(scenario: $0, settings: $1, seeds: $2) },
    RoutingAlgorithm(
      learner: "mamrl-global",
      "Neural routers with global state and reward and a joint trust region (notes of 2020).",
      episodes: 960, MAMRLConfiguration.global
    ) { MAMRLRouting(scenario: $0, settings: $1, seeds: $2) },
  ]
}
