import Randomness

/// The central controller that the lecture starts from: N agents as one decision process with joint
/// states and joint actions; exactly, and by Q-learning.
///
/// ```swift
/// let controller = CentralController(model, agents: 3)
/// let exact = controller.optimum()                       // [joint state]
/// let learned = controller.samplesToAccuracy(0.1, seeds: SeedTree(root: 1))
/// ```
///
/// ## Method
/// The joint process has S^N states and A^N actions; its reward is the mean of all agents' rewards.
/// Q-learning visits all joint pairs in turn through a simulator, with step size 1/n^.77, and counts
/// joint transitions until max |Q̂ − Q*| ≤ ε.
///
/// - Algorithm: central-controller-q-learning | Xu, 2020 | "curse of dimensionality" slide | exact check passed
/// - Source: Xu (2020), *Multi-agent reinforcement learning: from a mean-field perspective*; bound
///   Ω(poly((|S||A|)^N · N/ε · ln(1/(δε)))).
/// - Differs: visits in turn (synchronous Q-learning) instead of along one trajectory.
/// - Complexity: (S A)^N S^N; keep N small.
/// - Verified: `MeanFieldControlTests`.
public struct CentralController<Model: StationaryModel>: Sendable {
  public let model: Model
  public let agents: Int
  private let joint: FrozenModel

  public init(_ model: Model, agents: Int) {
    self.model = model
    self.agents = agents
    let states = Self.product(model.stateCount, agents)
    let actions = Self.product(model.actionCount, agents)
    var rewards: [Double] = []
    var matrix: [[Double]] = []
    for state in states {
      for action in actions {
        let (reward, row) = Self.outcome(model, state, action, jointStates: states.count)
        rewards.append(reward)
        matrix.append(row)
      }
    }
    let table = TableModel(
      stateCount: states.count, actionCount: actions.count, discount: model.discount,
      initialDistribution: Self.initial(model, states), rewards: rewards, matrix: matrix)
    joint = FrozenModel(
      table,
      law: PopulationLaw(
        joint: [Double](repeating: 0, count: states.count * actions.count),
        stateCount: states.count, actionCount: actions.count))
    jointInitial = table.initialDistribution
  }

  private let jointInitial: [Double]

  public var jointStateCount: Int { joint.stateCount }
  public var jointActionCount: Int { joint.actionCount }

  /// The joint action of the central optimum in every joint state.
  public func optimalRule() -> [Int] {
    let values = DynamicProgramming.optimum(joint).actionValues
    return (0..<joint.stateCount).map {
      QLearning.best(values, $0 * joint.actionCount, joint.actionCount) - $0 * joint.actionCount
    }
  }

  /// What each agent gets, from independent starts, when the joint actions follow a rule.
  public func agentValues(_ rule: [Int]) -> [Double] {
    let states = Self.product(model.stateCount, agents)
    let actions = Self.product(model.actionCount, agents)
    let policy = StationaryPolicy(deterministic: rule, actionCount: joint.actionCount)
    return (0..<agents).map { agent in
      var own = joint
      for (index, state) in states.enumerated() {
        let action = actions[rule[index]]
        let law = PopulationLaw(
          states: state, actions: action, stateCount: model.stateCount,
          actionCount: model.actionCount)
        own.rewards[index * joint.actionCount + rule[index]] = model.reward(
          state: state[agent], action: action[agent], law: law)
      }
      let values = DynamicProgramming.evaluate(own, policy: policy)
      return zip(jointInitial, values).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  /// All tuples; the first agent's digit is the most significant.
  static func product(_ count: Int, _ agents: Int) -> [[Int]] {
    (0..<agents).reduce([[]]) { tuples, _ in tuples.flatMap { t in (0..<count).map { t + [$0] } } }
  }

  private static func initial(_ model: Model, _ states: [[Int]]) -> [Double] {
    states.map { $0.reduce(1) { $0 * model.initialDistribution[$1] } }
  }

  private static func outcome(
    _ model: Model, _ state: [Int], _ action: [Int], jointStates: Int
  ) -> (Double, [Double]) {
    let law = PopulationLaw(
      states: state, actions: action, stateCount: model.stateCount,
      actionCount: model.actionCount)
    var reward = 0.0
    var row = [1.0]
    for agent in state.indices {
      reward += model.reward(state: state[agent], action: action[agent], law: law)
      var own = [Double](repeating: 0, count: model.stateCount)
      model.forEachTransition(state: state[agent], action: action[agent], law: law) {
        own[$0] += $1
      }
      row = row.flatMap { mass in own.map { mass * $0 } }
    }
    return (reward / Double(state.count), row)
  }

  /// V* of the joint process, and its value from independent starts.
  public func optimum() -> (values: [Double], actionValues: [Double], initialValue: Double) {
    let solution = DynamicProgramming.optimum(joint)
    let value = zip(jointInitial, solution.values).reduce(0) { $0 + $1.0 * $1.1 }
    return (solution.values, solution.actionValues, value)
  }

  /// The value, from independent starts, when every agent follows the same local policy.
  public func value(of policy: StationaryPolicy) -> Double {
    let states = Self.product(model.stateCount, agents)
    let actions = Self.product(model.actionCount, agents)
    var table: [Double] = []
    for state in states {
      for action in actions {
        table.append(zip(state, action).reduce(1) { $0 * policy[$1.0, $1.1] })
      }
    }
    let values = DynamicProgramming.evaluate(
      joint,
      policy: StationaryPolicy(
        probabilities: table, stateCount: states.count, actionCount: actions.count))
    return zip(jointInitial, values).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// Joint transitions that Q-learning takes until its error is at most ε; nil beyond the limit.
  public func samplesToAccuracy(
    _ epsilon: Double, limit: Int = 50_000_000, seeds: SeedTree
  ) -> Int? {
    let target = DynamicProgramming.optimum(joint).actionValues
    var q = [Double](repeating: 0, count: target.count)
    var best = [Double](repeating: 0, count: joint.stateCount)
    var stream = seeds.stream("central")
    var round = 0
    while (round + 1) * q.count <= limit {
      round += 1
      let rate = power(Double(round), -0.77)
      for pair in q.indices {
        let next = draw(pair, &stream)
        q[pair] += rate * (joint.rewards[pair] + joint.discount * best[next] - q[pair])
      }
      var error = 0.0
      for state in best.indices {
        let range = state * joint.actionCount..<(state + 1) * joint.actionCount
        best[state] = q[range].max() ?? 0
        for pair in range { error = max(error, abs(q[pair] - target[pair])) }
      }
      if error <= epsilon { return round * q.count }
    }
    return nil
  }

  private func draw(_ pair: Int, _ stream: inout RandomStream) -> Int {
    var left = stream.uniform()
    var last = 0
    for index in joint.first[pair]..<joint.first[pair + 1] {
      last = Int(joint.targets[index])
      if left < joint.weights[index] { return last }
      left -= joint.weights[index]
    }
    return last
  }
}
