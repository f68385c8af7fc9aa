/// SNDlib's XML format (namespace `http://sndlib.zib.de/network`), networks and demand matrices.
///
/// A demand series is a folder with one file of this format an interval (`DemandCatalogue`). See
/// `SNDlibNetwork` for what nodes, links and demands become.
enum SNDlibXMLFormat: TopologyFileFormat {
  static func read(_ text: InputText) throws(InputError) -> LoadedNetwork {
    var reader = SNDlibXMLReader(file: text.file)
    try XMLEvents.read(text, &reader)
    return try reader.finish()
  }

  static func write(_ network: LoadedNetwork) -> WrittenNetwork {
    let topology = network.topology
    let names = SNDlibNetwork.identifiers(topology).map(XMLEvents.escape)
    let isGeographic = topology.routers.contains { $0.coordinate != nil }
    var out = """
      <?xml version="1.0" encoding="UTF-8"?>
      <network xmlns="http://sndlib.zib.de/network" version="1.0">

      """
    if let unit = topology.capacityUnit {
      out += " <meta>\n  <unit>\(XMLEvents.escape(unit))</unit>\n </meta>\n"
    }
    out += " <networkStructure>\n"
    out += "  <nodes coordinatesType=\"\(isGeographic ? "geographical" : "pixel")\">\n"
    for (name, router) in zip(names, topology.routers) {
      out += "   <node id=\"\(name)\">\n"
      if let (x, y) = place(router, isGeographic) {
        out +=
          "    <coordinates><x>\(NumberText.exact(x))</x><y>\(NumberText.exact(y))</y></coordinates>\n"
      }
      out += "   </node>\n"
    }
    out += "  </nodes>\n  <links>\n"
    var used: Set<String> = []
    for (index, link) in topology.links.enumerated() {
      let id = XMLEvents.escape(SNDlibNetwork.linkIdentifier(link, index, used: &used))
      out += "   <link id=\"\(id)\">\n    <source>\(names[link.source.index])</source>\n"
      out += "    <target>\(names[link.target.index])</target>\n"
      if let capacity = link.capacity {
        out += "    <preInstalledModule><capacity>\(NumberText.exact(capacity))</capacity>"
        out += "<cost>0</cost></preInstalledModule>\n"
      }
      if let weight = link.weight {
        out += "    <routingCost>\(NumberText.exact(weight))</routingCost>\n"
      }
      out += "   </link>\n"
    }
    out += "  </links>\n </networkStructure>\n <demands>\n" + demands(network.traffic, names)
    out += " </demands>\n</network>\n"
    return WrittenNetwork(
      files: [OutputFile(name: nil, text: out)], warnings: SNDlibNetwork.losses(network))
  }

  private static func place(_ router: Router, _ isGeographic: Bool) -> (Double, Double)? {
    if isGeographic { return router.coordinate.map { ($0.longitude, $0.latitude) } }
    return router.position.map { ($0.x, -$0.y) }
  }

  private static func demands(_ traffic: TrafficMatrix?, _ names: [String]) -> String {
    guard let traffic else { return "" }
    let n = traffic.routerCount
    var out = ""
    for pair in 0..<n * n where traffic.values[pair] > 0 {
      out += "  <demand id=\"D\(pair / n)_\(pair % n)\">\n   <source>\(names[pair / n])</source>\n"
      out += "   <target>\(names[pair % n])</target>\n"
      out +=
        "   <demandValue>\(NumberText.exact(traffic.values[pair]))</demandValue>\n  </demand>\n"
    }
    return out
  }
}

private struct SNDlibXMLReader: XMLEventHandler {
  private let file: String
  private var network: SNDlibNetwork
  private var hasNetwork = false
  private var id = ""
  private var line = 0
  private var place: (x: Double?, y: Double?) = (nil, nil)
  private var source: String?
  private var target: String?
  private var preinstalled: Double?
  private var modules: [Double] = []
  private var routingCost: Double?
  private var demandValue: Double?
  private var isPreinstalled = false

  init(file: String) {
    self.file = file
    network = SNDlibNetwork(file: file)
  }

  mutating func open(
    _ element: String, _ attributes: [String: String], line: Int
  ) throws(InputError) {
    switch element {
    case "network": hasNetwork = true
    case "nodes":
      if let type = attributes["coordinatesType"] {
        network.areCoordinatesGeographic = type == "geographical"
      }
    case "node", "link", "demand":
      guard let id = attributes["id"] else {
        throw InputError(file: file, line: line, field: element, expected: "it has no id")
      }
      self.id = id
      self.line = line
      place = (nil, nil)
      (source, target, preinstalled, routingCost, demandValue) = (nil, nil, nil, nil, nil)
      modules = []
    case "demands": network.hasDemandSection = true
    case "preInstalledModule": isPreinstalled = true
    case "addModule": isPreinstalled = false
    default: break
    }
  }

  mutating func close(_ element: String, text: String, line: Int) throws(InputError) {
    switch element {
    case "unit":
      let unit = NetworkBuilder.clean(text)
      network.unit = unit.isEmpty ? nil : unit
    case "x": place.x = try number(text, element, line)
    case "y": place.y = try number(text, element, line)
    case "source": source = NetworkBuilder.clean(text)
    case "target": target = NetworkBuilder.clean(text)
    case "capacity":
      let value = try number(text, element, line)
      if isPreinstalled {
        preinstalled = (preinstalled ?? 0) + value
      } else {
        modules.append(value)
        guard modules.count <= 10_000 else {
          throw InputError(file: file, line: line, expected: "a link has more than 10000 modules")
        }
      }
    case "routingCost": routingCost = try number(text, element, line)
    case "demandValue": demandValue = try number(text, element, line)
    case "node": try closeNode()
    case "link": try closeLink()
    case "demand": try closeDemand()
    default: break
    }
  }

  private mutating func closeNode() throws(InputError) {
    var found: (x: Double, y: Double)?
    if let x = place.x, let y = place.y { found = (x, y) }
    try network.addNode(id, place: found, line: line)
  }

  private mutating func closeLink() throws(InputError) {
    let (source, target) = try ends("link")
    try network.addLink(
      id, source, target, preinstalled: preinstalled, modules: modules, routingCost: routingCost,
      line: line)
  }

  private mutating func closeDemand() throws(InputError) {
    let (source, target) = try ends("demand")
    guard let demandValue, demandValue >= 0 else {
      throw InputError(
        file: file, line: line, field: "demand \(id)", value: demandValue.map { "\($0)" },
        expected: "a demandValue ≥ 0 was expected")
    }
    try network.addDemand(.init(source: source, target: target, value: demandValue, line: line))
  }

  private func ends(_ element: String) throws(InputError) -> (String, String) {
    guard let source, let target else {
      throw InputError(
        file: file, line: line, field: "\(element) \(id)",
        expected: "the elements source and target were expected")
    }
    return (source, target)
  }

  private func number(_ text: String, _ field: String, _ line: Int) throws(InputError) -> Double {
    let cleaned = NetworkBuilder.clean(text)
    guard let number = InputText.number(cleaned) else {
      throw InputError(
        file: file, line: line, field: field, value: cleaned, expected: "a number was expected")
    }
    return number
  }

  mutating func finish() throws(InputError) -> LoadedNetwork {
    guard hasNetwork else {
      throw InputError(file: file, expected: "the element 'network' was expected")
    }
    return try network.finish(name: FormatName.network(nil, file: file))
  }
}
