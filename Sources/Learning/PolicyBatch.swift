/// Decisions that a softmax policy made: what it saw, what it chose, and what each choice weighs.
///
/// - Shapes: one entry per row; `mask` is `[row][action]`, 0 for a forbidden action, nil where
///   every output is an action.
public struct PolicyBatch<Scalar: NetworkScalar>: Sendable, Hashable {
  public var input: NetworkInput<Scalar>
  public var mask: [UInt8]?
  /// The chosen output of each row.
  public var actions: [Int32]
  /// The weight of each row in the objective: usually its advantage divided by a count.
  public var weights: [Scalar]

  public var rows: Int { actions.count }

  public init(
    input: NetworkInput<Scalar>, mask: [UInt8]? = nil, actions: [Int32], weights: [Scalar]
  ) {
    precondition(
      input.rows == actions.count && weights.count == actions.count,
      "\(input.rows) inputs, \(actions.count) actions, \(weights.count) weights")
    self.input = input
    self.mask = mask
    self.actions = actions
    self.weights = weights
  }

  /// Every `stride`-th row, from the first: a subsample for Fisher products.
  public func everyRow(_ stride: Int) -> PolicyBatch {
    guard stride > 1 else { return self }
    let chosen = Array(Swift.stride(from: 0, to: rows, by: stride))
    let width = mask.map { rows == 0 ? 0 : $0.count / rows } ?? 0
    return PolicyBatch(
      input: input.everyRow(stride),
      mask: mask.map { all in chosen.flatMap { all[$0 * width..<($0 + 1) * width] } },
      actions: chosen.map { actions[$0] }, weights: chosen.map { weights[$0] })
  }

  /// Weights that are `advantages / rows`: then the objective is a mean over decisions.
  public func weighted(byMeanOf advantages: [Scalar]) -> PolicyBatch {
    precondition(advantages.count == rows, "\(advantages.count) advantages for \(rows) decisions")
    var copy = self
    let scale = 1 / Scalar(max(rows, 1))
    copy.weights = advantages.map { $0 * scale }
    return copy
  }
}
