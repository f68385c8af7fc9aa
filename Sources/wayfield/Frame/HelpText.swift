/// Writes help texts from declarations, in the form that swift-argument-parser uses.
package struct HelpText: Sendable {
  /// Columns of a line.
  package var width = 90
  private let indent = 30

  package init() {}

  /// The help text of one command; `path` is how it is called ("wayfield topologies show").
  package func command(_ declaration: CommandDeclaration, path: String) -> String {
    let infos = declaration.arguments.map(\.info)
    var sections = ["OVERVIEW: \(declaration.summary)", usage(infos, path: path)]
    let positional = infos.filter { $0.kind == .positional }
    let options = infos.filter { $0.kind != .positional }
    if !positional.isEmpty { sections.append(table("ARGUMENTS", positional.map(row))) }
    sections.append(table("OPTIONS", options.map(row)))
    sections += declaration.discussion.map { wrap($0, first: 0, rest: 0) }
    if !declaration.examples.isEmpty {
      sections.append(
        "EXAMPLES:\n" + declaration.examples.map { "  \($0)" }.joined(separator: "\n"))
    }
    return sections.joined(separator: "\n\n")
  }

  /// The help text of a list of commands: of the program, or of a group.
  package func list(
    path: String, summary: String, entries: [(name: String, summary: String)]
  ) -> String {
    let options = [("--help", "Show this text."), ("--version", "Show the version.")]
    return [
      "OVERVIEW: \(summary)",
      "USAGE: \(path) <command> [options]",
      table("COMMANDS", entries.map { ($0.name, $0.summary) }),
      table("OPTIONS", path.contains(" ") ? [options[0]] : options),
      "See '\(path) <command> --help' for what a command takes.",
    ].joined(separator: "\n\n")
  }

  private func usage(_ infos: [ArgumentInfo], path: String) -> String {
    let ordered =
      infos.filter { $0.kind == .positional } + infos.filter { $0.kind != .positional }
    let parts = ordered.map { info in
      var part = invocation(info)
      if !info.isRequired { part = "[\(part)]" }
      return info.isRepeated ? part + "…" : part
    }
    return wrapParts(["USAGE: \(path)"] + parts)
  }

  private func invocation(_ info: ArgumentInfo) -> String {
    switch info.kind {
    case .positional: info.label
    case .flag: info.label
    case .option: "\(info.label) <\(info.placeholder)>"
    }
  }

  private func row(_ info: ArgumentInfo) -> (String, String) {
    var help = info.help
    if !info.choices.isEmpty { help += " One of: \(info.choices.joined(separator: ", "))." }
    if let text = info.defaultText { help += " (default: \(text))" }
    return (invocation(info), help)
  }

  private func table(_ title: String, _ rows: [(String, String)]) -> String {
    let lines = rows.map { name, help in
      let head = "  " + name
      let gap = indent - head.count
      return gap > 1
        ? wrap(head + String(repeating: " ", count: gap) + help, first: indent, rest: indent)
        : head + "\n"
          + wrap(String(repeating: " ", count: indent) + help, first: indent, rest: indent)
    }
    return "\(title):\n" + lines.joined(separator: "\n")
  }

  /// Breaks a text at spaces after the column `first`, so that no line is wider than `width`;
  /// further lines are indented by `rest`.
  private func wrap(_ text: String, first: Int, rest: Int) -> String {
    let words = text.dropFirst(first).split(separator: " ").map(String.init)
    var lines = [String(text.prefix(first))]
    var isEmpty = true
    for word in words {
      let last = lines[lines.count - 1]
      if isEmpty {
        lines[lines.count - 1] = last + word
      } else if last.count + 1 + word.count <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(repeating: " ", count: rest) + word)
      }
      isEmpty = false
    }
    return lines.joined(separator: "\n")
  }

  private func wrapParts(_ parts: [String]) -> String {
    var lines = [""]
    for part in parts {
      let last = lines[lines.count - 1]
      if last.isEmpty {
        lines[lines.count - 1] = part
      } else if last.count + 1 + part.count <= width {
        lines[lines.count - 1] = last + " " + part
      } else {
        lines.append("       " + part)
      }
    }
    return lines.joined(separator: "\n")
  }
}
