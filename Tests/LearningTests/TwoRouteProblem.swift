import Learning
import Randomness

/// Travellers choose one of two routes: the cost of the first is the share that takes it, that of
/// the second is constant. What all pay together is least at a stochastic policy.
///
/// With N independent travellers choosing the first route with probability p, the share X has
/// `E[X²] = p² + p(1 − p)/N`, and the mean cost is `E[X²] + (1 − p)c`, least at
/// `p = (c − 1/N) / (2 − 2/N)`.
struct TwoRouteProblem {
  var travellers = 20
  var constant = 0.8
  /// A tiny network on one constant input.
  let network = FeedForwardNetwork(inputs: 1, hidden: [8], outputs: 2)

  var bestShare: Double {
    let n = Double(travellers)
    return (constant - 1 / n) / (2 - 2 / n)
  }

  /// Everybody is paid minus what all pay: credit through one common number.
  func play(
    _ parameters: [Double], rounds: Int, _ draws: inout RandomStream
  ) -> PolicyBatch<Double> {
    let p = share(parameters)
    var actions: [Int32] = []
    var returns: [Double] = []
    for _ in 0..<rounds {
      let choices = (0..<travellers).map { _ in draws.bernoulli(p) ? Int32(0) : 1 }
      let x = Double(choices.count { $0 == 0 }) / Double(travellers)
      actions += choices
      returns += [Double](repeating: -(x * x + (1 - x) * constant), count: travellers)
    }
    let input = NetworkInput<Double>.oneHot(
      indices: [Int32](repeating: 0, count: actions.count), activePerRow: 1)
    return PolicyBatch(input: input, actions: actions, weights: returns)
      .weighted(byMeanOf: Returns.normalized(returns))
  }

  func share(_ parameters: [Double]) -> Double {
    let logits = network.outputs(parameters, .oneHot(indices: [0], activePerRow: 1))
    return PolicyEvaluation<Double>.softmax(logits, mask: nil, rows: 1, width: 2).probabilities[0]
  }

  /// Whether a policy passes: within .05 of the best share.
  func passes(_ parameters: [Double]) -> Bool { abs(share(parameters) - bestShare) < 0.05 }
}
