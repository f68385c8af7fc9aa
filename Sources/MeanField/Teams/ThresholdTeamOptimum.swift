/// Finds the stationary team optimum among threshold policies by brute force.
///
/// ```swift
/// ThresholdTeamOptimum.find(Malware()).position  // 0.22
/// ```
///
/// ## Method
/// J(t) = Σ ξ₀ V_{π_t, z_t} with z_t the stationary mean field of the policy itself is computed for
/// every threshold, "never" included; the largest wins, ties go to the lowest threshold.
///
/// - Algorithm: threshold-team-optimum | Subramanian & Mahajan, 2019 | definition 3, section 3 | exact check passed
/// - Source: Subramanian, Mahajan (2019), definition 3 and section 3 ("brute force search").
/// - Differs: "never act" is admitted beside θ in [0, 1].
/// - Complexity: states + 1 evaluations.
/// - Verified: `MalwareTests` (against the continuum's closed form).
public enum ThresholdTeamOptimum {
  /// The best threshold.
  public static func find(_ model: some ThresholdModel) -> ThresholdEvaluation {
    var best = Threshold(0)
    var bestValue = -Double.infinity
    for index in 0...model.stateCount {
      let value = value(model, Threshold(Double(index)))
      if value > bestValue {
        best = Threshold(Double(index))
        bestValue = value
      }
    }
    return model.evaluate(best)
  }

  /// J of one threshold.
  public static func value(_ model: some ThresholdModel, _ threshold: Threshold) -> Double {
    let policy = threshold.policy(stateCount: model.stateCount)
    let law = PopulationLaw(states: model.exactMeanField(policy), policy: policy)
    let values = model.exactValues(policy, law: law)
    return zip(model.initialDistribution, values).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
