/// Finds a stationary team policy of a known model by moving probability between actions.
///
/// ## Method
/// The objective is J(π) = Σ z_π V_{π,z_π}, the value of a population that **is** stationary. From the
/// uniform policy and from every constant action, probability δ is moved from one action to another in one state whenever that
/// raises J; when no move helps, δ halves, down to `smallestStep`. The best end wins: a local
/// optimum, global where J has a single one.
///
/// - Algorithm: stationary-team-search | Hooke & Jeeves, 1961 | pattern search | exact check passed
/// - Source: Hooke, Jeeves (1961), *"Direct search" solution of numerical and statistical problems*,
///   JACM 8(2); objective of Subramanian, Mahajan (2019), definition 3.
/// - Differs: definition 3 starts agents at ξ₀ while the mean field already stands at z_π. On general
///   models that can be gamed: a slow chain keeps the agents where ξ₀ put them while its z_π crowds
///   somewhere else. Starting at z_π rules this out.
/// - Complexity: S A² evaluations a round.
/// - Verified: `MeanFieldLearningTests`.
public struct StationaryTeamSearch: Hashable, Sendable, Codable {
  public var smallestStep: Double
  /// Rounds over all states, for each start.
  public var rounds: Int

  public init(smallestStep: Double = 1e-6, rounds: Int = 500) {
    self.smallestStep = smallestStep
    self.rounds = rounds
  }

  public func run(_ model: some StationaryModel) -> StationaryMeasures {
    var starts = [
      StationaryPolicy.uniform(stateCount: model.stateCount, actionCount: model.actionCount)
    ]
    for action in 0..<model.actionCount {
      starts.append(
        StationaryPolicy(
          deterministic: [Int](repeating: action, count: model.stateCount),
          actionCount: model.actionCount))
    }
    var best = climb(model, from: starts[0])
    for start in starts.dropFirst() {
      let end = climb(model, from: start)
      if end.value > best.value { best = end }
    }
    return StationaryMeasures(model, policy: best.policy)
  }

  private func climb(
    _ model: some StationaryModel, from start: StationaryPolicy
  ) -> (policy: StationaryPolicy, value: Double) {
    var policy = start
    var value = Self.value(model, policy)
    var step = 0.5
    for _ in 0..<rounds where step >= smallestStep {
      var improved = false
      for state in 0..<model.stateCount {
        for from in 0..<model.actionCount {
          for to in 0..<model.actionCount where to != from && policy[state, from] > 0 {
            var candidate = policy
            let moved = min(step, policy[state, from])
            candidate[state, from] -= moved
            candidate[state, to] += moved
            let new = Self.value(model, candidate)
            if new > value + 1e-13 * abs(value) {
              (policy, value, improved) = (candidate, new, true)
            }
          }
        }
      }
      if !improved { step /= 2 }
    }
    return (policy, value)
  }

  /// J(π).
  static func value(_ model: some StationaryModel, _ policy: StationaryPolicy) -> Double {
    let field = StationaryMeanField.find(model, policy: policy)
    let law = PopulationLaw(states: field.states, policy: policy)
    let values = DynamicProgramming.evaluate(FrozenModel(model, law: law), policy: policy)
    return zip(field.states, values).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
