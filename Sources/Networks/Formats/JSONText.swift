/// A JSON value that knows the line it began on, for messages.
struct JSONNode {
  enum Value {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    /// An array of nothing but numbers, kept small: demand matrices are long.
    case numbers([Double])
    case array([JSONNode])
    case object([(key: String, value: JSONNode)])
  }
  let line: Int
  let value: Value

  /// The member with a key; nil where there is none or this is no object.
  subscript(key: String) -> JSONNode? {
    guard case .object(let members) = value else { return nil }
    return members.first { $0.key == key }?.value
  }

  var members: [(key: String, value: JSONNode)]? {
    guard case .object(let members) = value else { return nil }
    return members
  }

  /// The elements of an array of values that are not all numbers. Of one that holds nothing but
  /// numbers only the first is given: who asks expects something else and will refuse it, and
  /// millions of nodes would take all memory.
  var elements: [JSONNode]? {
    switch value {
    case .array(let items): items
    case .numbers(let numbers):
      numbers.prefix(1).map { JSONNode(line: line, value: .number($0)) }
    default: nil
    }
  }

  /// The elements of an array of numbers.
  var numbers: [Double]? {
    switch value {
    case .numbers(let numbers): numbers
    case .array(let items) where items.isEmpty: []
    default: nil
    }
  }

  var number: Double? {
    if case .number(let number) = value { return number }
    return nil
  }
  var string: String? {
    if case .string(let string) = value { return string }
    return nil
  }
  var bool: Bool? {
    if case .bool(let bool) = value { return bool }
    return nil
  }
  /// A whole number that fits into an Int.
  var integer: Int? { number.flatMap { Int(exactly: $0) } }

  /// As a message shows it.
  var text: String {
    switch value {
    case .null: "null"
    case .bool(let bool): "\(bool)"
    case .number(let number): NumberText.exact(number)
    case .string(let string): string
    case .numbers, .array: "an array"
    case .object: "an object"
    }
  }
}

/// Reads JSON (RFC 8259) with line numbers, and with limits on depth and memory.
///
/// Foundation's reader names no lines, and needs many times the size of the file for one that is
/// nothing but brackets.
struct JSONText {
  private let text: InputText
  private var position = 0
  private var line = 1
  private var budget: Int
  private static let depthLimit = 64

  /// - Throws: `InputError` with the line where the text is no JSON.
  static func parse(_ text: InputText) throws(InputError) -> JSONNode {
    var reader = JSONText(text)
    let node = try reader.value(depth: 0)
    reader.skipBlanks()
    guard reader.position == text.byteCount else {
      throw reader.fault("nothing may follow the end of the JSON value")
    }
    return node
  }

  private init(_ text: InputText) {
    self.text = text
    // A node takes about 32 bytes: this keeps the tree below half the file plus 32 MB.
    budget = 1_000_000 + text.byteCount / 64
    if text.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  private func fault(_ expected: String) -> InputError {
    let rest = text.bytes[min(position, text.byteCount)...].prefix(20)
    let shown = String(decoding: rest.prefix { $0 >= 0x20 }, as: UTF8.self)
    return text.error(
      line, value: position >= text.byteCount ? "the end of the file" : shown, expected: expected)
  }

  private var byte: UInt8? { position < text.bytes.count ? text.bytes[position] : nil }

  private mutating func skipBlanks() {
    while let byte, byte == 0x20 || (0x09...0x0D).contains(byte) {
      if byte == 0x0A { line += 1 }
      position += 1
    }
  }

  private mutating func spend(_ amount: Int = 1) throws(InputError) {
    budget -= amount
    guard budget >= 0 else {
      throw text.error(line, expected: "the file holds more values than a network can have")
    }
  }

  private mutating func value(depth: Int) throws(InputError) -> JSONNode {
    skipBlanks()
    try spend()
    guard depth < Self.depthLimit else { throw fault("values are nested more than 64 deep") }
    let start = line
    let value: JSONNode.Value
    switch byte {
    case UInt8(ascii: "{"): value = .object(try object(depth: depth))
    case UInt8(ascii: "["): value = try array(depth: depth)
    case UInt8(ascii: "\""): value = .string(try string())
    case UInt8(ascii: "t"): value = try literal("true", .bool(true))
    case UInt8(ascii: "f"): value = try literal("false", .bool(false))
    case UInt8(ascii: "n"): value = try literal("null", .null)
    default: value = .number(try number())
    }
    return JSONNode(line: start, value: value)
  }

  private mutating func literal(_ word: String, _ value: JSONNode.Value) throws(InputError)
    -> JSONNode.Value
  {
    guard text.bytes[position...].starts(with: word.utf8) else {
      throw fault("a JSON value was expected")
    }
    position += word.utf8.count
    return value
  }

  private mutating func number() throws(InputError) -> Double {
    let digits = text.bytes[position...].prefix(64).prefix { (byte: UInt8) -> Bool in
      (0x30...0x39).contains(byte) || byte == 0x2B || byte == 0x2D || byte == 0x2E
        || (byte | 0x20) == 0x65
    }
    guard let number = InputText.number(digits) else { throw fault("a JSON value was expected") }
    position += digits.count
    return number
  }

  private mutating func object(depth: Int) throws(InputError) -> [(key: String, value: JSONNode)] {
    position += 1
    var members: [(key: String, value: JSONNode)] = []
    skipBlanks()
    if byte == UInt8(ascii: "}") {
      position += 1
      return members
    }
    while true {
      skipBlanks()
      guard byte == UInt8(ascii: "\"") else { throw fault("a key in quotes was expected") }
      let key = try string()
      skipBlanks()
      guard byte == UInt8(ascii: ":") else {
        throw fault("a colon was expected after '\(key.prefix(40))'")
      }
      position += 1
      members.append((key, try value(depth: depth + 1)))
      skipBlanks()
      let separator = byte
      position += 1
      if separator == UInt8(ascii: "}") { return members }
      guard separator == UInt8(ascii: ",") else {
        position -= 1
        throw fault("a comma or a closing brace was expected")
      }
    }
  }

  private mutating func array(depth: Int) throws(InputError) -> JSONNode.Value {
    position += 1
    skipBlanks()
    if byte == UInt8(ascii: "]") {
      position += 1
      return .array([])
    }
    var numbers: [Double] = []
    var items: [JSONNode] = []
    while true {
      skipBlanks()
      if items.isEmpty, let byte, byte == 0x2D || (0x30...0x39).contains(byte) {
        numbers.append(try number())
        if numbers.count % 4 == 0 { try spend() }
      } else {
        if !numbers.isEmpty {
          try spend(numbers.count)
          items += numbers.map { JSONNode(line: line, value: .number($0)) }
          numbers.removeAll()
        }
        items.append(try value(depth: depth + 1))
      }
      skipBlanks()
      let separator = byte
      position += 1
      if separator == UInt8(ascii: "]") { return items.isEmpty ? .numbers(numbers) : .array(items) }
      guard separator == UInt8(ascii: ",") else {
        position -= 1
        throw fault("a comma or a closing bracket was expected")
      }
    }
  }

  private mutating func string() throws(InputError) -> String {
    position += 1
    var bytes: [UInt8] = []
    while let byte {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
      case UInt8(ascii: "\\"): bytes += try escape()
      case 0x0A, 0x0D:
        position -= 1
        throw fault("a string must end on its line")
      default: bytes.append(byte)
      }
      guard bytes.count <= 100_000 else { throw fault("a string is longer than 100000 bytes") }
    }
    throw fault("a string is not closed")
  }

  private mutating func escape() throws(InputError) -> [UInt8] {
    guard let byte else { throw fault("a string is not closed") }
    position += 1
    switch byte {
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw fault("'\\' must be followed by one of \" \\ / b f n r t u")
    }
  }

  private mutating func unicodeEscape() throws(InputError) -> [UInt8] {
    var unit = try hexUnit()
    if (0xD800...0xDBFF).contains(unit), text.bytes[position...].starts(with: Array("\\u".utf8)) {
      position += 2
      let low = try hexUnit()
      guard (0xDC00...0xDFFF).contains(low) else { throw fault("half of a surrogate pair") }
      unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(unit) else { throw fault("half of a surrogate pair") }
    return Array(String(Character(scalar)).utf8)
  }

  private mutating func hexUnit() throws(InputError) -> UInt32 {
    let digits = text.bytes[position...].prefix(4)
    guard digits.count == 4, let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw fault("four hexadecimal digits were expected after '\\u'") }
    position += 4
    return unit
  }
}
