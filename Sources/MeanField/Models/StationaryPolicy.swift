/// A time-homogeneous oblivious policy over finite states and actions: π(a | x).
///
/// - Shapes: `probabilities` is `[state][action]`, flat; each row sums to one.
public struct StationaryPolicy: Sendable, Hashable, Codable {
  public let stateCount: Int
  public let actionCount: Int
  public var probabilities: [Double]

  public init(probabilities: [Double], stateCount: Int, actionCount: Int) {
    precondition(
      probabilities.count == stateCount * actionCount,
      "\(probabilities.count) entries for \(stateCount) × \(actionCount)")
    self.probabilities = probabilities
    self.stateCount = stateCount
    self.actionCount = actionCount
  }

  /// Every action with equal probability.
  public static func uniform(stateCount: Int, actionCount: Int) -> StationaryPolicy {
    StationaryPolicy(
      probabilities: [Double](
        repeating: 1 / Double(actionCount), count: stateCount * actionCount),
      stateCount: stateCount, actionCount: actionCount)
  }

  /// The policy that chooses `actions[state]`.
  public init(deterministic actions: [Int], actionCount: Int) {
    var table = [Double](repeating: 0, count: actions.count * actionCount)
    for (state, action) in actions.enumerated() { table[state * actionCount + action] = 1 }
    self.init(probabilities: table, stateCount: actions.count, actionCount: actionCount)
  }

  public subscript(state: Int, action: Int) -> Double {
    get { probabilities[state * actionCount + action] }
    set { probabilities[state * actionCount + action] = newValue }
  }

  /// The action probabilities of one state.
  public func row(_ state: Int) -> ArraySlice<Double> {
    probabilities[state * actionCount..<(state + 1) * actionCount]
  }

  /// The table as a list of rows.
  public var rows: [[Double]] { (0..<stateCount).map { Array(row($0)) } }

  /// The convex combination (1 − weight)·self + weight·other, row by row.
  public func mixed(with other: StationaryPolicy, weight: Double) -> StationaryPolicy {
    var result = self
    for index in probabilities.indices {
      result.probabilities[index] =
        (1 - weight) * probabilities[index] + weight * other.probabilities[index]
    }
    return result
  }

  /// The largest difference of two entries.
  public func distance(to other: StationaryPolicy) -> Double {
    zip(probabilities, other.probabilities).reduce(0) { Swift.max($0, abs($1.0 - $1.1)) }
  }
}
