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

  /// Weights that are `advantages / rows`: then the objective is a mean over decisions.
  public func weighted(byMeanOf advantages: [Scalar]) -> PolicyBatch {
    precondition(advantages.count == rows, "\(advantages.count) advantages for \(rows) decisions")
    var copy = self
    let scale = 1 / Scalar(max(rows, 1))
    copy.weights = advantages.map { $0 * scale }
    return copy
  }
}

extension PolicyBatch {
  /// The given rows, in the given order.
  public func selecting(_ rows: [Int]) -> PolicyBatch {
    let width = mask.map { self.rows == 0 ? 0 : $0.count / self.rows } ?? 0
    return PolicyBatch(
      input: input.selecting(rows),
      mask: mask.map { all in rows.flatMap { all[$0 * width..<($0 + 1) * width] } },
      actions: rows.map { actions[$0] }, weights: rows.map { weights[$0] })
  }

  /// Every `stride`-th row, from the first: a subsample for Fisher products.
  public func everyRow(_ stride: Int) -> PolicyBatch {
    stride > 1 ? selecting(Array(Swift.stride(from: 0, to: rows, by: stride))) : self
  }
}
