/// A table of comma-separated values as it stands in a run folder.
public struct StoredTable: Sendable, Hashable {
  public let columns: [String]
  public let rows: [[String]]

  /// Reads a file of a run folder.
  public init(folder: String, file: String) throws(ReportError) {
    let path = folder + "/" + file
    let text = String(decoding: try StoredFiles.data(path), as: UTF8.self)
    var records = Self.records(text)
    guard !records.isEmpty else { throw ReportError(.input, "'\(path)' is empty.") }
    columns = records.removeFirst()
    rows = records
    guard rows.allSatisfy({ $0.count == columns.count }) else {
      throw ReportError(.input, "'\(path)' has rows that are not as long as its header.")
    }
  }

  /// The place of a column.
  public func column(_ name: String) throws(ReportError) -> Int {
    guard let index = columns.firstIndex(of: name) else {
      throw ReportError(.input, "A stored table has no column '\(name)'.")
    }
    return index
  }

  /// Splits a text into records of fields (RFC 4180).
  static func records(_ text: String) -> [[String]] {
    var records: [[String]] = []
    var record: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    var wasQuote = false
    func end() {
      record.append(String(decoding: field, as: UTF8.self))
      field = []
    }
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\"") where isQuoted: (isQuoted, wasQuote) = (false, true)
      case UInt8(ascii: "\""):
        if wasQuote { field.append(byte) }
        (isQuoted, wasQuote) = (true, false)
      case UInt8(ascii: ",") where !isQuoted: end()
      case UInt8(ascii: "\n") where !isQuoted:
        end()
        records.append(record)
        record = []
      case UInt8(ascii: "\r") where !isQuoted: break
      default: field.append(byte)
      }
      if byte != UInt8(ascii: "\"") { wasQuote = false }
    }
    if !field.isEmpty || !record.isEmpty {
      end()
      records.append(record)
    }
    return records
  }
}
