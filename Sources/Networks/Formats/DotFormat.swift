/// Graphviz dot, as YATES uses it for topologies.
///
/// ```
/// digraph topology {
///   s1 [type=switch, Latitude=52.5, Longitude=13.4];
///   s1 -> s2 [capacity="10Gbps", cost=1];
/// }
/// ```
///
/// Attributes are read by the names in `RouterAttributes` and `LinkAttributes`; in dot, `pos="x,y!"`
/// gives a drawing position. Nodes of `type=host` (YATES puts one beside each switch) are left out
/// with their links, because routers send and receive by themselves here.
///
/// - Source: the DOT language, graphviz.org; Kumar et al. (2018), *Semi-oblivious traffic
///   engineering: the road not taken*, NSDI (YATES).
/// - Differs: subgraphs are flattened, ports and default attributes (`node […]`) ignored; opposite
///   directed links with the same numbers become one undirected link.
enum DotFormat: TopologyFileFormat {
  static func read(_ text: InputText) throws(InputError) -> LoadedNetwork {
    var reader = DotReader(text)
    return try reader.read()
  }

  static func write(_ network: LoadedNetwork) -> WrittenNetwork {
    let topology = network.topology
    let isDirected = topology.links.contains { $0.isDirected }
    var out = "\(isDirected ? "digraph" : "graph") \(quoted(topology.name)) {\n"
    if let unit = topology.capacityUnit { out += "  capacityUnit=\(quoted(unit));\n" }
    for (index, router) in topology.routers.enumerated() {
      out += "  n\(index)\(attributes(AttributeKeys.values(of: router)));\n"
    }
    let arrow = isDirected ? "->" : "--"
    for link in topology.links {
      let ways = isDirected && !link.isDirected && link.source != link.target ? 2 : 1
      for way in 0..<ways {
        let (from, to) = way == 0 ? (link.source, link.target) : (link.target, link.source)
        out += "  n\(from.index) \(arrow) n\(to.index)"
        out += "\(attributes(AttributeKeys.values(of: link)));\n"
      }
    }
    return WrittenNetwork(
      files: [OutputFile(name: nil, text: out + "}\n")],
      warnings: network.dropped([.traffic, .groups]))
  }

  private static func attributes(_ values: [AttributeKeys.Value]) -> String {
    guard !values.isEmpty else { return "" }
    let texts = values.map { "\($0.name)=\($0.isNumber ? $0.text : quoted($0.text))" }
    return " [\(texts.joined(separator: ", "))]"
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for character in text {
      if character == "\"" || character == "\\" { result += "\\" }
      result.append(character)
    }
    return result + "\""
  }
}

private struct DotReader {
  private enum Token: Equatable {
    case word(String)
    /// Quoted: never a keyword.
    case text(String)
    case symbol(String)

    var identifier: String? {
      switch self {
      case .word(let text), .text(let text): text
      case .symbol: nil
      }
    }
  }

  private struct Node {
    var attributes: [LinkAttributes.Attribute] = []
    let line: Int
  }

  private struct Edge {
    let source: String
    let target: String
    let line: Int
    let attributes: [LinkAttributes.Attribute]
  }

  private let text: InputText
  private var position = 0
  private var line = 1
  private var peeked: Token?
  private var builder: NetworkBuilder
  private var isDirected = false
  private var name: String?
  private var capacityUnit: String?
  private var order: [String] = []
  private var nodes: [String: Node] = [:]
  private var edges: [Edge] = []
  private static let depthLimit = 32

  init(_ text: InputText) {
    self.text = text
    builder = NetworkBuilder(file: text.file)
  }

  mutating func read() throws(InputError) -> LoadedNetwork {
    var token = try next()
    if case .word(let word)? = token, word.lowercased() == "strict" { token = try next() }
    guard case .word(let kind)? = token, ["graph", "digraph"].contains(kind.lowercased()) else {
      throw fault("'graph' or 'digraph' was expected")
    }
    isDirected = kind.lowercased() == "digraph"
    if let identifier = try peek()?.identifier {
      name = identifier
      _ = try next()
    }
    try require("{")
    try statements(depth: 0)
    return try finish()
  }

  private mutating func statements(depth: Int) throws(InputError) {
    guard depth < Self.depthLimit else { throw fault("subgraphs are nested more than 32 deep") }
    while let token = try next() {
      switch token {
      case .symbol("}"): return
      case .symbol(";"), .symbol(","): continue
      case .symbol("{"): try statements(depth: depth + 1)
      case .symbol(let symbol):
        throw text.error(line, value: symbol, expected: "a statement was expected")
      case .word(let word) where word.lowercased() == "subgraph":
        if try peek()?.identifier != nil { _ = try next() }
        try require("{")
        try statements(depth: depth + 1)
      case .word(let word) where ["graph", "node", "edge"].contains(word.lowercased()):
        let values = try attributes()
        guard word.lowercased() == "graph" else { break }
        for value in values { graphAttribute(value.name, value.text) }
      case .word(let word): try statement(word)
      case .text(let word): try statement(word)
      }
    }
    throw fault("a block is not closed by '}'")
  }

  private mutating func graphAttribute(_ key: String, _ value: String) {
    if key == "capacityUnit" { capacityUnit = NetworkBuilder.clean(value) }
  }

  /// `key = value`, a node, or a chain of edges.
  private mutating func statement(_ first: String) throws(InputError) {
    let start = line
    if try peek() == .symbol("=") {
      _ = try next()
      guard let value = try next()?.identifier else { throw fault("a value was expected") }
      return graphAttribute(first, value)
    }
    try skipPort()
    var chain = [first]
    while case .symbol(let arrow)? = try peek(), arrow == "->" || arrow == "--" {
      _ = try next()
      guard let target = try next()?.identifier else {
        throw fault("a node was expected after '\(arrow)'; groups of nodes are not supported")
      }
      try skipPort()
      chain.append(target)
    }
    let values = try attributes()
    for node in chain { try declare(node, start) }
    if chain.count == 1 {
      nodes[first]?.attributes += values
      return
    }
    for index in 1..<chain.count {
      guard edges.count < NetworkBuilder.linkLimit else {
        throw fault("a network may have at most \(NetworkBuilder.linkLimit) links")
      }
      edges.append(
        Edge(source: chain[index - 1], target: chain[index], line: start, attributes: values))
    }
  }

  private mutating func declare(_ node: String, _ line: Int) throws(InputError) {
    guard nodes[node] == nil else { return }
    guard order.count < NetworkBuilder.routerLimit else {
      throw fault("a network may have at most \(NetworkBuilder.routerLimit) routers")
    }
    nodes[node] = Node(line: line)
    order.append(node)
  }

  private mutating func skipPort() throws(InputError) {
    while try peek() == .symbol(":") {
      _ = try next()
      _ = try next()
    }
  }

  /// Any number of `[ key = value, … ]`.
  private mutating func attributes() throws(InputError) -> [LinkAttributes.Attribute] {
    var result: [LinkAttributes.Attribute] = []
    while try peek() == .symbol("[") {
      _ = try next()
      while let token = try next() {
        if token == .symbol("]") { break }
        if token == .symbol(",") || token == .symbol(";") { continue }
        guard let key = token.identifier else { throw fault("an attribute was expected") }
        let start = line
        guard try peek() == .symbol("=") else { continue }
        _ = try next()
        guard let value = try next()?.identifier else {
          throw fault("'\(key)' has no value")
        }
        result.append(.init(name: key, text: value, line: start))
        guard result.count <= 200 else { throw fault("more than 200 attributes") }
      }
    }
    return result
  }

  private mutating func finish() throws(InputError) -> LoadedNetwork {
    let hosts = Set(order.filter { isHost($0) })
    if let first = hosts.compactMap({ nodes[$0]?.line }).min() {
      builder.log.add(
        .unknownElement, line: first,
        "\(hosts.count) nodes of type=host and their links are left out: routers send and receive by "
          + "themselves")
    }
    for id in order where !hosts.contains(id) {
      guard let node = nodes[id] else { continue }
      let place = RouterAttributes(node.attributes.flatMap(Self.withPosition), builder: &builder)
      try builder.addRouter(
        key: id, name: place.name ?? id, coordinate: place.coordinate, position: place.position,
        line: node.line)
    }
    let kept = edges.filter { !hosts.contains($0.source) && !hosts.contains($0.target) }
    var capacities = CapacityColumn()
    var numbers: [LinkAttributes] = []
    for edge in kept {
      numbers.append(try LinkAttributes(edge.attributes, builder: &builder))
      numbers.last.map { capacities.append($0) }
    }
    let (values, unit) = capacities.resolve(declaredUnit: capacityUnit, log: &builder.log)
    for (index, edge) in kept.enumerated() {
      let source = try builder.requireRouter(edge.source, field: "edge", line: edge.line)
      let target = try builder.requireRouter(edge.target, field: "edge", line: edge.line)
      var link = numbers[index].link(source, target, isDirected: isDirected && source != target)
      link.capacity = values[index]
      try builder.addLink(link, line: edge.line)
    }
    let topology = try builder.finish(
      name: FormatName.network(name, file: text.file), capacityUnit: unit, pairing: true)
    return LoadedNetwork(topology: topology, warnings: builder.log.warnings)
  }

  private func isHost(_ id: String) -> Bool {
    nodes[id]?.attributes.contains {
      $0.name.lowercased() == "type" && $0.text.lowercased() == "host"
    } ?? false
  }

  /// `pos="x,y!"` as `x` and `y`.
  private static func withPosition(
    _ attribute: LinkAttributes.Attribute
  ) -> [LinkAttributes.Attribute] {
    guard attribute.name.lowercased() == "pos" else { return [attribute] }
    let parts = attribute.text.filter { $0 != "!" }.split(separator: ",").map(String.init)
    guard parts.count >= 2 else { return [] }
    return [
      .init(name: "x", text: parts[0], line: attribute.line),
      .init(name: "y", text: parts[1], line: attribute.line),
    ]
  }

  // MARK: Tokens

  private func fault(_ expected: String) -> InputError { text.error(line, expected: expected) }

  private mutating func require(_ symbol: String) throws(InputError) {
    guard try next() == .symbol(symbol) else { throw fault("'\(symbol)' was expected") }
  }

  private mutating func peek() throws(InputError) -> Token? {
    if peeked == nil { peeked = try scan() }
    return peeked
  }

  private mutating func next() throws(InputError) -> Token? {
    if let token = peeked {
      peeked = nil
      return token
    }
    return try scan()
  }

  private func byte(_ offset: Int = 0) -> UInt8? {
    position + offset < text.bytes.count ? text.bytes[position + offset] : nil
  }

  private mutating func skipLine() {
    while let byte = byte(), byte != 0x0A { position += 1 }
  }

  private mutating func scan() throws(InputError) -> Token? {
    while let byte = byte() {
      if byte == 0x0A { line += 1 }
      if byte <= 0x20 {
        position += 1
      } else if byte == UInt8(ascii: "#") {
        skipLine()
      } else if byte == UInt8(ascii: "/") && self.byte(1) == UInt8(ascii: "/") {
        skipLine()
      } else if byte == UInt8(ascii: "/") && self.byte(1) == UInt8(ascii: "*") {
        try skipComment()
      } else {
        return try token(byte)
      }
    }
    return nil
  }

  private mutating func skipComment() throws(InputError) {
    let start = line
    position += 2
    while let byte = byte() {
      if byte == UInt8(ascii: "*") && self.byte(1) == UInt8(ascii: "/") {
        position += 2
        return
      }
      if byte == 0x0A { line += 1 }
      position += 1
    }
    throw text.error(start, expected: "a comment is not closed")
  }

  private mutating func token(_ first: UInt8) throws(InputError) -> Token {
    if first == UInt8(ascii: "\"") { return .text(try quoted()) }
    if first == UInt8(ascii: "-"), let second = byte(1),
      second == UInt8(ascii: "-") || second == UInt8(ascii: ">")
    {
      position += 2
      return .symbol(second == UInt8(ascii: ">") ? "->" : "--")
    }
    let start = position
    while let byte = byte(), Self.isWordByte(byte) {
      // "a--b" and "a->b" need no blanks.
      if byte == UInt8(ascii: "-"), position > start, let after = self.byte(1),
        after == UInt8(ascii: "-") || after == UInt8(ascii: ">")
      {
        break
      }
      position += 1
    }
    if position > start {
      guard position - start <= 1_000 else { throw fault("a word is longer than 1000 bytes") }
      return .word(String(decoding: text.bytes[start..<position], as: UTF8.self))
    }
    position += 1
    return .symbol(String(Unicode.Scalar(first)))
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A, 0x2D, 0x2E, 0x2B, 0x80...0xFF: true
    default: false
    }
  }

  private mutating func quoted() throws(InputError) -> String {
    let opening = line
    position += 1
    var bytes: [UInt8] = []
    while let byte = byte(), bytes.count <= 100_000 {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let escaped = self.byte() else { break }
        position += 1
        // Only quotes and backslashes are escaped; \n and its like are layout hints.
        let isLiteral = escaped == UInt8(ascii: "\"") || escaped == UInt8(ascii: "\\")
        bytes.append(isLiteral ? escaped : 0x20)
      default:
        if byte == 0x0A { line += 1 }
        bytes.append(byte)
      }
    }
    throw text.error(opening, expected: "a string is not closed")
  }
}
