import Networks
import Routing

// Learned numbers as a vector: what meta-learning of an initialisation moves.
extension LearnerState {
  /// Tables that are not what was learned but how much, or what was seen of links: an initialisation
  /// has them as they are.
  private static let counts: Set<String> = [
    "decisions", "visits", "queueVisits", "episode", "suspected", "lossShare", "prices",
  ]

  private static func isLearned(_ name: String) -> Bool {
    !counts.contains(name) && !name.hasPrefix("average-")
  }

  /// This state moved by `Σ weight · (to − from)`, table by table; counts stay as they are.
  ///
  /// - Parameter damping: multiplies the move of a table, number by number, where it has an entry.
  func moved(
    by moves: [(from: LearnerState, to: LearnerState, damping: [String: [Float]])], weight: Float
  ) -> LearnerState {
    var result = self
    for index in result.tables.indices where Self.isLearned(result.tables[index].name) {
      let name = result.tables[index].name
      for move in moves {
        let (from, to) = (move.from.tables[index].values, move.to.tables[index].values)
        if let damping = move.damping[name] {
          for k in from.indices {
            result.tables[index].values[k] += weight * damping[k] * (to[k] - from[k])
          }
        } else {
          for k in from.indices { result.tables[index].values[k] += weight * (to[k] - from[k]) }
        }
      }
    }
    return result
  }

  /// What was learned from `other`, what was counted from this.
  func taking(learnedFrom other: LearnerState) -> LearnerState {
    var result = self
    for index in result.tables.indices where Self.isLearned(result.tables[index].name) {
      result.tables[index].values = other.tables[index].values
    }
    return result
  }

  /// The values of a table; empty where there is none.
  func values(_ name: String) -> [Float] { tables.first { $0.name == name }?.values ?? [] }
}
