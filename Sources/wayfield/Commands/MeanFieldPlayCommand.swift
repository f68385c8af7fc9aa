import Experiments
import MeanField
import Networks
import Randomness

/// `wayfield meanfield play`: a mean-field policy among N players.
enum MeanFieldPlayCommand: Command {
  static let players = Argument<[Int]>.required(
    "players", ValueType<Int>.integer(1...1_000_000).list(), help: "Numbers of players.")
  static let episodes = Argument<Int>.option(
    "episodes", .integer(1...10_000_000), default: 100, help: "Episodes for each number.")
  static let horizon = Argument<Int>.option(
    "horizon", .integer(1...1_000_000), default: 100, help: "Steps of an episode.")
  static let draws = Argument<Int>.option(
    "draws", .integer(8...100_000_000), default: 1000,
    help: "Draws of the other players' law for the gain of a deviation.")

  static let declaration = CommandDeclaration(
    name: "play",
    summary:
      "Solves a stationary game and plays the policy among N players: value and exploitability.",
    examples: [
      "wayfield meanfield play --game malware --solver exact-equilibrium --players 10,100 --json"
    ],
    arguments: [
      MeanFieldSolveCommand.game, MeanFieldSolveCommand.solver, players,
      MeanFieldSolveCommand.iterations, episodes, horizon, draws, CommonArguments.settings,
      CommonArguments.seed, CommonArguments.threads,
    ])

  static func run(_ input: Invocation) throws -> CommandResult {
    let name = try input[MeanFieldSolveCommand.game]
    let settings = try MeanFieldSolveCommand.settings(try input[CommonArguments.settings])
    let descriptor = try MeanFieldCatalogue.game(name)
    let own = settings.filter { key, _ in descriptor.parameters.contains { $0.name == key } }
    guard let model = try MeanFieldCatalogue.make(game: name, settings: own) as? any StationaryModel
    else {
      throw InputError(
        file: "--game", value: name, expected: "expected a stationary game such as malware")
    }
    let solution = try MeanFieldCatalogue.solve(
      game: name, solver: try input[MeanFieldSolveCommand.solver], settings: settings,
      request: SolveRequest(
        iterations: try input[MeanFieldSolveCommand.iterations],
        seed: try input[CommonArguments.seed], threads: try input[CommonArguments.threads]))
    return try play(model, solution, input)
  }

  private static func play(
    _ model: some StationaryModel, _ solution: MeanFieldSolution, _ input: Invocation
  ) throws -> CommandResult {
    guard case .lists(let rows)? = solution.policy, rows.count == model.stateCount else {
      throw InputError(
        file: "--solver", value: solution.solver,
        expected: "expected a solver whose answer is one policy over states")
    }
    let table = rows.flatMap { row -> [Double] in
      if case .numbers(let numbers) = row { return numbers }
      return []
    }
    guard table.count == model.stateCount * model.actionCount else {
      throw InputError(
        file: "--solver", value: solution.solver,
        expected: "expected a solver whose answer is one policy over states")
    }
    let policy = StationaryPolicy(
      probabilities: table, stateCount: model.stateCount, actionCount: model.actionCount)
    let threads = try input[CommonArguments.threads]
    let seeds = SeedTree(root: try input[CommonArguments.seed]).child("play")
    let counts = try input[players]
    let gaps = NPlayerGap.measure(
      model, policy: policy, agents: counts, draws: try input[draws], seeds: seeds.child("gap"),
      threads: threads)
    let values = try counts.map { count in
      NPlayerPopulation(model, agentCount: count).simulate(
        policies: [policy], episodes: try input[episodes], horizon: try input[horizon],
        seeds: seeds.child("players", count), threads: threads)
    }
    return result(solution, counts, gaps, values)
  }

  private static func result(
    _ solution: MeanFieldSolution, _ counts: [Int], _ gaps: [NPlayerGap.Row],
    _ values: [NPlayerValues]
  ) -> CommandResult {
    let fit = PowerLaw.fit(gaps.map { (Double($0.agents), $0.gap) })
    var table = TextTable(
      ["players", "value", "±", "gain of a deviation", "±", "|V_N − V|"], leftColumns: 0)
    var rows: [JSONValue] = []
    for index in counts.indices {
      let margin = 1.96 * values[index].standardError
      table.append([
        "\(counts[index])", TextTable.number(values[index].mean, 5), TextTable.number(margin, 5),
        TextTable.number(gaps[index].gap, 7),
        TextTable.number(1.96 * gaps[index].standardError, 7),
        TextTable.number(gaps[index].valueGap, 7),
      ])
      rows.append([
        "players": .integer(counts[index]),
        "value": [
          "mean": .number(values[index].mean), "low": .optional(values[index].mean - margin),
          "high": .optional(values[index].mean + margin),
        ],
        "exploitability": .number(gaps[index].gap),
        "exploitabilityStandardError": .number(gaps[index].standardError),
        "valueGap": .number(gaps[index].valueGap),
      ])
    }
    let json: JSONValue = [
      "game": .string(solution.game), "solver": .string(solution.solver),
      "meanFieldValue": .optional(solution.value), "players": .array(rows),
      "exponent": .optional(fit.exponent.isFinite ? fit.exponent : nil),
      "exponentMargin": .optional(fit.exponentMargin.isFinite ? fit.exponentMargin : nil),
    ]
    var text = table.text
    if let value = solution.value { text += "\nmean-field value \(value)" }
    if fit.exponent.isFinite {
      text +=
        "\nthe gain falls like N^\(TextTable.number(fit.exponent, 3))"
        + " (± \(TextTable.number(fit.exponentMargin, 3)))"
    }
    return CommandResult(json: json, text: text)
  }
}
