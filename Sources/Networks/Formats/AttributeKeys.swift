/// The attributes that writers of free-form formats give to routers, links and the graph: the names
/// that `RouterAttributes` and `LinkAttributes` read.
struct AttributeKeys {
  struct Key {
    let domain: String
    let name: String
    let type: String
  }
  struct Value {
    let domain: String
    let name: String
    let text: String
    /// Whether `text` is a number.
    let isNumber: Bool
  }

  /// Those that the network uses, in a fixed order.
  let all: [Key]

  init(_ topology: Topology) {
    let routers = topology.routers.flatMap(Self.values(of:))
    let links = topology.links.flatMap(Self.values(of:))
    let used = Set((routers + links + Self.values(of: topology)).map { $0.domain + $0.name })
    all = Self.order.filter { used.contains($0.domain + $0.name) }
  }

  func graph(_ topology: Topology) -> [Value] { Self.values(of: topology) }
  func router(_ router: Router) -> [Value] { Self.values(of: router) }
  func link(_ link: Link) -> [Value] { Self.values(of: link) }

  func number(of value: Value) -> Int? {
    all.firstIndex { $0.domain == value.domain && $0.name == value.name }
  }

  private static let order = [
    Key(domain: "graph", name: "label", type: "string"),
    Key(domain: "graph", name: "capacityUnit", type: "string"),
    Key(domain: "node", name: "label", type: "string"),
    Key(domain: "node", name: "Latitude", type: "double"),
    Key(domain: "node", name: "Longitude", type: "double"),
    Key(domain: "node", name: "x", type: "double"),
    Key(domain: "node", name: "y", type: "double"),
    Key(domain: "edge", name: "LinkLabel", type: "string"),
    Key(domain: "edge", name: "capacity", type: "double"),
    Key(domain: "edge", name: "latencyTicks", type: "int"),
    Key(domain: "edge", name: "delayMilliseconds", type: "double"),
    Key(domain: "edge", name: "weight", type: "double"),
    Key(domain: "edge", name: "failureProbability", type: "double"),
  ]

  static func values(of topology: Topology) -> [Value] {
    var values = [Value(domain: "graph", name: "label", text: topology.name, isNumber: false)]
    if let unit = topology.capacityUnit {
      values.append(Value(domain: "graph", name: "capacityUnit", text: unit, isNumber: false))
    }
    return values
  }

  static func values(of router: Router) -> [Value] {
    [Value(domain: "node", name: "label", text: router.name, isNumber: false)]
      + numbers(
        "node",
        [
          ("Latitude", router.coordinate?.latitude), ("Longitude", router.coordinate?.longitude),
          ("x", router.position?.x), ("y", router.position?.y),
        ])
  }

  static func values(of link: Link) -> [Value] {
    let label = link.label.map {
      [Value(domain: "edge", name: "LinkLabel", text: $0, isNumber: false)]
    }
    return (label ?? [])
      + numbers(
        "edge",
        [
          ("capacity", link.capacity), ("latencyTicks", link.latency.map(Double.init)),
          ("delayMilliseconds", link.delayMilliseconds), ("weight", link.weight),
          ("failureProbability", link.failureProbability),
        ])
  }

  private static func numbers(_ domain: String, _ values: [(String, Double?)]) -> [Value] {
    values.compactMap { name, number in
      number.map {
        Value(domain: domain, name: name, text: NumberText.exact($0), isNumber: true)
      }
    }
  }
}
