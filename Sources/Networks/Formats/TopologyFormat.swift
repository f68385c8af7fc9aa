import Foundation

/// The file formats of topologies, by the names that `topologies convert --to` takes.
public enum TopologyFormat: String, CaseIterable, Sendable, Hashable, Codable {
  case json
  case graphml
  case gml
  case sndlibNative = "sndlib-native"
  case sndlibXML = "sndlib-xml"
  case repetita
  case teavar
  case nodeLink = "node-link"
  case dot
  case csv

  /// One line for lists and help.
  public var summary: String {
    switch self {
    case .json: "Wayfield's own JSON: everything that Wayfield knows of a network"
    case .graphml: "GraphML, as the Topology Zoo and networkx write it"
    case .gml: "GML, as the Topology Zoo and networkx write it"
    case .sndlibNative: "SNDlib's native text format, with demands"
    case .sndlibXML: "SNDlib's XML format, with demands (a folder of files: a series)"
    case .repetita: "REPETITA .graph with its .demands files"
    case .teavar: "TEAVAR: a folder of topology.txt, nodes.txt and demand.txt"
    case .nodeLink: "networkx node-link JSON (Teal, NCFlow)"
    case .dot: "Graphviz dot, as YATES uses it"
    case .csv: "CSV edge list: source,target[,capacity,latencyTicks,…]"
    }
  }

  /// The usual ending of a file name, without the dot; nil for a folder.
  public var fileExtension: String? {
    switch self {
    case .json, .nodeLink: "json"
    case .graphml: "graphml"
    case .gml: "gml"
    case .sndlibNative: "txt"
    case .sndlibXML: "xml"
    case .repetita: "graph"
    case .teavar: nil
    case .dot: "dot"
    case .csv: "csv"
    }
  }

  /// Whether a file of this format can hold demands.
  public var holdsDemands: Bool {
    switch self {
    case .json, .sndlibNative, .sndlibXML, .repetita, .teavar: true
    case .graphml, .gml, .nodeLink, .dot, .csv: false
    }
  }

  var reader: any TopologyFileFormat.Type {
    switch self {
    case .json: WayfieldJSONFormat.self
    case .graphml: GraphMLFormat.self
    case .gml: GMLFormat.self
    case .sndlibNative: SNDlibNativeFormat.self
    case .sndlibXML: SNDlibXMLFormat.self
    case .repetita: RepetitaFormat.self
    case .teavar: TEAVARFormat.self
    case .nodeLink: NodeLinkFormat.self
    case .dot: DotFormat.self
    case .csv: CSVFormat.self
    }
  }

  /// Reads the text of one file.
  ///
  /// - Throws: `InputError` with file and line where it is damaged.
  package func read(_ text: InputText) throws(InputError) -> LoadedNetwork {
    try reader.read(text)
  }

  /// Which format a text has, by its content, then by the ending of the file's name.
  ///
  /// - Throws: `InputError` where nothing fits.
  package static func detect(_ text: InputText) throws(InputError) -> TopologyFormat {
    try FormatDetection.format(of: text)
  }

  /// The files that hold a network in this format, and what they cannot hold.
  public func write(_ network: LoadedNetwork) throws(InputError) -> WrittenNetwork {
    try reader.write(network)
  }
}

/// One file format: a reader and a writer that understand each other.
protocol TopologyFileFormat {
  /// Reads the text of one file.
  static func read(_ text: InputText) throws(InputError) -> LoadedNetwork
  /// Writes a network such that `read` gives it back, but for what is named in the warnings.
  static func write(_ network: LoadedNetwork) throws(InputError) -> WrittenNetwork
}

/// A file to be written.
public struct OutputFile: Sendable, Hashable {
  /// The name within the folder, or what replaces the ending of the main file; nil: the main file.
  public let name: String?
  public let text: String
}

/// A network in a file format, and what the format cannot hold.
public struct WrittenNetwork: Sendable, Hashable {
  public let files: [OutputFile]
  public let warnings: [InputWarning]

  /// Writes the files: the main one to `path`, the others beside it; for TEAVAR `path` is a folder.
  /// Each file appears whole or not at all.
  ///
  /// - Returns: the paths written.
  /// - Throws: `InputError` where a file cannot be written.
  @discardableResult
  public func save(to path: String, format: TopologyFormat) throws(InputError) -> [String] {
    var paths: [String] = []
    do {
      if format.fileExtension == nil {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      }
      for file in files {
        let target = Self.path(of: file, base: path, format: format)
        try Data(file.text.utf8).write(to: URL(fileURLWithPath: target), options: .atomic)
        paths.append(target)
      }
    } catch {
      throw InputError(file: path, expected: "it cannot be written")
    }
    return paths
  }

  private static func path(of file: OutputFile, base: String, format: TopologyFormat) -> String {
    guard let name = file.name else { return base }
    guard let ending = format.fileExtension else { return base + "/" + name }
    let stem = base.hasSuffix("." + ending) ? String(base.dropLast(ending.count + 1)) : base
    return stem + name
  }
}

/// Names that readers and writers share.
enum FormatName {
  /// What a network is called: the name in its file, else the file's own without its ending.
  static func network(_ name: String?, file: String) -> String {
    let cleaned = name.map(NetworkBuilder.clean) ?? ""
    return cleaned.isEmpty ? stem(file) : cleaned
  }

  /// The last part of a path, without its ending.
  static func stem(_ path: String) -> String {
    let last = path.split(separator: "/").last.map(String.init) ?? path
    guard let dot = last.lastIndex(of: "."), dot != last.startIndex else { return last }
    return String(last[..<dot])
  }
}

extension LoadedNetwork {
  enum Part { case traffic, series, groups, positions, directions, labels, failureProbabilities }

  /// A warning for each part that a format cannot hold and this network has.
  func dropped(_ parts: [Part]) -> [InputWarning] {
    parts.compactMap { part in
      let what: String?
      switch part {
      case .traffic: what = traffic == nil ? nil : "its demands"
      case .series: what = trafficSeries.count < 2 ? nil : "all demand matrices but the first"
      case .groups: what = sharedRiskGroups.isEmpty ? nil : "its shared-risk groups"
      case .positions:
        what =
          topology.routers.contains { $0.position != nil && $0.coordinate == nil }
          ? "its drawing positions" : nil
      case .directions: what = topology.links.contains(where: \.isDirected) ? "directions" : nil
      case .labels: what = topology.links.contains { $0.label != nil } ? "its link labels" : nil
      case .failureProbabilities:
        what =
          topology.links.contains { $0.failureProbability != nil }
          ? "its failure probabilities" : nil
      }
      return what.map {
        InputWarning(file: topology.name, message: "the format cannot hold \($0); left out")
      }
    }
  }
}
