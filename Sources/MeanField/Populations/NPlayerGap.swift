import Foundation
import Randomness

/// What one agent can gain by deviating from a mean-field policy in the game with N players.
///
/// ```swift
/// let rows = NPlayerGap.measure(Malware(), policy: policy, agents: [10, 20, 50], draws: 2000,
///   seeds: SeedTree(root: 1), threads: 2)
/// PowerLaw.fit(rows.map { (Double($0.agents), $0.gap) }).exponent
/// ```
///
/// ## Method
/// The N − 1 others follow the policy and are stationary; their empirical law is drawn `draws` times
/// (by Latin hypercube sampling, which removes what is linear in the law from the scatter).
/// For each state and action of the agent, rewards and transitions are averaged over these laws with
/// the agent itself added; the result is a Markov decision process of the agent, in which its best
/// response and its policy's value are computed exactly. The gap is E_{ξ₀}[V*_N − V^π_N]. Where
/// transitions do not depend on the law, the others are independent of the agent and this is the
/// agent's true problem; otherwise the others' reaction to the agent, of order 1/N, is left out.
///
/// - Algorithm: n-player-gap | Saldi, Başar & Raginsky, 2018 | theorem 2.3 (ε_N-Nash) | exact check passed
/// - Source: Saldi, Başar, Raginsky (2018), *Markov–Nash equilibria in mean-field games with
///   discounted cost*, SIAM J. Control Optim. 56(6); Huang, Malhamé, Caines (2006): O(1/√N).
/// - Differs: oblivious deviations of an agent that sees its own state.
/// - Randomness: one stream for each number of agents and draw.
/// - Complexity: draws × S × A evaluations of the model.
/// - Verified: `NPlayerTests` (malware and crowd choice against their exact forms).
public enum NPlayerGap {
  /// One number of agents.
  public struct Row: Sendable, Hashable, Codable {
    public var agents: Int
    /// E_{ξ₀}[V*_N − V^π_N] ≥ 0.
    public var gap: Double
    /// E_{ξ₀}[V^π_N].
    public var value: Double
    /// |E_{ξ₀}[V^π_N] − J| with J the mean-field value: how far the limit is from the N-player game.
    public var valueGap: Double
    /// The standard error of `value`, likewise.
    public var valueStandardError: Double
    /// The standard error of `gap` over eight independent groups of draws.
    public var standardError: Double
  }

  public static func measure(
    _ model: some StationaryModel, policy: StationaryPolicy, agents: [Int], draws: Int,
    seeds: SeedTree, threads: Int = 1
  ) -> [Row] {
    let groups = 8
    let field = StationaryMeanField.find(model, policy: policy).states
    let law = PopulationLaw(states: field, policy: policy)
    let limit = zip(
      model.initialDistribution,
      DynamicProgramming.evaluate(FrozenModel(model, law: law), policy: policy)
    ).reduce(0) { $0 + $1.0 * $1.1 }
    let pieces = concurrentMap(count: agents.count * groups, threads: threads) { piece in
      var stream = seeds.child("agents", agents[piece / groups]).stream("group", piece % groups)
      return AveragedModel(
        model, law: law, others: agents[piece / groups] - 1, draws: max(1, draws / groups),
        using: &stream
      ).gap(policy: policy, initial: model.initialDistribution)
    }
    return agents.indices.map { index in
      let parts = pieces[index * groups..<(index + 1) * groups]
      let gaps = parts.map(\.gap)
      let values = parts.map(\.value)
      return Row(
        agents: agents[index], gap: Spread.mean(gaps), value: Spread.mean(values),
        valueGap: abs(Spread.mean(values) - limit),
        valueStandardError: Spread.deviation(values) / Double(groups).squareRoot(),
        standardError: Spread.deviation(gaps) / Double(groups).squareRoot())
    }
  }
}

/// One agent's problem among N − 1 others, averaged over their empirical laws.
private struct AveragedModel {
  private var rewards: [Double]
  private var matrix: [[Double]]
  private let stateCount: Int
  private let actionCount: Int
  private let discount: Double

  init(
    _ model: some StationaryModel, law: PopulationLaw, others: Int, draws: Int,
    using stream: inout RandomStream
  ) {
    stateCount = model.stateCount
    actionCount = model.actionCount
    discount = model.discount
    rewards = [Double](repeating: 0, count: law.joint.count)
    matrix = [[Double]](
      repeating: [Double](repeating: 0, count: stateCount), count: rewards.count)
    let varies = model.transitionsDependOnLaw
    let populations = StratifiedPopulation.counts(
      agents: others, draws: draws, distribution: law.joint, using: &stream)
    for (draw, population) in populations.enumerated() {
      var counts = population
      for pair in rewards.indices {
        counts[pair] += 1
        let seen = PopulationLaw(
          joint: counts.map { $0 / Double(others + 1) }, stateCount: stateCount,
          actionCount: actionCount)
        counts[pair] -= 1
        let (state, action) = (pair / actionCount, pair % actionCount)
        rewards[pair] += model.reward(state: state, action: action, law: seen) / Double(draws)
        guard varies || draw == 0 else { continue }
        let share = varies ? 1 / Double(draws) : 1
        model.forEachTransition(state: state, action: action, law: seen) { next, probability in
          matrix[pair][next] += share * probability
        }
      }
    }
  }

  func gap(policy: StationaryPolicy, initial: [Double]) -> (gap: Double, value: Double) {
    let problem = TableModel(
      stateCount: stateCount, actionCount: actionCount, discount: discount,
      initialDistribution: initial, rewards: rewards, matrix: matrix)
    let frozen = FrozenModel(
      problem,
      law: PopulationLaw(
        joint: rewards.map { _ in 0 }, stateCount: stateCount, actionCount: actionCount))
    let values = DynamicProgramming.evaluate(frozen, policy: policy)
    let best = DynamicProgramming.optimum(frozen).values
    var (gap, value) = (0.0, 0.0)
    for state in 0..<stateCount {
      gap += initial[state] * (best[state] - values[state])
      value += initial[state] * values[state]
    }
    return (max(0, gap), value)
  }
}

/// A Markov decision process given as tables, as a model whose law plays no part.
public struct TableModel: StationaryModel {
  public let stateCount: Int
  public let actionCount: Int
  public let discount: Double
  public let initialDistribution: [Double]
  /// `[state][action]`, flat.
  public let rewards: [Double]
  /// `[state and action][next state]`.
  public let matrix: [[Double]]

  public init(
    stateCount: Int, actionCount: Int, discount: Double, initialDistribution: [Double],
    rewards: [Double], matrix: [[Double]]
  ) {
    self.stateCount = stateCount
    self.actionCount = actionCount
    self.discount = discount
    self.initialDistribution = initialDistribution
    self.rewards = rewards
    self.matrix = matrix
  }

  public var transitionsDependOnLaw: Bool { false }

  public func reward(state: Int, action: Int, law: PopulationLaw) -> Double {
    rewards[state * actionCount + action]
  }

  public func forEachTransition(
    state: Int, action: Int, law: PopulationLaw, _ visit: (Int, Double) -> Void
  ) {
    for (next, probability) in matrix[state * actionCount + action].enumerated()
    where probability > 0 { visit(next, probability) }
  }
}
