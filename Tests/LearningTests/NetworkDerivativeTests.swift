import Learning
import Randomness
import Testing

/// Every derivative against central differences: relative 1e-7 in double, 1e-3 in single precision.
struct NetworkDerivativeTests {
  static let shapes = [
    FeedForwardNetwork(inputs: 7, hidden: [], outputs: 3),
    FeedForwardNetwork(inputs: 11, hidden: [9], outputs: 4),
    FeedForwardNetwork(inputs: 13, hidden: [17, 12, 15], outputs: 5),
    FeedForwardNetwork(inputs: 20, outputs: 4),
  ]

  @Test(arguments: shapes, [false, true])
  func logLikelihood(_ network: FeedForwardNetwork, _ sparse: Bool) {
    let batch: PolicyBatch<Double> = randomBatch(
      network, rows: 12, sparse: sparse, masked: true, seed: 5)
    var draws = RandomStream(seed: 6)
    let parameters: [Double] = network.initialParameters(using: &draws)
    // Short, so that the differences cross no kink of ReLU.
    let raw: [Double] = normals(parameters.count, &draws)
    let direction = raw.scaled(3 / raw.norm)
    let here = PolicyEvaluation(network, parameters, batch)
    let gradient = here.logLikelihoodGradient()

    let slope = directionalDerivative(parameters, direction) {
      PolicyEvaluation(network, $0, batch).logLikelihood
    }
    #expect(abs(gradient.dot(direction) - slope) < 1e-7 * max(abs(slope), 1))

    let curved = directionalDerivative(parameters, direction) {
      PolicyEvaluation(network, $0, batch).logLikelihoodGradient()
    }
    let exact = here.logLikelihoodHessianProduct(direction)
    #expect(relativeError(exact, curved) < 1e-7)

    let single = PolicyEvaluation(
      network, parameters.map { Float($0) }, converted(batch, to: Float.self))
    #expect(relativeError(single.logLikelihoodGradient(), gradient) < 1e-3)
    #expect(
      relativeError(single.logLikelihoodHessianProduct(direction.map { Float($0) }), exact) < 1e-3)
  }

  @Test(arguments: shapes, [false, true])
  func fisherIsTheHessianOfTheDivergence(_ network: FeedForwardNetwork, _ sparse: Bool) {
    let batch: PolicyBatch<Double> = randomBatch(
      network, rows: 12, sparse: sparse, masked: true, seed: 15)
    var draws = RandomStream(seed: 16)
    let parameters: [Double] = network.initialParameters(using: &draws)
    let u: [Double] = normals(parameters.count, &draws)
    let here = PolicyEvaluation(network, parameters, batch)
    let product = here.fisherProduct(u)

    // Slow and obvious: F = mean Σ_a p_a s_a s_aᵀ with the score s_a of every action.
    var slow = [Double](repeating: 0, count: parameters.count)
    for row in 0..<batch.rows {
      for action in 0..<network.outputs {
        let p = here.probabilities[row * network.outputs + action]
        guard p > 0 else { continue }
        var one = batch.selecting([row])
        one.actions = [Int32(action)]
        one.weights = [1]
        let score = PolicyEvaluation(network, parameters, one).logLikelihoodGradient()
        slow.add(p * score.dot(u) / Double(batch.rows), score)
      }
    }
    #expect(relativeError(product, slow) < 1e-10)

    // And the divergence itself is half the quadratic form, to second order.
    let step = 1e-4
    let moved = PolicyEvaluation(network, parameters.adding(step, u), batch)
    let quadratic = step * step * u.dot(product) / 2
    #expect(abs(moved.meanDivergence(from: here) - quadratic) < 2e-2 * quadratic)

    let single = PolicyEvaluation(
      network, parameters.map { Float($0) }, converted(batch, to: Float.self))
    #expect(relativeError(single.fisherProduct(u.map { Float($0) }), product) < 1e-3)
  }

  /// The derivative along a direction, layer by layer; and `⟨Jv, w⟩ = ⟨v, Jᵀw⟩` with the gradient.
  @Test(arguments: shapes, [false, true])
  func outputsAlongADirection(_ network: FeedForwardNetwork, _ sparse: Bool) {
    let batch: PolicyBatch<Double> = randomBatch(network, rows: 12, sparse: sparse, seed: 45)
    var draws = RandomStream(seed: 46)
    let parameters: [Double] = network.initialParameters(using: &draws)
    // Short, so that the differences cross no kink of ReLU.
    let raw: [Double] = normals(parameters.count, &draws)
    let direction = raw.scaled(3 / raw.norm)
    let tape = NetworkTape(network, parameters, batch.input)
    let exact = tape.derivatives(parameters, along: direction)
    #expect(exact.count == network.layers.count)

    let narrow = parameters.map { Float($0) }
    let single = NetworkTape(network, narrow, converted(batch, to: Float.self).input)
      .derivatives(narrow, along: direction.map { Float($0) })
    for layer in exact.indices {
      let slope: [Double] = directionalDerivative(parameters, direction) {
        NetworkTape(network, $0, batch.input).activations[layer]
      }
      #expect(slope.norm > 0)
      #expect(relativeError(exact[layer], slope) < 1e-7)
      #expect(relativeError(single[layer], exact[layer]) < 1e-3)
    }

    let last = exact[exact.count - 1]
    let w: [Double] = normals(last.count, &draws)
    var gradient = [Double](repeating: 0, count: parameters.count)
    tape.addGradient(parameters, outputGradient: w, to: &gradient)
    #expect(abs(last.dot(w) - direction.dot(gradient)) < 1e-10 * last.norm * w.norm)
  }

  @Test func piecesDoNotShow() {
    // More rows than one piece: the sum equals that over hand-made parts.
    let network = Self.shapes[1]
    let rows = PolicyEvaluation<Double>.pieceRows + 77
    let batch: PolicyBatch<Double> = randomBatch(network, rows: rows, sparse: true, seed: 25)
    var draws = RandomStream(seed: 26)
    let parameters: [Double] = network.initialParameters(using: &draws)
    let whole = PolicyEvaluation(network, parameters, batch).logLikelihoodGradient()
    var sum = [Double](repeating: 0, count: whole.count)
    for part in [Array(0..<100), Array(100..<rows)] {
      sum.add(
        1, PolicyEvaluation(network, parameters, batch.selecting(part)).logLikelihoodGradient())
    }
    #expect(relativeError(whole, sum) < 1e-12)
  }

  @Test func entropyGradient() {
    let network = Self.shapes[2]
    let batch: PolicyBatch<Double> = randomBatch(
      network, rows: 10, sparse: false, masked: true, seed: 35)
    var draws = RandomStream(seed: 36)
    let parameters: [Double] = network.initialParameters(using: &draws)
    let u: [Double] = normals(parameters.count, &draws)
    let here = PolicyEvaluation(network, parameters, batch)
    let gradient = here.gradient(logitGradient: here.entropyLogitGradient(weight: 0.1))
    let slope = directionalDerivative(parameters, u) {
      PolicyEvaluation(network, $0, batch).meanEntropy
    }
    #expect(abs(gradient.dot(u) - slope) < 1e-7)
  }

  @Test func xavierBounds() {
    let network = FeedForwardNetwork(inputs: 30, hidden: [50], outputs: 4)
    var draws = RandomStream(seed: 1)
    let parameters: [Double] = network.initialParameters(using: &draws)
    let first = network.layers[0]
    let bound = (6.0 / 80).squareRoot()
    let weights = parameters[first.weightOffset..<first.biasOffset]
    #expect(weights.allSatisfy { abs($0) <= bound } && weights.contains { abs($0) > 0.95 * bound })
    // Uniform on ±b has variance b²/3; 1,500 numbers, false alarm below 1e-6 at five sigma.
    let variance = weights.reduce(0) { $0 + $1 * $1 } / Double(weights.count)
    #expect(abs(variance / (bound * bound / 3) - 1) < 5 * (0.8 / 1500).squareRoot())
    #expect(parameters[first.biasOffset..<first.end].allSatisfy { $0 == 0 })
  }
}
