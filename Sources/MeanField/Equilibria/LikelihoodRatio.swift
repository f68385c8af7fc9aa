import Learning
import Randomness

/// Estimates ∂J_{π_θ,z}/∂θ of a differentiable policy by the likelihood ratio.
///
/// ## Method
/// With Λ_σ = ∇ log π_θ(A_σ | X_σ), over trajectories from ξ₀:
/// `G = mean of Σ_σ γ^σ Λ_σ (ψ_σ − b_σ)`, where ψ_σ is
/// - Monte Carlo: the discounted return from σ on, with b_σ the mean of ψ_σ over the **other**
///   trajectories (which leaves G unbiased);
/// - SARSA: the critic's Q(X_σ, A_σ), with b_σ = Σ_a π Q(X_σ, a);
/// - renewal: from cycles of s₀, J = E[P] + E[D] R/((1 − γ) T) with P, D the reward and the discount
///   up to the first visit; ∇E[F] = E[F Σ Λ] for each of the four expectations F.
///
/// - Algorithm: likelihood-ratio-gradient | Subramanian & Mahajan, 2019 | section 2.1.1 | exact check passed
/// - Source: Williams (1992); Sutton et al. (2000); Subramanian, Mahajan (2018), *Renewal Monte Carlo*,
///   arXiv 1804.01116; Subramanian, Mahajan (2019), section 2.1.1.
/// - Differs: the paper's formula Σ Λ_σ V(X_σ) has the state's value where the action's value or the
///   return belongs (E[Λ | X] = 0 makes it vanish) and lacks γ^σ.
/// - Randomness: a stream for each trajectory or cycle.
/// - Verified: `PolicyGradientTests` (against finite differences of the exact J).
public enum LikelihoodRatio: Hashable, Sendable, Codable {
  case monteCarlo(trajectories: Int, horizon: Int)
  case sarsa(SarsaEvaluation, trajectories: Int, horizon: Int)
  case renewal(RenewalMonteCarlo)

  /// The estimate, an estimate of J, and the transitions taken.
  public func gradient(
    _ model: some AgentSimulator, _ family: some DifferentiablePolicy, _ parameters: [Double],
    states: [Double], seeds: SeedTree
  ) -> (gradient: [Double], value: Double, samples: Int) {
    let walker = GradientWalker(
      model: model, family: family, parameters: parameters, policy: family.policy(parameters),
      law: PopulationLaw(states: states, policy: family.policy(parameters)))
    switch self {
    case .monteCarlo(let trajectories, let horizon):
      return walker.monteCarlo(trajectories, horizon, seeds)
    case .sarsa(let critic, let trajectories, let horizon):
      let q = critic.actionValues(
        model, policy: walker.policy, states: states, seeds: seeds.child("critic"))
      var result = walker.actorCritic(q, trajectories, horizon, seeds)
      result.samples += critic.episodes * critic.horizon
      return result
    case .renewal(let method):
      return walker.renewal(method, seeds)
    }
  }
}

/// Trajectories of a differentiable policy.
private struct GradientWalker<Model: AgentSimulator, Family: DifferentiablePolicy> {
  let model: Model
  let family: Family
  let parameters: [Double]
  let policy: StationaryPolicy
  let law: PopulationLaw

  typealias Estimate = (gradient: [Double], value: Double, samples: Int)

  private struct Step {
    var state: Int
    var action: Int
    var reward: Double
  }

  private func walk(
    from start: Int, steps: Int, until end: Int?, _ stream: inout RandomStream
  ) -> [Step] {
    var state = start
    var path: [Step] = []
    for _ in 0..<steps {
      let action = stream.categorical(policy.row(state))
      let next = model.sample(state: state, action: action, law: law, using: &stream)
      path.append(Step(state: state, action: action, reward: next.reward))
      state = next.state
      if state == end { break }
    }
    return path
  }

  private func add(_ weight: Double, _ step: Step, to gradient: inout [Double]) {
    guard weight != 0 else { return }
    let direction = family.logGradient(parameters, state: step.state, action: step.action)
    for index in gradient.indices { gradient[index] += weight * direction[index] }
  }

  func monteCarlo(_ trajectories: Int, _ horizon: Int, _ seeds: SeedTree) -> Estimate {
    let initial = model.initialDistribution
    let paths = (0..<trajectories).map { index in
      var stream = seeds.stream("trajectory", index)
      return walk(
        from: stream.categorical(initial), steps: horizon, until: nil, &stream)
    }
    var later = [Double](repeating: 0, count: trajectories)
    var gradient = [Double](repeating: 0, count: parameters.count)
    let others = Double(max(1, trajectories - 1))
    for time in stride(from: horizon - 1, through: 0, by: -1) {
      for index in later.indices {
        later[index] = paths[index][time].reward + model.discount * later[index]
      }
      let total = later.reduce(0, +)
      let weight = power(model.discount, Double(time)) / Double(trajectories)
      for index in later.indices {
        let baseline = trajectories > 1 ? (total - later[index]) / others : 0
        add(weight * (later[index] - baseline), paths[index][time], to: &gradient)
      }
    }
    return (gradient, later.reduce(0, +) / Double(trajectories), trajectories * horizon)
  }

  func actorCritic(
    _ q: [Double], _ trajectories: Int, _ horizon: Int, _ seeds: SeedTree
  ) -> Estimate {
    let initial = model.initialDistribution
    let actions = model.actionCount
    let values = (0..<model.stateCount).map { state in
      (0..<actions).reduce(0) { $0 + policy[state, $1] * q[state * actions + $1] }
    }
    var gradient = [Double](repeating: 0, count: parameters.count)
    for index in 0..<trajectories {
      var stream = seeds.stream("trajectory", index)
      var weight = 1 / Double(trajectories)
      let path = walk(from: stream.categorical(initial), steps: horizon, until: nil, &stream)
      for step in path {
        let advantage = q[step.state * actions + step.action] - values[step.state]
        add(weight * advantage, step, to: &gradient)
        weight *= model.discount
      }
    }
    let value = zip(initial, values).reduce(0) { $0 + $1.0 * $1.1 }
    return (gradient, value, trajectories * horizon)
  }

  /// The means of reward, discount at the end and Σ γᵗ over a set of paths, with their gradients.
  private func expectations(_ paths: [[Step]]) -> [(mean: Double, gradient: [Double])] {
    var means = [0.0, 0.0, 0.0]
    let empty = [Double](repeating: 0, count: parameters.count)
    var gradients = [empty, empty, empty]
    let share = 1 / Double(paths.count)
    for path in paths {
      // A score multiplies only what comes after it: earlier rewards do not depend on the action.
      let end = power(model.discount, Double(path.count))
      var reward = 0.0
      var weight = end
      for step in path.reversed() {
        weight /= model.discount
        reward += weight * step.reward
        let time = (weight - end) / (1 - model.discount)
        add(share * reward, step, to: &gradients[0])
        add(share * end, step, to: &gradients[1])
        add(share * time, step, to: &gradients[2])
      }
      means[0] += share * reward
      means[1] += share * end
      means[2] += share * (1 - end) / (1 - model.discount)
    }
    return zip(means, gradients).map { ($0, $1) }
  }

  func renewal(_ method: RenewalMonteCarlo, _ seeds: SeedTree) -> Estimate {
    let initial = model.initialDistribution
    let cycles = (0..<method.cycles).map { index in
      var stream = seeds.stream("cycle", index)
      return walk(
        from: method.renewalState, steps: method.longestCycle, until: method.renewalState, &stream)
    }
    let starts = (0..<method.starts).map { index -> [Step] in
      var stream = seeds.stream("start", index)
      let start = stream.categorical(initial)
      guard start != method.renewalState else { return [] }
      return walk(
        from: start, steps: method.longestCycle, until: method.renewalState, &stream)
    }
    let cycle = expectations(cycles)
    let prefix = expectations(starts)
    let scale = 1 / (1 - model.discount)
    let (reward, time) = (cycle[0], cycle[2])
    let renewalValue = scale * reward.mean / time.mean
    let gradient = parameters.indices.map { index in
      let change =
        scale * (reward.gradient[index] * time.mean - reward.mean * time.gradient[index])
        / (time.mean * time.mean)
      return prefix[0].gradient[index] + prefix[1].gradient[index] * renewalValue
        + prefix[1].mean * change
    }
    let samples = (cycles + starts).reduce(0) { $0 + $1.count }
    return (gradient, prefix[0].mean + prefix[1].mean * renewalValue, samples)
  }
}

/// Learns a local stationary mean-field equilibrium with likelihood-ratio gradients.
///
/// ## Method
/// For k = 1 … K: `z_{k+1} = MF_Update(θ_k, z_k)`; `θ_{k+1} = [θ_k + α_k G(θ_k, z_{k+1})]_Θ` with
/// Adam's α_k.
///
/// - Algorithm: likelihood-ratio-equilibrium | Subramanian & Mahajan, 2019 | algorithm 2 | exact check passed
/// - Source: Subramanian, Mahajan (2019), algorithm 2.
/// - Differs: None known.
/// - Verified: `PolicyGradientTests`.
public struct LikelihoodRatioEquilibrium: Hashable, Sendable, Codable {
  public var configuration: PolicySearchConfiguration
  public var estimator: LikelihoodRatio

  public init(
    _ configuration: PolicySearchConfiguration = PolicySearchConfiguration(),
    estimator: LikelihoodRatio = .monteCarlo(trajectories: 200, horizon: 100)
  ) {
    self.configuration = configuration
    self.estimator = estimator
  }

  public func run(
    _ model: some BatchSimulator, _ family: some DifferentiablePolicy, seeds: SeedTree,
    threads: Int = 1
  ) -> PolicySearchResult {
    var parameters = family.project(configuration.initialParameters)
    var field = model.initialDistribution
    var result = PolicySearchResult(start: parameters, meanField: field)
    var optimiser = Adam<Double>(count: parameters.count, stepSize: configuration.stepSize)
    for iteration in 0..<configuration.iterations {
      let here = seeds.child("iteration", iteration)
      field = configuration.meanField.apply(
        model, family, parameters, from: field, seeds: here.child("field"), threads: threads)
      let estimate = estimator.gradient(
        model, family, parameters, states: field, seeds: here.child("gradient"))
      optimiser.stepSize = configuration.stepSize * configuration.schedule.factor(iteration)
      optimiser.descend(&parameters, estimate.gradient, scale: -1)
      parameters = family.project(parameters)
      result.record(
        parameters: parameters, value: estimate.value, meanField: field,
        samples: configuration.meanField.samples + estimate.samples)
    }
    return result
  }
}
