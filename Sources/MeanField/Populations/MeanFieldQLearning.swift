import Foundation
import Randomness

/// MF-Q and MF-AC: every agent learns how good its action is given the mean action of the others.
///
/// ## Method
/// ā is the mean action of the other agents at the last step, in `bins` equal intervals. Q_i(s, a, ā)
/// moves towards `r + γ Σ_{a′} π_i(a′ | s′, ā′) Q_i(s′, a′, ā′)`.
/// - MF-Q: π_i is the Boltzmann policy of Q_i(s, ·, ā).
/// - MF-AC: π_i is a softmax of preferences, which climb `log π` times the advantage
///   Q_i(s, a, ā) − Σ π Q_i(s, ·, ā).
///
/// - Algorithm: mf-q | Yang et al., 2018 | equations 8–12 (MF-Q), 13 (MF-AC) | exact check passed
/// - Source: Yang, Luo, Li, Zhou, Zhang, Wang (2018), *Mean field multi-agent reinforcement learning*,
///   ICML.
/// - Differs: tables instead of networks; the mean of the actions' numbers (for ordered actions) in
///   bins stands for the mean of one-hot vectors; neighbours are all other agents.
/// - Randomness: one stream for the choices; the world has its own.
/// - Complexity: N table updates a step.
/// - Verified: `NPlayerTests`.
public struct MeanFieldQLearning: Hashable, Sendable, Codable {
  public var steps = 20_000
  public var episodeLength = 20
  /// Intervals of the mean action.
  public var bins = 10
  /// The Boltzmann policy's inverse temperature.
  public var sharpness = 4.0
  public var exponent = 0.77
  /// `true`: MF-AC instead of MF-Q.
  public var isActorCritic = false
  /// The actor's step size (MF-AC).
  public var actorRate = 0.05
  public var sharesReward = false

  public init() {}

  /// The learned policies at the mean action that the population has come to.
  public func run(_ players: NPlayerPopulation<some AgentSimulator>, seeds: SeedTree)
    -> [StationaryPolicy]
  {
    var learner = Learner(self, players.agentCount, players.stateCount, players.actionCount)
    var choose = seeds.stream("actions")
    var world = seeds.stream("world")
    var now: [Int] = []
    var chosen = [Int](repeating: players.actionCount / 2, count: players.agentCount)
    var rewards = [Double](repeating: 0, count: players.agentCount)
    var means = learner.meanBins(chosen)
    for step in 0..<steps {
      if step % episodeLength == 0 { now = players.initialStates(using: &world) }
      let last = now
      let lastMeans = means
      for agent in chosen.indices {
        chosen[agent] = choose.categorical(
          learner.probabilities(agent, state: now[agent], bin: means[agent]))
      }
      players.step(states: &now, actions: chosen, rewards: &rewards, using: &world)
      means = learner.meanBins(chosen)
      let shared = rewards.reduce(0, +) / Double(rewards.count)
      for agent in chosen.indices {
        learner.update(
          agent, state: last[agent], action: chosen[agent], bin: lastMeans[agent],
          reward: sharesReward ? shared : rewards[agent], next: now[agent], nextBin: means[agent],
          discount: players.discount)
      }
    }
    return chosen.indices.map { learner.policy($0, bin: means[$0]) }
  }

  private struct Learner {
    let settings: MeanFieldQLearning
    let states: Int
    let actions: Int
    /// `[agent][bin][state][action]`.
    var values: [[Double]]
    var preferences: [[Double]]
    var rates: [LearningRate]

    init(_ settings: MeanFieldQLearning, _ agents: Int, _ states: Int, _ actions: Int) {
      self.settings = settings
      self.states = states
      self.actions = actions
      let empty = [Double](repeating: 0, count: settings.bins * states * actions)
      values = [[Double]](repeating: empty, count: agents)
      preferences = settings.isActorCritic ? values : []
      rates = [LearningRate](
        repeating: LearningRate(count: empty.count, exponent: settings.exponent), count: agents)
    }

    func base(_ state: Int, _ bin: Int) -> Int { (bin * states + state) * actions }

    /// The bin of the mean action of the others, for each agent.
    func meanBins(_ chosen: [Int]) -> [Int] {
      let total = chosen.reduce(0, +)
      let others = Double(max(1, chosen.count - 1) * max(1, actions - 1))
      return chosen.map { own in
        let mean = Double(total - own) / others
        return min(settings.bins - 1, max(0, Int(mean * Double(settings.bins))))
      }
    }

    func probabilities(_ agent: Int, state: Int, bin: Int) -> [Double] {
      let start = base(state, bin)
      let table = settings.isActorCritic ? preferences[agent] : values[agent]
      return StationaryPolicy.softmax(
        Array(table[start..<start + actions]),
        sharpness: settings.isActorCritic ? 1 : settings.sharpness, stateCount: 1,
        actionCount: actions
      ).probabilities
    }

    mutating func update(
      _ agent: Int, state: Int, action: Int, bin: Int, reward: Double, next: Int, nextBin: Int,
      discount: Double
    ) {
      let start = base(state, bin)
      let later = base(next, nextBin)
      let future = zip(
        probabilities(agent, state: next, bin: nextBin), values[agent][later..<later + actions]
      ).reduce(0) { $0 + $1.0 * $1.1 }
      let target = reward + discount * future
      values[agent][start + action] +=
        rates[agent].next(start + action) * (target - values[agent][start + action])
      guard settings.isActorCritic else { return }
      let policy = probabilities(agent, state: state, bin: bin)
      let mean = zip(policy, values[agent][start..<start + actions]).reduce(0) { $0 + $1.0 * $1.1 }
      let advantage = values[agent][start + action] - mean
      for other in 0..<actions {
        preferences[agent][start + other] +=
          settings.actorRate * advantage * ((other == action ? 1 : 0) - policy[other])
      }
    }

    func policy(_ agent: Int, bin: Int) -> StationaryPolicy {
      let rows = (0..<states).flatMap { probabilities(agent, state: $0, bin: bin) }
      return StationaryPolicy(probabilities: rows, stateCount: states, actionCount: actions)
    }
  }
}
