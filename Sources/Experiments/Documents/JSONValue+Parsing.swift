import Foundation
import Networks

extension JSONValue {
  /// Reads a document, keeping the order of keys.
  ///
  /// - Parameter file: what the text came from, for messages.
  /// - Throws: `InputError` with the line where the text is not JSON (RFC 8259), an object repeats a
  ///   key, or lists are nested deeper than 200.
  public init(parsing text: String, file: String) throws(InputError) {
    var parser = JSONParser(bytes: Array(text.utf8), file: file)
    self = try parser.document()
  }

  /// An encodable value as a document with its keys in alphabetical order.
  ///
  /// Numbers that JSON cannot hold become the strings `inf`, `-inf` and `nan`.
  public init(encoding value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let data = try encoder.encode(value)
    try self.init(parsing: String(decoding: data, as: UTF8.self), file: "configuration")
  }
}

/// A recursive-descent parser; the depth limit keeps hostile input off the end of the stack.
private struct JSONParser {
  let bytes: [UInt8]
  let file: String
  var index = 0
  var depth = 0

  init(bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  mutating func document() throws(InputError) -> JSONValue {
    let value = try self.value()
    skipSpace()
    guard index == bytes.count else { throw fault("expected the end after the first value") }
    return value
  }

  private mutating func value() throws(InputError) -> JSONValue {
    skipSpace()
    guard index < bytes.count else { throw fault("expected a JSON value, found the end") }
    switch bytes[index] {
    case UInt8(ascii: "{"): return try nested { p throws(InputError) in try p.object() }
    case UInt8(ascii: "["): return try nested { p throws(InputError) in try p.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func nested(
    _ body: (inout JSONParser) throws(InputError) -> JSONValue
  ) throws(InputError) -> JSONValue {
    guard depth < 200 else { throw fault("lists are nested too deeply") }
    depth += 1
    defer { depth -= 1 }
    index += 1
    return try body(&self)
  }

  private mutating func object() throws(InputError) -> JSONValue {
    var members: [JSONValue.Member] = []
    var keys: Set<String> = []
    if take("}") { return .object([]) }
    repeat {
      skipSpace()
      guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
        throw fault("expected a key in quotation marks")
      }
      let key = try string()
      guard keys.insert(key).inserted else { throw fault("the key '\(key)' stands twice") }
      guard take(":") else { throw fault("expected ':' after the key '\(key)'") }
      members.append(JSONValue.Member(key, try value()))
    } while take(",")
    guard take("}") else { throw fault("expected ',' or '}'") }
    return .object(members)
  }

  private mutating func array() throws(InputError) -> JSONValue {
    var items: [JSONValue] = []
    if take("]") { return .array([]) }
    repeat { items.append(try value()) } while take(",")
    guard take("]") else { throw fault("expected ',' or ']'") }
    return .array(items)
  }

  private mutating func string() throws(InputError) -> String {
    index += 1
    var text: [UInt8] = []
    while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
      guard bytes[index] >= 0x20 else { throw fault("expected an escaped control character") }
      if bytes[index] == UInt8(ascii: "\\") {
        text += Array(String(try escape()).utf8)
      } else {
        text.append(bytes[index])
        index += 1
      }
    }
    guard index < bytes.count else { throw fault("expected a closing quotation mark") }
    index += 1
    guard let string = String(validating: text, as: UTF8.self) else {
      throw fault("expected UTF-8")
    }
    return string
  }

  private mutating func escape() throws(InputError) -> Character {
    index += 1
    guard index < bytes.count else { throw fault("expected an escape sequence") }
    index += 1
    switch bytes[index - 1] {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw fault("expected an escape sequence")
    }
  }

  private mutating func unicodeEscape() throws(InputError) -> Character {
    let first = try hexadecimal()
    guard (0xD800..<0xDC00).contains(first) else {
      guard let scalar = Unicode.Scalar(first) else { throw fault("a surrogate stands alone") }
      return Character(scalar)
    }
    guard index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
      bytes[index + 1] == UInt8(ascii: "u")
    else { throw fault("a surrogate stands alone") }
    index += 2
    let second = try hexadecimal()
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw fault("a surrogate stands alone") }
    return Character(scalar)
  }

  private mutating func hexadecimal() throws(InputError) -> UInt32 {
    guard index + 4 <= bytes.count,
      bytes[index..<index + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt32(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
    else { throw fault("expected four hexadecimal digits") }
    index += 4
    return value
  }

  private mutating func number() throws(InputError) -> JSONValue {
    let start = index
    while index < bytes.count, "+-.0123456789eE".utf8.contains(bytes[index]) { index += 1 }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    let leadingZero = digits.hasPrefix("0") && digits.dropFirst().first?.isNumber == true
    guard let first = digits.utf8.first, (0x30...0x39).contains(first), !leadingZero,
      digits.utf8.last.map({ (0x30...0x39).contains($0) }) == true
    else { throw fault("expected a JSON value") }
    if let whole = Int(text) { return .integer(whole) }
    guard let value = Double(text), value.isFinite else { throw fault("expected a number") }
    return .number(value)
  }

  private mutating func word(
    _ text: String, _ value: JSONValue
  ) throws(InputError) -> JSONValue {
    guard bytes[index...].starts(with: text.utf8) else { throw fault("expected a JSON value") }
    index += text.utf8.count
    return value
  }

  private mutating func take(_ character: Character) -> Bool {
    skipSpace()
    guard index < bytes.count, bytes[index] == character.asciiValue else { return false }
    index += 1
    return true
  }

  private mutating func skipSpace() {
    while index < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[index]) { index += 1 }
  }

  private func fault(_ expected: String) -> InputError {
    let line = 1 + bytes.prefix(index).count { $0 == 0x0A }
    return InputError(file: file, line: line, expected: expected)
  }
}
