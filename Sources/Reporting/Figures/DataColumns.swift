import Foundation

/// A table of numbers that gnuplot reads: columns side by side, an empty field where there is none.
struct DataColumns {
  private var names: [String] = []
  private var columns: [[Double?]] = []

  /// The number that gnuplot calls the column by, from 1.
  mutating func add(_ name: String, _ values: [Double?]) -> Int {
    names.append(name)
    columns.append(values)
    return names.count
  }

  var text: String {
    let rows = (columns.first?.indices ?? 0..<0).map { row in
      columns.map { Self.text($0[row]) }.joined(separator: ",")
    }
    return ([names.map(Self.quoted).joined(separator: ",")] + rows).joined(separator: "\n") + "\n"
  }

  private static func text(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "" }
    return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
  }

  private static func quoted(_ name: String) -> String {
    name.contains { ",\"\n".contains($0) }
      ? "\"" + name.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : name
  }
}
