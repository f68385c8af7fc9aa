import Foundation
import Learning
import Randomness
import Testing

struct OptimizerTests {
  @Test func conjugateGradientSolvesExactly() {
    // A = MᵀM + I for a random M: after n steps the residual is rounding.
    let n = 12
    var draws = RandomStream(seed: 1)
    let m: [Double] = normals(n * n, &draws)
    let b: [Double] = normals(n, &draws)
    func product(_ v: [Double]) -> [Double] {
      let mv = (0..<n).map { i in (0..<n).reduce(0.0) { $0 + m[i * n + $1] * v[$1] } }
      return (0..<n).map { i in v[i] + (0..<n).reduce(0.0) { $0 + m[$1 * n + i] * mv[$1] } }
    }
    let x = ConjugateGradient(iterations: n + 2, tolerance: 0).solve(b, product: product)
    #expect(relativeError(product(x), b) < 1e-9)
  }

  /// The bound holds for every batch, on batches built to make the quadratic model wrong.
  @Test(arguments: 0..<12)
  func trustRegionNeverExceedsItsDivergence(_ seed: Int) {
    let network = FeedForwardNetwork(inputs: 10, hidden: [24, 24], outputs: 4)
    var draws = RandomStream(seed: UInt64(seed))
    let parameters: [Float] = network.initialParameters(using: &draws)
      .map { (x: Float) in x * Float(1 + seed) }
    let batch: PolicyBatch<Float> = randomBatch(
      network, rows: 40, sparse: true, seed: UInt64(seed))
    let old = PolicyEvaluation(network, parameters, batch)
    let objective = ImportanceObjective(around: old)
    let method = TrustRegion(maximumDivergence: [1e-4, 0.01, 0.5][seed % 3])
    let step = method.step(
      from: parameters, gradient: objective.gradient(old), fisherProduct: old.fisherProduct
    ) {
      let new = PolicyEvaluation(network, $0, batch)
      return (objective.value(new), new.meanDivergence(from: old))
    }
    let new = PolicyEvaluation(network, step.parameters, batch)
    #expect(new.meanDivergence(from: old) <= method.maximumDivergence)
    #expect(step.improvement > 0 && step.backtracks != nil)
    #expect(objective.value(new) > objective.value(old))
    // Where the policy is not saturated the step is not timid either.
    if seed < 4 { #expect(step.divergence > method.maximumDivergence / 20) }
  }

  @Test func adamAgainstItsPseudocode() {
    // Algorithm 1 of the paper, with bias correction written out.
    var draws = RandomStream(seed: 3)
    var x: [Double] = normals(5, &draws)
    var slow = x
    var m = [Double](repeating: 0, count: 5)
    var v = m
    var optimiser = Adam<Double>(count: 5, stepSize: 0.1)
    for t in 1...50 {
      let g = x.map { 2 * $0 }
      optimiser.descend(&x, g)
      for i in 0..<5 {
        let gradient = 2 * slow[i]
        m[i] = 0.9 * m[i] + 0.1 * gradient
        v[i] = 0.999 * v[i] + 0.001 * gradient * gradient
        slow[i] -=
          0.1 * (m[i] / (1 - pow(0.9, Double(t))))
          / ((v[i] / (1 - pow(0.999, Double(t)))).squareRoot() + 1e-8)
      }
      #expect(relativeError(x, slow) < 1e-12)
    }
  }

  @Test func clippedGradient() {
    let network = FeedForwardNetwork(inputs: 8, hidden: [12], outputs: 3)
    let batch: PolicyBatch<Double> = randomBatch(network, rows: 30, sparse: true, seed: 8)
    var draws = RandomStream(seed: 9)
    let old: [Double] = network.initialParameters(using: &draws)
    let here = old.adding(0.25, normals(old.count, &draws))
    let u: [Double] = normals(old.count, &draws)
    let oldLogs = PolicyEvaluation(network, old, batch).actionLogProbabilities
    var method = ProximalPolicyOptimization()
    method.entropyWeight = 0.3
    func value(_ parameters: [Double]) -> Double {
      let evaluation = PolicyEvaluation(network, parameters, batch)
      var sum = method.entropyWeight * evaluation.meanEntropy
      for (row, log) in evaluation.actionLogProbabilities.enumerated() {
        let ratio = exp(log - oldLogs[row])
        let weight = batch.weights[row]
        sum += min(ratio * weight, min(max(ratio, 0.8), 1.2) * weight)
      }
      return sum
    }
    let exact = method.gradient(
      PolicyEvaluation(network, here, batch), oldLogs: oldLogs, scale: 1)
    let slope = directionalDerivative(here, u, value)
    #expect(abs(exact.dot(u) - slope) < 1e-6 * max(1, abs(slope)))
  }

  /// A two-state chain where the greedy policy, taken at once from noisy values, is worse.
  @Test func conservativeIterationRises() {
    // State 0: action 0 stays (reward 0), action 1 goes to 1 (reward 0). State 1: action 0 stays
    // (reward 1), action 1 goes back (reward 0). Discount .9: best value from 0 is .9/(1 − .9) = 9.
    func value(_ p: [Double]) -> (v: [Double], q: [Double]) {
      var v = [0.0, 0.0]
      for _ in 0..<2000 {
        v = [
          p[0] * 0.9 * v[0] + p[1] * 0.9 * v[1], p[2] * (1 + 0.9 * v[1]) + p[3] * 0.9 * v[0],
        ]
      }
      return (v, [0.9 * v[0], 0.9 * v[1], 1 + 0.9 * v[1], 0.9 * v[0]])
    }
    let method = ConservativePolicyIteration(discount: 0.9, largestReward: 1)
    var policy = [0.5, 0.5, 0.5, 0.5]
    var last = value(policy).v[0]
    for _ in 0..<4000 {
      let q = value(policy).q
      let greedy = [
        q[0] > q[1] ? 1 : 0, q[0] > q[1] ? 0 : 1, q[2] > q[3] ? 1 : 0, q[2] > q[3] ? 0 : 1,
      ]
      .map(Double.init)
      let advantage = method.advantage(
        policy, greedy: greedy, actionValues: q, stateWeights: discountedVisits(policy))
      policy = method.mix(
        policy, greedy: greedy, coefficient: method.coefficient(advantage: advantage))
      let now = value(policy).v[0]
      #expect(now >= last - 1e-12)
      last = now
      if advantage < 1e-6 { break }
    }
    #expect(last > 8.5)
  }

  private func discountedVisits(_ p: [Double]) -> [Double] {
    var d = [1.0, 0.0]
    var total = [0.0, 0.0]
    var weight = 0.1
    for _ in 0..<500 {
      total = [total[0] + weight * d[0], total[1] + weight * d[1]]
      d = [d[0] * p[0] + d[1] * p[3], d[0] * p[1] + d[1] * p[2]]
      weight *= 0.9
    }
    return total
  }
}
