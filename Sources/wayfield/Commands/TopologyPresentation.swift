import Experiments
import Networks

/// A network as `topologies show` prints it.
struct TopologyPresentation {
  let network: LoadedNetwork
  let summary: TopologySummary

  private var topology: Topology { network.topology }

  private func ends(_ link: Link) -> (String, String) {
    (topology.routers[link.source.index].name, topology.routers[link.target.index].name)
  }

  var text: String {
    var lines = network.warnings.map { "Warning: \($0.description)" }
    var table = TextTable([topology.name, ""], leftColumns: 2)
    for (key, value) in facts { table.append([key, value]) }
    lines.append(table.text)
    lines.append(links.text)
    lines += summary.units.explanation
    lines += summary.missing.map { "Missing: \($0)" }
    return lines.joined(separator: "\n")
  }

  private var facts: [(String, String)] {
    var facts = [("routers", "\(summary.routerCount)"), ("links", linkText)]
    facts.append(
      (
        "neighbours",
        "\(summary.degrees.least) to \(summary.degrees.most), "
          + "mean \(TextTable.number(summary.degrees.mean, 2))"
      ))
    facts.append(
      ("diameter", "\(summary.diameterHops) links; \(summary.diameterTicks) ticks of latency"))
    if summary.componentCount != 1 { facts.append(("parts", "\(summary.componentCount)")) }
    let bridges = summary.bridges.prefix(8).map(topology.describe).joined(separator: ", ")
    let more = summary.bridges.count > 8 ? ", …" : ""
    facts.append(
      ("bridges", summary.bridges.isEmpty ? "none" : "\(summary.bridges.count): \(bridges)\(more)"))
    facts.append(("capacity", capacityText))
    let demands = network.traffic.map { traffic in
      let count = network.trafficSeries.count
      let unit = traffic.unit.map { " \($0)" } ?? ""
      return (count > 1 ? "\(count) matrices, the first of" : "one matrix of")
        + " \(TextTable.number(traffic.total, 1))\(unit) in all"
    }
    facts.append(("demands", demands ?? "none"))
    if !network.sharedRiskGroups.isEmpty {
      facts.append(
        ("risk groups", network.sharedRiskGroups.map(\.name).joined(separator: ", ")))
    }
    return facts
  }

  private var linkText: String {
    var parts = ["\(summary.linkCount)"]
    let counts = [
      (summary.directedLinkCount, "one-way"), (summary.parallelLinkCount, "parallel to another"),
      (summary.selfLoopCount, "to the same router"),
    ]
    parts += counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return parts.joined(separator: ", ")
  }

  private var capacityText: String {
    guard let capacities = summary.capacities else { return "none given" }
    let unit = topology.capacityUnit.map { " \($0)" } ?? " (unit not given)"
    let range =
      capacities.least == capacities.most
      ? "\(TextTable.number(capacities.least, 2)) on every link that has one"
      : "\(TextTable.number(capacities.least, 2)) to \(TextTable.number(capacities.most, 2))"
    return "\(range), \(TextTable.number(capacities.sum, 2)) in all\(unit)"
  }

  private var links: TextTable {
    var table = TextTable(
      ["link", "from", "to", "capacity", "latency", "rate", ""], leftColumns: 3)
    let bridges = Set(summary.bridges)
    for (index, link) in topology.links.enumerated() {
      let (from, to) = ends(link)
      let rate = summary.units.packetsPerTick[index]
      var notes = link.isDirected ? ["one-way"] : []
      if bridges.contains(LinkID(index)) { notes.append("bridge") }
      table.append([
        "@\(index)", from, to, link.capacity.map { TextTable.number($0, 2) } ?? "–",
        "\(summary.units.latencyTicks[index])", rate.isFinite ? TextTable.number(rate, 3) : "–",
        notes.joined(separator: ", "),
      ])
    }
    return table
  }

  var json: JSONValue {
    [
      "topology": .string(topology.name),
      "routers": .integer(summary.routerCount),
      "links": .integer(summary.linkCount),
      "directedLinks": .integer(summary.directedLinkCount),
      "parallelLinks": .integer(summary.parallelLinkCount),
      "selfLoops": .integer(summary.selfLoopCount),
      "components": .integer(summary.componentCount),
      "diameter": [
        "links": .integer(summary.diameterHops), "ticks": .integer(summary.diameterTicks),
      ],
      "degree": [
        "least": .integer(summary.degrees.least), "mean": .number(summary.degrees.mean),
        "most": .integer(summary.degrees.most),
      ],
      "bridges": .array(summary.bridges.map { .integer($0.index) }),
      "capacityUnit": topology.capacityUnit.map { .string($0) } ?? .null,
      "capacity": summary.capacities.map {
        ["least": .number($0.least), "most": .number($0.most), "sum": .number($0.sum)]
      } ?? .null,
      "missing": [
        "capacities": .integer(summary.linksWithoutCapacity),
        "coordinates": .integer(summary.routersWithoutCoordinate),
        "latencies": .integer(summary.linksWithoutLatency),
      ],
      "demands": .integer(network.trafficSeries.count),
      "demandTotal": .optional(network.traffic?.total),
      "tickMicroseconds": .number(summary.units.tickMicroseconds),
      "packetBits": .optional(summary.units.packetBits),
      "linkList": .array(topology.links.indices.map(linkJSON)),
      "routerList": .array(topology.routers.map(routerJSON)),
      "warnings": TopologiesCommand.warnings(network.warnings),
    ]
  }

  private func linkJSON(_ index: Int) -> JSONValue {
    let link = topology.links[index]
    let (from, to) = ends(link)
    let rate = summary.units.packetsPerTick[index]
    return [
      "from": .string(from), "to": .string(to), "directed": .bool(link.isDirected),
      "capacity": .optional(link.capacity),
      "latencyTicks": .integer(summary.units.latencyTicks[index]),
      "packetsPerTick": .optional(rate.isFinite ? rate : nil),
    ]
  }

  private func routerJSON(_ router: Router) -> JSONValue {
    [
      "name": .string(router.name), "latitude": .optional(router.coordinate?.latitude),
      "longitude": .optional(router.coordinate?.longitude),
    ]
  }
}
