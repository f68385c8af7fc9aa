import Foundation

/// TEAVAR: a folder of `topology.txt`, `nodes.txt` and `demand.txt`.
///
/// `topology.txt` has the header `to_node from_node capacity prob_failure` (the last column may be
/// missing) and one line a direction; numbers of nodes count from 1, in some files from 0, which
/// the lowest number decides. `demand.txt` has one matrix a row, row-major with its diagonal. A
/// matrix larger than the network (IBM's is 18×18 for 17 nodes) is cut to its first rows and
/// columns, with a warning. Units are not given anywhere.
///
/// - Source: Bogle et al. (2019), *TEAVAR: striking the right utilization-availability balance in
///   WAN traffic engineering*, SIGCOMM; its released data files.
/// - Differs: opposite directions with the same numbers become one undirected link.
enum TEAVARFormat: TopologyFileFormat {
  /// Reads `topology.txt`, and `nodes.txt` and `demand.txt` where they lie beside it.
  static func read(_ text: InputText) throws(InputError) -> LoadedNetwork {
    let folder = text.file.hasSuffix("/topology.txt") ? String(text.file.dropLast(12)) : nil
    var reader = TEAVARReader(text)
    var nodes: InputText?
    if let folder { nodes = try sibling("nodes.txt", in: folder) }
    var network = try reader.read(nodes: nodes, name: folder)
    if let folder, FileManager.default.fileExists(atPath: folder + "/demand.txt") {
      let rows = try DemandRows(path: folder + "/demand.txt")
      let series = try rows.matrices(routerCount: network.topology.routerCount)
      network = LoadedNetwork(
        topology: network.topology, trafficSeries: series.matrices,
        warnings: network.warnings + series.warnings)
    }
    return network
  }

  private static func sibling(
    _ name: String, in folder: String
  ) throws(InputError) -> InputText? {
    let path = folder + "/" + name
    return FileManager.default.fileExists(atPath: path) ? try InputText(path: path) : nil
  }

  static func write(_ network: LoadedNetwork) -> WrittenNetwork {
    let topology = network.topology
    var lines = ["to_node\tfrom_node\tcapacity\tprob_failure"]
    for arc in topology.arcs.sorted(by: {
      ($0.link, $1.isForward ? 1 : 0) < ($1.link, $0.isForward ? 1 : 0)
    }) {
      let link = topology.links[arc.link.index]
      lines.append(
        [
          "\(arc.target.index + 1)", "\(arc.source.index + 1)",
          NumberText.exact(link.capacity ?? 0), NumberText.exact(link.failureProbability ?? 0),
        ].joined(separator: "\t"))
    }
    var files = [
      OutputFile(name: "topology.txt", text: lines.joined(separator: "\n") + "\n"),
      OutputFile(
        name: "nodes.txt",
        text: (["String_node_names"] + topology.routers.map { $0.name.filter { !$0.isWhitespace } })
          .joined(separator: "\n") + "\n"),
    ]
    if !network.trafficSeries.isEmpty {
      let rows = network.trafficSeries.map {
        $0.values.map(NumberText.exact).joined(separator: " ")
      }
      files.append(OutputFile(name: "demand.txt", text: rows.joined(separator: "\n") + "\n"))
    }
    return WrittenNetwork(files: files, warnings: losses(network))
  }

  private static func losses(_ network: LoadedNetwork) -> [InputWarning] {
    var warnings = network.dropped([.groups, .positions, .labels])
    func lose(_ what: String) {
      warnings.append(
        InputWarning(
          file: network.topology.name, message: "the format cannot hold \(what); left out"))
    }
    let links = network.topology.links
    if network.topology.routers.contains(where: { $0.coordinate != nil }) { lose("coordinates") }
    if links.contains(where: { $0.latency != nil || $0.delayMilliseconds != nil }) {
      lose("latencies")
    }
    if links.contains(where: { $0.weight != nil }) { lose("weights") }
    if links.contains(where: { $0.source == $0.target }) { lose("links from a router to itself") }
    if network.topology.capacityUnit != nil { lose("the unit of capacities") }
    if links.contains(where: { $0.capacity == nil }) {
      warnings.append(
        InputWarning(
          file: network.topology.name,
          message: "the format needs a capacity on every link; unknown ones are written as 0"))
    }
    return warnings
  }
}

private struct TEAVARReader {
  private let text: InputText
  private var builder: NetworkBuilder

  private struct Row {
    let to: Int
    let from: Int
    let capacity: Double
    let probability: Double?
    let line: Int
  }

  init(_ text: InputText) {
    self.text = text
    builder = NetworkBuilder(file: text.file)
  }

  mutating func read(nodes: InputText?, name: String?) throws(InputError) -> LoadedNetwork {
    let rows = try rows()
    let names = nodes.map(Self.names)
    let first = rows.map { min($0.to, $0.from) }.min() ?? 1
    let last = rows.map { max($0.to, $0.from) }.max() ?? 0
    let base = first == 0 ? 0 : 1
    if base == 0 {
      builder.log.add(.layout, line: nil, "nodes are numbered from 0, not from 1")
    }
    guard last < NetworkBuilder.routerLimit else {
      throw builder.error(
        rows.first { max($0.to, $0.from) == last }?.line, field: "node", value: "\(last)",
        "a network may have at most \(NetworkBuilder.routerLimit) routers")
    }
    let needed = last - base + 1
    let count = max(needed, names?.count ?? 0)
    if let names, names.count != needed {
      builder.log.add(
        .layout, line: nil,
        "nodes.txt names \(names.count) nodes, the links use \(needed); \(count) are assumed")
    }
    for index in 0..<count {
      let given = names.flatMap { index < $0.count ? $0[index] : nil }
      try builder.addRouter(key: "\(index)", name: given ?? "s\(index + base)", line: nil)
    }
    for row in rows { try add(row, base: base) }
    builder.log.add(
      .unit, line: nil, "the format names no units; capacities and demands are taken to share one")
    let topology = try builder.finish(
      name: FormatName.network(name.map(FormatName.stem), file: text.file), pairing: true)
    return LoadedNetwork(topology: topology, warnings: builder.log.warnings)
  }

  private mutating func add(_ row: Row, base: Int) throws(InputError) {
    let source = try builder.requireRouter("\(row.from - base)", field: "from_node", line: row.line)
    let target = try builder.requireRouter("\(row.to - base)", field: "to_node", line: row.line)
    try builder.addLink(
      Link(
        source, target, isDirected: true, capacity: row.capacity,
        failureProbability: row.probability), line: row.line)
  }

  private func rows() throws(InputError) -> [Row] {
    var rows: [Row] = []
    var cursor = text.lines()
    var isFirst = true
    while let line = cursor.next() {
      let words = line.allWords(limit: 6)
      guard let word = words.first else { continue }
      defer { isFirst = false }
      if isFirst && word.number == nil { continue }
      rows.append(try row(words, line: line.number))
      guard rows.count <= NetworkBuilder.linkLimit else {
        throw text.error(
          line.number, expected: "a network may have at most \(NetworkBuilder.linkLimit) links")
      }
    }
    guard !rows.isEmpty else { throw text.error(nil, expected: "at least one link was expected") }
    return rows
  }

  private func row(_ words: [InputText.Word], line: Int) throws(InputError) -> Row {
    guard words.count == 3 || words.count == 4 else {
      throw text.error(
        line, value: words.map(\.string).joined(separator: " "),
        expected: "to_node, from_node, capacity and, if known, prob_failure were expected")
    }
    let to = try node(words[0], "to_node", line)
    let from = try node(words[1], "from_node", line)
    let capacity = try number(words[2], "capacity", line)
    let probability =
      words.count == 4 ? try number(words[3], "prob_failure", line) : nil
    return Row(to: to, from: from, capacity: capacity, probability: probability, line: line)
  }

  private func node(_ word: InputText.Word, _ field: String, _ line: Int) throws(InputError) -> Int
  {
    // Some files write node numbers as "1.0".
    guard let number = word.number, let node = Int(exactly: number), node >= 0 else {
      throw text.error(
        line, field: field, value: word.string, expected: "the number of a node was expected")
    }
    return node
  }

  private func number(
    _ word: InputText.Word, _ field: String, _ line: Int
  ) throws(InputError) -> Double {
    guard let number = word.number, number >= 0 else {
      throw text.error(
        line, field: field, value: word.string, expected: "a number ≥ 0 was expected")
    }
    return number
  }

  /// One name a line, after a header without any meaning.
  private static func names(_ text: InputText) -> [String] {
    var names: [String] = []
    var cursor = text.lines()
    var isHeader = true
    while let line = cursor.next(), names.count < NetworkBuilder.routerLimit {
      let name = NetworkBuilder.clean(line.string)
      if name.isEmpty { continue }
      if !isHeader || !name.lowercased().contains("node") { names.append(name) }
      isHeader = false
    }
    return names
  }
}

extension DemandRows {
  /// The rows as matrices with their diagonals; a larger matrix is cut to the first routers.
  ///
  /// - Throws: `InputError` where a row is no square, or too small.
  public func matrices(routerCount n: Int) throws(InputError) -> (
    matrices: [TrafficMatrix], warnings: [InputWarning]
  ) {
    var side = n
    while side * side < columnCount && side < n + 4 { side += 1 }
    guard side * side == columnCount else {
      throw InputError(
        file: file, line: lines.first, value: "\(columnCount) numbers",
        expected: "\(n * n) were expected, a matrix of \(n) routers with its diagonal")
    }
    guard count * n * n <= 200_000_000 else {
      throw InputError(file: file, expected: "the series is too long to be held in memory")
    }
    var warnings = warnings
    if side != n {
      warnings.append(
        InputWarning(
          file: file, line: lines.first,
          message: "matrices are \(side)×\(side) for \(n) routers; the first \(n) rows and columns "
            + "are used"))
    }
    let matrices = (0..<count).map { row in
      let values = (0..<n * n).map { value(row: row, column: $0 / n * side + $0 % n) }
      return TrafficMatrix(checked: n, values)
    }
    return (matrices, warnings)
  }
}
