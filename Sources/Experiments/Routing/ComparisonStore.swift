import Networks
import PacketSimulation

/// Writes the files of a comparison into a run folder: configuration, results, every episode, every
/// tick, every link, every pair, and the network.
public struct ComparisonStore: Sendable {
  public let context: RoutingContext
  public let results: [RoutingResult]
  /// Ratios refer to this algorithm.
  public let reference: String?
  /// The command line that repeats the run.
  public let commandLine: String
  public let version: String

  public init(
    context: RoutingContext, results: [RoutingResult], reference: String?, commandLine: String,
    version: String
  ) {
    self.context = context
    self.results = results
    self.reference = reference
    self.commandLine = commandLine
    self.version = version
  }

  /// Writes all files into a folder that is being made.
  public func write(to draft: RunFolder.Draft) throws {
    try draft.write(
      try configuration().text(indented: true) + "\n", to: RunFolder.configurationFile)
    try draft.write(json.text(indented: true) + "\n", to: "results.json")
    try draft.write(
      context.source.topology.storedNetwork.text(indented: true) + "\n", to: "network.json")
    try draft.write(episodes.text, to: "metrics.csv")
    try draft.write(series.text, to: "series.csv")
    try draft.write(loads.text, to: "load.csv")
    try draft.write(pairs.text, to: "pairs.csv")
  }

  /// The object of `compare --json`.
  public var json: JSONValue {
    [
      "command": "compare", "topology": .string(context.source.topology.name),
      "traffic": .string(context.source.trafficName),
      "model": .string(context.source.preset.rawValue),
      "capacity": .optional(context.capacity?.value),
      "capacityGap": .optional(context.capacity?.gap),
      "horizon": .integer(context.source.horizon), "episodes": .integer(context.episodes),
      "trainingSeeds": .integer(context.trainingSeeds), "seed": context.seed.jsonValue,
      "commandLine": .string(commandLine), "reference": reference.map { .string($0) } ?? .null,
      "failures": .array(failures), "results": .array(rows),
    ]
  }

  private var rows: [JSONValue] {
    results.map { result in
      result.json(context, reference: referenceResult(for: result))
    }
  }

  /// The reference's result at the same load in the same state of the network.
  public func referenceResult(for result: RoutingResult) -> RoutingResult? {
    results.first {
      $0.entry.algorithm.name == reference && $0.load == result.load
        && $0.failure == result.failure
    }
  }

  private var failures: [JSONValue] {
    let states = results.map(\.failure)
    guard let failed = states.first(where: { !$0.outages.isEmpty }) else { return [] }
    return failed.outages.map { outage in
      [
        "name": .string(context.source.topology.name(of: outage.link)),
        "link": .integer(outage.link.index), "from": .integer(outage.from),
        "until": outage.until.map { .integer($0) } ?? .null,
      ]
    }
  }

  private func configuration() throws -> JSONValue {
    var entries: [JSONValue] = []
    var seen: Set<String> = []
    for entry in results.map(\.entry) where seen.insert(entry.algorithm.name).inserted {
      entries.append([
        "name": .string(entry.algorithm.name),
        "trainingEpisodes": .integer(entry.trainingEpisodes),
        "evaluation": .string(entry.learning.evaluation.rawValue),
        "configuration": try JSONValue(encoding: entry.configuration),
      ])
    }
    return [
      "program": "wayfield", "version": .string(version), "command": "compare",
      "commandLine": .string(commandLine), "seed": context.seed.jsonValue,
      "topology": .string(context.source.topology.name),
      "traffic": .string(context.source.trafficName),
      "preset": .string(context.source.preset.rawValue),
      "model": try JSONValue(encoding: context.source.model),
      "units": try JSONValue(encoding: context.source.units),
      "horizon": .integer(context.source.horizon), "episodes": .integer(context.episodes),
      "trainingSeeds": .integer(context.trainingSeeds), "algorithms": .array(entries),
      "failures": .array(failures),
    ]
  }
}

extension Topology {
  /// A link as users write it: `A:B`.
  func name(of link: LinkID) -> String {
    let ends = links[link.index]
    return routers[ends.source.index].name + ":" + routers[ends.target.index].name
  }

  /// What `network.json` of a run folder holds.
  var storedNetwork: JSONValue {
    [
      "name": .string(name),
      "routers": .array(
        routers.map { router in
          [
            "name": .string(router.name),
            "x": .optional(router.position?.x ?? router.coordinate?.longitude),
            "y": .optional(router.position?.y ?? router.coordinate?.latitude),
          ]
        }),
      "links": .array(
        links.map { link in
          ["source": .integer(link.source.index), "target": .integer(link.target.index)]
        }),
    ]
  }
}
