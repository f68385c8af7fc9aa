/// What is wrong with an input file or value: facts only; `description` is the one sentence that a
/// user reads.
public struct InputError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file (or the command-line option) that the input came from.
  public var file: String
  /// Counted from 1; nil where the input has no lines.
  public var line: Int?
  /// The field, key, element or column in question.
  public var field: String?
  /// What was found there, shortened to at most 80 characters.
  public var value: String?
  /// What was expected instead, or what is wrong, as a clause without a full stop.
  public var expected: String

  public init(
    file: String, line: Int? = nil, field: String? = nil, value: String? = nil, expected: String
  ) {
    self.file = file
    self.line = line
    self.field = field
    self.value = value.map(Self.shown)
    self.expected = expected
  }

  /// At most 80 characters, on one line, without characters that steer a terminal.
  private static func shown(_ value: String) -> String {
    var text = ""
    for scalar in value.unicodeScalars.prefix(400) {
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      text.unicodeScalars.append(isControl ? " " : scalar)
    }
    return text.count > 80 ? String(text.prefix(77)) + "…" : text
  }

  public var description: String {
    var place = file
    if let line { place += ":\(line)" }
    if let field { place += ": \(field)" }
    if let value { return "\(place): found '\(value)'; \(expected)." }
    return "\(place): \(expected)."
  }
}

/// Something doubtful in an input file, and what was assumed.
public struct InputWarning: Sendable, Hashable, CustomStringConvertible {
  public var file: String
  public var line: Int?
  public var message: String

  public init(file: String, line: Int? = nil, message: String) {
    self.file = file
    self.line = line
    self.message = message
  }

  public var description: String {
    line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)"
  }
}
