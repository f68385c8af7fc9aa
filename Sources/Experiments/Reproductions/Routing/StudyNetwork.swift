import Foundation
import Networks
import PacketSimulation
import Randomness
import Routing

/// A network with its demand and capacity, as the routing studies measure it.
struct StudyNetwork: Sendable {
  /// Who sends to whom.
  enum Demand: Sendable {
    case uniform
    /// The demands that came with the network, else gravity demands.
    case ownOrGravity
  }

  let name: String
  let source: ScenarioSource
  let traffic: String
  let capacity: Double

  /// - Parameter path: a built-in network or a file.
  init(_ path: String, demand: Demand, settings: inout Settings) throws {
    var network = try TopologyCatalogue.load(path)
    name =
      network.builtIn == nil
      ? URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent : path
    switch demand {
    case .uniform: traffic = "uniform"
    case .ownOrGravity where network.traffic != nil: traffic = "own"
    case .ownOrGravity:
      traffic = "gravity"
      let series = try GravityDemands().series(
        for: network.topology, count: 1, seeds: SeedTree(root: 1))
      network.traffic = series.first
    }
    source = try ScenarioSource(
      network: network, traffic: demand == .uniform ? "uniform" : "own", settings: &settings)
    capacity = try NetworkCapacity(topology: source.topology, demand: source.demandMatrix).value
  }

  var sizeText: String {
    "\(source.topology.routerCount)/\(source.topology.links.count)"
  }
}

/// What the routing studies have in common: their networks and the learner, by the user's options.
struct RoutingStudy: Sendable {
  let options: ReproductionOptions
  /// What is measured.
  static let algorithm = "social-actor-critic"

  /// Networks that the user named, else the given ones.
  func paths(default paths: @autoclosure () throws -> [String]) throws -> [String] {
    try options.networks ?? paths()
  }

  /// - Parameter extra: settings that the study itself chooses, because it compares them.
  /// - Throws: `InputError` where the user sets one of them.
  func network(
    _ path: String, demand: StudyNetwork.Demand, extra: [String] = []
  ) throws -> (network: StudyNetwork, entry: RoutingEntry) {
    func name(_ setting: String) -> String {
      String(setting.prefix { $0 != "=" }.split(separator: ".").last ?? "")
    }
    if let clash = options.settings.first(where: { extra.map(name).contains(name($0)) }) {
      throw InputError(
        file: "--set", field: name(clash),
        expected: "the study compares its values, so that it cannot be set")
    }
    var settings = try Settings(options.settings + extra)
    let network = try StudyNetwork(path, demand: demand, settings: &settings)
    let algorithm = try RoutingCatalogue.algorithm(Self.algorithm)
    let configuration = try settings.take(ActorCriticConfiguration(), scope: algorithm.name)
    let learning = try settings.take(LearningSettings(), scope: algorithm.name)
    try settings.finish()
    return (network, RoutingEntry(algorithm, configuration: configuration, learning: learning))
  }

  /// Everything of the options that decides a result, for the key of a stored piece.
  func key(_ parts: String...) -> String {
    (parts + ["s\(options.seeds)", "r\(options.rootSeed)"] + options.settings.sorted())
      .joined(separator: "-")
  }
}
