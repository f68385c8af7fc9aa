import Networks

/// Remembers which fields a configuration asks for: the allowed keys.
final class KeyRecorder {
  private(set) var keys: [String] = []
  func record(_ key: String) { if !keys.contains(key) { keys.append(key) } }
}

/// Decodes a configuration from its default document and the texts that a user set.
///
/// A text has no type of its own: it is read as the type that the field asks for.
struct SettingsDecoder: Decoder {
  private let base: JSONValue
  private let assignments: [(key: String, value: String)]
  /// The text set for this very value, where there is one.
  private let text: String?
  private let option: String
  private let recorder: KeyRecorder?
  let codingPath: [any CodingKey]
  let userInfo: [CodingUserInfoKey: Any] = [:]

  init(
    _ base: JSONValue, _ assignments: [(key: String, value: String)], _ option: String,
    _ recorder: KeyRecorder?, text: String? = nil, path: [any CodingKey] = []
  ) {
    self.base = base
    self.assignments = assignments
    self.text = text
    self.option = option
    self.recorder = recorder
    codingPath = path
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(Keyed(decoder: try withParsedText(isKeyed: true)))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    Unkeyed(decoder: self, items: try items())
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { Single(decoder: self) }

  /// A text in the place of an object: JSON, or the name of an enumeration's case without values.
  private func withParsedText(isKeyed: Bool) throws -> SettingsDecoder {
    guard let text else { return self }
    let document: JSONValue =
      text.hasPrefix("{")
      ? try JSONValue(parsing: text, file: "\(option) \(pathText)")
      : .object([JSONValue.Member(text, .object([]))])
    return SettingsDecoder(document, [], option, nil, path: codingPath)
  }

  private func items() throws -> [SettingsDecoder] {
    if let text, !text.hasPrefix("[") {
      let parts = text.split(separator: ",", omittingEmptySubsequences: true)
      return parts.enumerated().map { index, part in
        SettingsDecoder(
          .null, [], option, nil, text: String(part), path: codingPath + [IndexKey(index)])
      }
    }
    let document = try text.map {
      try JSONValue(parsing: $0, file: "\(option) \(pathText)")
    }
    guard case .array(let values) = document ?? base else { throw fault("a list") }
    return values.enumerated().map { index, value in
      SettingsDecoder(value, [], option, nil, path: codingPath + [IndexKey(index)])
    }
  }

  fileprivate func child(_ key: any CodingKey) -> SettingsDecoder {
    let name = key.stringValue
    let inner = assignments.compactMap { assignment in
      assignment.key.hasPrefix(name + ".")
        ? (key: String(assignment.key.dropFirst(name.count + 1)), value: assignment.value) : nil
    }
    return SettingsDecoder(
      base[name] ?? .null, inner, option, nil,
      text: assignments.last { $0.key == name }?.value, path: codingPath + [key])
  }

  fileprivate func has(_ key: any CodingKey) -> Bool {
    recorder?.record(key.stringValue)
    return keys.contains(key.stringValue)
  }

  fileprivate var keys: [String] {
    var names: [String] = []
    if case .object(let members) = base { names = members.map(\.key) }
    for assignment in assignments {
      let name = String(assignment.key.prefix { $0 != "." })
      if !names.contains(name) { names.append(name) }
    }
    return names
  }

  fileprivate var isNull: Bool {
    if let text { return text == "null" || text == "none" }
    return base == .null && assignments.isEmpty
  }

  private var pathText: String { codingPath.map(\.stringValue).joined(separator: ".") }

  fileprivate func fault(_ expected: String) -> InputError {
    InputError(
      file: option, field: pathText, value: text ?? base.text(), expected: "expected \(expected)")
  }

  fileprivate func bool() throws -> Bool {
    if let text {
      if ["true", "yes", "on"].contains(text) { return true }
      if ["false", "no", "off"].contains(text) { return false }
    } else if case .bool(let value) = base {
      return value
    }
    throw fault("true or false")
  }

  fileprivate func string() throws -> String {
    if let text { return text }
    if case .string(let value) = base { return value }
    throw fault("some text")
  }

  fileprivate func number() throws -> Double {
    if let text {
      if let value = Double(text), !value.isNaN { return value }
    } else {
      switch base {
      case .integer(let value): return Double(value)
      case .number(let value): return value
      case .string("inf"): return .infinity
      case .string("-inf"): return -.infinity
      case .string("nan"): return .nan
      default: break
      }
    }
    throw fault("a number")
  }

  fileprivate func integer<Whole: FixedWidthInteger>(_ type: Whole.Type) throws -> Whole {
    if let text {
      if let value = Whole(text) { return value }
      if let value = Double(text), let whole = Whole(exactly: value) { return whole }
    } else {
      switch base {
      case .integer(let value): if let whole = Whole(exactly: value) { return whole }
      case .number(let value): if let whole = Whole(exactly: value) { return whole }
      default: break
      }
    }
    throw fault("a whole number")
  }

  fileprivate func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    do {
      return try Value(from: self)
    } catch DecodingError.dataCorrupted(let context) {
      throw unreadable(type, context)
    }
  }

  /// What a failed conversion expected: the cases, where the type is an enumeration of texts.
  private func unreadable<Value>(_ type: Value.Type, _ context: DecodingError.Context) -> InputError
  {
    guard let cases = type as? any CaseIterable.Type else { return fault(context.debugDescription) }
    let names = (cases.allCases as any Collection).compactMap { value in
      (value as? any RawRepresentable)?.rawValue as? String
    }
    guard !names.isEmpty else { return fault(context.debugDescription) }
    return fault("one of \(names.joined(separator: ", "))")
  }
}

private struct IndexKey: CodingKey {
  let stringValue: String
  let intValue: Int?
  init(_ index: Int) { (stringValue, intValue) = ("\(index)", index) }
  init?(stringValue: String) { return nil }
  init?(intValue: Int) { self.init(intValue) }
}

private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: SettingsDecoder
  var codingPath: [any CodingKey] { decoder.codingPath }
  var allKeys: [Key] { decoder.keys.compactMap { Key(stringValue: $0) } }

  private func at(_ key: Key) -> SettingsDecoder {
    _ = decoder.has(key)
    return decoder.child(key)
  }

  func contains(_ key: Key) -> Bool { decoder.has(key) }
  func decodeNil(forKey key: Key) throws -> Bool { at(key).isNull }
  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try at(key).bool() }
  func decode(_ type: String.Type, forKey key: Key) throws -> String { try at(key).string() }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try at(key).number() }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float { Float(try at(key).number()) }
  func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try at(key).integer(type) }
  func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try at(key).integer(type) }
  func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try at(key).integer(type) }
  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try at(key).integer(type) }
  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try at(key).integer(type) }
  func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try at(key).integer(type) }
  func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try at(key).integer(type) }
  func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try at(key).integer(type) }
  func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try at(key).integer(type) }
  func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try at(key).integer(type) }
  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try at(key).decode(type)
  }
  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> { try at(key).container(keyedBy: type) }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try at(key).unkeyedContainer()
  }
  func superDecoder() throws -> any Decoder { decoder }
  func superDecoder(forKey key: Key) throws -> any Decoder { at(key) }
}

private struct Unkeyed: UnkeyedDecodingContainer {
  let decoder: SettingsDecoder
  let items: [SettingsDecoder]
  var currentIndex = 0
  var codingPath: [any CodingKey] { decoder.codingPath }
  var count: Int? { items.count }
  var isAtEnd: Bool { currentIndex >= items.count }

  init(decoder: SettingsDecoder, items: [SettingsDecoder]) {
    self.decoder = decoder
    self.items = items
  }

  private mutating func next() throws -> SettingsDecoder {
    guard !isAtEnd else { throw decoder.fault("more values") }
    currentIndex += 1
    return items[currentIndex - 1]
  }

  mutating func decodeNil() throws -> Bool {
    guard !isAtEnd, items[currentIndex].isNull else { return false }
    currentIndex += 1
    return true
  }
  mutating func decode(_ type: Bool.Type) throws -> Bool { try next().bool() }
  mutating func decode(_ type: String.Type) throws -> String { try next().string() }
  mutating func decode(_ type: Double.Type) throws -> Double { try next().number() }
  mutating func decode(_ type: Float.Type) throws -> Float { Float(try next().number()) }
  mutating func decode(_ type: Int.Type) throws -> Int { try next().integer(type) }
  mutating func decode(_ type: Int8.Type) throws -> Int8 { try next().integer(type) }
  mutating func decode(_ type: Int16.Type) throws -> Int16 { try next().integer(type) }
  mutating func decode(_ type: Int32.Type) throws -> Int32 { try next().integer(type) }
  mutating func decode(_ type: Int64.Type) throws -> Int64 { try next().integer(type) }
  mutating func decode(_ type: UInt.Type) throws -> UInt { try next().integer(type) }
  mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try next().integer(type) }
  mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try next().integer(type) }
  mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try next().integer(type) }
  mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try next().integer(type) }
  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try next().decode(type)
  }
  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> { try next().container(keyedBy: type) }
  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next().unkeyedContainer()
  }
  mutating func superDecoder() throws -> any Decoder { try next() }
}

private struct Single: SingleValueDecodingContainer {
  let decoder: SettingsDecoder
  var codingPath: [any CodingKey] { decoder.codingPath }
  func decodeNil() -> Bool { decoder.isNull }
  func decode(_ type: Bool.Type) throws -> Bool { try decoder.bool() }
  func decode(_ type: String.Type) throws -> String { try decoder.string() }
  func decode(_ type: Double.Type) throws -> Double { try decoder.number() }
  func decode(_ type: Float.Type) throws -> Float { Float(try decoder.number()) }
  func decode(_ type: Int.Type) throws -> Int { try decoder.integer(type) }
  func decode(_ type: Int8.Type) throws -> Int8 { try decoder.integer(type) }
  func decode(_ type: Int16.Type) throws -> Int16 { try decoder.integer(type) }
  func decode(_ type: Int32.Type) throws -> Int32 { try decoder.integer(type) }
  func decode(_ type: Int64.Type) throws -> Int64 { try decoder.integer(type) }
  func decode(_ type: UInt.Type) throws -> UInt { try decoder.integer(type) }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try decoder.integer(type) }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try decoder.integer(type) }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try decoder.integer(type) }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try decoder.integer(type) }
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try decoder.decode(type) }
}
