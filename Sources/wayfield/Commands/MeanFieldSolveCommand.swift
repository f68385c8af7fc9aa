import Experiments
import MeanField
import Networks

/// `wayfield meanfield solve`: one game, one solver.
enum MeanFieldSolveCommand: Command {
  static let game = Argument<String>.required(
    "game", ValueType.text("game"), help: "A game of 'meanfield games'.")
  static let solver = Argument<String>.required(
    "solver", ValueType.text("solver"), help: "A solver of 'meanfield solvers'.")
  static let iterations = Argument<Int?>.optional(
    "iterations", .integer(1...1_000_000_000), help: "Iterations; left out: the solver's default.")

  static let output = Argument<String?>.optional(
    "output", .path("folder"),
    help: "A folder for the answer as JSON and, for finite-horizon games, its pictures.")

  static let declaration = CommandDeclaration(
    name: "solve", summary: "Solves a mean-field game, team or control problem.",
    examples: [
      "wayfield meanfield solve --game malware --solver exact-equilibrium --set k=0.3 --json",
      "wayfield meanfield solve --game repeated-auction --solver gmf-q --iterations 50",
      "wayfield meanfield solve --game crowd-motion --solver online-mirror-descent --output runs/crowd",
    ],
    arguments: [
      game, solver, iterations, output, CommonArguments.settings, CommonArguments.seed,
      CommonArguments.threads,
    ])

  static func run(_ input: Invocation) throws -> CommandResult {
    let draft = try input[output].map { try RunFolder.Draft(path: $0) }
    let request = SolveRequest(
      iterations: try input[iterations], seed: try input[CommonArguments.seed],
      threads: try input[CommonArguments.threads])
    let solution = try MeanFieldCatalogue.solve(
      game: try input[game], solver: try input[solver],
      settings: try settings(try input[CommonArguments.settings]), request: request)
    let json = json(solution)
    if let draft { try write(solution, json, input.commandLine, to: draft) }
    return CommandResult(json: json, text: text(solution))
  }

  private static func write(
    _ solution: MeanFieldSolution, _ json: JSONValue, _ commandLine: String,
    to draft: RunFolder.Draft
  ) throws {
    let configuration: JSONValue = ["command": .string(commandLine)]
    try draft.write(configuration.text(indented: true) + "\n", to: RunFolder.configurationFile)
    try draft.write(json.text(indented: true) + "\n", to: "results.json")
    for file in SolutionFigures.files(of: solution) { try draft.write(file.text, to: file.name) }
    try draft.publish()
  }

  /// `key=value` pairs; the last one of a key wins.
  static func settings(_ pairs: [String]) throws(InputError) -> [String: String] {
    var settings: [String: String] = [:]
    for pair in pairs {
      guard let equals = pair.firstIndex(of: "="), equals != pair.startIndex else {
        throw InputError(file: "--set", value: pair, expected: "expected key=value")
      }
      settings[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
    }
    return settings
  }

  private static func json(_ solution: MeanFieldSolution) -> JSONValue {
    [
      "game": .string(solution.game), "solver": .string(solution.solver),
      "iterations": .integer(solution.iterations),
      "seed": Int(exactly: solution.seed).map(JSONValue.integer) ?? .string("\(solution.seed)"),
      "exploitability": solution.exploitability.map {
        [
          "initial": .number($0.initial), "final": .number($0.final), "trace": .numbers($0.trace),
        ]
      } ?? .null,
      "value": .optional(solution.value),
      "meanField": solution.meanField.map(nested) ?? .null,
      "policy": solution.policy.map(nested) ?? .null,
      "parameters": .object(
        solution.parameters.sorted { $0.key < $1.key }.map { .init($0.key, .number($0.value)) }),
      "traces": .object(
        solution.traces.sorted { $0.key < $1.key }.map { .init($0.key, .numbers($0.value)) }),
      "samples": .integer(solution.samples),
      "priceOfAnarchy": .optional(solution.priceOfAnarchy),
      "status": .string(solution.status),
    ]
  }

  private static func nested(_ numbers: NestedNumbers) -> JSONValue {
    switch numbers {
    case .numbers(let vector): .numbers(vector)
    case .lists(let lists): .array(lists.map(nested))
    }
  }

  private static func text(_ solution: MeanFieldSolution) -> String {
    var lines = ["\(solution.game), \(solution.solver), \(solution.iterations) iterations"]
    if let exploitability = solution.exploitability {
      lines.append(
        "exploitability \(exploitability.initial) at the start, \(exploitability.final) at the end")
    }
    if let value = solution.value { lines.append("value \(value)") }
    for (name, value) in solution.parameters.sorted(by: { $0.key < $1.key }) {
      lines.append("\(name) \(value)")
    }
    if let anarchy = solution.priceOfAnarchy { lines.append("price of anarchy \(anarchy)") }
    if solution.samples > 0 { lines.append("\(solution.samples) transitions sampled") }
    lines.append(solution.status)
    return lines.joined(separator: "\n")
  }
}
