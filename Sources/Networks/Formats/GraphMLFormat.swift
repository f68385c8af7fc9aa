/// GraphML, as the Internet Topology Zoo and networkx write it.
///
/// Keys are resolved by their `attr.name`, because their ids differ from file to file. Multigraphs,
/// self-loops, disconnected graphs, repeated labels and nodes without coordinates are accepted.
///
/// - Source: Brandes et al. (2002), *GraphML progress report*; the format's DTD and primer at
///   graphml.graphdrawing.org.
/// - Differs: hyperedges, ports and nested graphs are left out with a warning.
enum GraphMLFormat: TopologyFileFormat {
  static func read(_ text: InputText) throws(InputError) -> LoadedNetwork {
    var reader = GraphMLReader(file: text.file)
    try XMLEvents.read(text, &reader)
    return try reader.finish()
  }

  static func write(_ network: LoadedNetwork) -> WrittenNetwork {
    GraphMLWriter(network.topology).write(dropping: network.dropped([.traffic, .groups]))
  }
}

private struct GraphMLReader: XMLEventHandler {
  private struct Key {
    let name: String
    let domain: String
  }

  private var builder: NetworkBuilder
  private var capacities = CapacityColumn()
  private var keys: [String: Key] = [:]
  private var hasGraph = false
  private var graphDepth = 0
  private var skippedDepth = 0
  private var isDirectedByDefault = false
  private var graphAttributes: [String: String] = [:]
  private var dataKey: String?

  private enum Owner {
    case graph
    case node(id: String, line: Int)
    case edge(source: String, target: String, isDirected: Bool, line: Int)
  }
  private var owner = Owner.graph
  private var attributes: [LinkAttributes.Attribute] = []
  private var pendingEdges: [PendingEdge] = []

  /// Edges may come before their nodes: they are joined at the end.
  private struct PendingEdge {
    let source: String
    let target: String
    let isDirected: Bool
    let line: Int
    let attributes: LinkAttributes
  }

  init(file: String) { builder = NetworkBuilder(file: file) }

  mutating func open(
    _ element: String, _ values: [String: String], line: Int
  ) throws(InputError) {
    if skippedDepth > 0 {
      skippedDepth += 1
      return
    }
    switch element {
    case "graphml": break
    case "key":
      guard let id = values["id"] else { return }
      keys[id] = Key(name: values["attr.name"] ?? id, domain: values["for"] ?? "all")
    case "graph":
      guard !hasGraph else { return skip("graph", line) }
      hasGraph = true
      isDirectedByDefault = values["edgedefault"] == "directed"
    case "node":
      guard let id = values["id"] else {
        throw builder.error(line, field: "node", "it has no id")
      }
      owner = .node(id: id, line: line)
      attributes = []
    case "edge": try openEdge(values, line: line)
    case "data": dataKey = values["key"]
    case "hyperedge", "port": skip(element, line)
    default: break
    }
  }

  private mutating func skip(_ element: String, _ line: Int) {
    skippedDepth = 1
    builder.log.add(
      .unknownElement, line: line, "the element '\(element)' is not supported here and left out")
  }

  private mutating func openEdge(_ values: [String: String], line: Int) throws(InputError) {
    guard let source = values["source"], let target = values["target"] else {
      throw builder.error(line, field: "edge", "it has no source or no target")
    }
    var isDirected = isDirectedByDefault
    if let directed = values["directed"] { isDirected = directed == "true" || directed == "1" }
    owner = .edge(source: source, target: target, isDirected: isDirected, line: line)
    attributes = []
  }

  mutating func close(_ element: String, text: String, line: Int) throws(InputError) {
    if skippedDepth > 0 {
      skippedDepth -= 1
      return
    }
    switch element {
    case "data":
      guard let dataKey else { return }
      let name = keys[dataKey]?.name ?? dataKey
      switch owner {
      case .graph: graphAttributes[name] = text
      case .node, .edge: attributes.append(.init(name: name, text: text, line: line))
      }
      self.dataKey = nil
    case "node": try closeNode()
    case "edge": try closeEdge()
    default: break
    }
  }

  private mutating func closeNode() throws(InputError) {
    guard case .node(let id, let line) = owner else { return }
    owner = .graph
    let place = RouterAttributes(attributes, builder: &builder)
    try builder.addRouter(
      key: id, name: place.name, coordinate: place.coordinate, position: place.position, line: line)
  }

  private mutating func closeEdge() throws(InputError) {
    guard case .edge(let source, let target, let isDirected, let line) = owner else { return }
    owner = .graph
    guard pendingEdges.count < NetworkBuilder.linkLimit else {
      throw builder.error(line, "a network may have at most \(NetworkBuilder.linkLimit) links")
    }
    pendingEdges.append(
      PendingEdge(
        source: source, target: target, isDirected: isDirected, line: line,
        attributes: try LinkAttributes(attributes, builder: &builder)))
  }

  mutating func finish() throws(InputError) -> LoadedNetwork {
    guard hasGraph else { throw builder.error(nil, "the element 'graph' was expected") }
    for edge in pendingEdges { capacities.append(edge.attributes) }
    let declared = graphAttributes["capacityUnit"].map(NetworkBuilder.clean)
    let (values, unit) = capacities.resolve(declaredUnit: declared, log: &builder.log)
    for (edge, capacity) in zip(pendingEdges, values) {
      let source = try builder.requireRouter(edge.source, field: "edge source", line: edge.line)
      let target = try builder.requireRouter(edge.target, field: "edge target", line: edge.line)
      var link = edge.attributes.link(source, target, isDirected: edge.isDirected)
      link.capacity = capacity
      try builder.addLink(link, line: edge.line)
    }
    let name = graphAttributes["label"] ?? graphAttributes["Network"] ?? graphAttributes["name"]
    let topology = try builder.finish(
      name: FormatName.network(name, file: builder.file), capacityUnit: unit, pairing: true)
    return LoadedNetwork(topology: topology, warnings: builder.log.warnings)
  }
}

private struct GraphMLWriter {
  private let topology: Topology

  init(_ topology: Topology) { self.topology = topology }

  func write(dropping warnings: [InputWarning]) -> WrittenNetwork {
    var out = """
      <?xml version="1.0" encoding="utf-8"?>
      <graphml xmlns="http://graphml.graphdrawing.org/xmlns">

      """
    let keys = AttributeKeys(topology)
    for (number, key) in keys.all.enumerated() {
      out += "  <key id=\"d\(number)\" for=\"\(key.domain)\" attr.name=\"\(key.name)\""
      out += " attr.type=\"\(key.type)\" />\n"
    }
    let directed = topology.links.contains { $0.isDirected }
    out += "  <graph edgedefault=\"\(directed ? "directed" : "undirected")\">\n"
    out += data(keys.graph(topology), keys, indent: 4)
    for (index, router) in topology.routers.enumerated() {
      out += "    <node id=\"\(index)\">\n"
      out += data(keys.router(router), keys, indent: 6) + "    </node>\n"
    }
    for link in topology.links {
      out += "    <edge source=\"\(link.source.index)\" target=\"\(link.target.index)\""
      if directed { out += " directed=\"\(link.isDirected)\"" }
      out += ">\n" + data(keys.link(link), keys, indent: 6) + "    </edge>\n"
    }
    out += "  </graph>\n</graphml>\n"
    return WrittenNetwork(files: [OutputFile(name: nil, text: out)], warnings: warnings)
  }

  private func data(
    _ values: [AttributeKeys.Value], _ keys: AttributeKeys, indent: Int
  ) -> String {
    var out = ""
    for value in values {
      guard let number = keys.number(of: value) else { continue }
      out += String(repeating: " ", count: indent)
      out += "<data key=\"d\(number)\">\(XMLEvents.escape(value.text))</data>\n"
    }
    return out
  }
}
