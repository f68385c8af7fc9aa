/// A softmax policy at one parameter vector on one batch: probabilities, and every derivative that
/// the policy-gradient family needs.
///
/// ```swift
/// let here = PolicyEvaluation(network, parameters, batch)
/// let gradient = here.logLikelihoodGradient()           // Σ weight·∇ log π(action)
/// let curved = here.logLikelihoodHessianProduct(vector) // its Hessian times a vector
/// let metric = here.fisherProduct(vector)               // mean Fisher matrix times a vector
/// ```
///
/// ## Method
/// With `p` the softmax of the logits `z` and `F = diag(p) − ppᵀ`:
/// `∂ log π(a)/∂z = e_a − p`, and along a direction with logit derivative `Rz` it changes by
/// `−F Rz`; the mean Kullback–Leibler divergence from `p` has Hessian `Jᵀ F J / rows`, `J = ∂z/∂θ`.
///
/// Rows are worked through in pieces of `pieceRows`, so that a piece's activations stay in cache;
/// sums run over rows in ascending order, so the piece's size does not show in any bit.
///
/// - Complexity: memory rows × Σ widths numbers (the activations).
/// - Verified: `PolicyEvaluationTests` (finite differences of values and gradients).
public struct PolicyEvaluation<Scalar: NetworkScalar>: Sendable {
  public static var pieceRows: Int { 480 }

  public let network: FeedForwardNetwork
  public let parameters: [Scalar]
  public let batch: PolicyBatch<Scalar>
  /// `[row][action]`; 0 for a forbidden action.
  public let probabilities: [Scalar]
  /// `[row][action]`; 0 (a placeholder) for a forbidden action.
  public let logProbabilities: [Scalar]
  private let tapes: [NetworkTape<Scalar>]
  /// Per piece, the gradients of the log-likelihood with respect to the layers' outputs, where they
  /// are kept for many Hessian products.
  private var kept: [[[Scalar]]] = []

  public init(
    _ network: FeedForwardNetwork, _ parameters: [Scalar], _ batch: PolicyBatch<Scalar>,
    kernels: KernelSet = .best
  ) {
    self.network = network
    self.parameters = parameters
    self.batch = batch
    tapes = Self.pieces(batch.rows).map {
      NetworkTape(network, parameters, batch.input.slice($0), kernels: kernels)
    }
    (probabilities, logProbabilities) = Self.softmax(
      tapes.flatMap(\.outputs), mask: batch.mask, rows: batch.rows, width: network.outputs)
  }

  static func pieces(_ rows: Int) -> [Range<Int>] {
    stride(from: 0, to: rows, by: pieceRows).map { $0..<min($0 + pieceRows, rows) }
  }

  /// Probabilities and their logarithms of a batch of logits.
  public static func softmax(
    _ logits: [Scalar], mask: [UInt8]?, rows: Int, width: Int
  ) -> (probabilities: [Scalar], logarithms: [Scalar]) {
    var logs: [Scalar] = []
    let p: [Scalar] = filled(rows * width) { p in
      logs = filled(rows * width) { l in
        Scalar.softmax(rows: rows, width: width, mask, logits, p, l)
      }
    }
    return (p, logs)
  }

  /// The logarithm of the probability of each row's chosen action.
  public var actionLogProbabilities: [Scalar] {
    filled(batch.rows) {
      Scalar.gather(
        rows: batch.rows, width: network.outputs, logProbabilities, batch.actions, $0)
    }
  }

  /// Σ weight·log π(action).
  public var logLikelihood: Double { batch.weights.dot(actionLogProbabilities) }

  /// The mean entropy of the rows, in nats.
  public var meanEntropy: Double {
    -probabilities.dot(logProbabilities) / Double(max(batch.rows, 1))
  }

  /// The mean over rows of KL(old ‖ this), both on the same batch.
  ///
  /// Summed as `q·(log q − log p) − q + p`, whose terms are not negative: the naive sum cancels in
  /// single precision where the policies are close.
  public func meanDivergence(from old: PolicyEvaluation) -> Double {
    precondition(old.probabilities.count == probabilities.count, "divergence on another batch")
    return Scalar.softmaxDivergence(
      count: probabilities.count, old.probabilities, old.logProbabilities, logProbabilities)
      / Double(max(batch.rows, 1))
  }

  /// The gradient of `Σ outputGradient·logit` with respect to the parameters.
  public func gradient(logitGradient: [Scalar]) -> [Scalar] {
    var result = [Scalar](repeating: 0, count: parameters.count)
    for (tape, range) in zip(tapes, Self.pieces(batch.rows)) {
      tape.addGradient(parameters, outputGradient: rows(logitGradient, range), to: &result)
    }
    return result
  }

  /// ∇ Σ weight·log π(action).
  public func logLikelihoodGradient() -> [Scalar] {
    gradient(logitGradient: logitGradient(weights: batch.weights))
  }

  /// `weight·(e_action − p)`, `[row][action]`.
  public func logitGradient(weights: [Scalar]) -> [Scalar] {
    filled(batch.rows * network.outputs) {
      Scalar.softmaxScore(
        rows: batch.rows, width: network.outputs, probabilities, batch.actions, weights, $0)
    }
  }

  /// The same evaluation, which keeps what all Hessian products share: as much memory again as the
  /// activations, for a seventh of the work of each product.
  public func preparedForHessianProducts() -> PolicyEvaluation {
    let first = logitGradient(weights: batch.weights)
    var copy = self
    copy.kept = zip(tapes, Self.pieces(batch.rows)).map { tape, range in
      tape.outputGradients(parameters, rows(first, range))
    }
    return copy
  }

  /// ∇² (Σ weight·log π(action)) · vector.
  public func logLikelihoodHessianProduct(_ vector: [Scalar]) -> [Scalar] {
    let first = kept.isEmpty ? logitGradient(weights: batch.weights) : []
    var product = [Scalar](repeating: 0, count: parameters.count)
    for (piece, range) in Self.pieces(batch.rows).enumerated() {
      let tape = tapes[piece]
      let derivatives = tape.derivatives(parameters, along: vector)
      let second = fisher(
        derivatives[derivatives.count - 1], range,
        weights: batch.weights.copy(of: range).scaled(-1))
      tape.addHessianProduct(
        parameters, along: vector, derivatives: derivatives,
        outputGradients: kept.isEmpty
          ? tape.outputGradients(parameters, rows(first, range)) : kept[piece],
        outputGradientDerivative: second, to: &product)
    }
    return product
  }

  /// The Fisher matrix, averaged over the rows, times a vector.
  public func fisherProduct(_ vector: [Scalar]) -> [Scalar] {
    let weight = 1 / Scalar(max(batch.rows, 1))
    var product = [Scalar](repeating: 0, count: parameters.count)
    for (tape, range) in zip(tapes, Self.pieces(batch.rows)) {
      let derivatives = tape.derivatives(parameters, along: vector)
      let d = fisher(
        derivatives[derivatives.count - 1], range,
        weights: [Scalar](repeating: weight, count: range.count))
      tape.addGradient(parameters, outputGradient: d, to: &product)
    }
    return product
  }

  private func fisher(_ v: [Scalar], _ range: Range<Int>, weights: [Scalar]) -> [Scalar] {
    let width = network.outputs
    return filled(v.count) {
      Scalar.softmaxFisher(
        rows: range.count, width: width, rows(probabilities, range), weights, v, $0)
    }
  }

  private func rows(_ all: [Scalar], _ range: Range<Int>) -> [Scalar] {
    let width = network.outputs
    return all.copy(of: range.lowerBound * width..<range.upperBound * width)
  }
}
