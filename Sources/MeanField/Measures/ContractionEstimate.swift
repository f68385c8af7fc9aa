import Randomness

/// An empirical estimate of the constants of the small-parameter condition d₁d₂ + d₃ < 1.
///
/// ```swift
/// let estimate = ContractionEstimate.measure(model, smoothing: .softmax(sharpness: 2), pairs: 200,
///   seeds: SeedTree(root: 1))
/// estimate.product  // d₁d₂ + d₃
/// ```
///
/// ## Method
/// Pairs of laws and policies are drawn at random, half of them far apart (independent draws from
/// flat Dirichlet distributions), half close together; d₁, d₂ and d₃ are the largest ratios seen:
/// d₁ of D(Γ₁(L), Γ₁(L′)) to W₁(L, L′), d₂ of W₁(Γ₂(π, L), Γ₂(π′, L)) to D(π, π′), d₃ of
/// W₁(Γ₂(π, L), Γ₂(π, L′)) to W₁(L, L′). W₁ is taken for the discrete metric: half the ℓ₁ distance.
/// The largest ratio seen is a **lower** bound of the constant: an estimate above 1 refutes the
/// condition, one below 1 supports it.
///
/// - Algorithm: contraction-estimate | Guo et al., 2019 | assumptions 1 and 2 | exact check passed
/// - Source: Guo, Hu, Xu, Zhang (2019), *Learning mean-field games*, NeurIPS, assumptions 1 and 2.
/// - Differs: the constants of stationary laws and policies, not of sequences.
/// - Verified: `MeanFieldLearningTests`.
public struct ContractionEstimate: Sendable, Hashable, Codable {
  public var d1: Double
  public var d2: Double
  public var d3: Double

  /// d₁d₂ + d₃.
  public var product: Double { d1 * d2 + d3 }

  public static func measure(
    _ model: some StationaryModel, smoothing: PolicySmoothing, pairs: Int, seeds: SeedTree
  ) -> ContractionEstimate {
    var method = MeanFieldLearning()
    method.inner = .valueIteration
    method.smoothing = smoothing
    var estimate = ContractionEstimate(d1: 0, d2: 0, d3: 0)
    for index in 0..<pairs {
      let here = seeds.child("pair", index)
      var stream = here.stream("draw")
      var draws = RandomLaws(model.stateCount, model.actionCount)
      let (policy, otherPolicy) = draws.policies(close: index % 2 == 1, using: &stream)
      let (law, otherLaw) = draws.laws(close: index % 2 == 1, using: &stream)
      var q: QLearning.Progress?
      func respond(_ law: PopulationLaw) -> StationaryPolicy {
        method.respond(model, law: law, last: policy, q: &q, seeds: here)
      }
      func move(_ law: PopulationLaw, _ policy: StationaryPolicy) -> PopulationLaw {
        method.move(model, law: law, policy: policy, seeds: here)
      }
      let between = law.distance(to: otherLaw)
      if between > 0 {
        let policies = respond(law).supremumDistance(to: respond(otherLaw))
        estimate.d1 = max(estimate.d1, policies / between)
        let moved = move(law, policy).distance(to: move(otherLaw, policy))
        estimate.d3 = max(estimate.d3, moved / between)
      }
      let apart = policy.supremumDistance(to: otherPolicy)
      if apart > 0 {
        let moved = move(law, policy).distance(to: move(law, otherPolicy))
        estimate.d2 = max(estimate.d2, moved / apart)
      }
    }
    return estimate
  }
}

extension PopulationLaw {
  /// W₁ for the discrete metric: half the ℓ₁ distance of the joint laws.
  public func distance(to other: PopulationLaw) -> Double {
    0.5 * zip(joint, other.joint).reduce(0) { $0 + abs($1.0 - $1.1) }
  }
}

extension StationaryPolicy {
  /// D(π, π′) = sup_s W₁(π(s), π′(s)) for the discrete metric.
  public func supremumDistance(to other: StationaryPolicy) -> Double {
    (0..<stateCount).reduce(0) { best, state in
      max(best, 0.5 * zip(row(state), other.row(state)).reduce(0) { $0 + abs($1.0 - $1.1) })
    }
  }
}

/// Random laws and policies: flat Dirichlet draws, or small moves away from one.
private struct RandomLaws {
  let states: Int
  let actions: Int

  init(_ states: Int, _ actions: Int) {
    self.states = states
    self.actions = actions
  }

  private func dirichlet(_ count: Int, using stream: inout RandomStream) -> [Double] {
    let draws = (0..<count).map { _ in stream.exponential(rate: 1) }
    let total = draws.reduce(0, +)
    return draws.map { $0 / total }
  }

  private func pair(
    _ count: Int, close: Bool, using stream: inout RandomStream
  ) -> ([Double], [Double]) {
    let first = dirichlet(count, using: &stream)
    let second = dirichlet(count, using: &stream)
    guard close else { return (first, second) }
    return (first, zip(first, second).map { 0.999 * $0 + 0.001 * $1 })
  }

  mutating func laws(
    close: Bool, using stream: inout RandomStream
  ) -> (PopulationLaw, PopulationLaw) {
    let (first, second) = pair(states * actions, close: close, using: &stream)
    return (
      PopulationLaw(joint: first, stateCount: states, actionCount: actions),
      PopulationLaw(joint: second, stateCount: states, actionCount: actions)
    )
  }

  mutating func policies(
    close: Bool, using stream: inout RandomStream
  ) -> (StationaryPolicy, StationaryPolicy) {
    var (first, second) = ([Double](), [Double]())
    for _ in 0..<states {
      let rows = pair(actions, close: close, using: &stream)
      first += rows.0
      second += rows.1
    }
    return (
      StationaryPolicy(probabilities: first, stateCount: states, actionCount: actions),
      StationaryPolicy(probabilities: second, stateCount: states, actionCount: actions)
    )
  }
}
