/// How good a stationary policy is when the whole population follows it.
///
/// ```swift
/// let measures = StationaryMeasures(malware, policy: policy)
/// measures.value           // J = E_{ξ₀}[V]
/// measures.exploitability  // E_{ξ₀}[V*] − J at the population's own stationary mean field
/// ```
///
/// - Algorithm: stationary-exploitability | Guo et al., 2019 | section 5 | exact check passed
/// - Source: Subramanian, Mahajan (2019), definitions 2 and 3; Guo et al. (2019), section 5.
/// - Differs: a best response is to the stationary mean field of the policy, from ξ₀.
/// - Verified: `MalwareTests`, `StationaryMeasuresTests`.
public struct StationaryMeasures: Sendable {
  public let policy: StationaryPolicy
  /// z*, the stationary mean field of the policy.
  public let meanField: StationaryMeanField
  public let law: PopulationLaw
  /// V_{π,z*}.
  public let values: [Double]
  /// The best response to z*.
  public let bestResponse: OptimalControl
  /// J = Σ ξ₀ V_{π,z*}.
  public let value: Double
  /// Σ z* V_{π,z*}: the value of a population that is stationary from the start.
  public var stationaryValue: Double {
    zip(meanField.states, values).reduce(0) { $0 + $1.0 * $1.1 }
  }
  /// Σ ξ₀ (V* − V_{π,z*}) ≥ 0; zero exactly at a stationary mean-field equilibrium.
  public let exploitability: Double
  /// max over states of V* − V_{π,z*}.
  public let largestGain: Double

  public init(
    _ model: some StationaryModel, policy: StationaryPolicy, start: [Double]? = nil
  ) {
    self.policy = policy
    meanField = StationaryMeanField.find(model, policy: policy, start: start)
    law = PopulationLaw(states: meanField.states, policy: policy)
    let frozen = FrozenModel(model, law: law)
    values = DynamicProgramming.evaluate(frozen, policy: policy)
    bestResponse = DynamicProgramming.optimum(frozen)
    let initial = model.initialDistribution
    var value = 0.0
    var best = 0.0
    var gain = 0.0
    for state in 0..<model.stateCount {
      value += initial[state] * values[state]
      best += initial[state] * bestResponse.values[state]
      gain = max(gain, bestResponse.values[state] - values[state])
    }
    self.value = value
    exploitability = max(0, best - value)
    largestGain = gain
  }
}
