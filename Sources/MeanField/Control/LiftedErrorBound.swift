/// How far control on an ε-net can be from the truth: the constant of the error that is linear in ε.
///
/// ```swift
/// let slopes = LiftedErrorBound.measure(population, resolution: 48)
/// slopes.bound(KernelQLearning(resolution: 6), dimension: 3)  // ≥ sup |Γ_K q − Q|
/// ```
///
/// ## Method
/// Let r(·, h) and Φ(·, h) have ℓ₁ slopes L_r and L_Φ for every local policy h, with γ L_Φ < 1. Then
/// Q(·, h) has slope at most `L_Q = L_r + γ L_Φ L_Q = L_r/(1 − γ L_Φ)`, since a maximum over h′ is as
/// steep as its members. Two things go wrong on the net:
/// - values are read from net points within the kernel's reach ρ_K: γ L_Q ρ_K in each backup;
/// - a transition is observed from a point within ρ_c of the cell's net point (0 where the simulator is
///   started at the net points): (L_r + γ L_Φ L_Q) ρ_c = L_Q ρ_c.
///
/// The backup contracts by γ, so |q − Q| ≤ L_Q (γ ρ_K + ρ_c)/(1 − γ) at the net points; reading the answer
/// off anywhere adds L_Q ρ_K. Altogether `sup |Γ_K q − Q| ≤ L_Q (ρ_K + ρ_c)/(1 − γ)` over all
/// distributions and local policies: a constant C times ε = 1/K. The slopes are measured over
/// neighbouring points of a fine net, which is exact for the points of that net, because ℓ₁ distances
/// add up along its edges.
///
/// - Algorithm: lifted-error-bound | Gu et al., 2021 | theorem 3.4 (error linear in ε) | exact check passed
/// - Source: Gu, Guo, Wei, Xu (2021), *Mean-field controls with Q-learning for cooperative MARL:
///   convergence and complexity analysis*, SIAM J. Math. Data Science 3(4); derived anew above.
/// - Differs: the constant is ours, in terms of slopes that the program measures.
/// - Verified: `MeanFieldControlTests`.
public struct LiftedErrorBound: Hashable, Sendable {
  /// L_r.
  public var rewardSlope: Double
  /// L_Φ.
  public var flowSlope: Double
  public var discount: Double

  /// L_Q; +∞ where γ L_Φ ≥ 1, and the argument says nothing.
  public var actionValueSlope: Double {
    discount * flowSlope < 1 ? rewardSlope / (1 - discount * flowSlope) : .infinity
  }

  /// The slopes over a net of 1/`resolution`, for all local policies of resolution M.
  public static func measure(
    _ population: some ControlledPopulation, resolution: Int, policyResolution: Int = 1,
    threads: Int = 1
  ) -> LiftedErrorBound {
    let net = SimplexNet(dimension: population.stateCount, resolution: resolution)
    let policies = LocalPolicyNet(
      stateCount: population.stateCount, actionCount: population.actionCount,
      resolution: policyResolution
    ).policies
    let spacing = 2 / Double(resolution)
    let slopes = concurrentMap(count: policies.count * population.period, threads: threads) {
      piece in
      let (time, policy) = (piece / policies.count, policies[piece % policies.count])
      let steps = net.points.map { population.step($0, policy: policy, time: time) }
      var (reward, flow) = (0.0, 0.0)
      for (index, point) in net.points.enumerated() {
        for from in point.indices where point[from] > 0 {
          for to in point.indices where to > from {
            var other = point
            other[from] -= 1 / Double(resolution)
            other[to] += 1 / Double(resolution)
            let (a, b) = (steps[index], steps[net.nearest(other)])
            reward = max(reward, abs(a.reward - b.reward) / spacing)
            flow = max(flow, zip(a.next, b.next).reduce(0) { $0 + abs($1.0 - $1.1) } / spacing)
          }
        }
      }
      return (reward, flow)
    }
    return LiftedErrorBound(
      rewardSlope: slopes.map(\.0).max() ?? 0, flowSlope: slopes.map(\.1).max() ?? 0,
      discount: population.discount)
  }

  /// L_Q as a solution on a fine net shows it: the largest slope of its action values between
  /// neighbouring net points. Smaller than `actionValueSlope`, which is a worst case.
  public static func slope(of solution: LiftedSolution) -> Double {
    let net = solution.net
    let count = solution.policies.count
    var slope = 0.0
    for table in solution.values {
      for (index, point) in net.points.enumerated() {
        for from in point.indices where point[from] > 0 {
          for to in point.indices where to > from {
            var other = point
            other[from] -= 1 / Double(net.resolution)
            other[to] += 1 / Double(net.resolution)
            let neighbour = net.nearest(other)
            for choice in 0..<count {
              let change = abs(table[index * count + choice] - table[neighbour * count + choice])
              slope = max(slope, change * Double(net.resolution) / 2)
            }
          }
        }
      }
    }
    return slope
  }

  /// The bound of a learner, from a slope of Q (`actionValueSlope` by default).
  public func bound(
    _ method: KernelQLearning, dimension: Int, slope: Double? = nil
  ) -> Double {
    let net = SimplexNet(dimension: dimension, resolution: method.resolution)
    let cell = method.startsOnNet ? 0 : net.radius
    return (slope ?? actionValueSlope) * (method.kernel.reach(net) + cell) / (1 - discount)
  }
}
