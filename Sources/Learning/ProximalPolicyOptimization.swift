import Foundation
import Randomness

/// Improves a softmax policy on one batch by a few epochs of clipped surrogate ascent.
///
/// ```swift
/// var optimiser = Adam<Float>(count: parameters.count, stepSize: 3e-4)
/// let report = ProximalPolicyOptimization().improve(
///   network, &parameters, batch, optimiser: &optimiser, using: &draws)
/// ```
///
/// ## Method
/// Maximises `Σ min(r A, clip(r, 1 − ε, 1 + ε) A) + entropyWeight·H` over minibatches, where `r` is
/// the ratio of the new to the old probability of the action and `A` the row's weight times the
/// number of rows. Stops early when the mean divergence from the old policy exceeds `targetDivergence`.
///
/// - Source: Schulman, Wolski, Dhariwal, Radford, Klimov (2017), *Proximal policy optimization
///   algorithms*, arXiv 1707.06347; equation 7. Early stopping: OpenAI Spinning Up.
/// - Algorithm: proximal-policy-optimization | Schulman et al., 2017 | equation 7 | exact check passed
/// - Differs: no value network inside: advantages come with the batch.
/// - Randomness: one shuffle of the rows per epoch.
/// - Complexity: one forward and backward pass per row and epoch, one forward pass per epoch for the
///   divergence.
/// - Verified: `OptimizerTests` (clipped gradient against finite differences; the two-route problem).
public struct ProximalPolicyOptimization: Hashable, Sendable, Codable {
  /// ε in (0, 1); default .2 (the paper).
  public var clip = 0.2
  /// Passes over the batch; default 10 (the paper, Mujoco).
  public var epochs = 10
  /// Rows per gradient step; default 64 (the paper, Mujoco).
  public var minibatch = 64
  /// Weight of the mean entropy, in units of advantage per nat; default 0.
  public var entropyWeight = 0.0
  /// The mean KL divergence at which to stop, in nats; default .05; infinite for never.
  public var targetDivergence = 0.05

  public init() {}

  /// What an improvement came to.
  public struct Report: Sendable, Hashable {
    public var epochs: Int
    public var divergence: Double
  }

  public func improve<Scalar: NetworkScalar>(
    _ network: FeedForwardNetwork, _ parameters: inout [Scalar], _ batch: PolicyBatch<Scalar>,
    optimiser: inout Adam<Scalar>, using generator: inout some RandomNumberGenerator
  ) -> Report {
    let old = PolicyEvaluation(network, parameters, batch)
    let oldLogs = old.actionLogProbabilities
    var report = Report(epochs: 0, divergence: 0)
    var order = Array(0..<batch.rows)
    for _ in 0..<epochs {
      generator.shuffle(&order)
      for start in stride(from: 0, to: order.count, by: minibatch) {
        let rows = Array(order[start..<min(start + minibatch, order.count)])
        let part = batch.selecting(rows)
        let evaluation = PolicyEvaluation(network, parameters, part)
        let gradient = gradient(
          evaluation, oldLogs: rows.map { oldLogs[$0] },
          scale: Double(batch.rows) / Double(rows.count))
        optimiser.descend(&parameters, gradient, scale: -1)
      }
      report.epochs += 1
      report.divergence = PolicyEvaluation(network, parameters, batch).meanDivergence(from: old)
      if report.divergence > targetDivergence { break }
    }
    return report
  }

  /// The gradient of the clipped surrogate, its row weights times `scale`, plus the entropy's.
  public func gradient<Scalar: NetworkScalar>(
    _ evaluation: PolicyEvaluation<Scalar>, oldLogs: [Scalar], scale: Double
  ) -> [Scalar] {
    let logs = evaluation.actionLogProbabilities
    let active = logs.indices.map { row -> Scalar in
      let ratio = exp(Double(logs[row]) - Double(oldLogs[row]))
      let advantage = Double(evaluation.batch.weights[row]) * scale
      let clipped = min(max(ratio, 1 - clip), 1 + clip)
      return ratio * advantage <= clipped * advantage ? Scalar(ratio * advantage) : 0
    }
    var logitGradient = evaluation.logitGradient(weights: active)
    if entropyWeight != 0 {
      logitGradient.add(
        1, evaluation.entropyLogitGradient(weight: entropyWeight / Double(max(logs.count, 1))))
    }
    return evaluation.gradient(logitGradient: logitGradient)
  }
}

extension PolicyEvaluation {
  /// `weight·∂H/∂logit` with H the row's entropy: `−p·(log p + H)`.
  public func entropyLogitGradient(weight: Double) -> [Scalar] {
    let weights = [Scalar](repeating: Scalar(-weight), count: batch.rows)
    return filled(probabilities.count) {
      Scalar.softmaxFisher(
        rows: batch.rows, width: network.outputs, probabilities, weights, logProbabilities, $0)
    }
  }
}
