/// SNDlib's native text format with its sections META, NODES, LINKS and DEMANDS.
///
/// ```
/// ?SNDlib native format; type: network; version: 1.0
/// NODES ( A ( 13.4 52.5 ) )
/// LINKS ( L1 ( A B ) 0 0 0 0 ( 155 1 622 3 ) )
/// DEMANDS ( D1 ( A B ) 1 20 UNLIMITED )
/// ```
///
/// A link is `id ( source target ) preCap preCost routCost setupCost ( {capacity cost}* )`, a demand
/// `id ( source target ) unit value maxPath|UNLIMITED`. See `SNDlibNetwork` for what they become.
enum SNDlibNativeFormat: TopologyFileFormat {
  static func read(_ text: InputText) throws(InputError) -> LoadedNetwork {
    var reader = SNDlibNativeReader(text)
    return try reader.read()
  }

  static func write(_ network: LoadedNetwork) -> WrittenNetwork {
    let topology = network.topology
    let names = SNDlibNetwork.identifiers(topology)
    var out = "?SNDlib native format; type: network; version: 1.0\n# network \(topology.name)\n\n"
    if let unit = topology.capacityUnit { out += "META (\n  unit = \(unit)\n)\n\n" }
    out += "NODES (\n"
    for (name, router) in zip(names, topology.routers) {
      out += "  \(name)\(place(router))\n"
    }
    out += ")\n\nLINKS (\n"
    var used: Set<String> = []
    for (index, link) in topology.links.enumerated() {
      let id = SNDlibNetwork.linkIdentifier(link, index, used: &used)
      out += "  \(id) ( \(names[link.source.index]) \(names[link.target.index]) ) "
      out +=
        "\(NumberText.exact(link.capacity ?? 0)) 0 \(NumberText.exact(link.weight ?? 0)) 0 ( )\n"
    }
    out += ")\n\nDEMANDS (\n" + demands(network.traffic, names) + ")\n"
    return WrittenNetwork(
      files: [OutputFile(name: nil, text: out)], warnings: SNDlibNetwork.losses(network))
  }

  private static func place(_ router: Router) -> String {
    if let place = router.coordinate {
      return " ( \(NumberText.exact(place.longitude)) \(NumberText.exact(place.latitude)) )"
    }
    if let place = router.position {
      return " ( \(NumberText.exact(place.x)) \(NumberText.exact(-place.y)) )"
    }
    return ""
  }

  private static func demands(_ traffic: TrafficMatrix?, _ names: [String]) -> String {
    guard let traffic else { return "" }
    let n = traffic.routerCount
    var out = ""
    for pair in 0..<n * n where traffic.values[pair] > 0 {
      out += "  D\(pair / n)_\(pair % n) ( \(names[pair / n]) \(names[pair % n]) ) 1 "
      out += "\(NumberText.exact(traffic.values[pair])) UNLIMITED\n"
    }
    return out
  }
}

private struct SNDlibNativeReader {
  private struct Token {
    let text: String
    let line: Int
  }

  private let text: InputText
  private var position = 0
  private var line = 1
  private var network: SNDlibNetwork
  private var name: String?
  private var peeked: Token?

  init(_ text: InputText) {
    self.text = text
    network = SNDlibNetwork(file: text.file)
  }

  mutating func read() throws(InputError) -> LoadedNetwork {
    if text.bytes.first == UInt8(ascii: "?") { skipLine() }
    var seen: Set<String> = []
    while let section = try next() {
      guard seen.insert(section.text).inserted else {
        throw text.error(section.line, value: section.text, expected: "the section occurs twice")
      }
      switch section.text {
      case "META": try meta()
      case "NODES": try entries(section) { reader, id throws(InputError) in try reader.node(id) }
      case "LINKS": try entries(section) { reader, id throws(InputError) in try reader.link(id) }
      case "DEMANDS":
        try entries(section) { reader, id throws(InputError) in try reader.demand(id) }
      case "ADMISSIBLE_PATHS": try skipBlock(section)
      default:
        throw text.error(
          section.line, value: section.text,
          expected: "a section META, NODES, LINKS, DEMANDS or ADMISSIBLE_PATHS was expected")
      }
    }
    guard seen.contains("NODES") else {
      throw text.error(nil, expected: "a section NODES was expected")
    }
    return try network.finish(name: FormatName.network(nil, file: text.file))
  }

  /// `key = value` lines; a value runs to the end of its line and may hold anything.
  private mutating func meta() throws(InputError) {
    try require("(")
    while true {
      guard let key = try next() else { throw fault("the section META is not closed") }
      if key.text == ")" { return }
      try require("=")
      let start = position
      skipLine()
      let value = NetworkBuilder.clean(
        String(decoding: text.bytes[start..<position].prefix(400), as: UTF8.self))
      if key.text == "unit" && !value.isEmpty { network.unit = value }
    }
  }

  private mutating func entries(
    _ section: Token, _ body: (inout Self, Token) throws(InputError) -> Void
  ) throws(InputError) {
    try require("(")
    while let token = try next() {
      if token.text == ")" { return }
      guard token.text != "(" else {
        throw text.error(token.line, value: "(", expected: "an identifier was expected")
      }
      try body(&self, token)
    }
    throw text.error(section.line, expected: "the section \(section.text) is not closed")
  }

  private mutating func skipBlock(_ section: Token) throws(InputError) {
    try require("(")
    var depth = 1
    while depth > 0 {
      guard let token = try next() else {
        throw text.error(section.line, expected: "the section \(section.text) is not closed")
      }
      if token.text == "(" { depth += 1 }
      if token.text == ")" { depth -= 1 }
    }
  }

  private mutating func node(_ id: Token) throws(InputError) {
    var place: (x: Double, y: Double)?
    if try peek()?.text == "(" {
      try require("(")
      place = (try number("longitude"), try number("latitude"))
      try require(")")
    }
    try network.addNode(id.text, place: place, line: id.line)
  }

  private mutating func link(_ id: Token) throws(InputError) {
    let (source, target) = try ends()
    let preinstalled = try number("pre-installed capacity", atLeastZero: true)
    _ = try number("pre-installed cost")
    let routing = try number("routing cost")
    _ = try number("setup cost")
    try require("(")
    var modules: [Double] = []
    while try peek()?.text != ")" {
      modules.append(try number("module capacity", atLeastZero: true))
      _ = try number("module cost")
      guard modules.count <= 10_000 else { throw fault("a link has more than 10000 modules") }
    }
    try require(")")
    try network.addLink(
      id.text, source, target, preinstalled: preinstalled, modules: modules, routingCost: routing,
      line: id.line)
  }

  private mutating func demand(_ id: Token) throws(InputError) {
    let (source, target) = try ends()
    let unit = try number("routing unit", atLeastZero: true)
    let value = try number("demand value", atLeastZero: true)
    guard let limit = try next(), limit.text == "UNLIMITED" || Double(limit.text) != nil else {
      throw fault("a maximal path length or UNLIMITED was expected")
    }
    if unit != 1 {
      network.builder.log.add(
        .demand, line: id.line,
        "demand '\(id.text)' has the routing unit \(NumberText.exact(unit)); its value is multiplied "
          + "by it")
    }
    try network.addDemand(
      .init(source: source, target: target, value: value * unit, line: id.line))
  }

  private mutating func ends() throws(InputError) -> (String, String) {
    try require("(")
    guard let source = try next(), let target = try next() else {
      throw fault("two nodes were expected")
    }
    try require(")")
    return (source.text, target.text)
  }

  // MARK: Tokens

  private func fault(_ expected: String) -> InputError { text.error(line, expected: expected) }

  private mutating func number(
    _ field: String, atLeastZero: Bool = false
  ) throws(InputError) -> Double {
    guard let token = try next() else { throw fault("the file ends where a \(field) was expected") }
    guard let number = InputText.number(token.text), !(atLeastZero && number < 0) else {
      throw text.error(
        token.line, field: field, value: token.text,
        expected: atLeastZero ? "a number ≥ 0 was expected" : "a number was expected")
    }
    return number
  }

  private mutating func require(_ symbol: String) throws(InputError) {
    let token = try next()
    guard token?.text == symbol else {
      throw text.error(
        token?.line ?? line, value: token?.text ?? "the end of the file",
        expected: "'\(symbol)' was expected")
    }
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

  private mutating func skipLine() {
    while position < text.bytes.count, text.bytes[position] != 0x0A { position += 1 }
  }

  private mutating func scan() throws(InputError) -> Token? {
    let bytes = text.bytes
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 0x0A { line += 1 }
      if byte <= 0x20 {
        position += 1
      } else if byte == UInt8(ascii: "#") {
        skipLine()
      } else {
        break
      }
    }
    guard position < bytes.count else { return nil }
    let start = position
    position += 1
    if !Self.isSymbol(bytes[start]) {
      while position < bytes.count, bytes[position] > 0x20, !Self.isSymbol(bytes[position]) {
        position += 1
      }
    }
    guard position - start <= 1_000 else { throw fault("a word is longer than 1000 bytes") }
    return Token(text: String(decoding: bytes[start..<position], as: UTF8.self), line: line)
  }

  private static func isSymbol(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")") || byte == UInt8(ascii: "=")
  }
}
