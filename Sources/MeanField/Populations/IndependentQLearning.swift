import Randomness

/// Every agent learns its own Q(s, a) and takes the others for a part of the weather.
///
/// ## Method
/// `Q_i(s, a) += β (r + γ max Q_i(s′, ·) − Q_i(s, a))` with β = 1/N_i(s, a)^`exponent` and ε-greedy
/// actions, all N agents at once in the N-player game. With `sharesReward` every agent is paid the
/// mean reward of all: the cooperative form.
///
/// - Algorithm: independent-q-learning | Tan, 1993 | section 3 | exact check passed
/// - Source: Tan (1993), *Multi-agent reinforcement learning: independent vs. cooperative agents*,
///   ICML; the rival of Guo et al. (2019), section 5, and Gu et al. (2021).
/// - Differs: None known.
/// - Randomness: one stream for the run; the world has its own.
/// - Complexity: N table updates a step.
/// - Verified: `NPlayerTests`.
public struct IndependentQLearning: Hashable, Sendable, Codable {
  /// Steps of the whole population, ≥ 1.
  public var steps = 20_000
  public var episodeLength = 20
  public var exploration = 0.1
  public var exponent = 0.77
  public var sharesReward = false

  public init() {}

  /// The learned policies, one for each agent: greedy, ties shared.
  public func run(_ players: NPlayerPopulation<some AgentSimulator>, seeds: SeedTree)
    -> [StationaryPolicy]
  {
    let (states, actions) = (players.stateCount, players.actionCount)
    let empty = [Double](repeating: 0, count: states * actions)
    var tables = [[Double]](repeating: empty, count: players.agentCount)
    var rates = [LearningRate](
      repeating: LearningRate(count: empty.count, exponent: exponent), count: players.agentCount)
    var choose = seeds.stream("actions")
    var world = seeds.stream("world")
    var now: [Int] = []
    var chosen = [Int](repeating: 0, count: players.agentCount)
    var rewards = [Double](repeating: 0, count: players.agentCount)
    for step in 0..<steps {
      if step % episodeLength == 0 { now = players.initialStates(using: &world) }
      for agent in chosen.indices {
        chosen[agent] =
          choose.bernoulli(exploration)
          ? choose.integer(below: actions)
          : QLearning.best(tables[agent], now[agent] * actions, actions) - now[agent] * actions
      }
      let last = now
      players.step(states: &now, actions: chosen, rewards: &rewards, using: &world)
      let shared = rewards.reduce(0, +) / Double(rewards.count)
      for agent in chosen.indices {
        let pair = last[agent] * actions + chosen[agent]
        let future = tables[agent][QLearning.best(tables[agent], now[agent] * actions, actions)]
        let target = (sharesReward ? shared : rewards[agent]) + players.discount * future
        tables[agent][pair] += rates[agent].next(pair) * (target - tables[agent][pair])
      }
    }
    return tables.map {
      .argmaxEqual($0, stateCount: states, actionCount: actions)
    }
  }
}
