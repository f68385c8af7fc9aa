import Foundation

/// The bytes of an input file, with lines and words that know where they stand.
///
/// Reading is bounded: the bytes are held once, and every reader counts what it builds from them.
package struct InputText: Sendable {
  /// The file as the user named it.
  package let file: String
  package let bytes: [UInt8]

  package var byteCount: Int { bytes.count }

  package init(file: String, bytes: [UInt8]) {
    self.file = file
    self.bytes = bytes
  }

  package init(file: String, string: String) {
    self.init(file: file, bytes: Array(string.utf8))
  }

  /// - Throws: `InputError` where there is no such file, or it cannot be read.
  package init(path: String) throws(InputError) {
    file = path
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw InputError(file: path, expected: "there is no such file")
    }
    guard !isDirectory.boolValue else {
      throw InputError(file: path, expected: "a file was expected, but this is a folder")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw InputError(file: path, expected: "the file cannot be read")
    }
    bytes = [UInt8](data)
  }

  /// An error that names this file.
  package func error(
    _ line: Int?, field: String? = nil, value: String? = nil, expected: String
  ) -> InputError {
    InputError(file: file, line: line, field: field, value: value, expected: expected)
  }

  /// Walks the lines, each without its end (`\n`, `\r\n` or `\r`).
  package func lines() -> LineCursor { LineCursor(bytes: bytes) }

  /// The first bytes as text, for guessing a format.
  package func head(_ count: Int) -> String {
    String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  package struct LineCursor {
    private let bytes: [UInt8]
    private var position = 0
    private var number = 0

    fileprivate init(bytes: [UInt8]) { self.bytes = bytes }

    package mutating func next() -> Line? {
      guard position < bytes.count else { return nil }
      let start = position
      while position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D {
        position += 1
      }
      let end = position
      if position < bytes.count {
        let isReturn = bytes[position] == 0x0D
        position += 1
        if isReturn, position < bytes.count, bytes[position] == 0x0A { position += 1 }
      }
      number += 1
      return Line(number: number, bytes: bytes[start..<end])
    }
  }

  /// One line, counted from 1.
  package struct Line {
    package let number: Int
    package let bytes: ArraySlice<UInt8>

    package var string: String { String(decoding: bytes, as: UTF8.self) }

    /// The words between blanks.
    package var words: WordCursor { WordCursor(bytes: bytes) }

    /// All words at once, at most `limit` of them.
    package func allWords(limit: Int = 64) -> [Word] {
      var result: [Word] = []
      var cursor = words
      while result.count < limit, let word = cursor.next() { result.append(word) }
      return result
    }
  }

  package struct WordCursor {
    private let bytes: ArraySlice<UInt8>
    private var position: Int
    /// How many words were read so far.
    package private(set) var count = 0

    fileprivate init(bytes: ArraySlice<UInt8>) {
      self.bytes = bytes
      position = bytes.startIndex
    }

    package mutating func next() -> Word? {
      while position < bytes.endIndex, Self.isBlank(bytes[position]) { position += 1 }
      guard position < bytes.endIndex else { return nil }
      let start = position
      while position < bytes.endIndex, !Self.isBlank(bytes[position]) { position += 1 }
      count += 1
      return Word(bytes: bytes[start..<position])
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
      byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
    }
  }

  package struct Word {
    package let bytes: ArraySlice<UInt8>

    package var string: String { String(decoding: bytes, as: UTF8.self) }
    /// The finite decimal number that the whole word spells.
    package var number: Double? { InputText.number(bytes) }
    package var integer: Int? { bytes.count <= 20 ? Int(string) : nil }
  }

  /// A finite decimal number; hexadecimal, "nan" and "inf" are refused.
  package static func number(_ bytes: some Collection<UInt8>) -> Double? {
    guard bytes.count <= 400 else { return nil }
    let allowed = bytes.allSatisfy { byte in
      (0x30...0x39).contains(byte) || byte == 0x2E || byte == 0x2D || byte == 0x2B
        || byte == 0x65 || byte == 0x45
    }
    guard allowed, let number = Double(String(decoding: bytes, as: UTF8.self)), number.isFinite
    else { return nil }
    return number
  }

  package static func number(_ text: some StringProtocol) -> Double? {
    number(Array(text.utf8))
  }
}
