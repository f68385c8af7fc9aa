/// networkx node-link JSON, as Teal and NCFlow use it.
///
/// ```json
/// {"directed": true, "multigraph": false, "graph": {"name": "example"},
///  "nodes": [{"id": 0}, {"id": 4}], "links": [{"source": 0, "target": 4, "capacity": 5000.0}]}
/// ```
///
/// Ids may be numbers or texts, in any order; newer versions of networkx call the links `edges`.
/// Attributes are read by the names in `RouterAttributes` and `LinkAttributes`.
///
/// - Source: networkx, `networkx.readwrite.json_graph.node_link_data`.
/// - Differs: opposite directed links with the same numbers become one undirected link.
enum NodeLinkFormat: TopologyFileFormat {
  static func read(_ text: InputText) throws(InputError) -> LoadedNetwork {
    let root = try JSONText.parse(text)
    var reader = NodeLinkReader(file: text.file)
    return try reader.read(root)
  }

  static func write(_ network: LoadedNetwork) -> WrittenNetwork {
    let topology = network.topology
    let isDirected = topology.links.contains { $0.isDirected }
    let nodes = topology.routers.enumerated().map { index, router in
      object([("id", "\(index)")], AttributeKeys.values(of: router))
    }
    var links: [String] = []
    for link in topology.links {
      let ways = isDirected && !link.isDirected && link.source != link.target ? 2 : 1
      for way in 0..<ways {
        let (from, to) = way == 0 ? (link.source, link.target) : (link.target, link.source)
        links.append(
          object(
            [("source", "\(from.index)"), ("target", "\(to.index)"), ("key", "\(links.count)")],
            AttributeKeys.values(of: link)))
      }
    }
    let graph = object([], AttributeKeys.values(of: topology))
    let out = """
      {
        "directed": \(isDirected),
        "multigraph": true,
        "graph": \(graph),
        "nodes": \(JSONOutput.lines(nodes)),
        "links": \(JSONOutput.lines(links))
      }

      """
    return WrittenNetwork(
      files: [OutputFile(name: nil, text: out)], warnings: network.dropped([.traffic, .groups]))
  }

  private static func object(
    _ first: [(String, String)], _ values: [AttributeKeys.Value]
  ) -> String {
    JSONOutput.object(
      first.map { ($0.0, Optional($0.1)) }
        + values.map { ($0.name, $0.isNumber ? $0.text : JSONOutput.string($0.text)) })
  }
}

private struct NodeLinkReader {
  private var builder: NetworkBuilder

  init(file: String) { builder = NetworkBuilder(file: file) }

  mutating func read(_ root: JSONNode) throws(InputError) -> LoadedNetwork {
    guard let nodes = root["nodes"]?.elements,
      let links = (root["links"] ?? root["edges"])?.elements
    else { throw builder.error(root.line, "the keys 'nodes' and 'links' were expected") }
    for (index, node) in nodes.enumerated() { try addNode(node, index) }
    let numbers = try attributes(of: links)
    var capacities = CapacityColumn()
    for values in numbers { capacities.append(values) }
    let (resolved, unit) = capacities.resolve(
      declaredUnit: root["graph"]?["capacityUnit"]?.string, log: &builder.log)
    let isDirected = root["directed"]?.bool ?? false
    for (index, link) in links.enumerated() {
      let source = try end(link, "source")
      let target = try end(link, "target")
      var value = numbers[index].link(source, target, isDirected: isDirected && source != target)
      value.capacity = resolved[index]
      try builder.addLink(value, line: link.line)
    }
    let name = root["graph"]?["label"]?.string ?? root["graph"]?["name"]?.string
    let topology = try builder.finish(
      name: FormatName.network(name, file: builder.file), capacityUnit: unit, pairing: true)
    return LoadedNetwork(topology: topology, warnings: builder.log.warnings)
  }

  private mutating func attributes(of links: [JSONNode]) throws(InputError) -> [LinkAttributes] {
    var result: [LinkAttributes] = []
    for link in links {
      guard link.members != nil else {
        throw builder.error(link.line, field: "links", value: link.text, "an object was expected")
      }
      result.append(try LinkAttributes(Self.attributes(link), builder: &builder))
    }
    return result
  }

  private mutating func addNode(_ node: JSONNode, _ index: Int) throws(InputError) {
    guard node.members != nil else {
      throw builder.error(node.line, field: "nodes", value: node.text, "an object was expected")
    }
    // Without an id, links count nodes from 0 (networkx 1).
    let key = node["id"].flatMap(Self.key) ?? "n:\(index)"
    let place = RouterAttributes(Self.attributes(node), builder: &builder)
    try builder.addRouter(
      key: key, name: place.name ?? String(key.dropFirst(2)), coordinate: place.coordinate,
      position: place.position, line: node.line)
  }

  private func end(_ link: JSONNode, _ field: String) throws(InputError) -> RouterID {
    guard let node = link[field], let key = Self.key(node) else {
      throw builder.error(link.line, field: "link.\(field)", "the id of a node was expected")
    }
    guard let router = builder.router(key: key) else {
      throw builder.error(
        node.line, field: "link.\(field)", value: node.text, "no node has this id")
    }
    return router
  }

  /// Numbers and texts are different ids.
  private static func key(_ node: JSONNode) -> String? {
    switch node.value {
    case .number(let number): "n:\(NumberText.exact(number))"
    case .string(let string): "s:\(string)"
    default: nil
    }
  }

  private static func attributes(_ node: JSONNode) -> [LinkAttributes.Attribute] {
    (node.members ?? []).compactMap { key, value in
      switch value.value {
      case .number, .string: LinkAttributes.Attribute(name: key, text: value.text, line: value.line)
      default: nil
      }
    }
  }
}
