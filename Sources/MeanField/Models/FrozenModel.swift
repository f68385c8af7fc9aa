/// A stationary model at a fixed law: an ordinary Markov decision process with sparse transitions.
///
/// - Shapes: the transitions of state `s` and action `a` are
///   `targets[first[s·A + a] ..< first[s·A + a + 1]]` with the matching `weights`.
public struct FrozenModel: Sendable {
  public let stateCount: Int
  public let actionCount: Int
  public let discount: Double
  /// `[state][action]`, flat.
  public internal(set) var rewards: [Double]
  public let first: [Int]
  public let targets: [Int32]
  public let weights: [Double]

  /// Enumerates the model at a law.
  public init(_ model: some StationaryModel, law: PopulationLaw) {
    stateCount = model.stateCount
    actionCount = model.actionCount
    discount = model.discount
    var rewards: [Double] = []
    var first = [0]
    var targets: [Int32] = []
    var weights: [Double] = []
    for state in 0..<model.stateCount {
      for action in 0..<model.actionCount {
        rewards.append(model.reward(state: state, action: action, law: law))
        model.forEachTransition(state: state, action: action, law: law) { next, probability in
          guard probability > 0 else { return }
          targets.append(Int32(next))
          weights.append(probability)
        }
        first.append(targets.count)
      }
    }
    self.rewards = rewards
    self.first = first
    self.targets = targets
    self.weights = weights
  }

  /// The same transitions with the rewards of another law: what a model whose transitions do not
  /// depend on the law needs.
  public func withRewards(of model: some StationaryModel, law: PopulationLaw) -> FrozenModel {
    var copy = self
    for state in 0..<stateCount {
      for action in 0..<actionCount {
        copy.rewards[state * actionCount + action] = model.reward(
          state: state, action: action, law: law)
      }
    }
    return copy
  }

  /// E[V(next)] after one pair of state and action.
  @inline(__always)
  func expectation(of values: [Double], pair: Int) -> Double {
    var sum = 0.0
    for index in first[pair]..<first[pair + 1] {
      sum += weights[index] * values[Int(targets[index])]
    }
    return sum
  }

  /// Q(s, a) = r(s, a) + γ E[V(next)], `[state][action]`.
  public func actionValues(of values: [Double]) -> [Double] {
    rewards.indices.map { rewards[$0] + discount * expectation(of: values, pair: $0) }
  }

  /// The law of the next state when states are distributed as `states` and all follow `policy`.
  public func push(_ states: [Double], policy: StationaryPolicy) -> [Double] {
    var result = [Double](repeating: 0, count: stateCount)
    for state in 0..<stateCount where states[state] > 0 {
      for action in 0..<actionCount {
        let mass = states[state] * policy[state, action]
        guard mass > 0 else { continue }
        let pair = state * actionCount + action
        for index in first[pair]..<first[pair + 1] {
          result[Int(targets[index])] += mass * weights[index]
        }
      }
    }
    return result
  }

  /// The dense transition matrix under a policy, `[from][to]`.
  func transitionMatrix(_ policy: StationaryPolicy) -> [[Double]] {
    var matrix = [[Double]](
      repeating: [Double](repeating: 0, count: stateCount), count: stateCount)
    for state in 0..<stateCount {
      for action in 0..<actionCount where policy[state, action] > 0 {
        let pair = state * actionCount + action
        for index in first[pair]..<first[pair + 1] {
          matrix[state][Int(targets[index])] += policy[state, action] * weights[index]
        }
      }
    }
    return matrix
  }
}
