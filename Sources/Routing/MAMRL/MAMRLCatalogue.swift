import Networks
import PacketSimulation
import Randomness

extension RoutingCatalogue {
  /// The MAMRL family.
  static let mamrlAlgorithms: [RoutingAlgorithm] = [
    RoutingAlgorithm(
      learner: "mamrl",
      "Neural routers, meta-learned, every decision paid by its packet's delay (sound).",
      episodes: 960, MAMRLConfiguration.self
    ) { MAMRLRouting(scenario: $0, settings: $1, seeds: $2) },
    RoutingAlgorithm(
      learner: "mamrl-published",
      "Neural routers with the published reward, network and training (2021).",
      episodes: 9000, PublishedMAMRLConfiguration.self
    ) { MAMRLRouting(scenario: $0, settings: $1.settings, seeds: $2) },
    RoutingAlgorithm(
      learner: "mamrl-global",
      "Neural routers with global state and reward and a joint trust region (notes of 2020).",
      episodes: 960, GlobalMAMRLConfiguration.self
    ) { MAMRLRouting(scenario: $0, settings: $1.settings, seeds: $2) },
  ]
}

/// A configuration that is another one with other defaults.
///
/// Every field of `MAMRLConfiguration` can be set; what is not set keeps the preset's value.
public protocol PresetMAMRLConfiguration: AlgorithmConfiguration {
  var settings: MAMRLConfiguration { get set }
  static var settingsPath: WritableKeyPath<Self, MAMRLConfiguration> { get }
}

extension PresetMAMRLConfiguration {
  public static var fields: [ConfigurationField<Self>] {
    MAMRLConfiguration.fields.map { $0.lifted(settingsPath) }
  }
}

/// `mamrl-published`: see `MAMRLConfiguration.published`.
public struct PublishedMAMRLConfiguration: PresetMAMRLConfiguration {
  public var settings = MAMRLConfiguration.published
  public static var settingsPath: WritableKeyPath<Self, MAMRLConfiguration> { \.settings }
  public init() {}
}

/// `mamrl-global`: see `MAMRLConfiguration.global`.
public struct GlobalMAMRLConfiguration: PresetMAMRLConfiguration {
  public var settings = MAMRLConfiguration.global
  public static var settingsPath: WritableKeyPath<Self, MAMRLConfiguration> { \.settings }
  public init() {}
}
