import Foundation

/// The rows that a long job writes as it goes, kept on file beside its checkpoint.
///
/// Rows are written before the checkpoint that they lead to, so after a kill the file may be ahead of
/// the checkpoint, never behind it: `resume` drops what the job is going to do again. A job that was
/// killed therefore ends with the same bytes as one that was not.
struct ProgressFile {
  private let url: URL
  private let header: String
  private var lines: [(count: Int, text: String)] = []

  init(path: String, columns: [String]) {
    url = URL(fileURLWithPath: path)
    header = CSVTable(columns: columns).text
  }

  /// Takes up the rows of a file that lead up to `count`, by their first column.
  mutating func resume(upTo count: Int) {
    lines = []
    guard count > 0, let text = try? String(contentsOf: url, encoding: .utf8),
      text.hasPrefix(header)
    else { return }
    for line in text.dropFirst(header.count).split(separator: "\n") {
      guard let here = Int(line.prefix { $0 != "," }), here <= count else { break }
      lines.append((here, String(line)))
    }
  }

  mutating func append(_ count: Int, _ fields: [CSVTable.Field], columns: [String]) {
    var one = CSVTable(columns: columns)
    one.append([.integer(count)] + fields)
    lines.append((count, String(one.text.dropFirst(header.count).dropLast())))
  }

  /// Writes the file as a whole or not at all.
  func write() throws {
    let text = header + lines.map { $0.text + "\n" }.joined()
    try Data(text.utf8).write(to: url, options: .atomic)
  }
}
