/// Q on an ε-net of distributions and local policies, and the controller that acts on it.
public struct LiftedSolution: Sendable {
  public let net: SimplexNet
  public let policies: [StationaryPolicy]
  public let kernel: KernelRegression
  /// `[time][net point][local policy]`, the last two flat; one time where nothing depends on it.
  public internal(set) var values: [[Double]]
  /// Steps of the population that were sampled; 0 for a known model.
  public var samples = 0
  /// Sweeps until the largest change fell below the tolerance.
  public var sweeps = 0
  /// The share of cells of the net that were visited (1 for a known model).
  public var coverage = 1.0

  /// Γ_K Q(μ, ·): the value of every local policy at a distribution.
  public func actionValues(_ states: [Double], time: Int = 0) -> [Double] {
    Self.blend(
      values[min(time, values.count - 1)], kernel.weights(net, at: states), policies.count)
  }

  /// Σ w_i q(i, ·); unvisited entries (−∞) are left out of the weights.
  static func blend(
    _ table: [Double], _ weights: [(index: Int, weight: Double)], _ count: Int
  ) -> [Double] {
    (0..<count).map { choice in
      var sum = 0.0
      var total = 0.0
      for (index, weight) in weights where table[index * count + choice] > -.infinity {
        sum += weight * table[index * count + choice]
        total += weight
      }
      return total > 0 ? sum / total : -.infinity
    }
  }

  /// V(μ) = max_h Γ_K Q(μ, h).
  public func value(_ states: [Double], time: Int = 0) -> Double {
    actionValues(states, time: time).max() ?? -.infinity
  }

  /// The best local policy at a distribution, the first among equals.
  public func policy(_ states: [Double], time: Int = 0) -> StationaryPolicy {
    let values = actionValues(states, time: time)
    let best = values.indices.max { values[$0] < values[$1] } ?? 0
    return policies[best]
  }

  /// What the controller really earns from a distribution on, in the limit population.
  public func realisedValue(
    _ population: some ControlledPopulation, from start: [Double], steps: Int
  ) -> Double {
    var states = start
    var weight = 1.0
    var total = 0.0
    let horizon = min(steps, population.horizon ?? steps)
    for time in 0..<horizon {
      let index = population.horizon == nil ? time % population.period : time
      let outcome = population.step(states, policy: policy(states, time: index), time: time)
      total += weight * outcome.reward
      weight *= population.discount
      states = outcome.next
    }
    return total
  }
}
