import Learning
import PacketSimulation

/// What one environment contributed to an iteration: the data of the inner steps and of the outer.
package struct TaskData: Sendable {
  /// Per inner step, per router: weighted decisions under the parameters before that step.
  package var inner: [[PolicyBatch<Float>]]
  /// Per inner step, per router: the gradient that it took; empty where it is to be taken again.
  package var innerGradients: [[[Float]]]
  /// Per router: weighted decisions under the adapted parameters.
  package var outer: [PolicyBatch<Float>]
  /// The episodes behind `outer`, for what needs ticks and replicas.
  package var outerTrajectories: RouterTrajectories

  package init(
    inner: [[PolicyBatch<Float>]], innerGradients: [[[Float]]] = [],
    outer: [PolicyBatch<Float>], outerTrajectories: RouterTrajectories
  ) {
    self.inner = inner
    self.innerGradients = innerGradients
    self.outer = outer
    self.outerTrajectories = outerTrajectories
  }
}

/// What an outer step did to one router.
package struct RouterUpdate: Sendable {
  package var parameters: [Float]
  package var divergence: Double
  package var entropy: Double
  package var gradientNorm: Double
  package var accepted: Bool
  /// Evaluations of the line search, and products with the divergence's Hessian.
  package var evaluations = 0
  package var fisherProducts = 0
  /// The step sizes of adaptation after the step, where they are learned.
  package var stepSizes: StepSizes?
}

/// The outer step of Algorithm 1 for one router.
///
/// ## Method
/// With `θ̂_k(θ)` the parameters adapted to environment k and `J_k` its surrogate on the episodes
/// played with them:
/// - `gradient`: `θ += α Σ_k ∇J_k(θ̂_k) / tasks`, the gradient taken at the adapted parameters (first
///   order, as printed) or pulled back through the adaptation (second order);
/// - `trpo`: natural-gradient step on `Σ_k J_k(θ̂_k(θ)) / tasks` under the bound on the mean KL
///   divergence of the re-adapted policies, as released. The divergence's Hessian at θ is exactly
///   `Σ_k Pᵀ F_k P / tasks` with P the push-forward through the adaptation and `F_k` the Fisher
///   matrix at `θ̂_k`, because the divergence's gradient is zero there.
/// Step sizes of adaptation may be learned as well, one per router or one per layer: they ascend their
/// own gradient `Σ_k ⟨∇J_k(θ̂_k), ∇L_k(θ)⟩ / tasks` and never become negative.
///
/// Fisher products use every `fisherStride`-th decision, gradient and line search all of them.
///
/// - Source: the MAMRL paper, Algorithm 1 and section 4.1; released program for the TRPO step.
/// - Algorithm: mamrl-training | MAMRL (Sun, Kiran, Ren), 2021 | Algorithm 1 | exact check passed
/// - Differs: ascends where the paper subtracts a gradient of what is to be maximised.
/// - Complexity: see `Documentation/WhatHoldsOfMAMRL.md`.
/// - Verified: `MetaTrainerTests` (gradient and curvature against differences through re-adaptation;
///   KL bound).
package struct MetaUpdate: Sendable {
  package let settings: MAMRLConfiguration
  let stepSizes: StepSizes

  /// - Parameter stepSizes: those of the router, where they are learned.
  package init(settings: MAMRLConfiguration, stepSizes: StepSizes? = nil) {
    self.settings = settings
    self.stepSizes = stepSizes ?? .uniform(settings.innerStepSize)
  }

  /// The parameters after the inner steps on the given data.
  ///
  /// - Parameter areOriginal: whether these are the parameters that played the episodes, so that the
  ///   gradients taken then hold.
  func path(
    _ network: FeedForwardNetwork, _ parameters: [Float], _ task: TaskData, router: Int,
    areOriginal: Bool = false
  ) -> AdaptationPath<Float> {
    AdaptationPath(
      network, parameters, task.inner.map { $0[router] }, stepSizes: stepSizes,
      known: areOriginal ? task.innerGradients.map { $0[router] } : [])
  }

  /// One router's outer step.
  func update(
    _ network: FeedForwardNetwork, _ parameters: [Float], _ tasks: [TaskData], router: Int,
    optimiser: inout Adam<Float>
  ) -> RouterUpdate {
    let local = LocalProblem(self, network, parameters, tasks, router)
    let gradient = local.gradient()
    var update = RouterUpdate(
      parameters: parameters, divergence: 0, entropy: local.entropy,
      gradientNorm: gradient.norm, accepted: false)
    switch settings.outerStep {
    case .gradient: update.parameters.add(settings.outerStepSize, gradient)
    case .adam: optimiser.descend(&update.parameters, gradient, scale: -1)
    case .trpo, .jointTrpo:
      trustRegionStep(&update, local, parameters, gradient)
      update.stepSizes = learnedStepSizes(local)
      return update
    }
    update.accepted = true
    update.divergence = local.evaluate(update.parameters).divergence
    update.evaluations = 1
    update.stepSizes = learnedStepSizes(local)
    return update
  }

  private func trustRegionStep(
    _ update: inout RouterUpdate, _ local: LocalProblem, _ parameters: [Float], _ gradient: [Float]
  ) {
    let curvature = local.curvature()
    var (products, evaluations) = (0, 0)
    let outcome = settings.trustRegion.step(
      from: parameters, gradient: gradient,
      fisherProduct: { vector in
        products += 1
        return curvature.product(vector)
      }, objective: local.value,
      evaluate: { candidate in
        evaluations += 1
        return local.evaluate(candidate)
      })
    update.parameters = outcome.parameters
    update.divergence = outcome.divergence
    update.accepted = outcome.backtracks != nil
    (update.fisherProducts, update.evaluations) = (products, evaluations)
  }

  /// The step sizes after one step along their gradient; nil where they are no learned ones.
  func learnedStepSizes(_ local: LocalProblem) -> StepSizes? {
    guard settings.innerStepSizes != .fixed, settings.innerSteps > 0 else { return nil }
    let gradient = local.stepSizeGradient()
    return StepSizes(
      // Single precision, as they are stored: a resumed training goes on with the same numbers.
      zip(stepSizes.values, gradient).map {
        Double(Float(max(0, $0 + settings.stepSizeRate * $1)))
      })
  }
}

/// The outer problem of one router: its objective, gradient and curvature around θ.
package struct LocalProblem: Sendable {
  private let update: MetaUpdate
  private let network: FeedForwardNetwork
  private let router: Int
  private let tasks: [TaskData]
  let paths: [AdaptationPath<Float>]
  let adapted: [PolicyEvaluation<Float>]
  private let objectives: [ImportanceObjective<Float>]

  package init(
    _ update: MetaUpdate, _ network: FeedForwardNetwork, _ parameters: [Float],
    _ tasks: [TaskData], _ router: Int
  ) {
    self.update = update
    self.network = network
    self.router = router
    self.tasks = tasks
    let paths = tasks.map {
      update.path(network, parameters, $0, router: router, areOriginal: true)
    }
    let adapted = zip(paths, tasks).map { PolicyEvaluation(network, $0.adapted, $1.outer[router]) }
    self.paths = paths
    self.adapted = adapted
    objectives = adapted.map(ImportanceObjective.init(around:))
  }

  private var share: Double { 1 / Double(tasks.count) }

  var entropy: Double { adapted.reduce(0) { $0 + $1.meanEntropy } * share }

  /// The objective at θ.
  var value: Double { zip(objectives, adapted).reduce(0) { $0 + $1.0.value($1.1) } * share }

  /// The gradient at θ, through the adaptation or past it.
  package func gradient() -> [Float] {
    var sum = [Float](repeating: 0, count: network.parameterCount)
    for (index, path) in paths.enumerated() {
      let outer = objectives[index].gradient(adapted[index])
      sum.add(share, update.settings.order == .second ? path.pullBack(outer) : outer)
    }
    return sum
  }

  /// The objective's gradient with respect to the step sizes of adaptation.
  func stepSizeGradient() -> [Double] {
    var sum = [Double](repeating: 0, count: update.stepSizes.values.count)
    for (index, path) in paths.enumerated() {
      let part = path.stepSizeGradient(objectives[index].gradient(adapted[index]))
      for place in sum.indices { sum[place] += share * part[place] }
    }
    return sum
  }

  /// Objective and mean divergence at other parameters, re-adapted.
  package func evaluate(_ parameters: [Float]) -> (objective: Double, divergence: Double) {
    var objective = 0.0
    var divergence = 0.0
    for (index, task) in tasks.enumerated() {
      let path = update.path(network, parameters, task, router: router)
      let here = PolicyEvaluation(network, path.adapted, task.outer[router])
      objective += share * objectives[index].value(here)
      divergence += share * here.meanDivergence(from: adapted[index])
    }
    return (objective, divergence)
  }

  /// The adapted policies at other parameters, one per task.
  func readapted(_ parameters: [Float]) -> [PolicyEvaluation<Float>] {
    tasks.map { task in
      let path = update.path(network, parameters, task, router: router)
      return PolicyEvaluation(network, path.adapted, task.outer[router])
    }
  }

  func learnedStepSizes() -> StepSizes? { update.learnedStepSizes(self) }

  /// The divergence's Hessian, prepared for products.
  package func curvature() -> Curvature {
    let stride = update.settings.fisherStride
    return Curvature(
      paths: update.settings.order == .second ? paths.map { $0.subsampled(stride) } : [],
      policies: adapted.map {
        stride > 1
          ? PolicyEvaluation(network, $0.parameters, $0.batch.everyRow(stride)) : $0
      })
  }

  package struct Curvature: Sendable {
    /// Empty for first order: the adaptation is taken as a shift.
    let paths: [AdaptationPath<Float>]
    let policies: [PolicyEvaluation<Float>]

    @Sendable package func product(_ v: [Float]) -> [Float] {
      var sum = [Float](repeating: 0, count: v.count)
      for (index, policy) in policies.enumerated() {
        let forward = paths.isEmpty ? v : paths[index].pushForward(v)
        let product = policy.fisherProduct(forward)
        sum.add(
          1 / Double(policies.count), paths.isEmpty ? product : paths[index].pullBack(product))
      }
      return sum
    }
  }
}
