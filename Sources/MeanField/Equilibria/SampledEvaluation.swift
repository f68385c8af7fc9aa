import Randomness

/// How J_{π,z} is estimated from samples inside the stationary policy searches.
public enum SampledEvaluation: Hashable, Sendable, Codable {
  /// Trajectories of fixed length: what the paper's experiments use.
  case monteCarlo(MonteCarloEvaluation)
  /// Cycles between visits of a renewal state.
  case renewal(RenewalMonteCarlo)
  /// Temporal differences.
  case sarsa(SarsaEvaluation)

  /// The estimates of J for several policies, each at its own mean field, and the transitions taken.
  /// `commonRandomNumbers` gives all of them the same draws.
  func values(
    _ model: some BatchSimulator, _ family: some ParametricPolicy,
    _ cases: [MonteCarloEvaluation.Case], commonRandomNumbers: Bool, seeds: SeedTree, threads: Int
  ) -> (values: [Double], samples: Int) {
    @Sendable func seed(_ index: Int) -> SeedTree {
      commonRandomNumbers ? seeds : seeds.child("case", index)
    }
    switch self {
    case .monteCarlo(let method):
      let samples = cases.count * method.trajectories * method.horizon
      if commonRandomNumbers {
        return (method.values(model, family, cases, seeds: seeds, threads: threads), samples)
      }
      let values = cases.enumerated().flatMap { index, single in
        method.values(model, family, [single], seeds: seed(index), threads: threads)
      }
      return (values, samples)
    case .renewal(let method):
      let results = concurrentMap(count: cases.count, threads: threads) { index in
        method.value(
          model, policy: family.policy(cases[index].parameters), states: cases[index].states,
          seeds: seed(index))
      }
      return (results.map(\.value), results.reduce(0) { $0 + $1.samples })
    case .sarsa(let method):
      let values = concurrentMap(count: cases.count, threads: threads) { index in
        method.value(
          model, policy: family.policy(cases[index].parameters), states: cases[index].states,
          seeds: seed(index))
      }
      return (values, cases.count * method.episodes * method.horizon)
    }
  }
}
