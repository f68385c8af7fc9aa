/// The rows of a demand file: one matrix a row, numbers separated by blanks, no header.
///
/// The files published with MAMRL and TEAVAR are of this kind. Rows may differ in length (Geant's
/// have 501 to 503 numbers); what the columns mean is decided by who uses them (`DemandColumns`).
public struct DemandRows: Sendable, Hashable {
  /// Where the rows came from, for messages.
  public let file: String
  /// Line numbers of the rows, counted from 1.
  public let lines: [Int]
  /// `values[start[r] ..< start[r + 1]]` is row `r`.
  private let start: [Int]
  private let values: [Double]
  public let warnings: [InputWarning]

  /// The number of rows.
  public var count: Int { lines.count }
  /// The length of the shortest row; 0 where there is none.
  public var columnCount: Int {
    lines.indices.map { start[$0 + 1] - start[$0] }.min() ?? 0
  }

  /// One number; `column` counts from 0.
  public func value(row: Int, column: Int) -> Double { values[start[row] + column] }

  /// Reads a demand file.
  ///
  /// - Throws: `InputError` where the file cannot be read, or a number is not a number ≥ 0.
  public init(path: String) throws(InputError) {
    try self.init(text: InputText(path: path))
  }

  package init(text: InputText) throws(InputError) {
    var values: [Double] = []
    var start = [0]
    var lines: [Int] = []
    var cursor = text.lines()
    while let line = cursor.next() {
      let before = values.count
      try Self.append(line, in: text, to: &values)
      guard values.count > before else { continue }
      start.append(values.count)
      lines.append(line.number)
    }
    file = text.file
    self.values = values
    self.start = start
    self.lines = lines
    warnings = Self.unequalRows(file: text.file, lines: lines, start: start)
    if lines.isEmpty {
      throw InputError(file: text.file, expected: "at least one row of demands was expected")
    }
  }

  private static func append(
    _ line: InputText.Line, in text: InputText, to values: inout [Double]
  ) throws(InputError) {
    var words = line.words
    while let word = words.next() {
      guard let number = word.number, number >= 0 else {
        throw text.error(
          line.number, field: "column \(words.count)", value: word.string,
          expected: "a demand must be a number ≥ 0")
      }
      values.append(number)
      // Eight bytes for each number of at least two: the rows may not outgrow what the file took.
      guard values.count <= text.byteCount / 8 + 10_000_000 else {
        throw text.error(line.number, expected: "the file holds more demands than can be used")
      }
    }
  }

  private static func unequalRows(file: String, lines: [Int], start: [Int]) -> [InputWarning] {
    let widths = lines.indices.map { start[$0 + 1] - start[$0] }
    guard let shortest = widths.min(), let longest = widths.max(), shortest < longest else {
      return []
    }
    let line = widths.firstIndex(of: shortest).map { lines[$0] }
    return [
      InputWarning(
        file: file, line: line,
        message: "rows have \(shortest) to \(longest) numbers; only the first \(shortest) are used")
    ]
  }

  func requireColumns(_ needed: Int, routerCount: Int) throws(InputError) {
    guard let row = lines.indices.first(where: { start[$0 + 1] - start[$0] < needed }) else {
      return
    }
    throw InputError(
      file: file, line: lines[row], value: "\(start[row + 1] - start[row]) numbers",
      expected: "\(needed) are needed for \(routerCount) routers")
  }
}
