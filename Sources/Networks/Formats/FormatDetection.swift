import Foundation

/// Finds out what a file is: by its content, then by the ending of its name.
enum FormatDetection {
  /// The file to read: the path itself, or in a folder the one that describes the network.
  static func mainFile(_ path: String) throws(InputError) -> String {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory),
      isDirectory.boolValue
    else { return path }
    let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
    if FileManager.default.fileExists(atPath: folder + "/topology.txt") {
      return folder + "/topology.txt"
    }
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    // A folder of SNDlib XML files is a demand series over one network.
    if let first = names.first(where: { $0.hasSuffix(".xml") }) { return folder + "/" + first }
    throw InputError(
      file: path,
      expected: "a folder must hold TEAVAR's topology.txt or SNDlib XML files")
  }

  /// - Throws: `InputError` where nothing fits.
  static func format(of text: InputText) throws(InputError) -> TopologyFormat {
    guard text.byteCount > 0 else { throw text.error(nil, expected: "the file is empty") }
    if let format = byContent(text) ?? byEnding(text.file) { return format }
    throw text.error(
      nil,
      expected: "this is none of the formats that can be read: "
        + TopologyFormat.allCases.map(\.rawValue).joined(separator: ", "))
  }

  private static func byContent(_ text: InputText) -> TopologyFormat? {
    let head = text.head(4096)
    let start = String(head.drop { $0.isWhitespace || $0 == "\u{FEFF}" })
    if start.hasPrefix("<") { return xml(start) }
    if start.hasPrefix("{") { return json(text) }
    if start.hasPrefix("?SNDlib") { return .sndlibNative }
    let lines = start.split(whereSeparator: \.isNewline).prefix(200).map {
      $0.drop { $0.isWhitespace }
    }
    let code = lines.filter { !$0.hasPrefix("#") && !$0.hasPrefix("//") }
    guard let first = code.first else { return nil }
    let words = first.split(whereSeparator: \.isWhitespace)
    if words.contains("to_node") || words.contains("from_node") { return .teavar }
    if words.count == 2, words[0] == "NODES", Int(words[1]) != nil { return .repetita }
    if code.contains(where: { $0.hasPrefix("NODES (") || $0.hasPrefix("META (") }) {
      return .sndlibNative
    }
    if isDot(words.first.map(String.init) ?? "", first) { return .dot }
    if code.contains(where: isGraphBlock) { return .gml }
    return nil
  }

  private static func xml(_ start: String) -> TopologyFormat? {
    if start.contains("<graphml") { return .graphml }
    if start.contains("<network") { return .sndlibXML }
    return nil
  }

  /// Which JSON it is stands in its keys, which may come late in the file: the first of them that is
  /// telling decides.
  private static func json(_ text: InputText) -> TopologyFormat {
    let head = text.head(200_000)
    if head.contains("\"mapTopology\"") || head.contains("\"routers\"") { return .json }
    if head.contains("\"nodes\"") || head.contains("\"links\"") || head.contains("\"edges\"") {
      return .nodeLink
    }
    return .json
  }

  private static func isDot(_ word: String, _ line: Substring) -> Bool {
    let starts = ["strict", "graph", "digraph"].contains { word.lowercased().hasPrefix($0) }
    return starts && (line.contains("{") || !line.contains("["))
  }

  private static func isGraphBlock(_ line: Substring) -> Bool {
    line.lowercased().hasPrefix("graph") && line.dropFirst(5).allSatisfy { $0 == " " || $0 == "[" }
  }

  private static func byEnding(_ file: String) -> TopologyFormat? {
    let lowered = file.lowercased()
    let endings: [(String, TopologyFormat)] = [
      (".graphml", .graphml), (".gml", .gml), (".graph", .repetita), (".dot", .dot), (".gv", .dot),
      (".csv", .csv), (".tsv", .csv), (".json", .json), (".xml", .sndlibXML),
    ]
    return endings.first { lowered.hasSuffix($0.0) }?.1
  }
}
