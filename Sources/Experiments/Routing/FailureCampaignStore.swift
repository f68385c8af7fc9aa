import Networks

/// Writes the files of a failure campaign into a run folder.
public struct FailureCampaignStore: Sendable {
  public let run: FailureCampaignRun
  public let results: FailureCampaignResults
  /// The command line that repeats the run.
  public let commandLine: String
  public let version: String

  public init(
    run: FailureCampaignRun, results: FailureCampaignResults, commandLine: String, version: String
  ) {
    self.run = run
    self.results = results
    self.commandLine = commandLine
    self.version = version
  }

  /// Writes all files into a folder that is being made.
  public func write(to draft: RunFolder.Draft) throws {
    try draft.write(
      try configuration().text(indented: true) + "\n", to: RunFolder.configurationFile)
    try draft.write(json.text(indented: true) + "\n", to: "results.json")
    try draft.write(
      run.context.source.topology.storedNetwork.text(indented: true) + "\n", to: "network.json")
    try draft.write(table.text, to: "failures.csv")
  }

  /// The object of `failures --json`.
  public var json: JSONValue {
    let context = run.context
    return [
      "command": "failures", "topology": .string(context.source.topology.name),
      "traffic": .string(context.source.trafficName),
      "model": .string(context.source.preset.rawValue), "load": .number(run.load),
      "capacity": .optional(context.capacity?.value),
      "loadFraction": .optional(context.fraction(load: run.load)),
      "horizon": .integer(context.source.horizon), "episodes": .integer(context.episodes),
      "seed": context.seed.jsonValue, "commandLine": .string(commandLine),
      "scope": .string(results.scope.rawValue), "omitted": .integer(results.omitted),
      "from": .integer(results.from), "until": results.until.map { .integer($0) } ?? .null,
      "reference": run.reference.map { .string($0) } ?? .null,
      "summaries": .array(results.algorithms.map(summary)),
      "results": .array(results.rows.map(object)),
    ]
  }

  private func summary(_ algorithm: String) -> JSONValue {
    let summary = results.summary(of: algorithm)
    return [
      "algorithm": .string(algorithm), "intactDelay": .optional(summary.intactDelay),
      "meanDelay": .optional(summary.meanDelay), "meanLost": .optional(summary.meanLost),
      "worstFailure": summary.worst?.failure.map { .string($0) } ?? .null,
      "worstDelay": .optional(summary.worst?.mean("restrictedMeanDelay")),
      "cases": .integer(summary.cases), "separating": .integer(summary.separating),
    ]
  }

  private func object(_ row: FailureCampaignRow) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("algorithm", .string(row.algorithm)),
      .init("failure", row.failure.map { .string($0) } ?? .null),
      .init("links", .array(row.links.map { .integer($0.index) })),
      .init("router", row.router.map { .integer($0.index) } ?? .null),
      .init("keepsConnected", .bool(row.keepsConnected)),
    ]
    members += row.measures.map { .init($0.name, $0.interval.jsonObject) }
    members.append(.init("lowestPairDeliveredShare", row.lowestPairDeliveredShare.jsonObject))
    members.append(.init("ratioToIntact", row.ratioToIntact.jsonObject))
    members.append(.init("ratioToReference", row.ratioToReference.jsonObject))
    return .object(members)
  }

  private var table: CSVTable {
    let names = FailureCampaignRow.measures.map(\.column)
    var table = CSVTable(
      columns: ["algorithm", "failure", "links", "keeps_connected"]
        + names.flatMap { [$0, "\($0)_low", "\($0)_high"] }
        + ["ratio_to_intact", "ratio_to_reference"])
    for row in results.rows {
      var fields: [CSVTable.Field] = [
        .text(row.algorithm), .text(row.failure ?? ""),
        .text(row.links.map { "\($0.index)" }.joined(separator: " ")),
        .integer(row.keepsConnected ? 1 : 0),
      ]
      for (_, interval) in row.measures {
        fields += [
          .optional(interval?.mean), .optional(interval?.low), .optional(interval?.high),
        ]
      }
      fields += [.optional(row.ratioToIntact?.mean), .optional(row.ratioToReference?.mean)]
      table.append(fields)
    }
    return table
  }

  private func configuration() throws -> JSONValue {
    let entries: [JSONValue] = try run.entries.map { entry in
      [
        "name": .string(entry.algorithm.name),
        "trainingEpisodes": .integer(entry.trainingEpisodes),
        "configuration": try JSONValue(encoding: entry.configuration),
      ]
    }
    return [
      "program": "wayfield", "version": .string(version), "command": "failures",
      "commandLine": .string(commandLine), "seed": run.context.seed.jsonValue,
      "topology": .string(run.context.source.topology.name),
      "model": try JSONValue(encoding: run.context.source.model),
      "units": try JSONValue(encoding: run.context.source.units),
      "horizon": .integer(run.context.source.horizon), "episodes": .integer(run.context.episodes),
      "algorithms": .array(entries),
    ]
  }
}
