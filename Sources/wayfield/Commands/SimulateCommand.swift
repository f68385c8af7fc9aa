import Experiments
import Networks
import Routing

/// `wayfield simulate`: one algorithm at one load.
enum SimulateCommand: Command {
  static let algorithm = Argument<String>.required(
    "algorithm", .choice("A", RoutingArguments.algorithmNames), help: "The routing algorithm.")
  static let load = Argument<Double?>.optional(
    "load", .number(0...1000, placeholder: "λ"),
    help: "Packets per router and tick, as the source counts it.")
  static let fraction = Argument<Double?>.optional(
    "load-fraction", .number(0...1000, placeholder: "f"),
    help: "The load as a share of the capacity λ* of the network and its traffic.")

  static let policy = Argument<String?>.optional(
    "policy", .path("file"),
    help: "A policy of this algorithm that 'train' wrote; nothing is trained then.")

  static let declaration = CommandDeclaration(
    name: "simulate", summary: "Plays one routing algorithm on a network and measures it.",
    discussion: ["ALGORITHMS"] + RoutingArguments.catalogue,
    examples: [
      "wayfield simulate --topology b4 --algorithm shortest-path --load-fraction 0.5",
      "wayfield simulate --topology b4 --algorithm q-routing --load 0.25 --fail D:E@250 --json",
      "wayfield simulate --topology geant --algorithm ecmp --load 0.1 --set bufferLimit=64",
      "wayfield simulate --topology att --algorithm social-actor-critic --load-fraction 0.9 "
        + "--information-age link",
    ],
    arguments: [RoutingArguments.topology, algorithm, policy, load, fraction]
      + RoutingArguments.common)

  static func run(_ input: Invocation) throws -> CommandResult {
    let given = (load: try input[load], fraction: try input[fraction])
    guard (given.load == nil) != (given.fraction == nil) else {
      throw UsageError("Exactly one of '--load' and '--load-fraction' is needed.")
    }
    var setup = try RoutingArguments.setup(input, algorithms: [try input[algorithm]])
    if let path = try input[policy] { setup.entries[0].policy = try file(path, input) }
    let load = try given.load ?? setup.context.load(fraction: given.fraction ?? 0)
    let results = try setup.experiment.run(setup.entries, loads: [load], failures: [setup.failure])
    guard let result = results.first else { throw CommandFailure("Nothing was played.") }
    let json = result.json(setup.context)
    return CommandResult(json: json, text: text(result, json, setup))
  }

  /// The policy file, which must be of the algorithm that the user named.
  private static func file(_ path: String, _ input: Invocation) throws -> PolicyFile {
    let file = try PolicyFile(path: path)
    guard file.algorithm == (try input[algorithm]) else {
      throw InputError(
        file: path, field: "algorithm", value: file.algorithm,
        expected: "the command line names '\(try input[algorithm])'")
    }
    return file
  }

  private static func text(
    _ result: RoutingResult, _ json: JSONValue, _ setup: RoutingArguments.Setup
  ) -> String {
    var lines = setup.warnings.map { "Warning: \($0)" }
    let context = setup.context
    var title = "\(result.entry.algorithm.name) on \(context.source.topology.name), load "
    title += TextTable.number(result.load, 4)
    if let capacity = context.capacity, let fraction = json["loadFraction"]?.numberValue {
      title += " (\(TextTable.number(fraction, 3)) of λ* = \(TextTable.number(capacity.value, 4)))"
    }
    lines.append(title)
    var table = TextTable(["", "mean", "95 % low", "95 % high"])
    let pooled = [
      ("lowestPairDeliveredShare", result.lowestPairShare), ("jainIndex", result.jainIndex),
    ]
    let measures = EpisodeMeasure.all.map { ($0.name, result.interval($0)) } + pooled
    for (name, interval) in measures {
      let decimals =
        ["deliveredShare", "lowestPairDeliveredShare", "jainIndex"].contains(name) ? 4 : 2
      table.append([
        name, TextTable.number(interval?.mean, decimals), TextTable.number(interval?.low, decimals),
        TextTable.number(interval?.high, decimals),
      ])
    }
    lines.append(table.text)
    lines.append(
      "\(context.episodes) episodes of \(context.source.horizon) ticks, seed \(context.seed); "
        + "delays in ticks. Definitions: Documentation/Measures.md.")
    return lines.joined(separator: "\n")
  }
}

extension JSONValue {
  /// The number of a numeric value.
  var numberValue: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}
