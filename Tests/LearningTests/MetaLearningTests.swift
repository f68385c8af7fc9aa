import Learning
import Randomness
import Testing

/// The gradient through adaptation against central differences of the adapted objective.
struct MetaLearningTests {
  static let network = FeedForwardNetwork(inputs: 9, hidden: [14, 11], outputs: 3)

  func setUp(steps: Int) -> ([Double], [PolicyBatch<Double>], PolicyBatch<Double>, [Double]) {
    var draws = RandomStream(seed: 2)
    let parameters: [Double] = Self.network.initialParameters(using: &draws)
    let inner = (0..<steps).map {
      randomBatch(Self.network, rows: 15, sparse: true, seed: UInt64(10 + $0), as: Double.self)
    }
    let outer = randomBatch(Self.network, rows: 15, sparse: true, seed: 99, as: Double.self)
    return (parameters, inner, outer, normals(parameters.count, &draws))
  }

  @Test(arguments: [1, 2, 3])
  func metaGradient(_ steps: Int) {
    let (parameters, inner, outer, u) = setUp(steps: steps)
    let sizes = StepSizes.perLayer(0.03, of: Self.network)
    let path = AdaptationPath(Self.network, parameters, inner, stepSizes: sizes)
    let adapted = PolicyEvaluation(Self.network, path.adapted, outer)
    let objective = ImportanceObjective(around: adapted)
    let outerGradient = objective.gradient(adapted)
    let meta = path.pullBack(outerGradient)
    let slope = directionalDerivative(parameters, u) {
      let other = AdaptationPath(Self.network, $0, inner, stepSizes: sizes)
      return objective.value(PolicyEvaluation(Self.network, other.adapted, outer))
    }
    #expect(abs(meta.dot(u) - slope) < 1e-7 * max(1, abs(slope)))
    // First order alone misses it: the test can fail.
    #expect(abs(outerGradient.dot(u) - slope) > 1e-3 * abs(slope))

    // Push-forward against differences of the adapted parameters, and adjoint to the pull-back.
    let moved = directionalDerivative(parameters, u) {
      AdaptationPath(Self.network, $0, inner, stepSizes: sizes).adapted
    }
    #expect(relativeError(path.pushForward(u), moved) < 1e-7)
    #expect(abs(path.pushForward(u).dot(outerGradient) - meta.dot(u)) < 1e-9)

    // Single precision.
    let single = AdaptationPath(
      Self.network, parameters.map { Float($0) }, inner.map { converted($0, to: Float.self) },
      stepSizes: sizes)
    #expect(relativeError(single.pullBack(outerGradient.map { Float($0) }), meta) < 1e-3)
  }

  @Test(arguments: [1, 4])
  func stepSizeGradient(_ count: Int) {
    let (parameters, inner, outer, _) = setUp(steps: 2)
    let values = (0..<(count == 1 ? 1 : Self.network.layers.count)).map { 0.02 + 0.01 * Double($0) }
    func adaptedEvaluation(_ values: [Double]) -> PolicyEvaluation<Double> {
      let path = AdaptationPath(Self.network, parameters, inner, stepSizes: StepSizes(values))
      return PolicyEvaluation(Self.network, path.adapted, outer)
    }
    let path = AdaptationPath(Self.network, parameters, inner, stepSizes: StepSizes(values))
    let exact = path.stepSizeGradient(adaptedEvaluation(values).logLikelihoodGradient())
    for index in values.indices {
      var unit = [Double](repeating: 0, count: values.count)
      unit[index] = 1
      let slope = directionalDerivative(values, unit) { adaptedEvaluation($0).logLikelihood }
      #expect(abs(exact[index] - slope) < 1e-7 * max(1, abs(slope)))
    }
  }
}
