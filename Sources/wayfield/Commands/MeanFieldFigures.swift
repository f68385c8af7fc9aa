import Experiments
import MeanField
import Networks
import Reporting

/// The mean-field half of `wayfield reproduce`: data, gnuplot scripts and pictures.
enum MeanFieldFigures {
  static func run(
    _ reproduction: MeanFieldReproduction, _ input: Invocation
  ) throws -> CommandResult {
    let draft = try input[ReproduceCommand.output].map { try RunFolder.Draft(path: $0) }
    let request = MeanFieldReproduction.Request(
      isQuick: try input[ReproduceCommand.quick], seed: try input[CommonArguments.seed],
      threads: try input[CommonArguments.threads])
    let outcome = reproduction.run(request)
    let json = json(reproduction, request, outcome)
    var lines = outcome.numbers.map { "\($0.name) \($0.value)" } + outcome.notes
    if let draft {
      try write(outcome, json, input.commandLine, to: draft)
      try draft.publish()
      lines.append("Written to \(draft.path).")
    }
    return CommandResult(json: json, text: lines.joined(separator: "\n"))
  }

  private static func json(
    _ reproduction: MeanFieldReproduction, _ request: MeanFieldReproduction.Request,
    _ outcome: MeanFieldReproduction.Outcome
  ) -> JSONValue {
    [
      "id": .string(reproduction.name), "quick": .bool(request.isQuick),
      "seed": .string("\(request.seed)"),
      "numbers": .object(
        outcome.numbers.map { .init($0.name, .optional($0.value.isFinite ? $0.value : nil)) }),
      "notes": .array(outcome.notes.map(JSONValue.string)),
    ]
  }

  private static func write(
    _ outcome: MeanFieldReproduction.Outcome, _ json: JSONValue, _ commandLine: String,
    to draft: RunFolder.Draft
  ) throws {
    let configuration: JSONValue = ["command": .string(commandLine)]
    try draft.write(configuration.text(indented: true) + "\n", to: RunFolder.configurationFile)
    try draft.write(json.text(indented: true) + "\n", to: "results.json")
    let gnuplot = try Gnuplot()
    for figure in outcome.figures {
      _ = try gnuplot.draw(
        GnuplotFigure(
          name: figure.name, data: figure.csv, commands: figure.commands, width: figure.width,
          height: figure.height), in: draft.workingPath)
    }
  }
}
