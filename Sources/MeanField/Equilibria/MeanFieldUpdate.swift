import Randomness

/// Estimates the mean field that a policy generates, by following particles.
///
/// ```swift
/// let update = MeanFieldUpdate(steps: 200, batchSize: 1000)
/// let next = update.apply(malware, policy, [0.9], from: states, seeds: seeds, threads: 2)
/// ```
///
/// ## Method
/// `batchSize` particles start at the given distribution; in each of `steps` rounds all of them act
/// and move, facing the empirical law of all particles. The result is the final empirical
/// distribution over states. Where transitions do not depend on the law, the law is not computed in
/// between. With `agents` n > 1 there are `batchSize` separate systems of n agents, each of which
/// faces its own empirical law; the results are averaged.
///
/// - Algorithm: mean-field-update | Subramanian & Mahajan, 2019 | algorithm 1 and algorithm 4 | exact check passed
/// - Source: Subramanian, Mahajan (2019), algorithm 1 (`MF_Update`, starts at the last mean field)
///   and algorithm 4 (`Stationary_MF`, starts at ξ₀): one routine with two starts.
/// - Differs: as printed, algorithm 4 takes n = m = 1000, 2e8 transitions a call, while the paper's
///   footnote counts m·B of them, one particle for each member of the batch: that is `agents` = 1,
///   the default.
/// - Randomness: fixed pieces of 500 particles, each with streams of its own.
/// - Complexity: steps × batchSize × agents transitions.
/// - Verified: `PerturbationSolverTests`.
public struct MeanFieldUpdate: Hashable, Sendable, Codable {
  /// B ≥ 1.
  public var steps: Int
  /// m ≥ 1.
  public var batchSize: Int
  /// n ≥ 1; 1 pools all particles into one population.
  public var agents: Int

  static let pieceSize = 500

  public init(steps: Int = 200, batchSize: Int = 1000, agents: Int = 1) {
    precondition(
      steps >= 1 && batchSize >= 1 && agents >= 1,
      "MeanFieldUpdate(steps: \(steps), batchSize: \(batchSize), agents: \(agents))")
    self.steps = steps
    self.batchSize = batchSize
    self.agents = agents
  }

  /// The number of transitions of one call.
  public var samples: Int { steps * batchSize * agents }

  /// The estimated mean field over states.
  public func apply(
    _ model: some BatchSimulator, _ family: some ParametricPolicy, _ parameters: [Double],
    from start: [Double], seeds: SeedTree, threads: Int = 1
  ) -> [Double] {
    if model.transitionsDependOnLaw {
      let groups = agents == 1 ? [batchSize] : [Int](repeating: agents, count: batchSize)
      let fields = concurrentMap(count: groups.count, threads: threads) { group in
        coupled(
          model, family, parameters, count: groups[group], from: start,
          seeds: seeds.child("system", group))
      }
      return average(fields, weights: groups)
    }
    let sizes = Self.pieces(batchSize * agents)
    let fields = concurrentMap(count: sizes.count, threads: threads) { piece in
      decoupled(
        model, family, parameters, count: sizes[piece], from: start,
        seeds: seeds.child("piece", piece))
    }
    return average(fields, weights: sizes)
  }

  /// The sizes of the fixed pieces of work.
  static func pieces(_ count: Int) -> [Int] {
    stride(from: 0, to: count, by: pieceSize).map { min(pieceSize, count - $0) }
  }

  private func decoupled(
    _ model: some BatchSimulator, _ family: some ParametricPolicy, _ parameters: [Double],
    count: Int, from start: [Double], seeds: SeedTree
  ) -> [Double] {
    var lanes = RandomLanes(seeds.child("environment"))
    var policyLanes = RandomLanes(seeds.child("policy"))
    var batch = ParticleBatch(count: count)
    batch.drawStates(start, using: &lanes)
    let law = PopulationLaw(states: start, policy: family.policy(parameters))
    for _ in 0..<steps {
      family.act(parameters, &batch, using: &policyLanes)
      lanes.fill(&batch.words)
      model.advance(&batch, law: law)
    }
    return batch.histogram(stateCount: model.stateCount)
  }

  private func coupled(
    _ model: some BatchSimulator, _ family: some ParametricPolicy, _ parameters: [Double],
    count: Int, from start: [Double], seeds: SeedTree
  ) -> [Double] {
    var lanes = RandomLanes(seeds.child("environment"))
    var policyLanes = RandomLanes(seeds.child("policy"))
    var batch = ParticleBatch(count: count)
    batch.drawStates(start, using: &lanes)
    for _ in 0..<steps {
      family.act(parameters, &batch, using: &policyLanes)
      let law = PopulationLaw(batch, stateCount: model.stateCount, actionCount: model.actionCount)
      lanes.fill(&batch.words)
      model.advance(&batch, law: law)
    }
    return batch.histogram(stateCount: model.stateCount)
  }

  private func average(_ fields: [[Double]], weights: [Int]) -> [Double] {
    let total = Double(weights.reduce(0, +))
    var result = [Double](repeating: 0, count: fields.first?.count ?? 0)
    for (field, weight) in zip(fields, weights) {
      for index in result.indices { result[index] += field[index] * Double(weight) / total }
    }
    return result
  }
}

extension PopulationLaw {
  /// The empirical law of a batch.
  init(_ batch: ParticleBatch, stateCount: Int, actionCount: Int) {
    self.init(
      states: batch.states.map(Int.init), actions: batch.actions.map(Int.init),
      stateCount: stateCount, actionCount: actionCount)
  }
}
