import Foundation

/// A network with what its file says beyond routers and links.
public struct LoadedNetwork: Sendable {
  public var topology: Topology
  /// The demands of the file, the first matrix where there are several; nil where there are none.
  public var traffic: TrafficMatrix?
  /// All matrices, in order of time; empty where the file has none.
  public var trafficSeries: [TrafficMatrix]
  /// Links that the file says fail together.
  public var sharedRiskGroups: [SharedRiskGroup]
  /// What was doubtful in the file, and what was assumed.
  public var warnings: [InputWarning]
  /// The built-in network that this is; nil for a file.
  public var builtIn: BuiltInTopology?

  public init(
    topology: Topology, traffic: TrafficMatrix? = nil, trafficSeries: [TrafficMatrix] = [],
    sharedRiskGroups: [SharedRiskGroup] = [], warnings: [InputWarning] = [],
    builtIn: BuiltInTopology? = nil
  ) {
    self.topology = topology
    self.traffic = traffic ?? trafficSeries.first
    self.trafficSeries = trafficSeries.isEmpty ? traffic.map { [$0] } ?? [] : trafficSeries
    self.sharedRiskGroups = sharedRiskGroups
    self.warnings = warnings
    self.builtIn = builtIn
  }
}

/// Where networks come from: the built-in ones by name, anything else from a file or folder.
///
/// ```swift
/// let network = try TopologyCatalogue.load("b4")
/// let mine = try TopologyCatalogue.load("networks/mine.graphml")
/// mine.warnings.forEach { report($0.description) }
/// ```
public enum TopologyCatalogue {
  /// The names of the built-in networks.
  public static let builtInNames = BuiltInTopology.allCases.map(\.rawValue)

  /// Loads a built-in network by its name, or a file.
  ///
  /// - Throws: `InputError` where there is neither, or the file is damaged.
  public static func load(_ nameOrPath: String) throws(InputError) -> LoadedNetwork {
    if let builtIn = BuiltInTopology(rawValue: nameOrPath) {
      return LoadedNetwork(
        topology: builtIn.topology, traffic: builtIn.traffic, builtIn: builtIn)
    }
    guard FileManager.default.fileExists(atPath: nameOrPath) else {
      throw InputError(
        file: nameOrPath,
        expected: "there is no such file, and the built-in networks are "
          + builtInNames.joined(separator: ", "))
    }
    return try read(path: nameOrPath)
  }

  /// Reads a file or folder; its content, then its name, decides the format.
  ///
  /// - Throws: `InputError` where the format is not known or the file is damaged.
  public static func read(
    path: String, format: TopologyFormat? = nil
  ) throws(InputError) -> LoadedNetwork {
    let file = try FormatDetection.mainFile(path)
    let text = try InputText(path: file)
    if let format { return try format.read(text) }
    return try FormatDetection.format(of: text).read(text)
  }
}
