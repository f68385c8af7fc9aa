import Foundation

/// Demand matrices for a network, from a file or folder of their own.
public struct LoadedDemands: Sendable {
  /// In order of time; at least one.
  public var series: [TrafficMatrix]
  public var warnings: [InputWarning]

  /// The first matrix.
  public var traffic: TrafficMatrix? { series.first }

  /// The mean of all matrices.
  public var mean: TrafficMatrix { TrafficMatrix.mean(of: series) }
}

/// The formats that demands can be written in.
public enum DemandFormat: String, Sendable, Hashable, Codable, CaseIterable {
  /// `source,target,demand`, with a column `matrix` for a series.
  case csv
  /// REPETITA `.demands`, one matrix, in kbit/s where the unit is known.
  case repetita
  /// TEAVAR's `demand.txt`: one row-major matrix a row, diagonal included.
  case rows

  /// By the ending of a file name: `.csv`, `.demands`, `.txt`; nil for any other.
  public init?(path: String) {
    let endings: [(String, DemandFormat)] = [
      (".csv", .csv), (".demands", .repetita), (".txt", .rows),
    ]
    guard let found = endings.first(where: { path.lowercased().hasSuffix($0.0) }) else {
      return nil
    }
    self = found.1
  }
}

/// Reads demands for a network that is already loaded, matching routers by name or by number.
///
/// ```swift
/// let network = try TopologyCatalogue.load("sndlib/abilene.txt")
/// let demands = try DemandCatalogue.load("measured-demands/", for: network.topology)
/// ```
///
/// | file | routers are matched by |
/// |---|---|
/// | rows of numbers (TEAVAR's `demand.txt`, the published `*_demand.txt`) | number, with diagonal |
/// | REPETITA `.demands` | number |
/// | SNDlib native or XML; a folder of XML files is a series, ordered by file name; `folder/2004*` those of its files that begin so | name |
/// | Wayfield JSON | name |
/// | CSV `source,target,demand`, with `# unit:` | name; a fourth column `matrix` numbers a series |
public enum DemandCatalogue {
  /// - Throws: `InputError` where the file is damaged or does not fit the network.
  public static func load(
    _ path: String, for topology: Topology
  ) throws(InputError) -> LoadedDemands {
    if path.hasSuffix("*") { return try folder(String(path.dropLast()), topology, isPrefix: true) }
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw InputError(file: path, expected: "there is no such file")
    }
    if isDirectory.boolValue { return try folder(path, topology) }
    let text = try InputText(path: path)
    guard text.byteCount > 0 else { throw text.error(nil, expected: "the file is empty") }
    if path.lowercased().hasSuffix(".csv") { return try DemandCSV.read(text, topology) }
    if path.lowercased().hasSuffix(".demands") || text.head(8) == "DEMANDS " {
      let demands = try RepetitaFormat.readDemands(text, routerCount: topology.routerCount)
      return LoadedDemands(series: [demands.matrix], warnings: demands.warnings)
    }
    if isRows(text) {
      let rows = try DemandRows(text: text)
      let series = try rows.matrices(routerCount: topology.routerCount)
      return LoadedDemands(series: series.matrices, warnings: series.warnings)
    }
    return try network(text, topology)
  }

  /// Writes a series to one file, whole or not at all.
  ///
  /// - Throws: `InputError` where the file cannot be written, or the format holds one matrix only.
  public static func save(
    _ series: [TrafficMatrix], topology: Topology, format: DemandFormat, to path: String
  ) throws(InputError) {
    let text: String
    switch format {
    case .csv: text = csv(series, topology: topology)
    case .rows:
      text = series.map { $0.values.map(NumberText.exact).joined(separator: " ") + "\n" }.joined()
    case .repetita:
      guard series.count == 1 else {
        throw InputError(
          file: path, value: "\(series.count) matrices",
          expected: "a .demands file holds one matrix; use .csv or .txt")
      }
      text = RepetitaFormat.demandText(series[0])
    }
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw InputError(file: path, expected: "it cannot be written")
    }
  }

  /// A series as CSV that `load` reads.
  public static func csv(_ series: [TrafficMatrix], topology: Topology) -> String {
    DemandCSV.write(series, topology: topology)
  }

  /// Whether a file holds nothing but numbers at its beginning.
  private static func isRows(_ text: InputText) -> Bool {
    let words = text.head(256).split(whereSeparator: \.isWhitespace)
    guard let first = words.first else { return false }
    return InputText.number(first) != nil
  }

  /// A file of a format that holds a network with its demands.
  private static func network(
    _ text: InputText, _ topology: Topology
  ) throws(InputError) -> LoadedDemands {
    let network = try FormatDetection.format(of: text).read(text)
    guard !network.trafficSeries.isEmpty else {
      throw text.error(nil, expected: "the file holds no demands")
    }
    let map = try matching(network.topology, to: topology, file: text.file)
    let series = network.trafficSeries.map { remap($0, map, routerCount: topology.routerCount) }
    return LoadedDemands(series: series, warnings: demandWarnings(network))
  }

  /// Warnings about what only matters where the file is used as a topology are left out.
  private static func demandWarnings(_ network: LoadedNetwork) -> [InputWarning] {
    network.warnings.filter { !$0.message.contains("coordinates") && !$0.message.contains("links") }
  }

  /// - Parameter isPrefix: the path ends in the beginning of file names, as `folder/2004*` says.
  private static func folder(
    _ path: String, _ topology: Topology, isPrefix: Bool = false
  ) throws(InputError) -> LoadedDemands {
    let (base, beginning) = place(path, isPrefix: isPrefix)
    if !isPrefix && FileManager.default.fileExists(atPath: base + "/demand.txt") {
      return try load(base + "/demand.txt", for: topology)
    }
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []).sorted()
    let files = names.filter {
      $0.hasPrefix(beginning) && ($0.hasSuffix(".xml") || $0.hasSuffix(".demands"))
    }
    guard !files.isEmpty else {
      throw InputError(
        file: path,
        expected: isPrefix
          ? "no .xml or .demands file begins so"
          : "a folder must hold demand.txt, .xml or .demands files")
    }
    var result = LoadedDemands(series: [], warnings: [])
    let n = topology.routerCount
    for (index, name) in files.enumerated() {
      guard (index + 1) * n * n <= 200_000_000 else {
        throw InputError(file: path, expected: "the series is too long to be held in memory")
      }
      let next = try load(base + "/" + name, for: topology)
      result.series += next.series
      if index == 0 { result.warnings += next.warnings }
    }
    return result
  }

  /// A folder and what the names of its files begin with.
  private static func place(_ path: String, isPrefix: Bool) -> (folder: String, beginning: String) {
    guard isPrefix else { return (path.hasSuffix("/") ? String(path.dropLast()) : path, "") }
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    return (String(path[..<slash]), String(path[path.index(after: slash)...]))
  }

  /// For each router of `file`, the router of the same name in `topology`.
  private static func matching(
    _ source: Topology, to topology: Topology, file: String
  ) throws(InputError) -> [Int] {
    var known: [String: Int] = [:]
    for (index, router) in topology.routers.enumerated() { known[router.name] = index }
    var map: [Int] = []
    for router in source.routers {
      guard let index = known[router.name] else {
        throw InputError(
          file: file, field: "router", value: router.name,
          expected: "\(topology.name) has no router of this name")
      }
      map.append(index)
    }
    return map
  }

  private static func remap(
    _ matrix: TrafficMatrix, _ map: [Int], routerCount n: Int
  ) -> TrafficMatrix {
    var values = [Double](repeating: 0, count: n * n)
    for s in map.indices {
      for d in map.indices {
        values[map[s] * n + map[d]] = matrix.values[s * matrix.routerCount + d]
      }
    }
    return TrafficMatrix(checked: n, values, unit: matrix.unit)
  }
}
