/// A policy for every population, step and state.
///
/// - Shapes: `values` is `[population][step][action][state]`; see `TableLayout`.
public struct FiniteHorizonPolicy<Scalar: FlowScalar>: Sendable {
  public let layout: TableLayout
  public var values: [Scalar]

  public init(layout: TableLayout, values: [Scalar]) {
    precondition(
      values.count == layout.tableCount,
      "a policy of \(values.count) numbers where \(layout.tableCount) are needed")
    self.layout = layout
    self.values = values
  }

  /// Equal probabilities for all available actions.
  public static func uniform(_ game: PreparedGame<Scalar>) -> FiniteHorizonPolicy {
    let layout = TableLayout(shapes: game.shapes, stepCount: game.stepCount)
    var values: [Scalar] = []
    values.reserveCapacity(layout.tableCount)
    for shape in game.shapes {
      var table = [Scalar](repeating: 1 / Scalar(shape.actionCount), count: shape.pairCount)
      if let available = shape.available {
        for state in 0..<shape.stateCount {
          let row = available[state * shape.actionCount..<(state + 1) * shape.actionCount]
          let share = 1 / Scalar(row.reduce(0) { $0 + ($1 ? 1 : 0) })
          for (action, isAvailable) in row.enumerated() {
            table[action * shape.stateCount + state] = isAvailable ? share : 0
          }
        }
      }
      for _ in 0..<layout.stepCount { values.append(contentsOf: table) }
    }
    return FiniteHorizonPolicy(layout: layout, values: values)
  }

  /// The probability of an action.
  public subscript(population population: Int, step step: Int, state state: Int, action action: Int)
    -> Scalar
  {
    get { values[index(population, step, state, action)] }
    set { values[index(population, step, state, action)] = newValue }
  }

  private func index(_ population: Int, _ step: Int, _ state: Int, _ action: Int) -> Int {
    layout.table(population, step) + action * layout.shapes[population].stateCount + state
  }

  /// `[step][state][action]` of one population, in double precision.
  public func nested(population: Int = 0) -> [[[Double]]] {
    let shape = layout.shapes[population]
    return (0..<layout.stepCount).map { step in
      (0..<shape.stateCount).map { state in
        (0..<shape.actionCount).map { action in
          Double(self[population: population, step: step, state: state, action: action])
        }
      }
    }
  }
}
