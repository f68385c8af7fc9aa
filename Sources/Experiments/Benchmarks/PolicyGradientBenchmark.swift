import Learning
import Randomness

/// One policy-gradient step of a router of the published size: forward, softmax, gradient of
/// `Σ weight·log π(action)`, and the step. Benchmarks/learning/compare.sh sets it beside PyTorch, which
/// does the same on the same shapes.
package struct PolicyGradientBenchmark: Sendable {
  /// Decisions of a router in 15 episodes of 500 ticks.
  package static let rows = 7500
  /// B4 without past actions: 12 destinations and none, and the busiest of 3 neighbours.
  package static let inputs = 16
  package static let hidden = 128
  package static let hiddenLayers = 5
  package static let outputs = 3

  private let network = FeedForwardNetwork(
    inputs: Self.inputs, hidden: [Int](repeating: Self.hidden, count: Self.hiddenLayers),
    outputs: Self.outputs)
  private let start: [Float]
  private let batch: PolicyBatch<Float>

  package init(seed: UInt64) {
    var draws = RandomStream(seed: seed)
    start = network.initialParameters(using: &draws)
    var indices: [Int32] = []
    var actions: [Int32] = []
    var weights: [Float] = []
    for _ in 0..<Self.rows {
      indices.append(Int32(draws.integer(below: 13)))
      indices.append(Int32(13 + draws.integer(below: 3)))
      actions.append(Int32(draws.integer(below: Self.outputs)))
      weights.append(Float(draws.normal()) / Float(Self.rows))
    }
    batch = PolicyBatch(
      input: .oneHot(indices: indices, activePerRow: 2), actions: actions, weights: weights)
  }

  /// Takes steps one after the other on one thread; returns the last log-likelihood.
  package func steps(_ count: Int) -> Double {
    var parameters = start
    var value = 0.0
    for _ in 0..<count {
      let here = PolicyEvaluation(network, parameters, batch)
      parameters.add(0.01, here.logLikelihoodGradient())
      value = here.logLikelihood
    }
    return value
  }

  /// Operations of a step in dense layers: forward 1, gradient 2.
  package var operationsPerStep: Double {
    network.layers.dropFirst().reduce(0) {
      $0 + 6 * Double($1.inputs) * Double($1.outputs)
    } * Double(Self.rows)
  }
}
