import Randomness

/// Estimates Q_{π,z}, and with it J, by temporal differences along trajectories of the policy.
///
/// ## Method
/// `Q(x, a) += α (r + γ Q(x′, a′) − Q(x, a))` along episodes from ξ₀, with a′ drawn from the policy
/// and α = 1/N(x, a)^`exponent`; then `J = Σ ξ₀(x) π(a | x) Q(x, a)`.
///
/// - Algorithm: sarsa-evaluation | Sutton & Barto, 1998 | section 6.4 | exact check passed
/// - Source: Sutton, Barto (1998), *Reinforcement Learning*, section 6.4; named as an evaluation in
///   Subramanian, Mahajan (2019), algorithms 2, 3 and 5.
/// - Differs: the policy is fixed during the evaluation (no greedy improvement). State–action pairs
///   that were never visited keep the start value 0.
/// - Randomness: one stream an episode, so that a pair of policies sees the same streams.
/// - Complexity: episodes × horizon transitions.
/// - Verified: `PerturbationSolverTests.evaluationsAgreeWithBellman`.
public struct SarsaEvaluation: Hashable, Sendable, Codable {
  /// ≥ 1.
  public var episodes: Int
  /// Steps of an episode, ≥ 1.
  public var horizon: Int
  /// In (½, 1].
  public var exponent: Double

  public init(episodes: Int = 1000, horizon: Int = 200, exponent: Double = 0.6) {
    precondition(
      episodes >= 1 && horizon >= 1 && exponent > 0 && exponent <= 1,
      "SarsaEvaluation(episodes: \(episodes), horizon: \(horizon), exponent: \(exponent))")
    self.episodes = episodes
    self.horizon = horizon
    self.exponent = exponent
  }

  /// Q, `[state][action]`, flat.
  public func actionValues(
    _ model: some AgentSimulator, policy: StationaryPolicy, states: [Double], seeds: SeedTree
  ) -> [Double] {
    let law = PopulationLaw(states: states, policy: policy)
    let actions = model.actionCount
    var q = [Double](repeating: 0, count: model.stateCount * actions)
    var rate = LearningRate(count: q.count, exponent: exponent)
    let initial = model.initialDistribution
    for episode in 0..<episodes {
      var stream = seeds.stream("episode", episode)
      var state = stream.categorical(initial)
      var action = stream.categorical(policy.row(state))
      for _ in 0..<horizon {
        let next = model.sample(state: state, action: action, law: law, using: &stream)
        let nextAction = stream.categorical(policy.row(next.state))
        let pair = state * actions + action
        let target = next.reward + model.discount * q[next.state * actions + nextAction]
        q[pair] += rate.next(pair) * (target - q[pair])
        (state, action) = (next.state, nextAction)
      }
    }
    return q
  }

  /// The estimate of J.
  public func value(
    _ model: some AgentSimulator, policy: StationaryPolicy, states: [Double], seeds: SeedTree
  ) -> Double {
    let q = actionValues(model, policy: policy, states: states, seeds: seeds)
    var value = 0.0
    for (state, share) in model.initialDistribution.enumerated() {
      for action in 0..<model.actionCount {
        value += share * policy[state, action] * q[state * model.actionCount + action]
      }
    }
    return value
  }
}

/// Step sizes 1/N^exponent, counted for each entry of a table.
struct LearningRate: Sendable, Hashable {
  private var visits: [Int]
  private let exponent: Double
  /// 1/N^exponent of the first counts, which are nearly all of them.
  private let table: [Double]

  init(count: Int, exponent: Double) {
    visits = [Int](repeating: 0, count: count)
    self.exponent = exponent
    table = (1...4096).map { power(Double($0), -exponent) }
  }

  mutating func next(_ index: Int) -> Double {
    visits[index] += 1
    let count = visits[index]
    return count <= table.count ? table[count - 1] : power(Double(count), -exponent)
  }
}
