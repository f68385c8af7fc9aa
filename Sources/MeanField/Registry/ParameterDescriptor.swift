import Networks

/// One settable parameter of a game or a solver: what `--set name=value` may reach.
public struct ParameterDescriptor: Sendable, Hashable {
  /// How a value is written.
  public enum Kind: Sendable, Hashable {
    /// A number within a closed range (either end may be infinite).
    case number(ClosedRange<Double>)
    /// A whole number within a closed range.
    case integer(ClosedRange<Int>)
    /// One of the listed words.
    case choice([String])
    /// `true` or `false`.
    case flag
    /// Anything; the reader checks it (a file name, a list of numbers …).
    case text
  }

  /// The name in kebab-case or camelCase, as written before `=`.
  public let name: String
  /// One sentence: meaning, unit, origin of the default.
  public let documentation: String
  public let kind: Kind
  /// The default, written as a user would write it.
  public let defaultValue: String

  public init(_ name: String, _ kind: Kind, default defaultValue: String, _ documentation: String) {
    self.name = name
    self.kind = kind
    self.defaultValue = defaultValue
    self.documentation = documentation
  }

  /// What a value must be, as a clause for an error message.
  public var expectation: String {
    switch kind {
    case .number(let range): "expected a number in \(range.lowerBound)…\(range.upperBound)"
    case .integer(let range): "expected a whole number in \(range.lowerBound)…\(range.upperBound)"
    case .choice(let words): "expected one of \(words.joined(separator: ", "))"
    case .flag: "expected true or false"
    case .text: "expected a text"
    }
  }

  fileprivate func accepts(_ value: String) -> Bool {
    switch kind {
    case .number(let range): Double(value).map(range.contains) ?? false
    case .integer(let range): Int(value).map(range.contains) ?? false
    case .choice(let words): words.contains(value)
    case .flag: value == "true" || value == "false"
    case .text: true
    }
  }
}

/// The values of a set of parameters: what the user set, else the defaults.
public struct ParameterValues: Sendable, Hashable {
  private let descriptors: [ParameterDescriptor]
  private let given: [String: String]

  /// Checks the given values against the descriptors.
  ///
  /// - Throws: `InputError` for a value out of its range. Keys that no descriptor names are left
  ///   alone: `ParameterValues.rejectUnknown` judges them for game and solver together.
  public init(_ descriptors: [ParameterDescriptor], given: [String: String]) throws(InputError) {
    for descriptor in descriptors {
      if let value = given[descriptor.name], !descriptor.accepts(value) {
        throw InputError(
          file: "--set", field: descriptor.name, value: value, expected: descriptor.expectation)
      }
    }
    self.descriptors = descriptors
    self.given = given
  }

  /// - Throws: `InputError` naming the allowed keys when a given key belongs to none of the lists.
  public static func rejectUnknown(
    _ given: [String: String], allowed: [ParameterDescriptor]
  ) throws(InputError) {
    let names = allowed.map(\.name)
    for key in given.keys.sorted() where !names.contains(key) {
      let list = names.isEmpty ? "no parameter may be set" : names.joined(separator: ", ")
      throw InputError(file: "--set", field: key, expected: "unknown parameter; allowed: \(list)")
    }
  }

  /// The value of a parameter as text; a name that no descriptor has is a caller's bug.
  public func text(_ name: String) -> String {
    guard let descriptor = descriptors.first(where: { $0.name == name }) else {
      preconditionFailure("no descriptor for the parameter \(name)")
    }
    return given[name] ?? descriptor.defaultValue
  }

  /// The value as a number (validated on creation, so the default 0 is never reached).
  public func number(_ name: String) -> Double { Double(text(name)) ?? 0 }
  /// The value as a whole number (validated on creation).
  public func integer(_ name: String) -> Int { Int(text(name)) ?? 0 }
  /// The value as a flag.
  public func flag(_ name: String) -> Bool { text(name) == "true" }
  /// Whether the user set this parameter.
  public func isSet(_ name: String) -> Bool { given[name] != nil }
}
