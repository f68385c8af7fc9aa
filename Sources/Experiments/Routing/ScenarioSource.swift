import Networks
import PacketSimulation

/// A network with its demand and rules, from which scenarios of any load and failure are made.
///
/// ```swift
/// let source = try ScenarioSource(topology: "b4", preset: .standard)
/// let scenario = try source.scenario(load: 0.25, failure: .intact)
/// ```
public struct ScenarioSource: Sendable {
  /// Which set of rules the model starts from.
  public enum Preset: String, Sendable, Hashable, Codable, CaseIterable {
    /// The corrected model.
    case standard
    /// The model of the released program.
    case published

    public var model: SimulationModel { self == .standard ? .standard : .published }
  }

  public let network: LoadedNetwork
  public let preset: Preset
  public let model: SimulationModel
  public let units: SimulationUnits
  public let horizon: Int
  /// As the user named it.
  public let trafficName: String
  /// nil: uniform.
  public let traffic: TrafficMatrix?
  /// What was doubtful in the files, and what was assumed.
  public let warnings: [InputWarning]
  private let packetSizes: PacketSizes
  private let links: SimulatedLinks

  public var topology: Topology { network.topology }

  /// - Parameters:
  ///   - network: what a topology file, or a built-in network, holds.
  ///   - traffic: `uniform`, `own` (the demands that came with the network), or a demand file (the
  ///     first matrix of a series). In the published model a file gives the sizes of packets, and destinations stay uniform.
  ///   - preset: the rules that settings change.
  ///   - settings: takes those of the model and of its units.
  /// - Throws: `InputError` where something is missing or out of range.
  public init(
    network: LoadedNetwork, traffic: String = "uniform", preset: Preset = .standard,
    horizon: Int = 500, settings: inout Settings
  ) throws {
    self.network = network
    self.preset = preset
    self.horizon = horizon
    trafficName = traffic
    model = try settings.take(preset.model)
    units = try settings.take(SimulationUnits())
    try model.validate()
    try units.validate()
    links = units.links(of: network.topology)
    let demand = try Self.demand(traffic, network: network, preset: preset)
    self.traffic = preset == .published ? nil : demand.matrix
    try (self.traffic ?? .uniform(routerCount: network.topology.routerCount))
      .requirePaths(in: network.topology)
    warnings = network.warnings + demand.warnings
    packetSizes = try Self.sizes(demand.rows, network: network, model: model)
  }

  /// The scenario at a load λ (as the source counts it) with the given links failing.
  public func scenario(load: Double, outages: [LinkOutage] = []) throws(InputError) -> Scenario {
    try scenario(load: load, traffic: traffic, outages: outages)
  }

  /// The same with another demand matrix, of a series for instance; nil: uniform.
  public func scenario(
    load: Double, traffic: TrafficMatrix?, outages: [LinkOutage] = []
  ) throws(InputError) -> Scenario {
    do {
      return try Scenario(
        topology: topology, model: model, load: load, traffic: traffic, horizon: horizon,
        outages: outages, latencies: links.latencyTicks, capacities: capacities,
        packetSizes: packetSizes)
    } catch {
      throw error.inputError(topology: topology.name)
    }
  }

  /// The demand that routing faces, uniform where none was given.
  public var demandMatrix: TrafficMatrix {
    traffic ?? .uniform(routerCount: topology.routerCount)
  }

  /// The published networks' pools are in the unit of their packet sizes; elsewhere pools count
  /// packets.
  private var capacities: [Double] {
    model.packetSize == .unit && !isPublishedNetwork
      ? links.poolPackets : topology.links.map { $0.capacity ?? .infinity }
  }

  private var isPublishedNetwork: Bool { network.builtIn?.publishedNextHops != nil }

  private static func demand(
    _ name: String, network: LoadedNetwork, preset: Preset
  ) throws(InputError) -> (matrix: TrafficMatrix?, rows: DemandRows?, warnings: [InputWarning]) {
    switch name {
    case "uniform": return (nil, nil, [])
    case "own":
      guard let traffic = network.traffic else {
        throw InputError(
          file: "--traffic", value: name,
          expected: "'\(network.topology.name)' came without demands; give a demand file")
      }
      return (traffic, nil, [])
    default:
      if preset == .published { return (nil, try DemandRows(path: name), []) }
      let demands = try DemandCatalogue.load(name, for: network.topology)
      return (demands.traffic, nil, demands.warnings + seriesWarning(name, demands))
    }
  }

  /// Only the first matrix of a series is played here, and the user shall know.
  private static func seriesWarning(_ name: String, _ demands: LoadedDemands) -> [InputWarning] {
    guard demands.series.count > 1 else { return [] }
    return [
      InputWarning(
        file: name,
        message: "of \(demands.series.count) matrices only the first is played; "
          + "'wayfield series' plays them all")
    ]
  }

  private static func sizes(
    _ rows: DemandRows?, network: LoadedNetwork, model: SimulationModel
  ) throws(InputError) -> PacketSizes {
    guard model.packetSize != .unit else { return .unit }
    if let rows {
      let sizes = try PairSizes(
        rows: rows, routerCount: network.topology.routerCount, columns: .diagonalSkipped)
      return .rows(rowCount: sizes.rowCount, values: sizes.rows)
    }
    guard let fitted = network.builtIn?.pairSizes(columns: .diagonalSkipped) else { return .unit }
    return .lognormal(mu: fitted.mu, sigma: fitted.sigma)
  }
}

extension ScenarioError {
  /// The same, as a user reads it.
  func inputError(topology: String) -> InputError {
    switch self {
    case .badLoad(let load):
      InputError(file: "--load", value: "\(load)", expected: "expected a number from 0 to 1000")
    case .badHorizon(let ticks):
      InputError(
        file: "--horizon", value: "\(ticks)", expected: "expected a number of ticks above 0")
    case .badRouterCount(let count):
      InputError(
        file: topology, value: "\(count) routers", expected: "a simulation takes from 2 to 65535")
    case .wrongMatrix(let found, let expected):
      InputError(
        file: "--traffic", value: "\(found) routers",
        expected: "the network '\(topology)' has \(expected)")
    case .emptyMatrix:
      InputError(file: "--traffic", expected: "there is no demand between any two routers")
    case .unknownLink(let index):
      InputError(file: "--fail", value: "@\(index)", expected: "there is no such link")
    case .badLinkNumbers:
      InputError(file: topology, expected: "a link has a latency or capacity that cannot be played")
    }
  }
}
