import Experiments
import Networks

/// One command of the program: what it accepts, and what it does. One file each, in `Commands/`.
///
/// ```swift
/// enum GreetCommand: Command {
///   static let name = Argument.positional("name", .text, help: "Whom to greet.")
///   static let declaration = CommandDeclaration(
///     name: "greet", summary: "Greets somebody.", arguments: [name])
///   static func run(_ input: Invocation) throws -> CommandResult {
///     CommandResult(json: ["greeting": .string(try input[name])], text: "Hello, \(try input[name])")
///   }
/// }
/// ```
package protocol Command: Sendable {
  static var declaration: CommandDeclaration { get }
  static func run(_ input: Invocation) throws -> CommandResult
}

/// What the help text says of a command, and what its command line may contain.
package struct CommandDeclaration: Sendable {
  package var name: String
  /// One sentence.
  package var summary: String
  /// Paragraphs for the end of the help text.
  package var discussion: [String]
  /// Whole command lines that work.
  package var examples: [String]
  package var arguments: [any ArgumentDescription]

  package init(
    name: String, summary: String, discussion: [String] = [], examples: [String] = [],
    arguments: [any ArgumentDescription]
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.examples = examples
    self.arguments = arguments
  }
}

/// Commands under a common first word, such as `topologies list` and `topologies show`.
package struct CommandGroup: Sendable {
  package var name: String
  package var summary: String
  package var commands: [any Command.Type]
  /// What the bare group name does; nil: it prints the help text.
  package var defaultCommand: (any Command.Type)?

  package init(
    name: String, summary: String, commands: [any Command.Type],
    defaultCommand: (any Command.Type)? = nil
  ) {
    self.name = name
    self.summary = summary
    self.commands = commands
    self.defaultCommand = defaultCommand
  }
}

/// A first word of the command line.
package enum CommandEntry: Sendable {
  case command(any Command.Type)
  case group(CommandGroup)

  package var name: String {
    switch self {
    case .command(let type): type.declaration.name
    case .group(let group): group.name
    }
  }

  package var summary: String {
    switch self {
    case .command(let type): type.declaration.summary
    case .group(let group): group.summary
    }
  }
}

/// What a command hands back: the object that `--json` prints, and the text for people. The frame
/// prints one of the two, so that standard output holds exactly one JSON object or none.
package struct CommandResult: Sendable {
  package var json: JSONValue
  package var text: String
  package init(json: JSONValue, text: String) {
    self.json = json
    self.text = text
  }
}

/// A parsed command line, and the world around it.
package struct Invocation: Sendable {
  private let values: [String: [String]]
  /// The command line that repeats this run, quoted for a shell.
  package let commandLine: String
  /// Draws a bar on standard error when that is a terminal and the job takes longer than two
  /// seconds; hand it to whatever takes a `ProgressObserver`.
  package let progress: any ProgressObserver

  package init(
    values: [String: [String]], commandLine: String, progress: any ProgressObserver
  ) {
    self.values = values
    self.commandLine = commandLine
    self.progress = progress
  }

  /// The value of an argument that the command has declared. Every argument was checked before the
  /// command began, so a declared one does not throw here.
  package subscript<Value>(argument: Argument<Value>) -> Value {
    get throws(InputError) { try argument.resolve(values[argument.info.name] ?? []) }
  }

  /// Whether the user wrote this argument.
  package func isGiven(_ argument: some ArgumentDescription) -> Bool {
    values[argument.info.name] != nil
  }
}

/// A command line that cannot be obeyed; exit code 2.
package struct UsageError: Error, Hashable, CustomStringConvertible {
  /// One sentence.
  package var description: String
  package init(_ sentence: String) { description = sentence }
}

/// A job that was understood and did not succeed; exit code 1.
package struct CommandFailure: Error, Hashable, CustomStringConvertible {
  /// One sentence.
  package var description: String
  package init(_ sentence: String) { description = sentence }
}
