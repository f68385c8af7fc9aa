import Randomness

/// Learns Q*_L of one agent against a fixed law, from samples.
///
/// ## Method
/// `Q(s, a) += β (r + γ max_{a′} Q(s′, a′) − Q(s, a))` along episodes from ξ₀ under an ε-greedy
/// behaviour, with β = 1/N(s, a)^`exponent`.
///
/// - Algorithm: q-learning | Watkins & Dayan, 1992 | update (1); Guo et al., 2019, algorithm 1, line 3 | exact check passed
/// - Source: Watkins, Dayan (1992), *Q-learning*, Machine Learning 8; as the inner step of Guo, Hu,
///   Xu, Zhang (2019), *Learning mean-field games*, NeurIPS.
/// - Differs: None known.
/// - Randomness: one stream for a call.
/// - Complexity: `steps` transitions.
/// - Verified: `MeanFieldLearningTests`.
public struct QLearning: Hashable, Sendable, Codable {
  /// T_k, the transitions of one call, ≥ 1.
  public var steps: Int
  /// Steps after which an episode starts anew from ξ₀, ≥ 1.
  public var episodeLength: Int
  /// The probability of a uniformly random action, in (0, 1].
  public var exploration: Double
  /// ω in (½, 1]; .77 is the value for which Even-Dar & Mansour's bound is best, as in Guo et al.
  public var exponent: Double

  public init(
    steps: Int = 20_000, episodeLength: Int = 20, exploration: Double = 0.5,
    exponent: Double = 0.77
  ) {
    precondition(
      steps >= 1 && episodeLength >= 1 && exploration > 0 && exploration <= 1 && exponent > 0,
      "QLearning(steps: \(steps), episodeLength: \(episodeLength), exploration: \(exploration))")
    self.steps = steps
    self.episodeLength = episodeLength
    self.exploration = exploration
    self.exponent = exponent
  }

  /// Where learning stands: what a later call goes on from.
  struct Progress: Sendable {
    /// Q̂, `[state][action]`, flat.
    var values: [Double]
    /// How often each pair has been visited.
    var rates: LearningRate
  }

  /// Q̂, `[state][action]`, flat; starts from `start`, or from zero.
  public func actionValues(
    _ model: some AgentSimulator, law: PopulationLaw, start: [Double]? = nil,
    using stream: inout RandomStream
  ) -> [Double] {
    var progress = begin(model)
    if let start { progress.values = start }
    learn(model, law: law, &progress, using: &stream)
    return progress.values
  }

  /// Nothing learned yet.
  func begin(_ model: some AgentSimulator) -> Progress {
    let count = model.stateCount * model.actionCount
    return Progress(
      values: [Double](repeating: 0, count: count),
      rates: LearningRate(count: count, exponent: exponent))
  }

  /// `steps` more transitions; the step sizes go on falling from where they were.
  func learn(
    _ model: some AgentSimulator, law: PopulationLaw, _ progress: inout Progress,
    using stream: inout RandomStream
  ) {
    let actions = model.actionCount
    var q = progress.values
    var rate = progress.rates
    let initial = model.initialDistribution
    var state = 0
    for step in 0..<steps {
      if step % episodeLength == 0 { state = stream.categorical(initial) }
      let base = state * actions
      let action =
        stream.bernoulli(exploration)
        ? stream.integer(below: actions) : Self.best(q, base, actions) - base
      let next = model.sample(state: state, action: action, law: law, using: &stream)
      let future = q[Self.best(q, next.state * actions, actions)]
      let target = next.reward + model.discount * future
      q[base + action] += rate.next(base + action) * (target - q[base + action])
      state = next.state
    }
    progress = Progress(values: q, rates: rate)
  }

  /// The index of the largest entry of a row, the first among equals.
  static func best(_ q: [Double], _ base: Int, _ actions: Int) -> Int {
    var best = base
    for index in base + 1..<max(base + actions, base + 1) where q[index] > q[best] { best = index }
    return best
  }
}
