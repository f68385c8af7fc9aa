/// Receives the elements of an XML file in order.
protocol XMLEventHandler {
  mutating func open(_ element: String, _ attributes: [String: String], line: Int)
    throws(InputError)
  /// `text` is all character data directly inside the element.
  mutating func close(_ element: String, text: String, line: Int) throws(InputError)
}

/// Walks an XML file, element by element, with line numbers and with limits on depth and text.
///
/// Checked: every tag is closed by its own name, one root, attributes quoted and unique, no stray
/// `<` or `&`. Skipped: comments, processing instructions, a document type with its internal subset
/// (so entities other than the five of XML itself and numeric ones are errors, and none can expand).
/// Element names lose their namespace prefix. Text is UTF-8, or ISO 8859-1 where the file declares
/// it or the bytes are no UTF-8.
///
/// Foundation's parser is not used: on Linux it ends the process where a name holds bytes that are
/// no UTF-8, and takes a file that breaks off inside an element for complete.
///
/// - Source: W3C (2008), *Extensible Markup Language (XML) 1.0*, fifth edition, sections 2 to 4.
struct XMLEvents {
  private let text: InputText
  private let isLatin: Bool
  private var position = 0
  private var line = 1
  private var stack: [(name: String, text: String)] = []
  private var hasRoot = false

  private static let depthLimit = 64
  private static let textLimit = 1_000_000

  /// - Throws: `InputError` where the file is no well-formed XML, or from the handler.
  static func read<Handler: XMLEventHandler>(
    _ text: InputText, _ handler: inout Handler
  ) throws(InputError) {
    var reader = try XMLEvents(text)
    while try reader.step(&handler) {}
    guard reader.stack.isEmpty else {
      throw reader.fault("the file ends inside the element '\(reader.stack.last?.name ?? "")'")
    }
    guard reader.hasRoot else { throw reader.fault("an XML element was expected") }
  }

  private init(_ text: InputText) throws(InputError) {
    self.text = text
    if text.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    let head = text.head(256)
    guard head.hasPrefix("<?xml"), let end = head.firstRange(of: "?>"),
      let key = head[..<end.lowerBound].firstRange(of: "encoding")
    else {
      isLatin = false
      return
    }
    let quoted = head[key.upperBound..<end.lowerBound].drop { $0 != "\"" && $0 != "'" }
    let name = quoted.dropFirst().prefix { $0 != "\"" && $0 != "'" }.lowercased()
    let latin = ["iso-8859-1", "iso-8859-15", "latin1", "windows-1252"]
    guard latin.contains(name) || ["utf-8", "utf8", "us-ascii", "ascii"].contains(name) else {
      throw text.error(
        1, field: "encoding", value: name, expected: "UTF-8 or ISO-8859-1 was expected")
    }
    isLatin = latin.contains(name)
  }

  // MARK: Scanning

  private func fault(_ expected: String) -> InputError { text.error(line, expected: expected) }

  private func string(_ range: Range<Int>) -> String {
    if !isLatin, let valid = String(validating: text.bytes[range], as: UTF8.self) { return valid }
    var scalars = String.UnicodeScalarView()
    for byte in text.bytes[range] { scalars.append(Unicode.Scalar(byte)) }
    return String(scalars)
  }

  private var byte: UInt8? { position < text.bytes.count ? text.bytes[position] : nil }

  private func starts(with prefix: StaticString) -> Bool {
    let count = prefix.utf8CodeUnitCount
    guard position + count <= text.bytes.count else { return false }
    return (0..<count).allSatisfy { text.bytes[position + $0] == prefix.utf8Start[$0] }
  }

  private mutating func advance(_ count: Int) {
    for index in position..<min(position + count, text.bytes.count)
    where text.bytes[index] == 0x0A { line += 1 }
    position = min(position + count, text.bytes.count)
  }

  /// Moves behind the next occurrence of `end`.
  private mutating func skip(past end: StaticString, _ what: String) throws(InputError) {
    let start = line
    while position < text.bytes.count {
      if starts(with: end) { return advance(end.utf8CodeUnitCount) }
      advance(1)
    }
    throw text.error(start, expected: "\(what) is not closed")
  }

  private mutating func skipBlanks() {
    while let byte, byte == 0x20 || (0x09...0x0D).contains(byte) { advance(1) }
  }

  // MARK: Structure

  /// Reads one piece of markup or text; false at the end of the file.
  private mutating func step<Handler: XMLEventHandler>(
    _ handler: inout Handler
  ) throws(InputError) -> Bool {
    guard let byte else { return false }
    guard byte == UInt8(ascii: "<") else {
      try characters()
      return true
    }
    if starts(with: "<!--") {
      try skip(past: "-->", "a comment")
    } else if starts(with: "<![CDATA[") {
      try characterData()
    } else if starts(with: "<!DOCTYPE") {
      try documentType()
    } else if starts(with: "<?") {
      try skip(past: "?>", "a processing instruction")
    } else if starts(with: "</") {
      try closeTag(&handler)
    } else {
      try openTag(&handler)
    }
    return true
  }

  private mutating func characters() throws(InputError) {
    let start = position
    while let byte, byte != UInt8(ascii: "<") { advance(1) }
    let isBlank = text.bytes[start..<position].allSatisfy {
      $0 == 0x20 || (0x09...0x0D).contains($0)
    }
    guard !stack.isEmpty else {
      guard isBlank else { throw fault("text stands outside of all elements") }
      return
    }
    if !isBlank { try append(try decoded(start..<position)) }
  }

  private mutating func characterData() throws(InputError) {
    advance(9)
    let start = position
    try skip(past: "]]>", "a CDATA section")
    guard !stack.isEmpty else { throw fault("text stands outside of all elements") }
    try append(string(start..<position - 3))
  }

  private mutating func append(_ more: String) throws(InputError) {
    stack[stack.count - 1].text += more
    guard stack[stack.count - 1].text.utf8.count <= Self.textLimit else {
      throw fault("an element holds more than \(Self.textLimit) bytes of text")
    }
  }

  /// `<!DOCTYPE name [ … ]>`; the internal subset is skipped.
  private mutating func documentType() throws(InputError) {
    guard stack.isEmpty && !hasRoot else { throw fault("a document type stands inside an element") }
    while let byte, byte != UInt8(ascii: "["), byte != UInt8(ascii: ">") { advance(1) }
    if byte == UInt8(ascii: "[") { try skip(past: "]", "a document type") }
    try skip(past: ">", "a document type")
  }

  private mutating func name() throws(InputError) -> String {
    let start = position
    while let byte, Self.isNameByte(byte) { position += 1 }
    guard position > start, position - start <= 1_000 else { throw fault("a name was expected") }
    let name = string(start..<position)
    guard let colon = name.lastIndex(of: ":") else { return name }
    return String(name[name.index(after: colon)...])
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x3A, 0x41...0x5A, 0x5F, 0x61...0x7A, 0x2D, 0x2E, 0x80...0xFF: true
    default: false
    }
  }

  private mutating func openTag<Handler: XMLEventHandler>(
    _ handler: inout Handler
  ) throws(InputError) {
    let start = line
    position += 1
    let element = try name()
    guard !(hasRoot && stack.isEmpty) else { throw fault("a second root element '\(element)'") }
    guard stack.count < Self.depthLimit else {
      throw fault("elements are nested more than \(Self.depthLimit) deep")
    }
    hasRoot = true
    let attributes = try attributes()
    try handler.open(element, attributes, line: start)
    if byte == UInt8(ascii: "/") {
      position += 1
      try handler.close(element, text: "", line: line)
    } else {
      stack.append((element, ""))
    }
    guard byte == UInt8(ascii: ">") else { throw fault("'>' was expected after '\(element)'") }
    position += 1
  }

  private mutating func attributes() throws(InputError) -> [String: String] {
    var attributes: [String: String] = [:]
    while true {
      let before = position
      skipBlanks()
      guard let byte, Self.isNameByte(byte) else { return attributes }
      guard position > before else { throw fault("a blank was expected before an attribute") }
      let key = try name()
      skipBlanks()
      guard self.byte == UInt8(ascii: "=") else { throw fault("'=' was expected after '\(key)'") }
      position += 1
      skipBlanks()
      let value = try quoted()
      guard attributes.updateValue(value, forKey: key) == nil else {
        throw fault("the attribute '\(key)' occurs twice")
      }
    }
  }

  private mutating func quoted() throws(InputError) -> String {
    guard let quote = byte, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
      throw fault("an attribute's value must be quoted")
    }
    position += 1
    let start = position
    while let byte, byte != quote {
      guard byte != UInt8(ascii: "<"), position - start <= Self.textLimit else {
        throw fault("an attribute's value is not closed")
      }
      advance(1)
    }
    guard byte == quote else { throw fault("an attribute's value is not closed") }
    let value = try decoded(start..<position)
    position += 1
    return value
  }

  private mutating func closeTag<Handler: XMLEventHandler>(
    _ handler: inout Handler
  ) throws(InputError) {
    position += 2
    let element = try name()
    skipBlanks()
    guard byte == UInt8(ascii: ">") else { throw fault("'>' was expected after '\(element)'") }
    guard let top = stack.popLast() else { throw fault("'\(element)' is closed but was not open") }
    guard top.name == element else {
      throw fault("'\(top.name)' must be closed before '\(element)'")
    }
    position += 1
    try handler.close(element, text: top.text, line: line)
  }

  // MARK: Entities

  /// A stretch of text with its entities replaced.
  private func decoded(_ range: Range<Int>) throws(InputError) -> String {
    let ampersand = UInt8(ascii: "&")
    guard text.bytes[range].contains(ampersand) else { return string(range) }
    var result = ""
    var from = range.lowerBound
    while let start = text.bytes[from..<range.upperBound].firstIndex(of: ampersand) {
      result += string(from..<start)
      guard
        let end = text.bytes[start..<min(start + 12, range.upperBound)]
          .firstIndex(of: UInt8(ascii: ";"))
      else { throw fault("'&' must begin an entity such as '&amp;'") }
      let name = string(start + 1..<end)
      guard let replacement = CharacterEntities.character(name) else {
        throw text.error(line, value: "&\(name);", expected: "the entity is not known")
      }
      result.append(replacement)
      from = end + 1
    }
    return result + string(from..<range.upperBound)
  }

  /// Text with the five characters escaped that XML reserves; control characters become blanks.
  static func escape(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&apos;"
      case _ where scalar.value < 0x20: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
