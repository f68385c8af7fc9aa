/// The distribution of a population over states and actions: the mean field that couples agents.
///
/// ```swift
/// let law = PopulationLaw(states: [0.5, 0.5], policy: .uniform(stateCount: 2, actionCount: 3))
/// law.joint[1 * 3 + 2]  // the share of agents in state 1 that choose action 2
/// ```
///
/// - Shapes: `joint` is `[state][action]`, flat; `states` is its marginal over states.
public struct PopulationLaw: Sendable, Hashable, Codable {
  public let stateCount: Int
  public let actionCount: Int
  /// The share of agents in each state with each action.
  public let joint: [Double]
  /// The share of agents in each state.
  public let states: [Double]
  /// The share of agents that choose each action.
  public let actions: [Double]

  /// The law of agents distributed as `states` who all follow `policy`: `z ⊙ π`.
  public init(states: [Double], policy: StationaryPolicy) {
    precondition(
      states.count == policy.stateCount,
      "\(states.count) states of the law, \(policy.stateCount) of the policy")
    stateCount = policy.stateCount
    actionCount = policy.actionCount
    self.states = states
    var joint = policy.probabilities
    for state in 0..<stateCount {
      for action in 0..<actionCount { joint[state * actionCount + action] *= states[state] }
    }
    self.joint = joint
    actions = Self.actionShares(joint, stateCount, actionCount)
  }

  /// A law given by its joint distribution.
  public init(joint: [Double], stateCount: Int, actionCount: Int) {
    precondition(
      joint.count == stateCount * actionCount,
      "\(joint.count) entries for \(stateCount) × \(actionCount)")
    self.stateCount = stateCount
    self.actionCount = actionCount
    self.joint = joint
    var states = [Double](repeating: 0, count: stateCount)
    for state in 0..<stateCount {
      for action in 0..<actionCount { states[state] += joint[state * actionCount + action] }
    }
    self.states = states
    actions = Self.actionShares(joint, stateCount, actionCount)
  }

  /// The empirical law of agents with the given states and actions.
  public init(states: [Int], actions: [Int], stateCount: Int, actionCount: Int) {
    precondition(
      states.count == actions.count && !states.isEmpty,
      "\(states.count) states, \(actions.count) actions")
    var joint = [Double](repeating: 0, count: stateCount * actionCount)
    let share = 1 / Double(states.count)
    for (state, action) in zip(states, actions) { joint[state * actionCount + action] += share }
    self.init(joint: joint, stateCount: stateCount, actionCount: actionCount)
  }

  private static func actionShares(_ joint: [Double], _ states: Int, _ actions: Int) -> [Double] {
    var result = [Double](repeating: 0, count: actions)
    for state in 0..<states {
      for action in 0..<actions { result[action] += joint[state * actions + action] }
    }
    return result
  }
}
