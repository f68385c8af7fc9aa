import Experiments
import Networks

/// `wayfield failures`: a campaign over all failures of one kind.
enum FailuresCommand: Command {
  static let scope = Argument<FailureScope>.option(
    "scope", .cases("kind"), default: .links,
    help: "What fails: every link, every pair of links, every shared-risk group, every router.")
  static let limit = Argument<Int>.option(
    "limit", .integer(1...1_000_000), default: 500,
    help: "At most so many failures; of more, a sample by the seed.")
  static let groups = Argument<[String]>.repeated(
    "group", .text("name=A:B,C:D"),
    help: "A shared-risk group; may be repeated. Default: those of the file, else the bundles of "
      + "parallel links.")
  static let from = Argument<Int>.option(
    "from", .integer(0...10_000_000), default: 0, help: "The tick at which the failure begins.")
  static let until = Argument<Int?>.optional(
    "until", .integer(1...10_000_000), help: "The tick of the repair; default: never.")

  static let declaration = CommandDeclaration(
    name: "failures",
    summary: "Plays every failure of one kind and shows what each costs, and the worst ones.",
    discussion: [
      "delay-optimal-split and lp-split, where they take part, are computed anew for every failure at "
        + "once (--set delay-optimal-split.recompute=false for splits that nobody tells; "
        + "--set delay-optimal-split.delay=50 for a reconvergence delay). Means and the worst case are "
        + "over failures that keep the network connected; the others are listed.",
      "With --output: configuration.json, results.json, failures.csv, network.json and report.html "
        + "with maps of the worst failures.",
    ],
    examples: [
      "wayfield failures --topology b4 --algorithms shortest-path,ecmp --load-fraction 0.6 "
        + "--output runs/b4-failures",
      "wayfield failures --topology geant --algorithms shortest-path-reconverging "
        + "--load-fraction 0.6 --scope pairs --limit 100 --from 100 --until 300 --json",
    ],
    arguments: [
      RoutingArguments.topology, CompareCommand.algorithms, SimulateCommand.load,
      SimulateCommand.fraction, scope, limit, groups, from, until,
    ] + RoutingArguments.common.filter { $0.info.name != "fail" }
      + [CompareCommand.noReferences, CompareCommand.output])

  static func run(_ input: Invocation) throws -> CommandResult {
    let given = (
      load: try input[SimulateCommand.load], fraction: try input[SimulateCommand.fraction]
    )
    guard (given.load == nil) != (given.fraction == nil) else {
      throw UsageError("Exactly one of '--load' and '--load-fraction' is needed.")
    }
    let (start, end) = (try input[from], try input[until])
    if let end, end <= start {
      throw UsageError("'--until' must be after '--from'.")
    }
    let names = try CompareCommand.withReferences(input)
    let setup = try RoutingArguments.setup(
      input, algorithms: names, defaults: recomputing(names))
    let draft = try input[CompareCommand.output].map { try RunFolder.Draft(path: $0) }
    let topology = setup.context.source.topology
    let campaign = FailureCampaign(
      topology, scope: try input[scope], groups: try riskGroups(input, setup.context.source),
      limit: try input[limit], seeds: setup.experiment.seeds)
    let run = FailureCampaignRun(
      context: setup.context, experiment: setup.experiment, entries: setup.entries,
      load: try given.load ?? setup.context.load(fraction: given.fraction ?? 0),
      reference: CompareCommand.reference(names))
    let store = FailureCampaignStore(
      run: run, results: try run.play(campaign, from: start, until: end),
      commandLine: input.commandLine, version: Program.version)
    var text = setup.warnings.map { "Warning: \($0)\n" }.joined() + table(store.results)
    if let draft {
      try store.write(to: draft)
      _ = try ReportCommand.writeReport(folder: draft.workingPath)
      try draft.publish()
      text += "\n\nReport: \(draft.path)/report.html"
    }
    return CommandResult(json: store.json, text: text)
  }

  /// The references are told of failures unless the user says otherwise.
  private static func recomputing(_ names: [String]) -> [String] {
    ["delay-optimal-split", "lp-split"].filter(names.contains).map { "\($0).recompute=true" }
  }

  private static func riskGroups(
    _ input: Invocation, _ source: ScenarioSource
  ) throws -> [SharedRiskGroup] {
    let written = try input[groups]
    guard !written.isEmpty else { return source.network.sharedRiskGroups }
    return try written.map { text in
      guard let equals = text.firstIndex(of: "=") else {
        throw InputError(file: "--group", value: text, expected: "expected name=A:B,C:D")
      }
      let links = text[text.index(after: equals)...].split(separator: ",").map(String.init)
      let scenario = try FailureScenario(parsing: links, in: source.topology)
      return SharedRiskGroup(
        name: String(text[..<equals]), links: scenario.outages.map(\.link))
    }
  }

  private static func table(_ results: FailureCampaignResults) -> String {
    var table = TextTable(
      [
        "algorithm", "intact delay", "mean delay", "mean lost", "worst delay", "worst failure",
      ], leftColumns: 1)
    var counts = ""
    for algorithm in results.algorithms {
      let summary = results.summary(of: algorithm)
      table.append([
        algorithm, TextTable.number(summary.intactDelay, 2),
        TextTable.number(summary.meanDelay, 2), TextTable.number(summary.meanLost, 1),
        TextTable.number(summary.worst?.mean("restrictedMeanDelay"), 2),
        summary.worst?.failure ?? "–",
      ])
      counts =
        "\(summary.cases) failures that keep the network connected, \(summary.separating) that "
        + "separate routers (left out above), \(results.omitted) beyond --limit."
    }
    return table.text + "\n\n" + counts
      + "\ndelay: restricted mean over all packets, in ticks; lost: packets per episode."
  }
}
