import Experiments
import Flows
import Networks

/// `wayfield capacity`: what the best possible routing of a network can do.
enum CapacityCommand: Command {
  static let topology = Argument<String>.positional(
    "topology", .path("T"),
    help:
      "A built-in network (\(TopologyCatalogue.builtInNames.joined(separator: ", "))) or a file.")
  static let interval = Argument<Int>.option(
    "interval", .integer(0...10_000_000), default: 0,
    help: "Which matrix of the network's own series, counted from 0.")
  static let method = Argument<CapacityMethod?>.optional(
    "method", .cases("method"),
    help:
      "Linear programs, or approximations with a certified gap; default: exact up to 300 routers."
  )
  static let linksLimit = Argument<Bool>.flag(
    "links-limit", help: "λ* also obeys the rates of the links, in packets per tick.")

  static let declaration = CommandDeclaration(
    name: "capacity",
    summary: "Computes the largest sustainable load and the least largest link utilisation.",
    discussion: [
      "capacity is λ*: the largest mean rate per router, in packets per tick, at which some routing "
        + "lets every router forward at most one packet per tick. It is 0 where some demand has no "
        + "path; reachableCapacity leaves such demand out.",
      "optimalMaxLinkUtilisation refers to the demands of --traffic, or to the network's own where "
        + "--traffic is uniform, over the capacities of the file, each link both ways; null where "
        + "there are no such demands or capacities.",
      "gap is the certified relative distance to the optimum of the worse of the two.",
    ],
    examples: [
      "wayfield capacity b4", "wayfield capacity polska.txt --traffic own --json",
    ],
    arguments: [
      topology, RoutingArguments.traffic, interval, linksLimit, method, RoutingArguments.settings,
    ])

  static func run(_ input: Invocation) throws -> CommandResult {
    var network = try TopologyCatalogue.load(try input[topology])
    network.traffic = try own(network, interval: try input[interval])
    var settings = try Settings(try input[RoutingArguments.settings])
    let source = try ScenarioSource(
      network: network, traffic: try input[RoutingArguments.traffic], settings: &settings)
    try settings.finish()
    let links = source.units.links(of: network.topology)
    let report = CapacityReport(
      network.topology, demand: source.demandMatrix, latency: links.latencyTicks,
      linkRates: try input[linksLimit] ? links.packetsPerTick : nil, method: try input[method])
    let utilisation = (source.traffic ?? network.traffic).flatMap {
      LinkUtilisation(network.topology, demand: $0, method: report.method)
    }
    return CommandResult(
      json: json(report, utilisation, source), text: text(report, utilisation, source))
  }

  private static func own(_ network: LoadedNetwork, interval: Int) throws(InputError)
    -> TrafficMatrix?
  {
    guard interval > 0 else { return network.traffic }
    guard interval < network.trafficSeries.count else {
      throw InputError(
        file: "--interval", value: "\(interval)",
        expected: "the network has \(network.trafficSeries.count) matrices")
    }
    return network.trafficSeries[interval]
  }

  private static func json(
    _ report: CapacityReport, _ utilisation: LinkUtilisation?, _ source: ScenarioSource
  ) -> JSONValue {
    [
      "topology": .string(source.topology.name), "traffic": .string(source.trafficName),
      "routers": .integer(source.topology.routerCount),
      "links": .integer(source.topology.links.count),
      "capacity": .number(report.capacity),
      "capacityUpperBound": .optional(report.capacityBound.isFinite ? report.capacityBound : nil),
      "reachableCapacity": .optional(
        report.reachableCapacity.isFinite ? report.reachableCapacity : nil),
      "unreachableDemandShare": .number(report.unreachableShare),
      "optimalMaxLinkUtilisation": .optional(utilisation?.value),
      "optimalMaxLinkUtilisationLowerBound": .optional(utilisation?.bound),
      "splitTime": .number(report.splitTime),
      "splitTimeLowerBound": .number(report.splitTimeBound),
      "method": .string(report.method.rawValue),
      "gap": .number(max(report.gap, utilisation?.gap ?? 0)),
    ]
  }

  private static func text(
    _ report: CapacityReport, _ utilisation: LinkUtilisation?, _ source: ScenarioSource
  ) -> String {
    var lines = source.warnings.map { "Warning: \($0.description)" }
    lines.append(
      "\(source.topology.name), traffic \(source.trafficName), \(report.method.rawValue)")
    lines.append(
      "λ* \(TextTable.number(report.capacity, 6)) packets per router and tick"
        + " (at most \(TextTable.number(report.capacityBound, 6)))")
    if report.unreachableShare > 0 {
      lines.append(
        "\(TextTable.number(100 * report.unreachableShare, 2)) % of the demand has no path; "
          + "without it λ* is \(TextTable.number(report.reachableCapacity, 6))")
    }
    lines.append(
      "lp-split: \(TextTable.number(report.splitTime, 3)) ticks on links and in service per packet"
        + " (at least \(TextTable.number(report.splitTimeBound, 3)))")
    if let utilisation {
      lines.append(
        "Optimal largest link utilisation \(TextTable.number(utilisation.value, 4))"
          + " (at least \(TextTable.number(utilisation.bound, 4)))")
    }
    return lines.joined(separator: "\n")
  }
}
