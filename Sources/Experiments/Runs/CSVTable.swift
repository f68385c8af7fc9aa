/// A table of comma-separated values with a header line (RFC 4180).
public struct CSVTable: Sendable, Hashable {
  public let columns: [String]
  private var lines: [String] = []

  public init(columns: [String]) { self.columns = columns }

  /// One field of a row.
  public enum Field: Sendable, Hashable {
    case text(String)
    case integer(Int)
    case number(Double)
    /// Nothing: an empty field.
    case missing

    /// A number, or nothing.
    public static func optional(_ value: Double?) -> Field { value.map(number) ?? .missing }
  }

  public mutating func append(_ fields: [Field]) {
    precondition(
      fields.count == columns.count, "CSVTable: \(fields.count) fields, \(columns.count) columns")
    lines.append(fields.map(Self.text).joined(separator: ","))
  }

  /// The table with line feeds, also after the last row.
  public var text: String {
    ([columns.map(Self.quoted).joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
  }

  private static func text(_ field: Field) -> String {
    switch field {
    case .text(let text): quoted(text)
    case .integer(let number): String(number)
    case .number(let number): number.isFinite ? JSONValue.numberText(number) : ""
    case .missing: ""
    }
  }

  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { ",\"\r\n".contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
