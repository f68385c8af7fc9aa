import Foundation

/// The surrogate of trust-region methods on one batch: `Σ weight · π(action) / π_old(action)`.
///
/// - Shapes: `oldLogProbabilities` has one entry per row of the batch.
public struct ImportanceObjective<Scalar: NetworkScalar>: Sendable {
  public let oldLogProbabilities: [Scalar]

  /// The objective around a policy: at that policy it is `Σ weight`.
  public init(around old: PolicyEvaluation<Scalar>) {
    oldLogProbabilities = old.actionLogProbabilities
  }

  /// `weight·ratio` of each row.
  func weightedRatios(_ evaluation: PolicyEvaluation<Scalar>) -> [Scalar] {
    let new = evaluation.actionLogProbabilities
    let weights = evaluation.batch.weights
    return filled(new.count) { out in
      for row in new.indices {
        out[row] = weights[row] * Scalar(exp(Double(new[row]) - Double(oldLogProbabilities[row])))
      }
    }
  }

  /// The value at another policy on the same batch.
  public func value(_ evaluation: PolicyEvaluation<Scalar>) -> Double {
    weightedRatios(evaluation).reduce(0) { $0 + Double($1) }
  }

  /// The gradient at another policy on the same batch.
  public func gradient(_ evaluation: PolicyEvaluation<Scalar>) -> [Scalar] {
    evaluation.gradient(
      logitGradient: evaluation.logitGradient(weights: weightedRatios(evaluation)))
  }
}
