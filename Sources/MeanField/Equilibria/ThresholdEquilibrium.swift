/// Finds a stationary mean-field equilibrium in threshold policies.
///
/// ```swift
/// let found = ThresholdEquilibrium.find(Malware())
/// found.position        // 0.49
/// found.exploitability  // 0: no deviation from any state gains anything
/// ```
///
/// ## Method
/// A threshold t determines the stationary law z(t); the best response to z(t) has advantages
/// A_x(t) = Q*(x, 1) − Q*(x, 0). A whole t is an equilibrium when A_{t−1}(t) ≤ 0 ≤ A_t(t); a mixed one
/// between i and i + 1 when A_i(t) = 0. Where a higher threshold makes action 1 more attractive
/// (monotone costs), A_i(i) ≥ 0 holds from some i on: bisection finds the smallest such i, and where
/// the whole number is not an equilibrium, a second bisection finds the mixing probability at which
/// state i − 1 is indifferent. So an equilibrium is found for all parameters, on the grid or not.
///
/// - Algorithm: threshold-equilibrium | Huang & Ma, 2016 | theorem 8 | exact check passed
/// - Source: Huang, Ma (2016), *Mean field stochastic games: monotone costs and threshold policies*,
///   CDC; (2017), *Mean field stochastic games with binary actions: stationary threshold policies*,
///   CDC.
/// - Differs: on a grid an equilibrium may need a mixed state, which the papers' continuum does not.
/// - Complexity: log₂(states) + 60 evaluations of a law and a best response.
/// - Verified: `MalwareTests` (against the continuum's closed form and against brute force).
public enum ThresholdEquilibrium {
  /// The threshold method.
  public static func find(_ model: some ThresholdModel) -> ThresholdEvaluation {
    var low = 0
    var high = model.stateCount
    while low < high {
      let middle = (low + high) / 2
      if advantage(model, at: Threshold(Double(middle)), state: middle) >= 0 {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return settle(model, above: low)
  }

  /// The equilibrium at `index`, or the mixed one just below it.
  private static func settle(
    _ model: some ThresholdModel, above index: Int
  ) -> ThresholdEvaluation {
    let whole = Threshold(Double(index))
    guard index > 0, advantage(model, at: whole, state: index - 1) > 0 else {
      return model.evaluate(whole)
    }
    return model.evaluate(mixed(model, state: index - 1))
  }

  /// The threshold in (state, state + 1) at which `state` is indifferent.
  private static func mixed(_ model: some ThresholdModel, state: Int) -> Threshold {
    var low = Double(state)
    var high = low + 1
    while true {
      let middle = (low + high) / 2
      if middle <= low || middle >= high { return Threshold(middle) }
      if advantage(model, at: Threshold(middle), state: state) >= 0 {
        high = middle
      } else {
        low = middle
      }
    }
  }

  /// A_state(t): what action 1 gains over action 0 for one agent while the others use threshold t.
  private static func advantage(
    _ model: some ThresholdModel, at threshold: Threshold, state: Int
  ) -> Double {
    guard state < model.stateCount else { return 0 }
    let q = model.exactOptimum(law: model.stationaryLaw(threshold)).actionValues
    return q[2 * state + 1] - q[2 * state]
  }

  /// All equilibria in threshold policies, pure and mixed at one state, by brute force: every whole
  /// threshold is tested, and every gap is searched where the advantage of its state changes sign.
  ///
  /// - Parameter tolerance: the gain of a deviation, from any state, that counts as none.
  public static func all(
    _ model: some ThresholdModel, tolerance: Double = 1e-9
  ) -> [ThresholdEvaluation] {
    var found: [ThresholdEvaluation] = []
    for index in 0...model.stateCount {
      let whole = model.evaluate(Threshold(Double(index)))
      if whole.largestGain <= tolerance { found.append(whole) }
      guard index < model.stateCount else { break }
      let lower = advantage(model, at: Threshold(Double(index)), state: index)
      let upper = advantage(model, at: Threshold(Double(index + 1)), state: index)
      if lower < 0 && upper > 0 {
        let candidate = model.evaluate(mixed(model, state: index))
        if candidate.largestGain <= tolerance { found.append(candidate) }
      }
    }
    return found
  }
}
