import Foundation

/// How action values become a policy: the second half of Γ₁.
public enum PolicySmoothing: Hashable, Sendable, Codable {
  /// Equal shares to all actions within `tolerance` of the best (argmax-e): not continuous.
  case argmaxEqual(tolerance: Double)
  /// π ∝ exp(c Q).
  case softmax(sharpness: Double)
  /// The maximum-entropy policy whose mean action value is MM_c(Q) = log(mean exp(c Q))/c.
  case mellowMax(sharpness: Double)

  /// The policy of a table of action values.
  ///
  /// ## Method
  /// MellowMax is a value operator; the policy that belongs to it is π ∝ exp(β Q) with, in each
  /// state, the β for which Σ exp(β (Q − MM)) (Q − MM) = 0.
  ///
  /// - Algorithm: mellow-max-policy | Asadi & Littman, 2017 | section 5 | exact check passed
  /// - Source: Guo, Hu, Xu, Zhang (2020), *A general framework for learning mean-field games*; Asadi,
  ///   Littman (2017), *An alternative softmax operator for reinforcement learning*, ICML, section 5.
  /// - Differs: the root is found by bisection instead of Brent's method.
  /// - Verified: `MeanFieldLearningTests`.
  public func policy(
    _ actionValues: [Double], stateCount: Int, actionCount: Int
  ) -> StationaryPolicy {
    switch self {
    case .argmaxEqual(let tolerance):
      return .argmaxEqual(
        actionValues, stateCount: stateCount, actionCount: actionCount, tolerance: tolerance)
    case .softmax(let sharpness):
      return .softmax(
        actionValues, sharpness: sharpness, stateCount: stateCount, actionCount: actionCount)
    case .mellowMax(let sharpness):
      var table: [Double] = []
      for state in 0..<stateCount {
        let row = Array(actionValues[state * actionCount..<(state + 1) * actionCount])
        let beta = Self.mellowMaxSharpness(row, sharpness: sharpness)
        table +=
          StationaryPolicy.softmax(
            row, sharpness: beta, stateCount: 1, actionCount: actionCount
          ).probabilities
      }
      return StationaryPolicy(
        probabilities: table, stateCount: stateCount, actionCount: actionCount)
    }
  }

  /// MM_c of a row.
  public static func mellowMax(_ row: [Double], sharpness: Double) -> Double {
    let best = row.max() ?? 0
    let mean = row.reduce(0) { $0 + exp(sharpness * ($1 - best)) } / Double(row.count)
    return best + log(mean) / sharpness
  }

  /// The β at which the softmax's mean value is MM_c; 0 for a row of equal values.
  private static func mellowMaxSharpness(_ row: [Double], sharpness: Double) -> Double {
    let target = mellowMax(row, sharpness: sharpness)
    let best = row.max() ?? 0
    func excess(_ beta: Double) -> Double {
      row.reduce(0) { $0 + exp(beta * ($1 - best)) * ($1 - target) }
    }
    guard best - (row.min() ?? 0) > 1e-300 else { return 0 }
    var high = sharpness
    while excess(high) < 0 && high < 1e12 { high *= 2 }
    var low = 0.0
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if excess(middle) < 0 { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
