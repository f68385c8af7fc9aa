/// Writes Wayfield's own JSON: one line a router, a link, a matrix.
struct WayfieldJSONWriter {
  private let network: LoadedNetwork

  init(_ network: LoadedNetwork) { self.network = network }

  var text: String {
    let topology = network.topology
    var members = [
      "\"format\": \"wayfield-topology\"", "\"version\": 1",
      "\"name\": \(JSONOutput.string(topology.name))",
    ]
    if let unit = topology.capacityUnit {
      members.append("\"capacityUnit\": \(JSONOutput.string(unit))")
    }
    members.append("\"routers\": \(JSONOutput.lines(topology.routers.map(router)))")
    members.append("\"links\": \(JSONOutput.lines(topology.links.map(link)))")
    if !network.sharedRiskGroups.isEmpty {
      members.append(
        "\"sharedRiskGroups\": \(JSONOutput.lines(network.sharedRiskGroups.map(group)))")
    }
    if let first = network.trafficSeries.first {
      let unit = first.unit.map { "\"unit\": \(JSONOutput.string($0)), " } ?? ""
      let matrices = network.trafficSeries.map { JSONOutput.numbers($0.values) }
      members.append("\"traffic\": {\(unit)\"matrices\": \(JSONOutput.lines(matrices))}")
    }
    return "{\n  " + members.joined(separator: ",\n  ") + "\n}\n"
  }

  private func router(_ router: Router) -> String {
    JSONOutput.object([
      ("name", JSONOutput.string(router.name)),
      ("latitude", router.coordinate.map { NumberText.exact($0.latitude) }),
      ("longitude", router.coordinate.map { NumberText.exact($0.longitude) }),
      ("x", router.position.map { NumberText.exact($0.x) }),
      ("y", router.position.map { NumberText.exact($0.y) }),
    ])
  }

  private func link(_ link: Link) -> String {
    let routers = network.topology.routers
    return JSONOutput.object([
      ("from", JSONOutput.string(routers[link.source.index].name)),
      ("to", JSONOutput.string(routers[link.target.index].name)),
      ("directed", link.isDirected ? "true" : nil),
      ("label", link.label.map(JSONOutput.string)),
      ("capacity", link.capacity.map(NumberText.exact)),
      ("latency", link.latency.map(String.init)),
      ("delayMilliseconds", link.delayMilliseconds.map(NumberText.exact)),
      ("weight", link.weight.map(NumberText.exact)),
      ("failureProbability", link.failureProbability.map(NumberText.exact)),
    ])
  }

  private func group(_ group: SharedRiskGroup) -> String {
    let links = group.links.map { "\"@\($0.index)\"" }.joined(separator: ", ")
    return "{\"name\": \(JSONOutput.string(group.name)), \"links\": [\(links)]}"
  }
}

/// The small pieces of JSON that the writers need.
enum JSONOutput {
  static func string(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// Members whose value is nil are left out.
  static func object(_ members: [(String, String?)]) -> String {
    let texts = members.compactMap { key, value in value.map { "\"\(key)\": \($0)" } }
    return "{" + texts.joined(separator: ", ") + "}"
  }

  static func numbers(_ values: [Double]) -> String {
    "[" + values.map(NumberText.exact).joined(separator: ", ") + "]"
  }

  /// An array with one element a line.
  static func lines(_ items: [String]) -> String {
    items.isEmpty ? "[]" : "[\n    " + items.joined(separator: ",\n    ") + "\n  ]"
  }
}
