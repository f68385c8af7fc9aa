import Networks

/// The settings of one routing algorithm, each field described once.
///
/// ```swift
/// public struct QRoutingConfiguration: AlgorithmConfiguration {
///   /// Step of the estimate, 0…1; .7 as published.
///   public var learningRate = 0.7
///   public init() {}
///   public static var fields: [ConfigurationField<Self>] {
///     [.number("learningRate", \.learningRate, 0...1, "Step of the estimate.")]
///   }
/// }
/// ```
///
/// From `fields` follow the help text, `Codable` (a missing key means the default, an unknown key is
/// an error that names the allowed ones) and `--set key=value`.
public protocol AlgorithmConfiguration: Codable, Hashable, Sendable {
  init()
  static var fields: [ConfigurationField<Self>] { get }
}

/// One setting: its name, what it means, what it may be and where it is kept.
public struct ConfigurationField<Root> {
  public let parameter: AlgorithmParameter
  let read: (Root) -> AlgorithmParameter.Value
  let write: (inout Root, AlgorithmParameter.Value) -> Void

  /// A number within a closed range.
  public static func number(
    _ name: String, _ path: WritableKeyPath<Root, Double>, _ range: ClosedRange<Double>,
    _ documentation: String
  ) -> ConfigurationField {
    ConfigurationField(
      parameter: AlgorithmParameter(name: name, documentation: documentation, kind: .number(range)),
      read: { .number($0[keyPath: path]) },
      write: { root, value in if case .number(let x) = value { root[keyPath: path] = x } })
  }

  /// A whole number within a closed range.
  public static func integer(
    _ name: String, _ path: WritableKeyPath<Root, Int>, _ range: ClosedRange<Int>,
    _ documentation: String
  ) -> ConfigurationField {
    ConfigurationField(
      parameter: AlgorithmParameter(
        name: name, documentation: documentation, kind: .integer(range)),
      read: { .integer($0[keyPath: path]) },
      write: { root, value in if case .integer(let x) = value { root[keyPath: path] = x } })
  }

  /// `true` or `false`.
  public static func flag(
    _ name: String, _ path: WritableKeyPath<Root, Bool>, _ documentation: String
  ) -> ConfigurationField {
    ConfigurationField(
      parameter: AlgorithmParameter(name: name, documentation: documentation, kind: .flag),
      read: { .flag($0[keyPath: path]) },
      write: { root, value in if case .flag(let x) = value { root[keyPath: path] = x } })
  }

  /// Any text.
  public static func text(
    _ name: String, _ path: WritableKeyPath<Root, String>, _ documentation: String
  ) -> ConfigurationField {
    ConfigurationField(
      parameter: AlgorithmParameter(name: name, documentation: documentation, kind: .text),
      read: { .text($0[keyPath: path]) },
      write: { root, value in if case .text(let x) = value { root[keyPath: path] = x } })
  }

  /// One of the cases of an enumeration.
  public static func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ path: WritableKeyPath<Root, Choice>, _ documentation: String
  ) -> ConfigurationField {
    ConfigurationField(
      parameter: AlgorithmParameter(
        name: name, documentation: documentation,
        kind: .choice(Choice.allCases.map(\.rawValue))),
      read: { .text($0[keyPath: path].rawValue) },
      write: { root, value in
        if case .text(let x) = value, let choice = Choice(rawValue: x) {
          root[keyPath: path] = choice
        }
      })
  }
}

/// What a user may set of an algorithm.
public struct AlgorithmParameter: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    case number(ClosedRange<Double>)
    case integer(ClosedRange<Int>)
    case choice([String])
    case flag
    case text
  }
  public enum Value: Sendable, Hashable {
    case number(Double)
    case integer(Int)
    case text(String)
    case flag(Bool)

    /// As a user would write it.
    public var text: String {
      switch self {
      case .number(let x): x == x.rounded() && abs(x) < 1e15 ? String(Int(x)) : String(x)
      case .integer(let x): String(x)
      case .text(let x): x
      case .flag(let x): String(x)
      }
    }
  }

  public let name: String
  /// Meaning, unit and origin of the default, in one or two sentences.
  public let documentation: String
  public let kind: Kind

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

  /// The value that a text means; nil where it is none or out of range.
  public func value(of text: String) -> Value? {
    switch kind {
    case .number(let range): Double(text).flatMap { range.contains($0) ? .number($0) : nil }
    case .integer(let range): Int(text).flatMap { range.contains($0) ? .integer($0) : nil }
    case .choice(let words): words.contains(text) ? .text(text) : nil
    case .flag: Bool(text).map(Value.flag)
    case .text: .text(text)
    }
  }

  func accepts(_ value: Value) -> Bool { self.value(of: value.text) != nil }
}

extension AlgorithmConfiguration {
  /// The settings with their values, as a user would write them.
  public var values: [(name: String, value: String)] {
    Self.fields.map { ($0.parameter.name, $0.read(self).text) }
  }

  /// The same with the given settings changed.
  ///
  /// - Throws: `InputError` for an unknown key (naming the allowed ones) or a value out of range.
  public func applying(
    _ settings: [String: String], option: String = "--set"
  ) throws(InputError) -> Self {
    var changed = self
    let fields = Self.fields
    for key in settings.keys.sorted() {
      guard let text = settings[key] else { continue }
      guard let field = fields.first(where: { $0.parameter.name == key }) else {
        throw InputError(file: option, field: key, expected: Self.unknownKey)
      }
      guard let value = field.parameter.value(of: text) else {
        throw InputError(
          file: option, field: key, value: text, expected: field.parameter.expectation)
      }
      field.write(&changed, value)
    }
    return changed
  }

  /// The settings of this configuration with its values as the defaults.
  public var parameters: [(parameter: AlgorithmParameter, defaultValue: String)] {
    Self.fields.map { ($0.parameter, $0.read(self).text) }
  }

  private static var unknownKey: String {
    let names = fields.map(\.parameter.name).joined(separator: ", ")
    return "unknown parameter; \(names.isEmpty ? "there are none" : "allowed: \(names)")"
  }

  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.container(keyedBy: FieldKey.self)
    let fields = Self.fields
    for key in container.allKeys.sorted(by: { $0.stringValue < $1.stringValue })
    where !fields.contains(where: { $0.parameter.name == key.stringValue }) {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: container, debugDescription: Self.unknownKey)
    }
    for field in fields {
      let key = FieldKey(field.parameter.name)
      guard container.contains(key) else { continue }
      let value = try Self.decode(field.parameter.kind, container, key)
      guard field.parameter.accepts(value) else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container,
          debugDescription: "found '\(value.text)'; \(field.parameter.expectation)")
      }
      field.write(&self, value)
    }
  }

  private static func decode(
    _ kind: AlgorithmParameter.Kind, _ container: KeyedDecodingContainer<FieldKey>, _ key: FieldKey
  ) throws -> AlgorithmParameter.Value {
    switch kind {
    case .number: .number(try container.decode(Double.self, forKey: key))
    case .integer: .integer(try container.decode(Int.self, forKey: key))
    case .choice, .text: .text(try container.decode(String.self, forKey: key))
    case .flag: .flag(try container.decode(Bool.self, forKey: key))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: FieldKey.self)
    for field in Self.fields {
      let key = FieldKey(field.parameter.name)
      switch field.read(self) {
      case .number(let x): try container.encode(x, forKey: key)
      case .integer(let x): try container.encode(x, forKey: key)
      case .text(let x): try container.encode(x, forKey: key)
      case .flag(let x): try container.encode(x, forKey: key)
      }
    }
  }
}

/// A coding key made from a field's name.
struct FieldKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }
  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { return nil }
}

/// The configuration of an algorithm that has nothing to set.
public struct NoConfiguration: AlgorithmConfiguration {
  public init() {}
  public static var fields: [ConfigurationField<Self>] { [] }
}
