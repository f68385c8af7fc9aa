import Foundation

/// REPETITA: a `.graph` file with its `.demands` files.
///
/// ```
/// NODES 2
/// label x y
/// A 13.4 52.5
/// B 11.6 48.1
///
/// EDGES 2
/// label src dest weight bw delay
/// edge_0 0 1 10 9953280 1913
/// edge_1 1 0 10 9953280 1913
/// ```
///
/// Nodes count from 0, `x` is the longitude, every link is listed in both directions. The file names
/// no units: bandwidth and demands are taken to be kbit/s (an OC-192 is 9953280), delays to be
/// microseconds. Demands (`DEMANDS k`, `label src dest bw`) lie beside the graph in
/// `NAME.demands` or `NAME.0000.demands`, `NAME.0001.demands`, …: the latter are a series.
///
/// - Source: Gay, Schaus, Vissicchio (2017), *REPETITA: repeatable experiments for performance
///   evaluation of traffic-engineering algorithms*, arXiv:1710.08665; its data files.
/// - Differs: opposite directions with the same numbers become one undirected link.
enum RepetitaFormat: TopologyFileFormat {
  static let unit = "kbit/s"

  static func read(_ text: InputText) throws(InputError) -> LoadedNetwork {
    var reader = RepetitaReader(text)
    let topology = try reader.topology()
    var warnings = reader.log.warnings
    var series: [TrafficMatrix] = []
    for path in demandFiles(beside: text.file) {
      let demands = try readDemands(
        InputText(path: path), routerCount: topology.routerCount)
      series.append(demands.matrix)
      warnings += demands.warnings
    }
    return LoadedNetwork(topology: topology, trafficSeries: series, warnings: warnings)
  }

  /// `NAME.demands` and `NAME.*.demands` for `NAME.graph`, in order; at most 10,000.
  static func demandFiles(beside graph: String) -> [String] {
    guard graph.hasSuffix(".graph") else { return [] }
    let url = URL(fileURLWithPath: graph)
    let folder = url.deletingLastPathComponent().path
    let stem = FormatName.stem(graph)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { name in
      name.hasPrefix(stem + ".") && name.hasSuffix(".demands")
        && name.dropFirst(stem.count + 1).dropLast("demands".count).count { $0 == "." } <= 1
    }.sorted().prefix(10_000).map { folder + "/" + $0 }
  }

  static func readDemands(
    _ text: InputText, routerCount: Int
  ) throws(InputError) -> (matrix: TrafficMatrix, warnings: [InputWarning]) {
    var reader = RepetitaReader(text)
    let matrix = try reader.demands(routerCount: routerCount)
    return (matrix, reader.log.warnings)
  }

  static func write(_ network: LoadedNetwork) -> WrittenNetwork {
    let topology = network.topology
    let factor = scale(topology.capacityUnit)
    var out = "NODES \(topology.routerCount)\nlabel x y\n"
    for router in topology.routers {
      let place =
        router.coordinate.map { ($0.longitude, $0.latitude) }
        ?? router.position.map { ($0.x, $0.y) }
      let (x, y) = place ?? (0, 0)
      out += "\(label(router.name)) \(NumberText.exact(x)) \(NumberText.exact(y))\n"
    }
    var rows: [String] = []
    for link in topology.links where link.source != link.target {
      for way in 0..<(link.isDirected ? 1 : 2) {
        let (from, to) = way == 0 ? (link.source, link.target) : (link.target, link.source)
        rows.append(
          [
            "edge_\(rows.count)", "\(from.index)", "\(to.index)",
            NumberText.exact(link.weight ?? 1), NumberText.exact((link.capacity ?? 0) * factor),
            NumberText.exact((link.delayMilliseconds ?? 0) * 1000),
          ].joined(separator: " "))
      }
    }
    out += "\nEDGES \(rows.count)\nlabel src dest weight bw delay\n"
    out += rows.joined(separator: "\n") + "\n"
    var files = [OutputFile(name: nil, text: out)]
    for (index, matrix) in network.trafficSeries.enumerated() {
      let number = String(index)
      let digits = String(repeating: "0", count: max(0, 4 - number.count)) + number
      files.append(
        OutputFile(
          name: ".\(digits).demands", text: demandText(matrix)))
    }
    return WrittenNetwork(files: files, warnings: losses(network))
  }

  private static func label(_ name: String) -> String {
    String(name.map { $0.isWhitespace ? "_" : $0 })
  }

  private static func scale(_ unit: String?) -> Double {
    unit.flatMap(CapacityUnit.bitsPerSecond).map { $0 / 1000 } ?? 1
  }

  /// One matrix as a `.demands` file.
  static func demandText(_ matrix: TrafficMatrix) -> String {
    let factor = scale(matrix.unit)
    let n = matrix.routerCount
    let rows = (0..<n * n).filter { matrix.values[$0] > 0 }
    let lines = rows.enumerated().map { number, pair in
      "demand_\(number) \(pair / n) \(pair % n) \(NumberText.exact(matrix.values[pair] * factor))"
    }
    return "DEMANDS \(rows.count)\nlabel src dest bw\n" + lines.map { $0 + "\n" }.joined()
  }

  private static func losses(_ network: LoadedNetwork) -> [InputWarning] {
    let topology = network.topology
    var warnings = network.dropped([.groups, .labels, .failureProbabilities])
    func note(_ message: String) {
      warnings.append(InputWarning(file: topology.name, message: message))
    }
    if topology.links.contains(where: { $0.latency != nil }) {
      note("the format cannot hold latencies in ticks; left out")
    }
    if topology.links.contains(where: { $0.source == $0.target }) {
      note("the format cannot hold links from a router to itself; left out")
    }
    if topology.links.contains(where: { $0.capacity == nil }) {
      note("the format needs a bandwidth on every link; unknown ones are written as 0")
    }
    if topology.links.contains(where: { $0.weight == nil }) {
      note("the format needs a weight on every link; unknown ones are written as 1")
    }
    if topology.routers.contains(where: { $0.coordinate == nil }) {
      note("the format needs coordinates; unknown ones are written as places on the drawing or 0")
    }
    return warnings
  }
}

private struct RepetitaReader {
  private let text: InputText
  private var builder: NetworkBuilder
  private var cursor: InputText.LineCursor
  private var delays: [(milliseconds: Double, link: Int)] = []

  var log: WarningLog { builder.log }

  init(_ text: InputText) {
    self.text = text
    builder = NetworkBuilder(file: text.file)
    cursor = text.lines()
  }

  mutating func topology() throws(InputError) -> Topology {
    let nodes = try section("NODES")
    for index in 0..<nodes { try node(index) }
    if builder.routers.allSatisfy({
      $0.coordinate == GeographicCoordinate(latitude: 0, longitude: 0)
    }) {
      for router in builder.routers.indices {
        builder.setCoordinate(RouterID(router), nil, line: nil)
      }
    }
    let edges = try section("EDGES")
    for _ in 0..<edges { try edge() }
    builder.log.add(
      .unit, line: nil,
      "the format names no units; bandwidths are taken to be kbit/s, delays microseconds")
    checkDelays()
    return try builder.finish(
      name: FormatName.network(nil, file: text.file), capacityUnit: RepetitaFormat.unit,
      pairing: true)
  }

  mutating func demands(routerCount: Int) throws(InputError) -> TrafficMatrix {
    let count = try section("DEMANDS")
    var sum = try DemandBuilder(routerCount: routerCount, file: text.file, line: 1)
    for _ in 0..<count {
      let (words, line) = try row(["label", "src", "dest", "bw"])
      let source = try node(words[1], "src", line, count: routerCount)
      let target = try node(words[2], "dest", line, count: routerCount)
      try sum.add(
        source, target, words[3].number, text: words[3].string, file: text.file, line: line)
    }
    try expectEnd()
    return sum.finish(unit: RepetitaFormat.unit, log: &builder.log)
  }

  private mutating func nextLine() -> InputText.Line? {
    while let line = cursor.next() {
      if line.bytes.contains(where: { $0 > 0x20 }) { return line }
    }
    return nil
  }

  /// `NAME count`, then the line of column titles.
  private mutating func section(_ name: String) throws(InputError) -> Int {
    let line = nextLine()
    let words = line?.allWords(limit: 3) ?? []
    guard words.count == 2, words[0].string == name, let count = words[1].integer, count >= 0 else {
      throw text.error(
        line?.number, value: line.map { String($0.string.prefix(60)) } ?? "the end of the file",
        expected: "'\(name)' and a count were expected")
    }
    let limit = name == "NODES" ? NetworkBuilder.routerLimit : 25_000_000
    guard count <= limit else {
      throw text.error(line?.number, value: "\(count)", expected: "at most \(limit) are supported")
    }
    guard let titles = nextLine(), titles.words.first == "label" else {
      throw text.error(line?.number, expected: "a line of titles was expected after '\(name)'")
    }
    return count
  }

  private mutating func row(
    _ columns: [String]
  ) throws(InputError) -> (words: [InputText.Word], line: Int) {
    guard let line = nextLine() else {
      throw text.error(nil, expected: "the file ends before all lines that it announces")
    }
    let words = line.allWords(limit: columns.count + 1)
    guard words.count == columns.count else {
      throw text.error(
        line.number, value: String(line.string.prefix(60)),
        expected: "\(columns.joined(separator: ", ")) were expected")
    }
    return (words, line.number)
  }

  private mutating func node(_ index: Int) throws(InputError) {
    let (words, line) = try row(["label", "x", "y"])
    guard let x = words[1].number, let y = words[2].number else {
      throw text.error(
        line, field: "x y", value: "\(words[1].string) \(words[2].string)",
        expected: "two numbers were expected")
    }
    try builder.addRouter(
      key: "\(index)", name: words[0].string,
      coordinate: GeographicCoordinate(latitude: y, longitude: x), line: line)
  }

  private mutating func edge() throws(InputError) {
    let (words, line) = try row(["label", "src", "dest", "weight", "bw", "delay"])
    let count = builder.routers.count
    let source = try node(words[1], "src", line, count: count)
    let target = try node(words[2], "dest", line, count: count)
    var numbers: [Double] = []
    for (word, field) in zip(words[3...], ["weight", "bw", "delay"]) {
      guard let number = word.number, number >= 0 else {
        throw text.error(
          line, field: field, value: word.string, expected: "a number ≥ 0 was expected")
      }
      numbers.append(number)
    }
    let delay = numbers[2] > 0 ? numbers[2] / 1000 : nil
    if let delay { delays.append((delay, builder.links.count)) }
    try builder.addLink(
      Link(
        source, target, isDirected: true, capacity: numbers[1] > 0 ? numbers[1] : nil,
        delayMilliseconds: delay, weight: numbers[0]), line: line)
  }

  private func node(
    _ word: InputText.Word, _ field: String, _ line: Int, count: Int
  ) throws(InputError) -> RouterID {
    guard let index = word.integer, (0..<count).contains(index) else {
      throw text.error(
        line, field: field, value: word.string,
        expected: "the number of a node from 0 to \(count - 1) was expected")
    }
    return RouterID(index)
  }

  private mutating func expectEnd() throws(InputError) {
    if let line = nextLine() {
      throw text.error(
        line.number, value: String(line.string.prefix(60)),
        expected: "nothing was expected after the lines that the file announces")
    }
  }

  /// Says so where delays are shorter than light in vacuum needs: they are then no microseconds.
  private mutating func checkDelays() {
    let tooShort = delays.filter { delay in
      let link = builder.links[delay.link]
      guard let a = builder.routers[link.source.index].coordinate,
        let b = builder.routers[link.target.index].coordinate
      else { return false }
      return a.kilometres(to: b) > 299.8 * delay.milliseconds * 1.05
    }
    if tooShort.count * 2 > delays.count {
      builder.log.add(
        .unit, line: nil,
        "\(tooShort.count) of \(delays.count) delays are shorter than light needs between the "
          + "coordinates; they are taken as they are")
    }
  }
}

extension InputText.WordCursor {
  fileprivate var first: String? {
    var copy = self
    return copy.next()?.string
  }
}
