import Foundation
import Networks

/// How an argument looks from outside: enough for parsing and help, without its type.
package struct ArgumentInfo: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    /// `--name value` or `--name=value`.
    case option
    /// `--name`.
    case flag
    /// A word without dashes.
    case positional
  }

  package var name: String
  package var kind: Kind
  package var placeholder: String
  package var help: String
  package var isRequired = false
  package var isRepeated = false
  package var defaultText: String?
  package var choices: [String] = []

  /// As a user writes it: `--load` or `<topology>`.
  package var label: String { kind == .positional ? "<\(name)>" : "--\(name)" }
}

/// An argument of any type.
package protocol ArgumentDescription: Sendable {
  var info: ArgumentInfo { get }
  /// Checks what the user wrote (nothing: an empty array).
  func check(_ occurrences: [String]) throws(InputError)
}

/// A typed argument of a command: an option, a flag or a positional word.
package struct Argument<Value: Sendable>: ArgumentDescription {
  package let info: ArgumentInfo
  package let resolve: @Sendable ([String]) throws(InputError) -> Value

  package func check(_ occurrences: [String]) throws(InputError) { _ = try resolve(occurrences) }

  fileprivate init(
    _ info: ArgumentInfo, resolve: @escaping @Sendable ([String]) throws(InputError) -> Value
  ) {
    self.info = info
    self.resolve = resolve
  }
}

extension Argument {
  /// An option that must be given.
  package static func required(
    _ name: String, _ type: ValueType<Value>, help: String
  ) -> Argument {
    var info = ArgumentInfo(type, name, .option, help)
    info.isRequired = true
    return Argument(info) { [info] occurrences throws(InputError) in
      try type.value(of: last(occurrences, info), for: info.label)
    }
  }

  /// An option with a default value; `defaultText` says in words what a computed default is.
  package static func option(
    _ name: String, _ type: ValueType<Value>, default value: Value, defaultText: String? = nil,
    help: String
  ) -> Argument {
    var info = ArgumentInfo(type, name, .option, help)
    info.defaultText = defaultText ?? type.text(value)
    return Argument(info) { [info] occurrences throws(InputError) in
      guard let text = occurrences.last else { return value }
      return try type.value(of: text, for: info.label)
    }
  }

  /// An option that may be left out.
  package static func optional<Wrapped>(
    _ name: String, _ type: ValueType<Wrapped>, help: String
  ) -> Argument where Value == Wrapped? {
    let info = ArgumentInfo(type, name, .option, help)
    return Argument(info) { occurrences throws(InputError) in
      guard let text = occurrences.last else { return nil }
      return try type.value(of: text, for: info.label)
    }
  }

  /// An option that may be given several times.
  package static func repeated<Element>(
    _ name: String, _ type: ValueType<Element>, help: String
  ) -> Argument where Value == [Element] {
    var info = ArgumentInfo(type, name, .option, help)
    info.isRepeated = true
    return Argument(info) { [info] occurrences throws(InputError) in
      try type.values(of: occurrences, for: info.label)
    }
  }

  /// A switch: false unless given.
  package static func flag(_ name: String, help: String) -> Argument where Value == Bool {
    Argument(ArgumentInfo(name: name, kind: .flag, placeholder: "", help: help)) { occurrences in
      !occurrences.isEmpty
    }
  }

  /// A word without dashes that must be given.
  package static func positional(
    _ name: String, _ type: ValueType<Value>, help: String
  ) -> Argument {
    var info = ArgumentInfo(type, name, .positional, help)
    info.isRequired = true
    return Argument(info) { [info] occurrences throws(InputError) in
      try type.value(of: last(occurrences, info), for: info.label)
    }
  }

  /// A word without dashes that may be left out.
  package static func optionalPositional<Wrapped>(
    _ name: String, _ type: ValueType<Wrapped>, help: String
  ) -> Argument where Value == Wrapped? {
    let info = ArgumentInfo(type, name, .positional, help)
    return Argument(info) { occurrences throws(InputError) in
      guard let text = occurrences.last else { return nil }
      return try type.value(of: text, for: info.label)
    }
  }

  /// One or more words without dashes, after all other positional words.
  package static func positionals<Element>(
    _ name: String, _ type: ValueType<Element>, help: String
  ) -> Argument where Value == [Element] {
    var info = ArgumentInfo(type, name, .positional, help)
    info.isRequired = true
    info.isRepeated = true
    return Argument(info) { [info] occurrences throws(InputError) in
      _ = try last(occurrences, info)
      return try type.values(of: occurrences, for: info.label)
    }
  }
}

private func last(_ occurrences: [String], _ info: ArgumentInfo) throws(InputError) -> String {
  guard let text = occurrences.last else {
    throw InputError(file: info.label, expected: "it is required")
  }
  return text
}

extension ArgumentInfo {
  fileprivate init<Value>(
    _ type: ValueType<Value>, _ name: String, _ kind: Kind, _ help: String
  ) {
    self.init(
      name: name, kind: kind, placeholder: type.placeholder, help: help, choices: type.choices)
  }
}

/// The arguments that mean the same everywhere.
package enum CommonArguments {
  /// `--json`: added to every command by the frame.
  package static let json = Argument<Bool>.flag(
    "json", help: "Print exactly one JSON object on standard output.")
  /// `--help`: added to every command by the frame.
  package static let help = Argument<Bool>.flag("help", help: "Show this text.")
  package static let seed = Argument<UInt64>.option(
    "seed", .seed, default: 1, help: "Decides every random draw, and so the result.")
  package static let threads = Argument<Int>.option(
    "threads", .integer(1...1024), default: ProcessInfo.processInfo.activeProcessorCount,
    defaultText: "the cores", help: "Threads to work with; never changes the result.")
  package static let settings = Argument<[String]>.repeated(
    "set", .text("key=value"),
    help: "Sets a parameter of the model, algorithm or solver; may be repeated.")
}
