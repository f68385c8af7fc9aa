import Experiments
import Networks
import PacketSimulation
import Routing

/// `wayfield compare`: several algorithms at several loads, with a report.
enum CompareCommand: Command {
  static let algorithms = Argument<[String]>.required(
    "algorithms", ValueType.choice("name", RoutingArguments.algorithmNames).list(),
    help: "What to compare.")
  static let loads = Argument<[Double]?>.optional(
    "loads", ValueType.number(0...1000, placeholder: "λ").list(),
    help: "Loads in packets per router and tick, as the source counts them.")
  static let fractions = Argument<[Double]?>.optional(
    "load-fractions", ValueType.number(0...1000, placeholder: "f").list(),
    help: "Loads as shares of the capacity λ*.")
  static let noReferences = Argument<Bool>.flag(
    "no-references",
    help: "Leave out the references lp-split and delay-optimal-split, which are added otherwise.")
  static let output = Argument<String?>.optional(
    "output", .path("folder"), help: "Writes the run folder: tables, figures and report.html.")

  static let declaration = CommandDeclaration(
    name: "compare",
    summary: "Plays several routing algorithms at several loads on the same arrivals.",
    discussion: [
      "With --fail every load is played twice: on the intact network and with the failure. Learners "
        + "train on the intact network and meet the failure for the first time in each episode.",
      "Ratios are of paired episodes, to delay-optimal-split where it is among the algorithms, else "
        + "to lp-split, else to the first one.",
    ],
    examples: [
      "wayfield compare --topology b4 --algorithms shortest-path,ecmp,q-routing "
        + "--load-fractions 0.3,0.6,0.9 --output runs/b4",
      "wayfield compare --topology b4 --traffic own --algorithms shortest-path,backpressure "
        + "--load-fractions 0.5,0.8 --fail D:E@250 --output runs/b4-failure",
    ],
    arguments: [RoutingArguments.topology, algorithms, loads, fractions] + RoutingArguments.common
      + [noReferences, output])

  static func run(_ input: Invocation) throws -> CommandResult {
    let given = (loads: try input[loads], fractions: try input[fractions])
    guard (given.loads == nil) != (given.fractions == nil) else {
      throw UsageError("Exactly one of '--loads' and '--load-fractions' is needed.")
    }
    let names = try withReferences(input)
    let setup = try RoutingArguments.setup(input, algorithms: names)
    let place = try input[output]
    if let place {
      // Both would otherwise be found missing only after the work is done.
      try RunFolder.checkPlace(place)
      try ReportCommand.requireDrawing()
    }
    let loads =
      try given.loads ?? (given.fractions ?? []).map { try setup.context.load(fraction: $0) }
    var failures = [FailureState.intact]
    if setup.failure != .intact { failures.append(setup.failure) }
    let results = try setup.experiment.run(setup.entries, loads: unique(loads), failures: failures)
    let store = ComparisonStore(
      context: setup.context, results: results, reference: reference(names),
      commandLine: input.commandLine, version: Program.version)
    var text = setup.warnings.map { "Warning: \($0)\n" }.joined() + table(store)
    if let place {
      let draft = try RunFolder.Draft(path: place)
      try store.write(to: draft)
      _ = try ReportCommand.writeReport(folder: draft.workingPath)
      try draft.publish()
      text += "\n\nReport: \(draft.path)/report.html"
    }
    return CommandResult(json: store.json, text: text)
  }

  /// What was asked for, with the references that are not among it, each once.
  static func withReferences(_ input: Invocation) throws -> [String] {
    var names = try input[algorithms]
    if try !input[noReferences] {
      names += referenceNames.filter { RoutingArguments.algorithmNames.contains($0) }
    }
    return unique(names)
  }

  /// The best first.
  private static let referenceNames = ["delay-optimal-split", "lp-split"]

  static func reference(_ names: [String]) -> String? {
    referenceNames.first { names.contains($0) } ?? names.first
  }

  private static func unique<Value: Hashable>(_ values: [Value]) -> [Value] {
    var seen: Set<Value> = []
    return values.filter { seen.insert($0).inserted }
  }

  private static func table(_ store: ComparisonStore) -> String {
    var table = TextTable(
      [
        "failure", "algorithm", "load", "delay", "95 % interval", "ratio", "delivered", "lost",
        "published", "control",
      ], leftColumns: 2)
    for result in store.results {
      let delay = result.interval(.restrictedMeanDelay)
      let ratio = store.referenceResult(for: result).flatMap { result.ratio(to: $0) }
      let mean = { (name: String) in
        EpisodeMeasure.all.first { $0.name == name }.flatMap { result.interval($0)?.mean }
      }
      table.append([
        result.failure.name ?? "none", result.entry.algorithm.name,
        TextTable.number(result.load, 4), TextTable.number(delay?.mean, 2),
        "\(TextTable.number(delay?.low, 2)) … \(TextTable.number(delay?.high, 2))",
        TextTable.number(ratio?.mean, 3), TextTable.number(mean("deliveredShare"), 4),
        TextTable.number(mean("lost"), 1), TextTable.number(mean("meanDeliveryTime"), 2),
        TextTable.number(mean("controlBytesPerPacket"), 1),
      ])
    }
    return table.text
      + "\n\ndelay: restricted mean over all packets, in ticks; ratio: to "
      + "\(store.reference ?? "–") on the same arrivals; published: mean over delivered packets only; "
      + "control: bytes that routers tell each other, per packet"
  }
}
