import Randomness

/// The meta-framework for learning a stationary mean-field equilibrium: an inner solver for one
/// agent, a smoothing, a stabilised update of the population.
///
/// ```swift
/// let result = MeanFieldLearning.gmfQ(sharpness: 4).run(auction, seeds: SeedTree(root: 1))
/// result.policies.last
/// ```
///
/// ## Method
/// For k = 0, 1, …:
/// 1. solve one agent's problem against L_k: Q̂_k (or improve a policy);
/// 2. π_k = smoothing(Q̂_k);
/// 3. L̃_{k+1} = Γ₂(π_k, L_k): one step of the population, exactly or by `agents` sampled ones;
/// 4. L_{k+1} = momentum · L_k + (1 − momentum) · L̃_{k+1}, projected on the ε-net.
///
/// The named presets: the three-step fixed point (known model, argmax-e), naive Q-learning (Q-learning,
/// argmax-e), GMF-Q (Q-learning, softmax, ε-net).
///
/// - Algorithm: gmf-q | Guo et al., 2019 | algorithms 1 and 2 | exact check passed
/// - Source: Guo, Hu, Xu, Zhang (2019), *Learning mean-field games*, NeurIPS, algorithms 1 and 2; Guo,
///   Hu, Xu, Zhang (2020), *A general framework for learning mean-field games*.
/// - Differs: the ε-net consists of the laws whose entries are multiples of 1/`netResolution`, and
///   the projection is by largest remainder.
/// - Randomness: every outer iteration has its own streams for learning and for the population.
/// - Complexity: one inner solution an iteration.
/// - Verified: `MeanFieldLearningTests`.
public struct MeanFieldLearning: Hashable, Sendable, Codable {
  /// K ≥ 1, outer iterations.
  public var iterations = 50
  public var inner = InnerSolver.qLearning(QLearning())
  /// nil keeps the policy of a policy-based inner solver as it is.
  public var smoothing: PolicySmoothing? = .softmax(sharpness: 4)
  /// In [0, 1): the weight of the last law.
  public var momentum = 0.0
  /// K of the net {multiples of 1/K}; nil: no projection.
  public var netResolution: Int?
  /// Agents whose empirical law stands for the population; nil: the law itself is moved.
  public var agents: Int?
  /// Theorem 2's T_k in place of the inner solver's fixed number of steps.
  public var schedule: GMFQSchedule?
  /// The most steps that the schedule may ask for.
  public var longestInner = 1_000_000
  /// Whether Q-learning goes on from the last Q̂ and its visit counts, instead of starting anew.
  public var warmStart = false

  public init() {}

  /// The three-step fixed point of a known model (Γ₂ ∘ Γ₁ iterated).
  public static func threeStep(tolerance: Double = 1e-9) -> MeanFieldLearning {
    var method = MeanFieldLearning()
    method.inner = .valueIteration
    method.smoothing = .argmaxEqual(tolerance: tolerance)
    return method
  }

  /// Naive Q-learning with argmax-e: algorithm 1, which fluctuates.
  public static func naive(_ learning: QLearning = QLearning()) -> MeanFieldLearning {
    var method = MeanFieldLearning()
    method.inner = .qLearning(learning)
    method.smoothing = .argmaxEqual(tolerance: 0)
    return method
  }

  /// GMF-Q: algorithm 2.
  public static func gmfQ(
    sharpness: Double = 4, netResolution: Int? = 1000, _ learning: QLearning = QLearning()
  ) -> MeanFieldLearning {
    var method = MeanFieldLearning()
    method.inner = .qLearning(learning)
    method.smoothing = .softmax(sharpness: sharpness)
    method.netResolution = netResolution
    return method
  }

  /// The path of an iteration.
  public struct Result: Sendable, Hashable {
    /// L_0 … L_K.
    public var laws: [PopulationLaw]
    /// π_0 … π_{K−1}.
    public var policies: [StationaryPolicy]
    /// Transitions sampled by the learner and, where `agents` is set, by the population.
    public var samples: Int
    /// T_k where the inner solver samples, as it was carried out.
    public var innerSteps: [Int] = []

    /// |L_{k+1} − L_k|_∞ for each k.
    public var maximumChanges: [Double] {
      zip(laws, laws.dropFirst()).map { old, new in
        zip(old.joint, new.joint).reduce(0) { max($0, abs($1.0 - $1.1)) }
      }
    }

    /// |L_{k+1} − L_k|₁ for each k.
    public var totalChanges: [Double] {
      zip(laws, laws.dropFirst()).map { old, new in
        zip(old.joint, new.joint).reduce(0) { $0 + abs($1.0 - $1.1) }
      }
    }
  }

  /// Runs the iteration on a known model (of which a sampling inner solver uses only samples).
  public func run(
    _ model: some StationaryModel, start: PopulationLaw? = nil, seeds: SeedTree
  ) -> Result {
    let uniform = StationaryPolicy.uniform(
      stateCount: model.stateCount, actionCount: model.actionCount)
    var law = start ?? PopulationLaw(states: model.initialDistribution, policy: uniform)
    var result = Result(laws: [law], policies: [], samples: 0)
    var policy = uniform
    var q: QLearning.Progress?
    for iteration in 0..<iterations {
      let here = seeds.child("iteration", iteration)
      let steps = innerSteps(iteration)
      policy = respond(model, law: law, last: policy, q: &q, steps: steps, seeds: here)
      let moved = move(model, law: law, policy: policy, seeds: here)
      law = stabilise(moved, last: law)
      result.policies.append(policy)
      result.laws.append(law)
      result.innerSteps.append(steps ?? 0)
      result.samples += (steps ?? 0) + (agents ?? 0)
    }
    return result
  }

  /// T_k; nil where the inner solver does not sample.
  private func innerSteps(_ iteration: Int) -> Int? {
    guard case .qLearning(let method) = inner else { return nil }
    guard let schedule else { return method.steps }
    return Int(max(1, min(Double(longestInner), schedule.innerIterations(iteration))))
  }

  /// Γ₁: the smoothed response to a law.
  func respond(
    _ model: some StationaryModel, law: PopulationLaw, last: StationaryPolicy,
    q: inout QLearning.Progress?,
    steps: Int? = nil, seeds: SeedTree
  ) -> StationaryPolicy {
    let values: [Double]
    switch inner {
    case .qLearning(let method):
      var stream = seeds.stream("learning")
      var method = method
      method.steps = steps ?? method.steps
      var progress = warmStart ? q ?? method.begin(model) : method.begin(model)
      method.learn(model, law: law, &progress, using: &stream)
      values = progress.values
      q = progress
    case .valueIteration:
      values = DynamicProgramming.optimum(FrozenModel(model, law: law)).actionValues
    default:
      let frozen = FrozenModel(model, law: law)
      let improved = TabularImprovement(model: frozen, initial: model.initialDistribution)
        .run(inner, from: last)
      guard smoothing != nil else { return improved }
      values = frozen.actionValues(of: DynamicProgramming.evaluate(frozen, policy: improved))
    }
    let smoothing = smoothing ?? .argmaxEqual(tolerance: 0)
    return smoothing.policy(
      values, stateCount: model.stateCount, actionCount: model.actionCount)
  }

  /// Γ₂: one step of the population.
  func move(
    _ model: some StationaryModel, law: PopulationLaw, policy: StationaryPolicy, seeds: SeedTree
  ) -> PopulationLaw {
    let acting = PopulationLaw(states: law.states, policy: policy)
    guard let agents else {
      let frozen = FrozenModel(model, law: acting)
      return PopulationLaw(states: frozen.push(law.states, policy: policy), policy: policy)
    }
    var stream = seeds.stream("population")
    var next = [Double](repeating: 0, count: model.stateCount)
    for _ in 0..<agents {
      let state = stream.categorical(law.states)
      let action = stream.categorical(policy.row(state))
      next[model.sample(state: state, action: action, law: acting, using: &stream).state] +=
        1 / Double(agents)
    }
    return PopulationLaw(states: next, policy: policy)
  }

  private func stabilise(_ moved: PopulationLaw, last: PopulationLaw) -> PopulationLaw {
    var joint = moved.joint
    if momentum > 0 {
      for index in joint.indices {
        joint[index] = momentum * last.joint[index] + (1 - momentum) * joint[index]
      }
    }
    if let netResolution { joint = SimplexNet.round(joint, resolution: netResolution) }
    return PopulationLaw(
      joint: joint, stateCount: moved.stateCount, actionCount: moved.actionCount)
  }
}
