import Randomness
import Testing
import wayfield

/// Every command that is listed, whoever wrote it.
@Suite struct RegistryTests {
  private struct Listed: Sendable, CustomTestStringConvertible {
    var path: [String]
    var declaration: CommandDeclaration
    var testDescription: String { path.joined(separator: " ") }
  }

  private static let commands: [Listed] = CommandRegistry.entries.flatMap { entry in
    switch entry {
    case .command(let type):
      return [Listed(path: [type.declaration.name], declaration: type.declaration)]
    case .group(let group):
      return group.commands.map { type in
        Listed(path: [group.name, type.declaration.name], declaration: type.declaration)
      }
    }
  }

  private let program = Program(entries: CommandRegistry.entries)

  @Test(arguments: commands) private func helpNamesEveryArgument(_ command: Listed) {
    let outcome = program.run(command.path + ["--help"])
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.hasPrefix("OVERVIEW: \(command.declaration.summary)"))
    for argument in command.declaration.arguments {
      #expect(outcome.output.contains(argument.info.label))
      #expect(argument.info.help.hasSuffix("."), "\(argument.info.label): a sentence")
    }
    let longest = outcome.output.split(separator: "\n").map(\.count).max() ?? 0
    #expect(longest <= 400)
  }

  @Test(arguments: commands) private func declarationsAreSound(_ command: Listed) {
    let names = command.declaration.arguments.map(\.info.name)
    #expect(Set(names).count == names.count, "an argument is declared twice")
    #expect(!names.contains("json") && !names.contains("help"), "the frame adds these")
    for info in command.declaration.arguments.map(\.info) where info.kind != .positional {
      #expect(info.name.allSatisfy { $0.isLowercase || $0 == "-" || $0.isNumber }, "\(info.name)")
    }
    for example in command.declaration.examples {
      #expect(example.hasPrefix("wayfield \(command.path.joined(separator: " "))"), "\(example)")
    }
  }

  @Test(arguments: commands) private func examplesParse(_ command: Listed) throws {
    let parser = ArgumentParser(
      command: "wayfield",
      arguments: command.declaration.arguments + [CommonArguments.json, CommonArguments.help])
    for example in command.declaration.examples {
      let words = example.split(separator: " ").map(String.init).dropFirst(1 + command.path.count)
      #expect(throws: Never.self, "\(example)") { try parser.check(try parser.parse(Array(words))) }
    }
  }

  /// Random command lines made of the real options and hostile values, each with one option that
  /// does not exist, so that nothing is played: one sentence, exit code 2, or a help text.
  @Test(arguments: commands) private func nonsenseNeverCrashes(_ command: Listed) {
    var stream = RandomStream(seed: 23)
    let labels = command.declaration.arguments.map(\.info.label) + ["--json", "--seed", "--set"]
    let values = [
      "b4", "-1", "0", "1e308", "nan", "-inf", "", ",", "a=b", "=", "@", ":", "@99@5..2", "\u{0}",
      "ä\u{301}", "9223372036854775808", "--", "--help", String(repeating: "é", count: 3000),
    ]
    for _ in 0..<400 {
      var words: [String] = []
      for _ in 0..<stream.integer(below: 7) {
        words.append(labels[stream.integer(below: labels.count)])
        words.append(values[stream.integer(below: values.count)])
      }
      words.insert("--no-such-option", at: stream.integer(below: words.count + 1))
      if words.contains("--") { continue }
      let outcome = program.run(command.path + words)
      #expect([0, 2].contains(outcome.exitCode), "\(words)")
      #expect((outcome.exitCode == 0) == outcome.error.isEmpty)
      #expect(!outcome.error.contains("\n"), "\(outcome.error)")
    }
  }

  @Test func overviewListsEveryCommand() {
    let overview = program.run(["--help"]).output
    for command in Self.commands { #expect(overview.contains("  \(command.path[0])")) }
    #expect(program.run(["--version"]).output == "wayfield \(Program.version)")
  }
}
