import Randomness

/// A population of exchangeable agents with finite states and actions whose rewards and transitions
/// depend on the others only through the law of states and actions; rewards are discounted over an
/// infinite horizon. The model is known: transitions can be enumerated.
///
/// ```swift
/// struct TwoPlaces: StationaryModel {          // stay or move; a crowded place is unpleasant
///   let stateCount = 2, actionCount = 2, discount = 0.9
///   let initialDistribution = [0.5, 0.5]
///   func reward(state: Int, action: Int, law: PopulationLaw) -> Double { -law.states[state] }
///   func forEachTransition(
///     state: Int, action: Int, law: PopulationLaw, _ visit: (Int, Double) -> Void
///   ) { visit(action == 0 ? state : 1 - state, 1) }
/// }
/// ```
///
/// Everything else (exact solvers, an agent-level simulator, a system-level simulator, the N-player
/// game) follows from these few members.
public protocol StationaryModel: AgentSimulator {
  /// The expected reward r(x, a, z̄).
  func reward(state: Int, action: Int, law: PopulationLaw) -> Double

  /// Visits the next states of positive probability with their probabilities P(y | x, a, z̄), which
  /// sum to one; a next state may be visited twice.
  func forEachTransition(
    state: Int, action: Int, law: PopulationLaw, _ visit: (Int, Double) -> Void)
}

/// What is known of a population when only an agent can be simulated: samples of the next state and
/// the reward for any state, action and law (assumption A3 of Subramanian & Mahajan 2019).
public protocol AgentSimulator: CataloguedGame {
  var stateCount: Int { get }
  var actionCount: Int { get }
  /// γ in (0, 1).
  var discount: Double { get }
  /// ξ₀.
  var initialDistribution: [Double] { get }
  /// Whether an agent's transitions depend on the law; `false` spares solvers the fixed point.
  var transitionsDependOnLaw: Bool { get }

  /// Draws the next state and the reward of one agent.
  func sample(
    state: Int, action: Int, law: PopulationLaw, using stream: inout RandomStream
  ) -> (state: Int, reward: Double)
}

extension AgentSimulator {
  public var transitionsDependOnLaw: Bool { true }
}

extension StationaryModel {
  /// Draws from the enumerated transitions; one uniform number a call.
  public func sample(
    state: Int, action: Int, law: PopulationLaw, using stream: inout RandomStream
  ) -> (state: Int, reward: Double) {
    var remaining = stream.uniform()
    var chosen = -1
    var last = state
    forEachTransition(state: state, action: action, law: law) { next, probability in
      guard probability > 0 else { return }
      last = next
      if chosen < 0 {
        if remaining < probability { chosen = next } else { remaining -= probability }
      }
    }
    return (chosen < 0 ? last : chosen, reward(state: state, action: action, law: law))
  }
}

/// What is known of a population when only the whole system can be simulated: samples of the next
/// states and rewards of n agents (assumption A4 of Subramanian & Mahajan 2019).
public protocol SystemSimulator: Sendable {
  var stateCount: Int { get }
  var actionCount: Int { get }
  var discount: Double { get }
  var agentCount: Int { get }

  /// Draws the initial states of all agents.
  func initialStates(using stream: inout RandomStream) -> [Int]

  /// Replaces the states of all agents by the next ones, and fills in their rewards.
  func step(
    states: inout [Int], actions: [Int], rewards: inout [Double], using stream: inout RandomStream)
}
