/// GML, as the Internet Topology Zoo and networkx write it.
///
/// Accepted although strict readers refuse it: repeated edges without `multigraph 1`, repeated
/// labels, entities in strings, nodes without coordinates, self-loops.
///
/// - Source: Himsolt (1997), *GML: a portable graph file format*, University of Passau.
/// - Differs: blocks inside nodes and edges (`graphics [ x 1 y 2 ]`) are read as if their keys stood
///   in the node or edge itself.
enum GMLFormat: TopologyFileFormat {
  static func read(_ text: InputText) throws(InputError) -> LoadedNetwork {
    var reader = GMLReader(text)
    return try reader.read()
  }

  static func write(_ network: LoadedNetwork) -> WrittenNetwork {
    let topology = network.topology
    let isDirected = topology.links.contains { $0.isDirected }
    var out = "graph [\n  directed \(isDirected ? 1 : 0)\n  multigraph 1\n"
    out += lines(AttributeKeys.values(of: topology), indent: "  ")
    for (index, router) in topology.routers.enumerated() {
      out += "  node [\n    id \(index)\n"
      out += lines(AttributeKeys.values(of: router), indent: "    ") + "  ]\n"
    }
    for link in topology.links {
      // GML has one direction flag for the whole graph: an undirected link beside directed ones is
      // written both ways, and the reader makes one of the two again.
      let ways = isDirected && !link.isDirected && link.source != link.target ? 2 : 1
      for way in 0..<ways {
        let (from, to) = way == 0 ? (link.source, link.target) : (link.target, link.source)
        out += "  edge [\n    source \(from.index)\n    target \(to.index)\n"
        out += lines(AttributeKeys.values(of: link), indent: "    ") + "  ]\n"
      }
    }
    return WrittenNetwork(
      files: [OutputFile(name: nil, text: out + "]\n")],
      warnings: network.dropped([.traffic, .groups]))
  }

  private static func lines(_ values: [AttributeKeys.Value], indent: String) -> String {
    values.map { value in
      "\(indent)\(value.name) \(value.isNumber ? value.text : quoted(value.text))\n"
    }.joined()
  }

  /// GML is ASCII: quotes, ampersands and everything beyond are written as entities.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "&quot;"
      case "&": result += "&amp;"
      case _ where scalar.value < 0x20 || scalar.value > 0x7E: result += "&#\(scalar.value);"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

private struct GMLReader {
  private enum Token: Equatable {
    case word(String)
    case text(String)
    case open, close
  }

  private struct Edge {
    let source: String
    let target: String
    let line: Int
    let attributes: LinkAttributes
  }

  private let text: InputText
  private var position = 0
  private var line = 1
  private var builder: NetworkBuilder
  private var edges: [Edge] = []
  private var capacities = CapacityColumn()
  private var graphValues: [String: String] = [:]
  private static let attributeLimit = 200
  private static let depthLimit = 32

  init(_ text: InputText) {
    self.text = text
    builder = NetworkBuilder(file: text.file)
  }

  mutating func read() throws(InputError) -> LoadedNetwork {
    var hasGraph = false
    while let token = try next() {
      guard case .word(let key) = token else { throw fault("a key was expected") }
      guard let value = try next() else { throw fault("'\(key)' has no value") }
      guard value == .open else { continue }
      if key.lowercased() == "graph" && !hasGraph {
        hasGraph = true
        try graph()
      } else {
        try skipBlock()
      }
    }
    guard hasGraph else { throw text.error(nil, expected: "a block 'graph [' was expected") }
    return try finish()
  }

  private mutating func graph() throws(InputError) {
    while let token = try next() {
      if token == .close { return }
      guard case .word(let key) = token else { throw fault("a key was expected") }
      let start = line
      guard let value = try next() else { break }
      switch (key.lowercased(), value) {
      case ("node", .open): try node(start)
      case ("edge", .open): try edge(start)
      case (_, .open): try skipBlock()
      case (_, .word(let word)): graphValues[key] = word
      case (_, .text(let string)): graphValues[key] = string
      case (_, .close): throw fault("'\(key)' has no value")
      }
    }
    throw fault("the block 'graph' is not closed")
  }

  private mutating func node(_ start: Int) throws(InputError) {
    let attributes = try attributes(depth: 0)
    guard let id = attributes.first(where: { $0.name.lowercased() == "id" })?.text else {
      throw text.error(start, field: "node", expected: "it has no id")
    }
    let place = RouterAttributes(attributes, builder: &builder)
    try builder.addRouter(
      key: id, name: place.name, coordinate: place.coordinate, position: place.position, line: start
    )
  }

  private mutating func edge(_ start: Int) throws(InputError) {
    let attributes = try attributes(depth: 0)
    func end(_ name: String) throws(InputError) -> String {
      guard let value = attributes.first(where: { $0.name.lowercased() == name }) else {
        throw text.error(start, field: "edge", expected: "it has no \(name)")
      }
      return value.text
    }
    guard edges.count < NetworkBuilder.linkLimit else {
      throw fault("a network may have at most \(NetworkBuilder.linkLimit) links")
    }
    let numbers = try LinkAttributes(attributes, builder: &builder)
    capacities.append(numbers)
    edges.append(
      Edge(source: try end("source"), target: try end("target"), line: start, attributes: numbers))
  }

  /// Everything up to the end of a block, blocks inside included.
  private mutating func attributes(depth: Int) throws(InputError) -> [LinkAttributes.Attribute] {
    guard depth < Self.depthLimit else { throw fault("blocks are nested more than 32 deep") }
    var result: [LinkAttributes.Attribute] = []
    while let token = try next() {
      if token == .close { return result }
      guard case .word(let key) = token else { throw fault("a key was expected") }
      let start = line
      switch try next() {
      case .word(let word): result.append(.init(name: key, text: word, line: start))
      case .text(let string): result.append(.init(name: key, text: string, line: start))
      case .open: result += try attributes(depth: depth + 1)
      case .close, nil: throw fault("'\(key)' has no value")
      }
      guard result.count <= Self.attributeLimit else {
        throw fault("a block has more than \(Self.attributeLimit) attributes")
      }
    }
    throw fault("a block is not closed")
  }

  private mutating func skipBlock() throws(InputError) {
    var depth = 1
    while depth > 0 {
      switch try next() {
      case .open: depth += 1
      case .close: depth -= 1
      case nil: throw fault("a block is not closed")
      default: break
      }
    }
  }

  private mutating func finish() throws(InputError) -> LoadedNetwork {
    let (values, unit) = capacities.resolve(
      declaredUnit: graphValues["capacityUnit"], log: &builder.log)
    let isDirected = graphValues["directed"] == "1"
    for (edge, capacity) in zip(edges, values) {
      let source = try builder.requireRouter(edge.source, field: "edge source", line: edge.line)
      let target = try builder.requireRouter(edge.target, field: "edge target", line: edge.line)
      var link = edge.attributes.link(
        source, target, isDirected: isDirected && source != target)
      link.capacity = capacity
      try builder.addLink(link, line: edge.line)
    }
    let name = graphValues["label"] ?? graphValues["Network"] ?? graphValues["name"]
    let topology = try builder.finish(
      name: FormatName.network(name, file: text.file), capacityUnit: unit, pairing: true)
    return LoadedNetwork(topology: topology, warnings: builder.log.warnings)
  }

  // MARK: Tokens

  private func fault(_ expected: String) -> InputError { text.error(line, expected: expected) }

  private mutating func next() throws(InputError) -> Token? {
    let bytes = text.bytes
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 0x0A { line += 1 }
      if byte <= 0x20 {
        position += 1
      } else if byte == UInt8(ascii: "#") {
        while position < bytes.count, bytes[position] != 0x0A { position += 1 }
      } else {
        return try token(byte)
      }
    }
    return nil
  }

  private mutating func token(_ byte: UInt8) throws(InputError) -> Token {
    switch byte {
    case UInt8(ascii: "["):
      position += 1
      return .open
    case UInt8(ascii: "]"):
      position += 1
      return .close
    case UInt8(ascii: "\""): return .text(try quoted())
    default:
      let start = position
      while position < text.bytes.count, text.bytes[position] > 0x20,
        text.bytes[position] != UInt8(ascii: "["), text.bytes[position] != UInt8(ascii: "]"),
        text.bytes[position] != UInt8(ascii: "\"")
      { position += 1 }
      guard position - start <= 1_000 else { throw fault("a word is longer than 1000 bytes") }
      return .word(String(decoding: text.bytes[start..<position], as: UTF8.self))
    }
  }

  private mutating func quoted() throws(InputError) -> String {
    let opening = line
    position += 1
    let start = position
    while position < text.bytes.count, text.bytes[position] != UInt8(ascii: "\"") {
      if text.bytes[position] == 0x0A { line += 1 }
      position += 1
      guard position - start <= 100_000 else { break }
    }
    guard position < text.bytes.count, text.bytes[position] == UInt8(ascii: "\"") else {
      throw text.error(opening, expected: "a string is not closed")
    }
    let raw = text.bytes[start..<position]
    position += 1
    return CharacterEntities.decode(String(decoding: raw, as: UTF8.self))
  }
}
