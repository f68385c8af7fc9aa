import Learning
import Randomness
import Testing

/// Each learner finds the best stochastic policy; an untrained one fails the same test.
struct TwoRouteTests {
  let problem = TwoRouteProblem()

  func start(_ seed: UInt64) -> [Double] {
    var draws = RandomStream(seed: seed)
    return problem.network.initialParameters(using: &draws).map { $0 * 3 }
  }

  @Test func untrainedPoliciesFail() {
    let passed = (0..<20).count { problem.passes(start(UInt64($0))) }
    #expect(passed < 6)
    #expect(!problem.passes(start(1)) && !problem.passes(start(2)))
  }

  @Test(arguments: [UInt64(1), 2])
  func policyGradient(_ seed: UInt64) {
    var draws = RandomStream(seed: seed &+ 50)
    var parameters = start(seed)
    for round in 0..<600 {
      let batch = problem.play(parameters, rounds: 20, &draws)
      let gradient = PolicyEvaluation(problem.network, parameters, batch).logLikelihoodGradient()
      parameters.add(round < 400 ? 1 : 0.2, gradient)
    }
    #expect(problem.passes(parameters))
  }

  @Test(arguments: [UInt64(1), 2])
  func trustRegion(_ seed: UInt64) {
    var draws = RandomStream(seed: seed &+ 60)
    var parameters = start(seed)
    for round in 0..<200 {
      let batch = problem.play(parameters, rounds: 60, &draws)
      let old = PolicyEvaluation(problem.network, parameters, batch)
      let objective = ImportanceObjective(around: old)
      // The normalised advantages make every step as long as the region: shrink it.
      let region = TrustRegion(maximumDivergence: round < 100 ? 0.01 : 0.0002)
      parameters =
        region.step(
          from: parameters, gradient: objective.gradient(old), fisherProduct: old.fisherProduct
        ) {
          let new = PolicyEvaluation(problem.network, $0, batch)
          return (objective.value(new), new.meanDivergence(from: old))
        }.parameters
    }
    #expect(problem.passes(parameters))
  }

  @Test(arguments: [UInt64(1), 2])
  func proximal(_ seed: UInt64) {
    var draws = RandomStream(seed: seed &+ 70)
    var parameters = start(seed)
    var optimiser = Adam<Double>(count: parameters.count, stepSize: 0.01)
    var method = ProximalPolicyOptimization()
    method.epochs = 3
    method.minibatch = 300
    for round in 0..<300 {
      if round == 200 { optimiser.stepSize = 0.001 }
      let batch = problem.play(parameters, rounds: 60, &draws)
      _ = method.improve(
        problem.network, &parameters, batch, optimiser: &optimiser, using: &draws)
    }
    #expect(problem.passes(parameters))
  }
}
