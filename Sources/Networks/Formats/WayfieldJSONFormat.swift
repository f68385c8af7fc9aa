/// Wayfield's own JSON, which holds everything that Wayfield knows of a network; also reads the
/// topology files published with the MAMRL paper.
///
/// ```json
/// {
///   "format": "wayfield-topology", "version": 1,
///   "name": "example", "capacityUnit": "Mbit/s",
///   "routers": [{"name": "A", "latitude": 52.5, "longitude": 13.4}, {"name": "B", "x": 0, "y": 1}],
///   "links": [{"from": "A", "to": "B", "capacity": 1000, "latency": 3}],
///   "sharedRiskGroups": [{"name": "duct", "links": ["A:B", "@3"]}],
///   "traffic": {"unit": "Mbit/s", "matrices": [[0, 5, 7, 0]]}
/// }
/// ```
///
/// Only `routers` and `links` are required, and of a router its name, of a link its ends (a router's
/// name, or its number from 0). A link may also have `directed` (default false), `label`, `latency`
/// (whole ticks), `delayMilliseconds`, `weight` and `failureProbability`. A matrix is row-major, one
/// row a source. An unknown key is an error, so that a misspelt one is not silently without effect.
///
/// The published files have `data.mapTopology` with `nodes` (`name`, `posx`, `posy`) and `edges`
/// (`name`, `from`, `to`, `BW`, `Lat` in ticks).
enum WayfieldJSONFormat: TopologyFileFormat {
  static func read(_ text: InputText) throws(InputError) -> LoadedNetwork {
    let root = try JSONText.parse(text)
    if let published = root["data"]?["mapTopology"] {
      var reader = PublishedJSONReader(file: text.file)
      return try reader.read(published)
    }
    var reader = WayfieldJSONReader(file: text.file)
    return try reader.read(root)
  }

  static func write(_ network: LoadedNetwork) -> WrittenNetwork {
    WrittenNetwork(
      files: [OutputFile(name: nil, text: WayfieldJSONWriter(network).text)], warnings: [])
  }
}

/// Takes the members of an object one by one, and refuses keys that nobody asked for.
private struct StrictObject {
  private let members: [(key: String, value: JSONNode)]
  private let builder: NetworkBuilder
  private let what: String
  let line: Int

  init(
    _ node: JSONNode, _ what: String, allowed: [String], builder: NetworkBuilder
  ) throws(InputError) {
    guard let members = node.members else {
      throw builder.error(node.line, field: what, value: node.text, "an object was expected")
    }
    var seen: Set<String> = []
    for (key, value) in members {
      guard allowed.contains(key) else {
        throw builder.error(
          value.line, field: what, value: key,
          "unknown key; allowed are \(allowed.joined(separator: ", "))")
      }
      guard seen.insert(key).inserted else {
        throw builder.error(value.line, field: what, value: key, "the key occurs twice")
      }
    }
    self.members = members
    self.builder = builder
    self.what = what
    line = node.line
  }

  /// The member, or nil where it is missing or null.
  func node(_ key: String) -> JSONNode? {
    guard let node = members.first(where: { $0.key == key })?.value else { return nil }
    if case .null = node.value { return nil }
    return node
  }

  func string(_ key: String) throws(InputError) -> String? {
    try get(key, "text") { $0.string }
  }
  func number(_ key: String) throws(InputError) -> Double? {
    try get(key, "a number") { $0.number }
  }
  func integer(_ key: String) throws(InputError) -> Int? {
    try get(key, "a whole number") { $0.integer }
  }
  func bool(_ key: String) throws(InputError) -> Bool? {
    try get(key, "true or false") { $0.bool }
  }
  func elements(_ key: String) throws(InputError) -> [JSONNode]? {
    try get(key, "an array") { $0.elements }
  }

  private func get<T>(
    _ key: String, _ expected: String, _ extract: (JSONNode) -> T?
  ) throws(InputError) -> T? {
    guard let node = node(key) else { return nil }
    guard let value = extract(node) else {
      throw builder.error(
        node.line, field: "\(what).\(key)", value: node.text, "\(expected) was expected")
    }
    return value
  }
}

private struct WayfieldJSONReader {
  private var builder: NetworkBuilder

  init(file: String) { builder = NetworkBuilder(file: file) }

  mutating func read(_ root: JSONNode) throws(InputError) -> LoadedNetwork {
    let document = try StrictObject(
      root, "document",
      allowed: [
        "format", "version", "name", "capacityUnit", "routers", "links", "sharedRiskGroups",
        "traffic",
      ], builder: builder)
    if let version = try document.integer("version"), version != 1 {
      throw builder.error(
        document.node("version")?.line, field: "version", value: "\(version)",
        "this program reads version 1")
    }
    guard let routers = try document.elements("routers"),
      let links = try document.elements("links")
    else { throw builder.error(root.line, "the keys 'routers' and 'links' were expected") }
    for node in routers { try addRouter(node) }
    for node in links { try addLink(node) }
    let topology = try builder.finish(
      name: FormatName.network(try document.string("name"), file: builder.file),
      capacityUnit: try document.string("capacityUnit"))
    let matrices = try document.node("traffic").map { node throws(InputError) in
      try traffic(node, routerCount: topology.routerCount)
    }
    var groups: [SharedRiskGroup] = []
    for node in try document.elements("sharedRiskGroups") ?? [] {
      groups.append(try group(node, topology))
    }
    return LoadedNetwork(
      topology: topology, trafficSeries: matrices ?? [], sharedRiskGroups: groups,
      warnings: builder.log.warnings)
  }

  private mutating func addRouter(_ node: JSONNode) throws(InputError) {
    let router = try StrictObject(
      node, "router", allowed: ["name", "latitude", "longitude", "x", "y"], builder: builder)
    guard let name = try router.string("name") else {
      throw builder.error(node.line, field: "router.name", "it is required")
    }
    var coordinate: GeographicCoordinate?
    if let latitude = try router.number("latitude"), let longitude = try router.number("longitude")
    {
      coordinate = GeographicCoordinate(latitude: latitude, longitude: longitude)
    }
    var position: DrawingPosition?
    if let x = try router.number("x"), let y = try router.number("y") {
      position = DrawingPosition(x: x, y: y)
    }
    try builder.addRouter(key: name, coordinate: coordinate, position: position, line: node.line)
  }

  private func end(_ link: StrictObject, _ key: String) throws(InputError) -> RouterID {
    guard let node = link.node(key) else {
      throw builder.error(link.line, field: "link.\(key)", "it is required")
    }
    if let number = node.integer, builder.routers.indices.contains(number) {
      return RouterID(number)
    }
    guard let name = node.string else {
      throw builder.error(
        node.line, field: "link.\(key)", value: node.text, "a router's name or number was expected")
    }
    return try builder.requireRouter(name, field: "link.\(key)", line: node.line)
  }

  private mutating func addLink(_ node: JSONNode) throws(InputError) {
    let link = try StrictObject(
      node, "link",
      allowed: [
        "from", "to", "directed", "label", "capacity", "latency", "delayMilliseconds", "weight",
        "failureProbability",
      ], builder: builder)
    try builder.addLink(
      Link(
        try end(link, "from"), try end(link, "to"), isDirected: try link.bool("directed") ?? false,
        label: try link.string("label"), capacity: try link.number("capacity"),
        latency: try link.integer("latency"),
        delayMilliseconds: try link.number("delayMilliseconds"), weight: try link.number("weight"),
        failureProbability: try link.number("failureProbability")), line: node.line)
  }

  private func traffic(_ node: JSONNode, routerCount n: Int) throws(InputError) -> [TrafficMatrix] {
    let traffic = try StrictObject(
      node, "traffic", allowed: ["unit", "matrices"], builder: builder)
    let unit = try traffic.string("unit")
    var result: [TrafficMatrix] = []
    for matrix in try traffic.elements("matrices") ?? [] {
      guard let values = matrix.numbers else {
        throw builder.error(
          matrix.line, field: "traffic.matrices", value: matrix.text,
          "an array of \(n * n) numbers was expected")
      }
      do {
        result.append(try TrafficMatrix(routerCount: n, values: values, unit: unit))
      } catch {
        throw self.error(error, matrix)
      }
    }
    return result
  }

  private func error(_ error: TrafficMatrixError, _ matrix: JSONNode) -> InputError {
    switch error {
    case .wrongCount(let found, let expected):
      builder.error(
        matrix.line, field: "traffic.matrices", value: "\(found) numbers",
        "\(expected) were expected, one row a source")
    case .badValue(let source, let destination, let value):
      builder.error(
        matrix.line, field: "traffic.matrices, from \(source) to \(destination)", value: value,
        "a number ≥ 0 was expected")
    }
  }

  private func group(_ node: JSONNode, _ topology: Topology) throws(InputError) -> SharedRiskGroup {
    let group = try StrictObject(
      node, "sharedRiskGroup", allowed: ["name", "links"], builder: builder)
    var links: [LinkID] = []
    for element in try group.elements("links") ?? [] {
      guard let text = element.string else {
        throw builder.error(
          element.line, field: "sharedRiskGroup.links", value: element.text,
          "a link such as \"A:B\" or \"@3\" was expected")
      }
      do {
        links.append(try topology.link(described: text))
      } catch {
        throw builder.error(
          element.line, field: "sharedRiskGroup.links", value: text, error.expected)
      }
    }
    return SharedRiskGroup(
      name: try group.string("name") ?? "group at line \(node.line)", links: links)
  }
}

/// Reads the topology files published with the MAMRL paper.
private struct PublishedJSONReader {
  private var builder: NetworkBuilder

  init(file: String) { builder = NetworkBuilder(file: file) }

  mutating func read(_ map: JSONNode) throws(InputError) -> LoadedNetwork {
    guard let nodes = map["nodes"]?.elements, let edges = map["edges"]?.elements else {
      throw builder.error(map.line, field: "mapTopology", "'nodes' and 'edges' were expected")
    }
    for node in nodes {
      guard let name = node["name"]?.string else {
        throw builder.error(node.line, field: "node.name", "it is required")
      }
      var position: DrawingPosition?
      if let x = node["posx"]?.number, let y = node["posy"]?.number {
        position = DrawingPosition(x: x, y: y)
      }
      try builder.addRouter(key: name, position: position, line: node.line)
    }
    for edge in edges { try add(edge) }
    let topology = try builder.finish(name: FormatName.network(nil, file: builder.file))
    return LoadedNetwork(topology: topology, warnings: builder.log.warnings)
  }

  private mutating func add(_ edge: JSONNode) throws(InputError) {
    guard let from = edge["from"]?.string, let to = edge["to"]?.string else {
      throw builder.error(edge.line, field: "edge", "'from' and 'to' were expected")
    }
    if let latency = edge["Lat"], latency.integer == nil {
      throw builder.error(
        latency.line, field: "edge.Lat", value: latency.text, "whole ticks were expected")
    }
    if let capacity = edge["BW"], capacity.number == nil {
      throw builder.error(
        capacity.line, field: "edge.BW", value: capacity.text, "a number was expected")
    }
    try builder.addLink(
      Link(
        try builder.requireRouter(from, field: "edge.from", line: edge.line),
        try builder.requireRouter(to, field: "edge.to", line: edge.line),
        label: edge["name"]?.string, capacity: edge["BW"]?.number, latency: edge["Lat"]?.integer),
      line: edge.line)
  }
}
