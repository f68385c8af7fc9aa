import Networks

/// Sorts the words of a command line into options, flags and positional words.
///
/// The conventions are those of swift-argument-parser: `--name value`, `--name=value`, repeated
/// options, `--` before words that begin with a dash, and of an option given twice that may be
/// given once the last counts. A value may begin with a dash only where it is a negative number or
/// follows an equals sign.
package struct ArgumentParser: Sendable {
  private let command: String
  private let arguments: [any ArgumentDescription]

  /// - Parameter command: as the user writes it, for messages ("wayfield simulate").
  package init(command: String, arguments: [any ArgumentDescription]) {
    self.command = command
    self.arguments = arguments
  }

  /// The words of each argument by its name; arguments that were not given are absent.
  package func parse(_ words: [String]) throws -> [String: [String]] {
    var values: [String: [String]] = [:]
    var positionals: [String] = []
    var index = 0
    while index < words.count {
      let word = words[index]
      index += 1
      if word == "--" {
        positionals += words[index...]
        break
      } else if word.hasPrefix("--") {
        let (name, text) = try readOption(word, words, &index)
        values[name, default: []].append(text)
      } else if word.hasPrefix("-"), word.count > 1, Double(word) == nil {
        throw unknown(word)
      } else {
        positionals.append(word)
      }
    }
    try assign(positionals, to: &values)
    return values
  }

  /// Checks every declared argument, in the order of declaration.
  package func check(_ values: [String: [String]]) throws(InputError) {
    for argument in arguments { try argument.check(values[argument.info.name] ?? []) }
  }

  private func readOption(
    _ word: String, _ words: [String], _ index: inout Int
  ) throws(UsageError) -> (String, String) {
    let parts = word.dropFirst(2).split(
      separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts.first.map(String.init) ?? ""
    guard let info = option(named: name) else { throw unknown("--" + name) }
    let attached = parts.count == 2 ? String(parts[1]) : nil
    if info.kind == .flag {
      if attached != nil { throw UsageError("Option '--\(name)' takes no value.") }
      return (name, "")
    }
    if let attached { return (name, attached) }
    guard index < words.count, isValue(words[index]) else {
      throw UsageError("Option '--\(name)' needs a value: --\(name) <\(info.placeholder)>.")
    }
    index += 1
    return (name, words[index - 1])
  }

  private func isValue(_ word: String) -> Bool {
    !word.hasPrefix("-") || word == "-" || Double(word) != nil
  }

  private func option(named name: String) -> ArgumentInfo? {
    arguments.map(\.info).first { $0.kind != .positional && $0.name == name }
  }

  private func unknown(_ word: String) -> UsageError {
    let names = arguments.map(\.info).filter { $0.kind != .positional }.map(\.label)
    let hint = Suggestions.nearest(to: word, in: names).map { ", did you mean '\($0)'?" } ?? "."
    return UsageError("'\(command)' has no option '\(word.shortened)'\(hint)")
  }

  private func assign(
    _ words: [String], to values: inout [String: [String]]
  ) throws(UsageError) {
    var rest = words[...]
    for info in arguments.map(\.info) where info.kind == .positional {
      let taken = info.isRepeated ? rest : rest.prefix(1)
      rest = rest.dropFirst(taken.count)
      if !taken.isEmpty { values[info.name] = Array(taken) }
    }
    if let extra = rest.first {
      throw UsageError("'\(command)' does not know what to do with '\(extra.shortened)'.")
    }
  }
}

extension String {
  /// At most 80 characters, for messages.
  package var shortened: String { count > 80 ? prefix(77) + "…" : self }
}
