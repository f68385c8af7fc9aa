/// Adapts parameters by policy-gradient steps and carries derivatives through the adaptation.
///
/// ```swift
/// let steps = [firstBatch, secondBatch]             // inner data, one batch per inner step
/// let path = AdaptationPath(network, parameters, steps, stepSizes: .uniform(0.01))
/// let meta = path.pullBack(outerGradient)           // second order: through both steps
/// ```
///
/// ## Method
/// `θ_{k+1} = θ_k + α ⊙ ∇L_k(θ_k)` with `L_k = Σ weight·log π(action)` on batch k. With `H_k` the
/// Hessian of `L_k` at `θ_k` (symmetric):
/// - pull-back of an outer gradient `v_K`: `v_k = v_{k+1} + H_k(α ⊙ v_{k+1})`;
/// - push-forward of a direction `u_0`: `u_{k+1} = u_k + α ⊙ (H_k u_k)`;
/// - gradient with respect to the step sizes: `Σ_k v_{k+1} ⊙ ∇L_k(θ_k)`.
///
/// First order leaves the `H_k` out: pull-back and push-forward are the identity.
///
/// - Source: Finn, Abbeel, Levine (2017), *Model-agnostic meta-learning for fast adaptation of deep
///   networks*, ICML, equations of section 3.2; learned step sizes: Li, Zhou, Chen, Li (2017),
///   *Meta-SGD*; Antoniou, Edwards, Storkey (2019), *How to train your MAML* (per layer).
/// - Algorithm: model-agnostic-meta-learning | Finn et al., 2017 | section 3.2 | exact check passed
/// - Differs: ascends (the objective is to be maximised), where the papers descend a loss.
/// - Randomness: none.
/// - Complexity: per inner step one gradient; a pull-back or push-forward one Hessian–vector product
///   per step.
/// - Verified: `MetaLearningTests` (meta-gradient and step-size gradient against finite differences).
public struct AdaptationPath<Scalar: NetworkScalar>: Sendable {
  /// The policy before each inner step, on that step's data.
  public private(set) var evaluations: [PolicyEvaluation<Scalar>]
  /// The gradients taken.
  public let gradients: [[Scalar]]
  /// After the last step.
  public let adapted: [Scalar]
  public let stepSizes: StepSizes
  private let network: FeedForwardNetwork

  /// - Parameter known: the gradients of these very steps, where they were taken before; they are
  ///   not taken again.
  public init(
    _ network: FeedForwardNetwork, _ parameters: [Scalar], _ steps: [PolicyBatch<Scalar>],
    stepSizes: StepSizes, known: [[Scalar]] = [], kernels: KernelSet = .best
  ) {
    var evaluations: [PolicyEvaluation<Scalar>] = []
    var gradients: [[Scalar]] = []
    var current = parameters
    for (index, batch) in steps.enumerated() {
      let evaluation = PolicyEvaluation(network, current, batch, kernels: kernels)
      let gradient =
        known.indices.contains(index) ? known[index] : evaluation.logLikelihoodGradient()
      current.add(1, stepSizes.times(gradient, network))
      evaluations.append(evaluation)
      gradients.append(gradient)
    }
    self.network = network
    self.evaluations = evaluations
    self.gradients = gradients
    self.stepSizes = stepSizes
    adapted = current
  }

  /// The same path, prepared for many products, with curvature from every `stride`-th decision only,
  /// weighted up: for Fisher products, where the whole batch costs more than it tells.
  public func subsampled(_ stride: Int) -> AdaptationPath {
    var copy = self
    copy.evaluations = evaluations.map { evaluation in
      guard stride > 1 else { return evaluation.preparedForHessianProducts() }
      var batch = evaluation.batch.everyRow(stride)
      batch.weights = batch.weights.scaled(Double(stride))
      return PolicyEvaluation(network, evaluation.parameters, batch).preparedForHessianProducts()
    }
    return copy
  }

  /// The gradient with respect to the initial parameters, from that with respect to the adapted.
  public func pullBack(_ outerGradient: [Scalar]) -> [Scalar] {
    var v = outerGradient
    for evaluation in evaluations.reversed() {
      v.add(1, evaluation.logLikelihoodHessianProduct(stepSizes.times(v, network)))
    }
    return v
  }

  /// How the adapted parameters move when the initial ones move along `direction`.
  public func pushForward(_ direction: [Scalar]) -> [Scalar] {
    var u = direction
    for evaluation in evaluations {
      u.add(1, stepSizes.times(evaluation.logLikelihoodHessianProduct(u), network))
    }
    return u
  }

  /// The gradient with respect to the step sizes, one number per step size, from the outer gradient
  /// with respect to the adapted parameters.
  public func stepSizeGradient(_ outerGradient: [Scalar]) -> [Double] {
    var total = [Double](repeating: 0, count: stepSizes.values.count)
    var v = outerGradient
    for (evaluation, gradient) in zip(evaluations, gradients).reversed() {
      let part = stepSizes.parts(of: v, with: gradient, network)
      for index in total.indices { total[index] += part[index] }
      v.add(1, evaluation.logLikelihoodHessianProduct(stepSizes.times(v, network)))
    }
    return total
  }
}

/// The inner step sizes of an adaptation: one for all parameters, or one per layer.
public struct StepSizes: Hashable, Sendable, Codable {
  /// One number, or one per layer of the network.
  public var values: [Double]

  public init(_ values: [Double]) {
    precondition(!values.isEmpty, "StepSizes needs at least one number")
    self.values = values
  }

  public static func uniform(_ value: Double) -> StepSizes { StepSizes([value]) }

  public static func perLayer(_ value: Double, of network: FeedForwardNetwork) -> StepSizes {
    StepSizes([Double](repeating: value, count: network.layers.count))
  }

  /// `α ⊙ v`.
  public func times<Scalar: NetworkScalar>(
    _ v: [Scalar], _ network: FeedForwardNetwork
  ) -> [Scalar] {
    if values.count == 1 { return v.scaled(values[0]) }
    var result: [Scalar] = []
    result.reserveCapacity(v.count)
    for (layer, value) in zip(network.layers, values) {
      result += v.copy(of: layer.weightOffset..<layer.end).scaled(value)
    }
    return result
  }

  /// `Σ v·g` over the parameters of each step size.
  func parts<Scalar: NetworkScalar>(
    of v: [Scalar], with g: [Scalar], _ network: FeedForwardNetwork
  ) -> [Double] {
    if values.count == 1 { return [v.dot(g)] }
    return network.layers.map {
      v.copy(of: $0.weightOffset..<$0.end).dot(g.copy(of: $0.weightOffset..<$0.end))
    }
  }
}
