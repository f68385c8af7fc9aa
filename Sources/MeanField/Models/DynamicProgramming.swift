/// Exact dynamic programming in a frozen model.
///
/// ## Method
/// - Policy evaluation solves (I − γP_π) V = r_π: by Gaussian elimination with partial pivoting up
///   to `denseLimit` states, beyond by Gauss–Seidel sweeps.
/// - The best response is found by Howard's policy iteration, which ends with V = T V up to
///   rounding.
///
/// - Source: Howard (1960), *Dynamic Programming and Markov Processes*; Puterman (1994), chapter 6.
/// - Differs: None known.
/// - Complexity: O(S³) a policy evaluation up to `denseLimit`, else O(transitions) a sweep.
/// - Verified: `DynamicProgrammingTests`.
public enum DynamicProgramming {
  /// Up to this many states linear systems are solved directly.
  public static let denseLimit = 256

  /// V_π.
  public static func evaluate(_ model: FrozenModel, policy: StationaryPolicy) -> [Double] {
    var rewards = [Double](repeating: 0, count: model.stateCount)
    for state in 0..<model.stateCount {
      for action in 0..<model.actionCount where policy[state, action] > 0 {
        rewards[state] +=
          policy[state, action] * model.rewards[state * model.actionCount + action]
      }
    }
    if model.stateCount <= denseLimit {
      var matrix = model.transitionMatrix(policy)
      for row in 0..<model.stateCount {
        for column in 0..<model.stateCount { matrix[row][column] *= -model.discount }
        matrix[row][row] += 1
      }
      return LinearSystem.solve(matrix, rewards)
    }
    return sweep(model, start: [Double](repeating: 0, count: model.stateCount)) { state, values in
      var sum = rewards[state]
      for action in 0..<model.actionCount where policy[state, action] > 0 {
        sum +=
          model.discount * policy[state, action]
          * model.expectation(of: values, pair: state * model.actionCount + action)
      }
      return sum
    }
  }

  /// V* and Q*, with the lowest-numbered greedy action of each state.
  public static func optimum(_ model: FrozenModel) -> OptimalControl {
    var actions = [Int](repeating: 0, count: model.stateCount)
    var values = [Double](repeating: 0, count: model.stateCount)
    if model.stateCount > denseLimit {
      values = sweep(model, start: values) { state, values in
        var best = -Double.infinity
        for pair in state * model.actionCount..<(state + 1) * model.actionCount {
          let value =
            model.rewards[pair] + model.discount * model.expectation(of: values, pair: pair)
          best = max(best, value)
        }
        return best
      }
    } else {
      // Policy iteration: improvements below the rounding of V would only cycle among ties.
      for _ in 0..<10_000 {
        values = evaluate(
          model, policy: StationaryPolicy(deterministic: actions, actionCount: model.actionCount))
        let improved = improve(model, values: values, actions: actions)
        if improved == actions { break }
        actions = improved
      }
    }
    let actionValues = model.actionValues(of: values)
    return OptimalControl(
      stateCount: model.stateCount, actionCount: model.actionCount, values: values,
      actionValues: actionValues)
  }

  private static func improve(
    _ model: FrozenModel, values: [Double], actions: [Int]
  ) -> [Int] {
    let q = model.actionValues(of: values)
    let scale = values.reduce(1) { max($0, abs($1)) }
    var result = actions
    for state in 0..<model.stateCount {
      let base = state * model.actionCount
      var best = q[base + actions[state]] + 1e-12 * scale
      for action in 0..<model.actionCount where q[base + action] > best {
        best = q[base + action]
        result[state] = action
      }
    }
    return result
  }

  /// Gauss–Seidel sweeps until the largest change is below the rounding of the values.
  private static func sweep(
    _ model: FrozenModel, start: [Double], _ update: (Int, [Double]) -> Double
  ) -> [Double] {
    var values = start
    for _ in 0..<1_000_000 {
      var change = 0.0
      var scale = 1.0
      for state in 0..<model.stateCount {
        let value = update(state, values)
        change = max(change, abs(value - values[state]))
        scale = max(scale, abs(value))
        values[state] = value
      }
      if change <= 1e-14 * scale / (1 - model.discount) { break }
    }
    return values
  }
}

/// The solution of a Markov decision process.
public struct OptimalControl: Sendable, Hashable {
  public let stateCount: Int
  public let actionCount: Int
  /// V*.
  public let values: [Double]
  /// Q*, `[state][action]`, flat.
  public let actionValues: [Double]

  /// The policy that shares each state equally among the actions within `tolerance` of the best
  /// (argmax-e); a tolerance relative to the largest value absorbs rounding.
  public func greedyPolicy(tolerance: Double = 1e-9) -> StationaryPolicy {
    StationaryPolicy.argmaxEqual(
      actionValues, stateCount: stateCount, actionCount: actionCount, tolerance: tolerance)
  }
}

extension StationaryPolicy {
  /// argmax-e of Guo et al. (2019): equal probability on the maximisers of each row, where values
  /// within `tolerance` of the maximum count as maximal.
  public static func argmaxEqual(
    _ actionValues: [Double], stateCount: Int, actionCount: Int, tolerance: Double = 0
  ) -> StationaryPolicy {
    var table = [Double](repeating: 0, count: stateCount * actionCount)
    for state in 0..<stateCount {
      let range = state * actionCount..<(state + 1) * actionCount
      let best = actionValues[range].max() ?? 0
      let winners = range.filter { actionValues[$0] >= best - tolerance }
      for index in winners { table[index] = 1 / Double(winners.count) }
    }
    return StationaryPolicy(
      probabilities: table, stateCount: stateCount, actionCount: actionCount)
  }
}
