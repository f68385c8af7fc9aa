import Foundation

/// What a population-dependent policy is worth when everybody follows it from a given start.
///
/// ## Method
/// From μ_0 the law moves as μ_{t+1} = Φ(μ_t, π(·|·, μ_t)) for `steps` steps, long enough for γᵗ to vanish.
/// In this frozen flow the policy's value and the best response of one agent (which may depend on
/// time) follow by backward induction; the exploitability is the difference of their means over μ_0.
///
/// - Source: Perrin et al. (2022), *Generalization in mean field games by learning master policies*, AAAI
///   (exploitability of a master policy from a start).
/// - Complexity: one frozen model for every step.
/// - Verified: `PopulationPolicyTests`.
public struct PopulationPolicyMeasures: Sendable {
  /// E_{μ_0}[V^π].
  public let value: Double
  /// E_{μ_0}[V* − V^π] ≥ 0.
  public let exploitability: Double
  /// μ_0 … μ_T.
  public let flow: [[Double]]

  /// - Parameter precision: γ^T.
  public init(
    _ model: some StationaryModel, _ policy: PopulationPolicy, from start: [Double],
    precision: Double = 1e-7
  ) {
    let steps = max(1, Int((log(precision) / log(model.discount)).rounded(.up)))
    var flow = [start]
    var frozen: [(model: FrozenModel, policy: StationaryPolicy)] = []
    for _ in 0..<steps {
      let states = flow[flow.count - 1]
      let local = policy(states)
      let law = PopulationLaw(states: states, policy: local)
      let now = FrozenModel(model, law: law)
      frozen.append((now, local))
      flow.append(now.push(states, policy: local))
    }
    var own = [Double](repeating: 0, count: model.stateCount)
    var best = own
    for (now, local) in frozen.reversed() {
      let (q, ideal) = (now.actionValues(of: own), now.actionValues(of: best))
      for state in own.indices {
        let row = state * model.actionCount..<(state + 1) * model.actionCount
        own[state] = row.reduce(0) { $0 + local.probabilities[$1] * q[$1] }
        best[state] = ideal[row].max() ?? 0
      }
    }
    self.flow = flow
    value = zip(start, own).reduce(0) { $0 + $1.0 * $1.1 }
    exploitability = max(0, zip(start, zip(best, own)).reduce(0) { $0 + $1.0 * ($1.1.0 - $1.1.1) })
  }
}
