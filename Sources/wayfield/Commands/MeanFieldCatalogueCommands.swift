import Experiments
import MeanField
import Networks

/// `wayfield meanfield games`: what can be solved.
enum MeanFieldGamesCommand: Command {
  static let declaration = CommandDeclaration(
    name: "games", summary: "Lists the mean-field games, with the parameters that --set reaches.",
    examples: ["wayfield meanfield games --json"], arguments: [])

  static func run(_ input: Invocation) throws -> CommandResult {
    let games = MeanFieldCatalogue.games
    return CommandResult(
      json: [
        "games": .array(
          games.map { MeanFieldListing.json($0.name, $0.documentation, $0.parameters) })
      ],
      text: MeanFieldListing.text(games.map { ($0.name, $0.documentation, $0.parameters) }))
  }
}

/// `wayfield meanfield solvers`: what can solve them.
enum MeanFieldSolversCommand: Command {
  static let declaration = CommandDeclaration(
    name: "solvers",
    summary: "Lists the mean-field solvers, with the parameters that --set reaches.",
    examples: ["wayfield meanfield solvers"], arguments: [])

  static func run(_ input: Invocation) throws -> CommandResult {
    let solvers = MeanFieldCatalogue.solvers
    return CommandResult(
      json: [
        "solvers": .array(
          solvers.map { MeanFieldListing.json($0.name, $0.documentation, $0.parameters) })
      ],
      text: MeanFieldListing.text(solvers.map { ($0.name, $0.documentation, $0.parameters) }))
  }
}

private enum MeanFieldListing {
  static func json(
    _ name: String, _ documentation: String, _ parameters: [ParameterDescriptor]
  ) -> JSONValue {
    [
      "name": .string(name), "documentation": .string(documentation),
      "parameters": .array(
        parameters.map {
          [
            "name": .string($0.name), "default": .string($0.defaultValue),
            "documentation": .string($0.documentation), "values": .string($0.expectation),
          ]
        }),
    ]
  }

  static func text(_ entries: [(String, String, [ParameterDescriptor])]) -> String {
    entries.map { name, documentation, parameters in
      let lines = parameters.map {
        "    \($0.name)=\($0.defaultValue)  \($0.documentation)"
      }
      return (["\(name): \(documentation)"] + lines).joined(separator: "\n")
    }.joined(separator: "\n")
  }
}
