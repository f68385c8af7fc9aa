/// Learns one equilibrium policy for all distributions of the population: π(a | x, μ) on an ε-net.
///
/// ```swift
/// let result = MasterMirrorDescent(resolution: 8).run(CongestionControl())
/// PopulationPolicyMeasures(CongestionControl(), result.policy, from: [1, 0, 0]).exploitability
/// ```
///
/// ## Method
/// At every net point μ and for every iteration: `L = μ ⊙ π(μ)`, `μ′ = Φ(μ, π(μ))`,
/// `Q(x, a, μ) = r(x, a, L) + γ Σ_y P(y | x, a, L) Γ_K V(y, μ′)`, `V(x, μ) = Σ_a π(a | x, μ) Q(x, a, μ)` (swept
/// to convergence), then `y(·, μ) += η Q(·, μ)`, `π(μ) = softmax(y(·, μ))`: mirror descent in the game whose
/// state is (x, μ). Its fixed points are equilibria from every start, and so non-stationary ones
/// from a start that is not stationary.
///
/// - Algorithm: master-mirror-descent | Wu et al., 2024 | algorithm 1 (population-dependent OMD) | exact check passed
/// - Source: Wu, Laurière, Chua, Geist, Pietquin, Mehta (2024), *Population-aware online mirror descent for
///   mean-field games by deep reinforcement learning*, AAMAS; Perrin et al. (2022), AAAI.
/// - Differs: discounted instead of finite horizon; tables on a net instead of networks.
/// - Complexity: net points × S × A × (transitions + kernel) a sweep; for a handful of states.
/// - Verified: `PopulationPolicyTests` (closed form; against population-blind equilibria).
public struct MasterMirrorDescent: Hashable, Sendable, Codable {
  /// K of the net.
  public var resolution: Int
  public var iterations = 200
  /// η > 0, per unit of reward.
  public var learningRate = 1.0
  public var kernel = KernelRegression.simplicial
  /// Sweeps of the values in one iteration end below this change.
  public var tolerance = 1e-9

  public init(resolution: Int = 8) { self.resolution = resolution }

  public struct Result: Sendable {
    public var policy: PopulationPolicy
    /// V(x, μ), `[net point][state]`.
    public var values: [[Double]]
    /// Exploitability from the model's initial distribution, before each iteration and at the end.
    public var trace: [Double]
  }

  public func run(_ model: some StationaryModel, threads: Int = 1) -> Result {
    let net = SimplexNet(dimension: model.stateCount, resolution: resolution)
    let uniform = StationaryPolicy.uniform(
      stateCount: model.stateCount, actionCount: model.actionCount)
    var policy = PopulationPolicy(
      net: net, kernel: kernel,
      tables: [StationaryPolicy](repeating: uniform, count: net.points.count))
    var scores = [[Double]](
      repeating: [Double](repeating: 0, count: model.stateCount * model.actionCount),
      count: net.points.count)
    var values = [[Double]](
      repeating: [Double](repeating: 0, count: model.stateCount), count: net.points.count)
    var trace = [exploitability(model, policy)]
    for _ in 0..<iterations {
      let q = evaluate(model, policy, &values, threads: threads)
      for point in net.points.indices {
        for entry in scores[point].indices {
          scores[point][entry] += learningRate * q[point][entry]
        }
        policy.tables[point] = .softmax(
          scores[point], sharpness: 1, stateCount: model.stateCount,
          actionCount: model.actionCount)
      }
      trace.append(exploitability(model, policy))
    }
    _ = evaluate(model, policy, &values, threads: threads)
    return Result(policy: policy, values: values, trace: trace)
  }

  private func exploitability(_ model: some StationaryModel, _ policy: PopulationPolicy) -> Double {
    PopulationPolicyMeasures(model, policy, from: model.initialDistribution).exploitability
  }

  /// Q of the policy, `[net point][state · actions + action]`; `values` are taken up and left converged.
  private func evaluate(
    _ model: some StationaryModel, _ policy: PopulationPolicy, _ values: inout [[Double]],
    threads: Int
  ) -> [[Double]] {
    let net = policy.net
    let cells = concurrentMap(count: net.points.count, threads: threads) { point in
      let law = PopulationLaw(states: net.points[point], policy: policy.tables[point])
      let frozen = FrozenModel(model, law: law)
      let next = frozen.push(net.points[point], policy: policy.tables[point])
      return (frozen: frozen, next: kernel.weights(net, at: next))
    }
    var q: [[Double]] = []
    var change = Double.infinity
    while change > tolerance {
      change = 0
      q = cells.map { cell in
        var later = [Double](repeating: 0, count: model.stateCount)
        for (index, weight) in cell.next {
          for state in later.indices { later[state] += weight * values[index][state] }
        }
        return cell.frozen.actionValues(of: later)
      }
      for point in values.indices {
        for state in 0..<model.stateCount {
          var value = 0.0
          for entry in state * model.actionCount..<(state + 1) * model.actionCount {
            value += policy.tables[point].probabilities[entry] * q[point][entry]
          }
          change = max(change, abs(value - values[point][state]))
          values[point][state] = value
        }
      }
    }
    return q
  }
}
