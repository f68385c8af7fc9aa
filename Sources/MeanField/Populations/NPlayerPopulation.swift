import Randomness

/// N agents who play a mean-field model against each other: everybody faces the empirical law.
///
/// ```swift
/// let players = NPlayerPopulation(Malware(), agentCount: 50)
/// let value = players.simulate(policies: [policy], episodes: 100, horizon: 200,
///   seeds: SeedTree(root: 1), threads: 2)
/// ```
///
/// ## Method
/// At each step the law of all agents' states and actions (each one's own included) is formed, and
/// every agent draws its next state and reward against it.
///
/// - Algorithm: n-player-population | Subramanian & Mahajan, 2019 | section 1.1, assumption A4 | exact check passed
/// - Source: Subramanian, Mahajan (2019), section 1.1.
/// - Differs: None known.
/// - Randomness: every agent has its own environment stream in an episode, so that changing one
///   agent's policy leaves the draws of the others in place.
/// - Complexity: N samples a step.
/// - Verified: `NPlayerTests`.
public struct NPlayerPopulation<Model: AgentSimulator>: SystemSimulator {
  public let model: Model
  public let agentCount: Int

  public init(_ model: Model, agentCount: Int) {
    precondition(agentCount >= 1, "\(agentCount) agents: at least one is needed")
    self.model = model
    self.agentCount = agentCount
  }

  public var stateCount: Int { model.stateCount }
  public var actionCount: Int { model.actionCount }
  public var discount: Double { model.discount }

  public func initialStates(using stream: inout RandomStream) -> [Int] {
    let initial = model.initialDistribution
    return (0..<agentCount).map { _ in stream.categorical(initial) }
  }

  public func step(
    states: inout [Int], actions: [Int], rewards: inout [Double], using stream: inout RandomStream
  ) {
    let law = PopulationLaw(
      states: states, actions: actions, stateCount: stateCount, actionCount: actionCount)
    for agent in 0..<agentCount {
      let next = model.sample(
        state: states[agent], action: actions[agent], law: law, using: &stream)
      states[agent] = next.state
      rewards[agent] = next.reward
    }
  }

  /// The mean discounted reward of each agent over episodes; agent i follows `policies[i]`, or the
  /// last policy where there are fewer.
  public func simulate(
    policies: [StationaryPolicy], episodes: Int, horizon: Int, initial: [Double]? = nil,
    seeds: SeedTree, threads: Int = 1
  ) -> NPlayerValues {
    let returns = concurrentMap(count: episodes, threads: threads) { episode in
      play(
        policies: policies, horizon: horizon, initial: initial ?? model.initialDistribution,
        seeds: seeds.child("episode", episode))
    }
    return NPlayerValues(returns: returns)
  }

  private func play(
    policies: [StationaryPolicy], horizon: Int, initial: [Double], seeds: SeedTree
  ) -> [Double] {
    var streams = (0..<agentCount).map { seeds.stream("agent", $0) }
    var states = streams.indices.map { streams[$0].categorical(initial) }
    var actions = states
    var totals = [Double](repeating: 0, count: agentCount)
    var weight = 1.0
    for _ in 0..<horizon {
      for agent in 0..<agentCount {
        let policy = policies[min(agent, policies.count - 1)]
        actions[agent] = streams[agent].categorical(policy.row(states[agent]))
      }
      let law = PopulationLaw(
        states: states, actions: actions, stateCount: stateCount, actionCount: actionCount)
      for agent in 0..<agentCount {
        let next = model.sample(
          state: states[agent], action: actions[agent], law: law, using: &streams[agent])
        totals[agent] += weight * next.reward
        states[agent] = next.state
      }
      weight *= model.discount
    }
    return totals
  }
}

/// Discounted returns of N agents over episodes.
public struct NPlayerValues: Sendable, Hashable {
  /// `[episode][agent]`.
  public let returns: [[Double]]

  /// The mean over episodes and agents.
  public var mean: Double { episodeMeans.reduce(0, +) / Double(max(1, returns.count)) }

  /// The standard error of `mean`, from the episodes.
  public var standardError: Double {
    let means = episodeMeans
    let centre = mean
    let spread = means.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    let count = Double(means.count)
    return count > 1 ? (spread / (count - 1) / count).squareRoot() : .infinity
  }

  private var episodeMeans: [Double] {
    returns.map { $0.reduce(0, +) / Double(max(1, $0.count)) }
  }
}
