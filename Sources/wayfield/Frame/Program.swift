import Experiments
import Foundation
import Networks

/// The program: finds the command, parses, runs, prints, and turns errors into exit codes
/// (0 success, 1 failure, 2 bad usage or input).
package struct Program: Sendable {
  package static let version = "0.1.0"
  private static let summary =
    "Multi-agent reinforcement learning for networks and large populations."
  private let entries: [CommandEntry]

  package init(entries: [CommandEntry]) { self.entries = entries }

  /// What a run printed and how it ended.
  package struct Outcome: Sendable, Hashable {
    package var output = ""
    package var error = ""
    package var exitCode: Int32 = 0
  }

  /// Runs one command line (without the program's name).
  package func run(
    _ words: [String], progress: any ProgressObserver = SilentProgress()
  ) -> Outcome {
    do {
      return Outcome(output: try dispatch(words, progress))
    } catch let error as UsageError {
      return Outcome(error: error.description, exitCode: 2)
    } catch let error as InputError {
      return Outcome(error: error.description, exitCode: 2)
    } catch let error as CommandFailure {
      return Outcome(error: error.description, exitCode: 1)
    } catch let error as CocoaError {
      // Foundation's own text is a dump of the error; a person needs the file and the reason.
      let place = error.filePath ?? error.url?.path
      let reason = (error.underlying as? POSIXError).map {
        String(cString: strerror($0.code.rawValue))
      }
      let text = [place, reason ?? error.localizedDescription].compactMap { $0 }
      return Outcome(error: text.joined(separator: ": ") + ".", exitCode: 1)
    } catch {
      return Outcome(error: "\(error)", exitCode: 1)
    }
  }

  private func dispatch(_ words: [String], _ progress: any ProgressObserver) throws -> String {
    guard let first = words.first else {
      throw UsageError(missing("wayfield", entries.map(\.name)))
    }
    if ["--help", "-h", "help"].contains(first) { return overview() }
    if first == "--version" { return "wayfield \(Self.version)" }
    guard let entry = entries.first(where: { $0.name == first }) else {
      throw UsageError(unknown(first, "wayfield", entries.map(\.name)))
    }
    let rest = Array(words.dropFirst())
    switch entry {
    case .command(let type):
      return try execute(type, path: "wayfield \(first)", rest, words, progress)
    case .group(let group):
      return try dispatch(group, rest, words, progress)
    }
  }

  private func dispatch(
    _ group: CommandGroup, _ rest: [String], _ words: [String], _ progress: any ProgressObserver
  ) throws -> String {
    let path = "wayfield \(group.name)"
    let names = group.commands.map { $0.declaration.name }
    if let name = rest.first,
      let type = group.commands.first(where: { $0.declaration.name == name })
    {
      return try execute(type, path: "\(path) \(name)", Array(rest.dropFirst()), words, progress)
    }
    if let first = rest.first, ["--help", "-h", "help"].contains(first) {
      let rows = group.commands.map { ($0.declaration.name, $0.declaration.summary) }
      return HelpText().list(path: path, summary: group.summary, entries: rows)
    }
    if let type = group.defaultCommand, rest.first.map({ $0.hasPrefix("-") }) ?? true {
      return try execute(type, path: path, rest, words, progress)
    }
    guard let first = rest.first else { throw UsageError(missing(path, names)) }
    throw UsageError(unknown(first, path, names))
  }

  private func execute(
    _ type: any Command.Type, path: String, _ rest: [String], _ words: [String],
    _ progress: any ProgressObserver
  ) throws -> String {
    var declaration = type.declaration
    declaration.arguments += [CommonArguments.json, CommonArguments.help]
    if isHelpAsked(rest) { return HelpText().command(declaration, path: path) }
    let parser = ArgumentParser(command: path, arguments: declaration.arguments)
    let values = try parser.parse(rest)
    try parser.check(values)
    let commandLine = (["wayfield"] + words).map(Self.quoted).joined(separator: " ")
    let input = Invocation(values: values, commandLine: commandLine, progress: progress)
    let result = try type.run(input)
    return try input[CommonArguments.json] ? result.json.text() : result.text
  }

  private func isHelpAsked(_ words: [String]) -> Bool {
    words.prefix { $0 != "--" }.contains { $0 == "--help" || $0 == "-h" }
  }

  private func overview() -> String {
    HelpText().list(
      path: "wayfield", summary: Self.summary, entries: entries.map { ($0.name, $0.summary) })
  }

  private func missing(_ path: String, _ names: [String]) -> String {
    "'\(path)' needs a command: \(names.joined(separator: ", ")); see '\(path) --help'."
  }

  private func unknown(_ word: String, _ path: String, _ names: [String]) -> String {
    let hint = Suggestions.nearest(to: word, in: names).map { ", did you mean '\($0)'?" }
    return "'\(path)' has no command '\(word.shortened)'"
      + (hint ?? "; it has \(names.joined(separator: ", ")).")
  }

  /// A word as a shell needs it.
  private static func quoted(_ word: String) -> String {
    let plain =
      !word.isEmpty
      && word.unicodeScalars.allSatisfy {
        $0.isASCII
          && ($0.properties.isAlphabetic || $0.properties.numericType != nil
            || "-_=./,:@+%".unicodeScalars.contains($0))
      }
    return plain ? word : "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }
}
