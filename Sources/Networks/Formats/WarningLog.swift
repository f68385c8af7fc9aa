/// Collects what is doubtful in a file: the same sentence once with a count, and of each kind the
/// first few in full, the rest as a count.
struct WarningLog {
  /// Kinds are counted apart, so that many of one do not hide the others.
  enum Kind: Int, CaseIterable {
    case encoding, unit, name, duplicate, coordinate, capacity, number, unknownElement, direction
    case selfLoop, demand, layout
  }

  let file: String
  private var kept: [InputWarning] = []
  /// How often each kept warning was said again on a later line.
  private var repeats: [Int] = []
  private var places: [String: Int] = [:]
  private var counts = [Int](repeating: 0, count: Kind.allCases.count)
  private static let limit = 10

  init(file: String) { self.file = file }

  mutating func add(_ kind: Kind, line: Int?, _ message: String) {
    if let place = places[message] {
      repeats[place] += 1
      return
    }
    counts[kind.rawValue] += 1
    guard counts[kind.rawValue] <= Self.limit else { return }
    places[message] = kept.count
    kept.append(InputWarning(file: file, line: line, message: message))
    repeats.append(0)
  }

  /// In the order in which they came, and a count of those left out.
  var warnings: [InputWarning] {
    var all = kept
    for (index, count) in repeats.enumerated() where count > 0 {
      all[index].message += count == 1 ? " (and once more)" : " (and \(count) times more)"
    }
    let left = counts.reduce(0) { $0 + max(0, $1 - Self.limit) }
    guard left > 0 else { return all }
    return all + [InputWarning(file: file, message: "\(left) more warnings like these")]
  }
}
