import Randomness

/// Estimates J_{π,z}, the value of a policy from ξ₀ at a fixed mean field, from trajectories.
///
/// ## Method
/// The mean of Σ_{t<H} γᵗ r_t over `trajectories` independent starts from ξ₀. A pair of policies may
/// be run on common random numbers: the same starts and the same words for every transition.
///
/// - Algorithm: monte-carlo-evaluation | Subramanian & Mahajan, 2019 | section 3 | exact check passed
/// - Source: Sutton, Barto (1998), chapter 5; Subramanian, Mahajan (2019), section 3: m trajectories
///   of length H.
/// - Differs: the objective of the paper's section 1.4 is printed with γᵗ from t = 1; the one that is
///   optimised has γ^{t−1}, as here.
/// - Randomness: fixed pieces of 500 trajectories, each with streams of its own.
/// - Complexity: trajectories × horizon transitions a policy.
/// - Verified: `PerturbationSolverTests.evaluationsAgreeWithBellman`.
public struct MonteCarloEvaluation: Hashable, Sendable, Codable {
  /// m ≥ 1.
  public var trajectories: Int
  /// H ≥ 1; the neglected tail is at most γᴴ/(1 − γ) of the largest reward.
  public var horizon: Int

  public init(trajectories: Int = 1000, horizon: Int = 200) {
    precondition(
      trajectories >= 1 && horizon >= 1,
      "MonteCarloEvaluation(trajectories: \(trajectories), horizon: \(horizon))")
    self.trajectories = trajectories
    self.horizon = horizon
  }

  /// A policy and the mean field over states that it faces.
  public struct Case: Sendable, Hashable {
    public var parameters: [Double]
    public var states: [Double]

    public init(parameters: [Double], states: [Double]) {
      self.parameters = parameters
      self.states = states
    }
  }

  /// The estimates of several cases on common random numbers.
  public func values(
    _ model: some BatchSimulator, _ family: some ParametricPolicy, _ cases: [Case],
    seeds: SeedTree, threads: Int = 1
  ) -> [Double] {
    let sizes = MeanFieldUpdate.pieces(trajectories)
    let sums = concurrentMap(count: sizes.count, threads: threads) { piece in
      run(model, family, cases, count: sizes[piece], seeds: seeds.child("piece", piece))
    }
    return cases.indices.map { index in
      sums.reduce(0) { $0 + $1[index] } / Double(trajectories)
    }
  }

  private func run(
    _ model: some BatchSimulator, _ family: some ParametricPolicy, _ cases: [Case], count: Int,
    seeds: SeedTree
  ) -> [Double] {
    var lanes = RandomLanes(seeds.child("environment"))
    var first = ParticleBatch(count: count)
    first.drawStates(model.initialDistribution, using: &lanes)
    var batches = [ParticleBatch](repeating: first, count: cases.count)
    var words = first.words
    var policyLanes = [RandomLanes](
      repeating: RandomLanes(seeds.child("policy")), count: cases.count)
    let laws = cases.map {
      PopulationLaw(states: $0.states, policy: family.policy($0.parameters))
    }
    var sums = [Double](repeating: 0, count: cases.count)
    var weight = 1.0
    for _ in 0..<horizon {
      lanes.fill(&words)
      for index in cases.indices {
        family.act(cases[index].parameters, &batches[index], using: &policyLanes[index])
        batches[index].copyWords(from: words)
        model.advance(&batches[index], law: laws[index])
        sums[index] += weight * batches[index].totalReward
      }
      weight *= model.discount
    }
    return sums
  }
}
