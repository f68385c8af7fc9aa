/// Collects what is doubtful in a file; of each kind the first few in full, the rest as a count.
struct WarningLog {
  /// Kinds are counted apart, so that many of one do not hide the others.
  enum Kind: Int, CaseIterable {
    case encoding, unit, name, duplicate, coordinate, capacity, number, unknownElement, direction
    case selfLoop, demand, layout
  }

  let file: String
  private var kept: [InputWarning] = []
  private var counts = [Int](repeating: 0, count: Kind.allCases.count)
  private static let limit = 10

  init(file: String) { self.file = file }

  mutating func add(_ kind: Kind, line: Int?, _ message: String) {
    counts[kind.rawValue] += 1
    if counts[kind.rawValue] <= Self.limit {
      kept.append(InputWarning(file: file, line: line, message: message))
    }
  }

  /// In the order in which they came, and a count of those left out.
  var warnings: [InputWarning] {
    let left = counts.reduce(0) { $0 + max(0, $1 - Self.limit) }
    guard left > 0 else { return kept }
    return kept + [InputWarning(file: file, message: "\(left) more warnings like these")]
  }
}
