/// Moves a tabular policy towards a greedy one by a step that cannot make it worse.
///
/// ```swift
/// let step = ConservativePolicyIteration(discount: 0.9, largestReward: 1)
/// policy = step.mix(policy, greedy: improved, coefficient: step.coefficient(advantage: 0.05))
/// ```
///
/// ## Method
/// `π ← (1 − α) π + α π'` with `α = (1 − γ)·𝔸 / (4R)`, where `𝔸` is the policy advantage
/// `Σ_s d(s) Σ_a π'(a|s) A_π(s, a)` under the discounted state distribution `d` of `π`, and R bounds
/// |reward|. The value then rises by at least `𝔸²/(8R)` times the normalisation of `d`.
///
/// - Source: Kakade, Langford (2002), *Approximately optimal approximate reinforcement learning*,
///   ICML; theorem 4.1 and corollary 4.2.
/// - Algorithm: conservative-policy-iteration | Kakade and Langford, 2002 | corollary 4.2 | exact check passed
/// - Differs: none known.
/// - Shapes: policies are `[state * actions + action]`.
/// - Randomness: none.
/// - Complexity: one pass over the table.
/// - Verified: `OptimizerTests` (monotone on a chain; a full greedy step is not).
public struct ConservativePolicyIteration: Hashable, Sendable, Codable {
  /// γ in [0, 1).
  public var discount: Double
  /// R > 0: the largest absolute reward.
  public var largestReward: Double

  public init(discount: Double, largestReward: Double) {
    precondition(
      (0..<1).contains(discount) && largestReward > 0,
      "ConservativePolicyIteration(discount: \(discount), largestReward: \(largestReward))")
    self.discount = discount
    self.largestReward = largestReward
  }

  /// α for a policy advantage; 0 where the greedy policy is no better.
  public func coefficient(advantage: Double) -> Double {
    min(1, max(0, (1 - discount) * advantage / (4 * largestReward)))
  }

  /// `(1 − coefficient)·policy + coefficient·greedy`.
  public func mix(_ policy: [Double], greedy: [Double], coefficient: Double) -> [Double] {
    precondition(
      policy.count == greedy.count, "policies of \(policy.count) and \(greedy.count) entries")
    return zip(policy, greedy).map { (1 - coefficient) * $0 + coefficient * $1 }
  }

  /// The policy advantage of `greedy` over `policy`, from the action values of `policy`.
  public func advantage(
    _ policy: [Double], greedy: [Double], actionValues: [Double], stateWeights: [Double]
  ) -> Double {
    let actions = policy.count / max(stateWeights.count, 1)
    var total = 0.0
    for (state, weight) in stateWeights.enumerated() {
      for index in state * actions..<(state + 1) * actions {
        total += weight * (greedy[index] - policy[index]) * actionValues[index]
      }
    }
    return total
  }
}
