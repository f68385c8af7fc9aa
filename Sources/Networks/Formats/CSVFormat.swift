/// A CSV edge list.
///
/// ```
/// # name: example
/// # capacityUnit: Mbit/s
/// source,target,directed,label,capacity,latencyTicks,delayMilliseconds,weight,failureProbability
/// A,B,false,north,1000,3,,,
/// C,
/// ```
///
/// Separated by commas, semicolons or tabs, which the first line decides; fields may be quoted. With
/// a header the columns are found by name (`source`, `from`, `src`, `node1`; `target`, `to`, `dst`,
/// `dest`, `node2`; the others as in `LinkAttributes`), without one they are source, target and
/// capacity. A row without a target declares a router without links. Lines that begin with `#` are
/// comments.
enum CSVFormat: TopologyFileFormat {
  static func read(_ text: InputText) throws(InputError) -> LoadedNetwork {
    var reader = CSVEdgeReader(text)
    return try reader.read()
  }

  static func write(_ network: LoadedNetwork) -> WrittenNetwork {
    let topology = network.topology
    let columns = [
      "LinkLabel", "capacity", "latencyTicks", "delayMilliseconds", "weight", "failureProbability",
    ]
    let values = topology.links.map(AttributeKeys.values(of:))
    let used = columns.filter { column in values.contains { $0.contains { $0.name == column } } }
    let isDirected = topology.links.contains { $0.isDirected }
    var out = "# name: \(topology.name)\n"
    if let unit = topology.capacityUnit { out += "# capacityUnit: \(unit)\n" }
    out += (["source", "target"] + (isDirected ? ["directed"] : []) + used).joined(separator: ",")
    out += "\n"
    for router in topology.routers { out += CSVRow.quoted(router.name) + ",\n" }
    for (link, values) in zip(topology.links, values) {
      var fields = [
        CSVRow.quoted(topology.routers[link.source.index].name),
        CSVRow.quoted(topology.routers[link.target.index].name),
      ]
      if isDirected { fields.append("\(link.isDirected)") }
      fields += used.map { column in
        values.first { $0.name == column }.map { CSVRow.quoted($0.text) } ?? ""
      }
      out += fields.joined(separator: ",") + "\n"
    }
    var warnings = network.dropped([.traffic, .groups, .positions])
    if topology.routers.contains(where: { $0.coordinate != nil }) {
      warnings.append(
        InputWarning(
          file: topology.name, message: "the format cannot hold coordinates; left out"))
    }
    return WrittenNetwork(files: [OutputFile(name: nil, text: out)], warnings: warnings)
  }
}

/// One line of separated fields.
enum CSVRow {
  /// - Returns: nil where a quote is not closed.
  static func fields(_ line: String, separator: Character) -> [String]? {
    var fields: [String] = []
    var field = ""
    var isQuoted = false
    var rest = Substring(line)
    while let character = rest.popFirst() {
      if isQuoted {
        if character == "\"" {
          if rest.first == "\"" {
            field.append("\"")
            rest.removeFirst()
          } else {
            isQuoted = false
          }
        } else {
          field.append(character)
        }
      } else if character == "\"" && field.allSatisfy({ $0 == " " }) {
        field = ""
        isQuoted = true
      } else if character == separator {
        fields.append(field)
        field = ""
      } else {
        field.append(character)
      }
    }
    guard !isQuoted else { return nil }
    return (fields + [field]).map(NetworkBuilder.clean)
  }

  /// The separator that a first line uses most; a comma where it uses none.
  static func separator(of line: String) -> Character {
    let candidates: [Character] = [",", ";", "\t"]
    var best = (separator: Character(","), count: 0)
    for candidate in candidates {
      let count = line.count { $0 == candidate }
      if count > best.count { best = (candidate, count) }
    }
    return best.separator
  }

  static func quoted(_ text: String) -> String {
    guard text.contains(where: { ",;\"\t#".contains($0) || $0.isNewline }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}

private struct CSVEdgeReader {
  private let text: InputText
  private var builder: NetworkBuilder
  private var name: String?
  private var unit: String?
  private var separator: Character?
  private var header: [String]?
  private var rows: [Row] = []
  private var capacities = CapacityColumn()

  private struct Row {
    let source: RouterID
    let target: RouterID
    let isDirected: Bool
    let attributes: LinkAttributes
    let line: Int
  }

  private static let sources = ["source", "from", "src", "node1"]
  private static let targets = ["target", "to", "dst", "dest", "node2"]

  init(_ text: InputText) {
    self.text = text
    builder = NetworkBuilder(file: text.file)
  }

  mutating func read() throws(InputError) -> LoadedNetwork {
    var cursor = text.lines()
    while let line = cursor.next() {
      guard line.bytes.count <= 100_000 else {
        throw text.error(line.number, expected: "a line is longer than 100000 bytes")
      }
      let string = NetworkBuilder.trimmed(line.string)
      if string.hasPrefix("#") {
        comment(string)
      } else if !string.isEmpty {
        try row(string, line.number)
      }
    }
    let (values, unit) = capacities.resolve(declaredUnit: unit, log: &builder.log)
    for (row, capacity) in zip(rows, values) {
      var link = row.attributes.link(row.source, row.target, isDirected: row.isDirected)
      link.capacity = capacity
      try builder.addLink(link, line: row.line)
    }
    let topology = try builder.finish(
      name: FormatName.network(name, file: text.file), capacityUnit: unit, pairing: true)
    return LoadedNetwork(topology: topology, warnings: builder.log.warnings)
  }

  private mutating func comment(_ string: String) {
    let body = string.drop { $0 == "#" || $0 == " " }
    if body.hasPrefix("name:") { name = String(body.dropFirst(5)) }
    if body.hasPrefix("capacityUnit:") {
      unit = NetworkBuilder.clean(String(body.dropFirst(13)))
    }
  }

  private mutating func row(_ string: String, _ line: Int) throws(InputError) {
    let separator = self.separator ?? CSVRow.separator(of: string)
    self.separator = separator
    guard let fields = CSVRow.fields(string, separator: separator) else {
      throw text.error(line, expected: "a quote is not closed")
    }
    guard let header else { return try firstRow(fields, line) }
    try link(fields, header, line)
  }

  private mutating func firstRow(_ fields: [String], _ line: Int) throws(InputError) {
    let lowered = fields.map { $0.lowercased() }
    if lowered.contains(where: Self.sources.contains),
      lowered.contains(where: Self.targets.contains)
    {
      header = fields
      return
    }
    guard (2...3).contains(fields.count) else {
      throw text.error(
        line, value: fields.joined(separator: ", "),
        expected:
          "a header with 'source' and 'target', or rows of source, target and capacity, were "
          + "expected")
    }
    builder.log.add(
      .layout, line: line, "there is no header; columns are taken to be source, target, capacity")
    let columns = Array(["source", "target", "capacity"].prefix(fields.count))
    header = columns
    try link(fields, columns, line)
  }

  private mutating func link(
    _ fields: [String], _ header: [String], _ line: Int
  ) throws(InputError) {
    guard fields.count <= header.count else {
      throw text.error(
        line, value: "\(fields.count) fields", expected: "at most \(header.count) were expected")
    }
    var ends: (source: String?, target: String?) = (nil, nil)
    var isDirected = false
    var attributes: [LinkAttributes.Attribute] = []
    for (column, field) in zip(header, fields) where !field.isEmpty {
      let key = column.lowercased()
      if Self.sources.contains(key) {
        ends.source = field
      } else if Self.targets.contains(key) {
        ends.target = field
      } else if key == "directed" {
        isDirected = ["true", "1", "yes"].contains(field.lowercased())
      } else {
        attributes.append(.init(name: column, text: field, line: line))
      }
    }
    guard let source = ends.source else {
      throw text.error(line, field: "source", expected: "it is empty")
    }
    let from = try router(source, line)
    guard let target = ends.target else { return }
    let to = try router(target, line)
    guard rows.count < NetworkBuilder.linkLimit else {
      throw text.error(
        line, expected: "a network may have at most \(NetworkBuilder.linkLimit) links")
    }
    let values = try LinkAttributes(attributes, builder: &builder)
    capacities.append(values)
    rows.append(
      Row(
        source: from, target: to, isDirected: isDirected && from != to, attributes: values,
        line: line))
  }

  private mutating func router(_ name: String, _ line: Int) throws(InputError) -> RouterID {
    if let known = builder.router(key: name) { return known }
    return try builder.addRouter(key: name, line: line)
  }
}
