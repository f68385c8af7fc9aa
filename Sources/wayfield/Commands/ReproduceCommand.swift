import Experiments
import MeanField
import Networks
import Reporting

/// `wayfield reproduce`: a figure or table of a source, made again, with a verdict.
enum ReproduceCommand: Command {
  static let id = Argument<String>.positional(
    "id", .choice("ID", ["list"] + entries.map(\.id)),
    help: "What to make again; 'list' shows all.")
  static let quick = Argument<Bool>.flag(
    "quick", help: "The small form: minutes instead of hours, with smaller networks and batches.")
  static let output = Argument<String?>.optional(
    "output", .path("folder"),
    help:
      "Writes the tables there; finished pieces stay in its folder 'pieces', so that a run that "
      + "was killed goes on where it was.")
  static let seeds = Argument<Int>.option(
    "training-seeds", .integer(1...1000), default: 5,
    help: "Independent trainings; the intervals are over them.")
  static let networks = Argument<[String]?>.optional(
    "networks", ValueType.text("name").list(),
    help:
      "Only these of its networks; for the routing studies any networks: built-in ones or files.")
  static let data = Argument<String?>.optional(
    "data", .path("folder"),
    help: "Where public networks lie (sndlib/native, topology-zoo/graphml), for routing-untouched.")
  static let loads = Argument<[Double]?>.optional(
    "loads", ValueType.number(0...1000, placeholder: "λ").list(), help: "Only these loads.")

  static let declaration = CommandDeclaration(
    name: "reproduce", summary: "Makes a figure or table of a source again, with a verdict.",
    discussion: entries.map { "\($0.id): \($0.summary)" },
    examples: [
      "wayfield reproduce list",
      "wayfield reproduce mamrl-fig4 --quick --networks b4 --output runs/fig4",
      "wayfield reproduce mamrl-ablation --quick --training-seeds 3",
      "wayfield reproduce routing-untouched --data data --output runs/untouched",
      "wayfield reproduce routing-ratios --networks my-network.graphml --information-age link",
    ],
    arguments: [
      id, quick, output, seeds, networks, loads, data, RoutingArguments.informationAge,
      RoutingArguments.settings, CommonArguments.seed, CommonArguments.threads,
    ])

  static func run(_ input: Invocation) throws -> CommandResult {
    let name = try input[id]
    let settings = try RoutingArguments.written(input)
    let reproduction = ReproductionCatalogue.reproduction(name)
    guard settings.isEmpty || reproduction?.takesSettings ?? false else {
      let takers = ReproductionCatalogue.all.filter(\.takesSettings).map(\.id)
      throw UsageError(
        "'--set' and '--information-age' belong to \(takers.joined(separator: ", ")).")
    }
    if let figure = MeanFieldReproduction.all.first(where: { $0.name == name }) {
      return try MeanFieldFigures.run(figure, input)
    }
    guard let reproduction else { return list }
    let folder = try input[output]
    let options = ReproductionOptions(
      quick: try input[quick], seeds: try input[seeds], rootSeed: try input[CommonArguments.seed],
      threads: try input[CommonArguments.threads], networks: try input[networks],
      loads: try input[loads], dataFolder: try input[data], settings: settings,
      store: PieceStore(folder: folder.map { $0 + "/pieces" }),
      observer: input.progress)
    let outcome = try reproduction.run(options)
    if let folder {
      let writer = try ResultFolder(folder)
      for (file, table) in outcome.tables { try writer.write(table.text, to: file) }
      try draw(outcome.figures, in: folder)
      try writer.write(outcome.text + "\n", to: "\(name).txt")
      for (id, json) in [(name, outcome.json)] + outcome.documents {
        let document = json.adding("command", .string(options.command(id)))
        try writer.write(document.text(indented: true) + "\n", to: "\(id).json")
      }
      return CommandResult(
        json: outcome.json, text: ([outcome.text] + pages(folder)).joined(separator: "\n"))
    }
    return CommandResult(json: outcome.json, text: outcome.text)
  }

  /// The pages of the folder's studies, or why there are none: what was measured stands either way.
  private static func pages(_ folder: String) -> [String] {
    do {
      return try ReportCommand.writeStudyPages(folder: folder).map { "Report: \($0)" }
    } catch {
      return ["No report: \(error)"]
    }
  }

  private static func draw(_ figures: [ReproductionFigure], in folder: String) throws {
    guard !figures.isEmpty else { return }
    let gnuplot = try Gnuplot()
    for figure in figures {
      _ = try gnuplot.draw(
        GnuplotFigure(
          name: figure.name, data: figure.csv, commands: figure.commands, width: figure.width,
          height: figure.height), in: folder)
    }
  }

  /// What both halves reproduce.
  private static let entries: [(id: String, summary: String)] =
    ReproductionCatalogue.all.map { ($0.id, $0.summary) }
    + MeanFieldReproduction.all.map { ($0.name, $0.documentation) }

  private static var list: CommandResult {
    CommandResult(
      json: [
        "reproductions": .array(
          entries.map { ["id": .string($0.id), "summary": .string($0.summary)] })
      ],
      text: entries.map { "\($0.id): \($0.summary)" }.joined(separator: "\n"))
  }
}
