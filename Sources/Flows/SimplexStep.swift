/// The split of an amount over options that costs least in a separable quadratic model.
///
/// ## Method
/// `min Σ cost_a x_a + ½ curvature_a (x_a − present_a)²` over `x ≥ 0`, `Σ x = total`. The optimality
/// conditions give `x_a = max(0, present_a + (μ − cost_a) / curvature_a)`; μ is found by leaving the
/// options out that would be negative until none is.
///
/// - Source: Michelot (1986), *A finite algorithm for finding the projection of a point onto the
///   canonical simplex of R^n*, JOTA 50, in a diagonal metric.
/// - Complexity: O(options²) at worst.
/// - Verified: `ConvexFlowTests`, all of which take this step.
struct SimplexStep: Sendable {
  struct Option: Sendable {
    var arc: Int
    var cost: Double
    var curvature: Double
    var present: Double
    var amount: Double
  }

  private(set) var options: [Option] = []

  mutating func removeAll() { options.removeAll(keepingCapacity: true) }

  mutating func append(_ arc: Int, cost: Double, curvature: Double, present: Double) {
    options.append(
      Option(arc: arc, cost: cost, curvature: max(curvature, 1e-12), present: present, amount: -1))
  }

  mutating func solve(total: Double) {
    guard options.count > 1 else {
      if !options.isEmpty { options[0].amount = total }
      return
    }
    var least = Double.infinity
    for option in options { least = min(least, option.cost) }
    // Costs relative to the least one: the differences matter, not their common size.
    for i in options.indices {
      options[i].cost -= least
      options[i].amount = 1
    }
    var again = true
    while again {
      again = false
      let level = lagrangeMultiplier(total: total)
      for i in options.indices where options[i].amount > 0 {
        let option = options[i]
        let amount = option.present + (level - option.cost) / option.curvature
        options[i].amount = max(0, amount)
        if amount < 0 { again = true }
      }
    }
    normalise(total: total)
  }

  private func lagrangeMultiplier(total: Double) -> Double {
    var missing = total
    var flexibility = 0.0
    for option in options where option.amount > 0 {
      missing -= option.present - option.cost / option.curvature
      flexibility += 1 / option.curvature
    }
    return missing / flexibility
  }

  /// Makes the sum exact to rounding, which tiny curvatures can spoil.
  private mutating func normalise(total: Double) {
    var sum = 0.0
    for option in options { sum += option.amount }
    guard sum > 0 else {
      if let best = options.indices.min(by: { options[$0].cost < options[$1].cost }) {
        options[best].amount = total
      }
      return
    }
    for i in options.indices { options[i].amount *= total / sum }
  }
}
