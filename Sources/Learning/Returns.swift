/// Discounted returns and generalised advantages of one trajectory.
public enum Returns {
  /// `R_t = Σ_{l ≥ t} discount^{l−t} r_l`, with `tail` standing for what comes after the end.
  public static func discounted(_ rewards: [Double], discount: Double, tail: Double = 0) -> [Double]
  {
    var result = rewards
    var next = tail
    for t in rewards.indices.reversed() {
      next = rewards[t] + discount * next
      result[t] = next
    }
    return result
  }

  /// The generalised advantage estimates `A_t = Σ_l (discount·λ)^l δ_{t+l}` with
  /// `δ_t = r_t + discount·V_{t+1} − V_t`.
  ///
  /// - Parameter values: one per step and one more for the state after the last: 0 where the episode
  ///   terminated, the critic's value where it was only cut off.
  /// - Source: Schulman, Moritz, Levine, Jordan, Abbeel (2016), *High-dimensional continuous control
  ///   using generalized advantage estimation*, ICLR; equation 16.
  public static func generalizedAdvantages(
    _ rewards: [Double], values: [Double], discount: Double, lambda: Double
  ) -> [Double] {
    precondition(
      values.count == rewards.count + 1, "\(values.count) values for \(rewards.count) rewards")
    var result = rewards
    var next = 0.0
    for t in rewards.indices.reversed() {
      let delta = rewards[t] + discount * values[t + 1] - values[t]
      next = delta + discount * lambda * next
      result[t] = next
    }
    return result
  }

  /// Advantages shifted to mean 0 and scaled to standard deviation 1 (plus 1e-8).
  ///
  /// The deviation is the sample's (n − 1), as in the released program.
  public static func normalized(_ advantages: [Double]) -> [Double] {
    let n = Double(advantages.count)
    guard n > 1 else { return advantages.map { _ in 0 } }
    let mean = advantages.reduce(0, +) / n
    let variance = advantages.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    let scale = 1 / (variance.squareRoot() + 1e-8)
    return advantages.map { ($0 - mean) * scale }
  }
}
