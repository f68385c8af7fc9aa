import Learning
import Randomness

/// How one agent's problem at a fixed law is solved inside the mean-field iterations.
public enum InnerSolver: Hashable, Sendable, Codable {
  /// From samples.
  case qLearning(QLearning)
  /// From the known model.
  case valueIteration
  /// Natural-gradient steps of a tabular softmax policy within a trust region.
  case trustRegion(steps: Int, maximumDivergence: Double)
  /// Clipped-surrogate ascent of a tabular softmax policy.
  case proximal(steps: Int, epochs: Int, clip: Double, stepSize: Double)
  /// Conservative policy iteration.
  case conservative(steps: Int)

  /// Whether the solver keeps a policy from one outer iteration to the next.
  var isPolicyBased: Bool {
    switch self {
    case .qLearning, .valueIteration: false
    default: true
    }
  }
}

/// Exact tabular forms of the policy-based inner solvers.
///
/// ## Method
/// With A the advantages and d the discounted state distribution of the current policy (from ξ₀,
/// with a thousandth of the uniform distribution added, so that no state's policy stands still):
/// - trust region: maximise Σ d π A over the preferences subject to Σ d KL(old‖new) ≤ δ, by the
///   natural gradient and backtracking of `Learning.TrustRegion`;
/// - proximal: ascend Σ d π_old min(ρ A, clip(ρ, 1 ± ε) A), ρ = π/π_old, by Adam;
/// - conservative: mix with the greedy policy by `Learning.ConservativePolicyIteration`'s α.
///
/// - Algorithm: tabular-policy-improvement | Guo et al., 2020 | section 5 (policy-based GMF) | exact check passed
/// - Source: Guo, Hu, Xu, Zhang (2020), *A general framework for learning mean-field games*; Schulman
///   et al. (2015, 2017); Kakade, Langford (2002).
/// - Differs: advantages are exact instead of sampled.
/// - Verified: `MeanFieldLearningTests`.
struct TabularImprovement {
  let model: FrozenModel
  let initial: [Double]

  func run(_ solver: InnerSolver, from policy: StationaryPolicy) -> StationaryPolicy {
    var policy = policy
    switch solver {
    case .qLearning, .valueIteration:
      return DynamicProgramming.optimum(model).greedyPolicy()
    case .trustRegion(let steps, let divergence):
      for _ in 0..<steps { policy = trustRegion(policy, divergence) }
    case .proximal(let steps, let epochs, let clip, let stepSize):
      for _ in 0..<steps { policy = proximal(policy, epochs, clip, stepSize) }
    case .conservative(let steps):
      for _ in 0..<steps { policy = conservative(policy) }
    }
    return policy
  }

  /// A_π(s, a), and the discounted state distribution (sum one).
  private func situation(_ policy: StationaryPolicy) -> (advantages: [Double], weights: [Double]) {
    let values = DynamicProgramming.evaluate(model, policy: policy)
    var advantages = model.actionValues(of: values)
    for index in advantages.indices { advantages[index] -= values[index / model.actionCount] }
    var weights = initial.map { 0.999 * $0 + 0.001 / Double(initial.count) }
    var now = weights
    var factor = 1.0
    for index in weights.indices { weights[index] *= 1 - model.discount }
    while factor > 1e-6 {
      now = model.push(now, policy: policy)
      factor *= model.discount
      for index in weights.indices { weights[index] += (1 - model.discount) * factor * now[index] }
    }
    return (advantages, weights)
  }

  private func softmax(_ preferences: [Double]) -> StationaryPolicy {
    .softmax(
      preferences, sharpness: 1, stateCount: model.stateCount, actionCount: model.actionCount)
  }

  /// The preferences of a policy; probabilities below 1e-12 are raised to it.
  private func preferences(_ policy: StationaryPolicy) -> [Double] {
    policy.probabilities.map { naturalLogarithm(max($0, 1e-12)) }
  }

  /// d(s) π(a | s) (v(s, a) − Σ π v): the Fisher matrix of the preferences times a vector.
  private func fisher(
    _ policy: StationaryPolicy, _ weights: [Double], _ vector: [Double]
  ) -> [Double] {
    var result = vector
    for state in 0..<model.stateCount {
      let range = state * model.actionCount..<(state + 1) * model.actionCount
      let mean = range.reduce(0) { $0 + policy.probabilities[$1] * vector[$1] }
      for index in range {
        result[index] = weights[state] * policy.probabilities[index] * (vector[index] - mean)
      }
    }
    return result
  }

  private func trustRegion(_ policy: StationaryPolicy, _ divergence: Double) -> StationaryPolicy {
    let (advantages, weights) = situation(policy)
    let step = TrustRegion(maximumDivergence: divergence).step(
      from: preferences(policy), gradient: fisher(policy, weights, advantages),
      fisherProduct: { fisher(policy, weights, $0) },
      evaluate: { candidate in
        let new = softmax(candidate)
        var objective = 0.0
        var distance = 0.0
        for index in advantages.indices {
          let weight = weights[index / model.actionCount]
          let (p, q) = (policy.probabilities[index], new.probabilities[index])
          objective += weight * q * advantages[index]
          if p > 0 { distance += weight * p * naturalLogarithm(p / max(q, 1e-300)) }
        }
        return (objective, distance)
      })
    return softmax(step.parameters)
  }

  private func proximal(
    _ policy: StationaryPolicy, _ epochs: Int, _ clip: Double, _ stepSize: Double
  ) -> StationaryPolicy {
    let (advantages, weights) = situation(policy)
    var parameters = preferences(policy)
    var optimiser = Adam<Double>(count: parameters.count, stepSize: stepSize)
    for _ in 0..<epochs {
      let now = softmax(parameters)
      var active = advantages
      for index in active.indices {
        let ratio = now.probabilities[index] / max(policy.probabilities[index], 1e-300)
        let isClipped =
          advantages[index] > 0 ? ratio > 1 + clip : ratio < 1 - clip
        if isClipped { active[index] = 0 }
      }
      optimiser.descend(&parameters, fisher(now, weights, active), scale: -1)
    }
    return softmax(parameters)
  }

  private func conservative(_ policy: StationaryPolicy) -> StationaryPolicy {
    let (advantages, weights) = situation(policy)
    let greedy = StationaryPolicy.argmaxEqual(
      advantages, stateCount: model.stateCount, actionCount: model.actionCount)
    let largest = model.rewards.reduce(1e-12) { max($0, abs($1)) }
    let method = ConservativePolicyIteration(discount: model.discount, largestReward: largest)
    let gain = method.advantage(
      policy.probabilities, greedy: greedy.probabilities, actionValues: advantages,
      stateWeights: weights)
    return policy.mixed(with: greedy, weight: method.coefficient(advantage: gain))
  }
}
