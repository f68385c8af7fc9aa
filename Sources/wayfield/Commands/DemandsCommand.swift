import Experiments
import Networks
import Randomness

/// `wayfield demands generate … | show FILE`.
enum DemandsCommand {
  static let group = CommandGroup(
    name: "demands", summary: "Generates and shows traffic demands.",
    commands: [DemandsGenerateCommand.self, DemandsShowCommand.self])

  static let topology = Argument<String>.required(
    "topology", .path("T"), help: "The network that the demands belong to.")

  static func present(
    _ series: [TrafficMatrix], _ topology: Topology, warnings: [InputWarning]
  ) -> CommandResult {
    let summary = DemandSummary(series)
    func name(_ router: RouterID) -> String { topology.routers[router.index].name }
    let unit = summary.unit.map { " \($0)" } ?? ""
    let mean = summary.totals.reduce(0, +) / Double(summary.totals.count)
    var table = TextTable(["demands on \(topology.name)", ""], leftColumns: 2)
    table.append(["matrices", "\(summary.matrixCount)"])
    table.append([
      "pairs", "\(summary.pairCount) of \(topology.routerCount * (topology.routerCount - 1))",
    ])
    table.append(["total", TextTable.number(mean, 3) + unit])
    if let least = summary.totals.min(), let most = summary.totals.max(), summary.matrixCount > 1 {
      table.append(["", "\(TextTable.number(least, 3)) to \(TextTable.number(most, 3))"])
    }
    for (key, end) in [
      ("largest source", summary.largestSource), ("largest sink", summary.largestDestination),
    ] {
      table.append([key, "\(name(end.router)), \(TextTable.number(end.value, 3))"])
    }
    let share = TextTable.number(100 * summary.topTenthShare, 1)
    table.append(["top tenth of pairs", "\(share) % of all"])
    table.append(["symmetric", summary.isSymmetric ? "yes" : "no"])
    var pairs = TextTable(["from", "to", "demand"], leftColumns: 2)
    for pair in summary.largestPairs {
      pairs.append([name(pair.source), name(pair.destination), TextTable.number(pair.value, 3)])
    }
    let lines = warnings.map { "Warning: \($0.description)" } + [table.text, "", pairs.text]
    return CommandResult(
      json: json(summary, topology, warnings), text: lines.joined(separator: "\n"))
  }

  private static func json(
    _ summary: DemandSummary, _ topology: Topology, _ warnings: [InputWarning]
  ) -> JSONValue {
    func end(_ value: (router: RouterID, value: Double)) -> JSONValue {
      [
        "router": .string(topology.routers[value.router.index].name),
        "demand": .number(value.value),
      ]
    }
    return [
      "topology": .string(topology.name), "matrices": .integer(summary.matrixCount),
      "unit": summary.unit.map { .string($0) } ?? .null, "pairs": .integer(summary.pairCount),
      "totals": .numbers(summary.totals), "largestSource": end(summary.largestSource),
      "largestDestination": end(summary.largestDestination),
      "topTenthShare": .number(summary.topTenthShare), "symmetric": .bool(summary.isSymmetric),
      "largestPairs": .array(
        summary.largestPairs.map {
          [
            "from": .string(topology.routers[$0.source.index].name),
            "to": .string(topology.routers[$0.destination.index].name),
            "demand": .number($0.value),
          ]
        }),
      "warnings": TopologiesCommand.warnings(warnings),
    ]
  }
}

enum DemandsGenerateCommand: Command {
  static let generator = Argument<String>.positional(
    "generator", .choice("generator", DemandGenerators.all.map { $0.name }),
    help: "How the demands are made.")
  static let output = Argument<String>.required(
    "output", .path("file"),
    help: "The file to write: .csv, .demands (REPETITA) or .txt (TEAVAR rows).")
  static let count = Argument<Int>.option(
    "count", .integer(1...100_000), default: 1, help: "Matrices in the series.")
  static let load = Argument<Double?>.optional(
    "load", .positive(placeholder: "λ"),
    help: "Scale to this mean of packets per router and tick over the series.")
  static let fraction = Argument<Double?>.optional(
    "load-fraction", .positive(placeholder: "f"),
    help: "Scale to this share of the capacity λ* of the network for the mean of the series.")

  static let declaration = CommandDeclaration(
    name: "generate", summary: "Generates demands for a network.",
    discussion: DemandGenerators.all.map { "\($0.name): \($0.summary)" } + [
      "Without --load and --load-fraction the mean over source routers is 1. Parameters by --set; an "
        + "unknown key lists the known ones."
    ],
    examples: [
      "wayfield demands generate gravity --topology abilene --output gravity.csv",
      "wayfield demands generate diurnal --topology abilene --count 24 --load-fraction 0.6 "
        + "--output day.csv",
      "wayfield demands generate bimodal --topology b4 --set ratio=8 --seed 3 --output big.txt",
    ],
    arguments: [
      generator, DemandsCommand.topology, output, count, load, fraction, CommonArguments.settings,
      CommonArguments.seed,
    ])

  static func run(_ input: Invocation) throws -> CommandResult {
    let network = try TopologyCatalogue.load(try input[DemandsCommand.topology])
    let path = try input[output]
    try OutputPlace.checkFile(path)
    guard let format = DemandFormat(path: path) else {
      throw InputError(
        file: "--output", value: path,
        expected: "expected a file that ends in .csv, .demands or .txt")
    }
    let name = try input[generator]
    guard let type = DemandGenerators.all.first(where: { $0.name == name }) else {
      throw UsageError("There is no generator '\(name)'.")
    }
    let topology = network.topology
    var series = try generate(type, topology, input)
    if let factor = try factor(
      for: TrafficMatrix.mean(of: series), topology, input)
    {
      series = series.map { $0.scaled(by: factor) }
    }
    try DemandCatalogue.save(series, topology: topology, format: format, to: path)
    var result = DemandsCommand.present(series, topology, warnings: network.warnings)
    result.text += "\nWritten: \(path)"
    return result
  }

  private static func generate<Generator: DemandGenerator>(
    _ type: Generator.Type, _ topology: Topology, _ input: Invocation
  ) throws -> [TrafficMatrix] {
    var settings = try Settings(try input[CommonArguments.settings])
    let generator = try settings.take(Generator(), scope: Generator.name)
    try settings.finish()
    try generator.validate()
    return try generator.series(
      for: topology, count: try input[count],
      seeds: SeedTree(root: try input[CommonArguments.seed]).child("demands"))
  }

  /// What every matrix is multiplied by; nil: nothing was asked.
  private static func factor(
    for mean: TrafficMatrix, _ topology: Topology, _ input: Invocation
  ) throws -> Double? {
    let (load, fraction) = (try input[load], try input[fraction])
    guard load == nil || fraction == nil else {
      throw UsageError("Only one of '--load' and '--load-fraction' may be given.")
    }
    let current = mean.total / Double(topology.routerCount)
    if let load { return load / current }
    guard let fraction else { return nil }
    return try fraction * NetworkCapacity(topology: topology, demand: mean).value / current
  }
}

enum DemandsShowCommand: Command {
  static let file = Argument<String>.positional(
    "file", .path("file"), help: "A demand file, or a folder of them.")

  static let declaration = CommandDeclaration(
    name: "show", summary: "Shows a demand file: totals, the largest demands, how uneven they are.",
    discussion: [
      "Reads rows of numbers (TEAVAR), REPETITA .demands, SNDlib native and XML (a folder is a "
        + "series), Wayfield JSON and CSV."
    ],
    examples: ["wayfield demands show demand.txt --topology b4"],
    arguments: [file, DemandsCommand.topology])

  static func run(_ input: Invocation) throws -> CommandResult {
    let network = try TopologyCatalogue.load(try input[DemandsCommand.topology])
    let demands = try DemandCatalogue.load(try input[file], for: network.topology)
    return DemandsCommand.present(
      demands.series, network.topology, warnings: demands.warnings)
  }
}
