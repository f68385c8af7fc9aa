import Learning
import Networks
import PacketSimulation
import Randomness

/// MAMRL as a learner in one world: Algorithm 1 while it is trained, Algorithm 2 once it has been
/// restored from a trained policy.
///
/// ```swift
/// var learner = MAMRLRouting(scenario: failed, settings: settings, seeds: seeds)
/// try learner.restore(trained.state)                      // from now on Algorithm 2
/// let result = EpisodeRunner(scenario: failed).run(&learner, episodes: 50, seeds: seeds)
/// ```
///
/// ## Method
/// Training: K episodes per inner step and K for the outer step, one after the other in the world
/// that the runner plays, then the outer step of `MetaUpdate`. `MetaTrainer` does the same with many
/// replicas at once and draws environments itself.
///
/// Test time (Algorithm 2): after every `adaptationEpisodes` episodes the routers step,
/// `θ_{t+1} = θ_t + α ∇` by Eq. 5 (or one trust-region step); when the failure detector finds a
/// failed link, all routers go back to the trained parameters and begin a new batch.
///
/// - Source: the MAMRL paper, Algorithms 1 and 2, section 4.3.
/// - Algorithm: mamrl-published | MAMRL (Sun, Kiran, Ren), 2021 | Algorithms 1 and 2 | exact check passed
/// - Differs: Algorithm 2 subtracts the gradient of what is to be maximised; we add it.
/// - Randomness: weights from `seeds.stream("weights", router)`; choices from the world's streams.
/// - Complexity: one forward pass per decision; per step as `MetaUpdate`.
/// - Verified: `MAMRLRoutingTests` (detector sends it back to θ).
public struct MAMRLRouting: TrainableLearner {
  public let settings: MAMRLConfiguration
  /// θ: the trained parameters.
  public private(set) var policies: RouterNetworks
  /// What the routers act by now.
  public private(set) var acting: RouterNetworks
  /// Whether this is test time.
  public private(set) var isAdapting = false
  /// How often the detector sent the routers back to θ.
  public private(set) var resets = 0
  public private(set) var controlBytes = 0
  private let topology: Topology
  private let threads: Int
  private var optimisers: [Adam<Float>]
  private var iteration = 0
  /// Complete batches of inner steps, and the episodes of the batch that is being filled.
  private var inner: [RouterTrajectories] = []
  private var episodes: [RouterTrajectories] = []
  private var detector: FailureDetector
  private var hasDetected = false
  private var recorder: RecorderBox?

  public init(
    scenario: Scenario, settings: MAMRLConfiguration, seeds: SeedTree, threads: Int = 1
  ) {
    self.settings = settings
    self.threads = threads
    topology = scenario.topology
    let layout = ObservationLayout(
      scenario: scenario, form: settings.observation, pastActions: settings.pastActions)
    policies = RouterNetworks(layout: layout, hidden: settings.hidden, seeds: seeds)
    policies.startStepSizes(settings)
    acting = policies
    optimisers = policies.networks.map {
      Adam(count: $0.parameterCount, stepSize: settings.outerStepSize)
    }
    detector = FailureDetector(topology: topology, threshold: settings.detectorLosses)
  }

  public var requirements: WorldRequirements {
    var needs = policies.layout.requirements
    needs.events = true
    return needs
  }

  public mutating func beginEpisode(in world: PacketWorld) {
    recorder = RecorderBox(TrajectoryRecorder(world: world, settings: settings))
    detector.beginEpisode()
  }

  public mutating func decide(_ batch: DecisionBatch, in world: PacketWorld) {
    let rows = acting.evaluate(
      batch, in: world, shutting: settings.failedLinks == .masked ? detector : nil)
    acting.sample(rows, batch)
    recorder?.value.record(rows, batch, tick: world.tick)
  }

  public mutating func observe(tick: Int, in world: PacketWorld) {
    recorder?.value.observe(tick: tick, in: world)
    controlBytes += settings.controlBytesPerTick(topology)
    if detector.observe(world.events, topology: topology) { hasDetected = true }
  }

  public mutating func endEpisode(in world: PacketWorld) {
    if let recorder { episodes.append(recorder.value.finish(world)) }
    recorder = nil
    if isAdapting {
      adaptAtTestTime()
    } else if episodes.count >= settings.episodesPerBatch {
      finishBatch()
    }
  }

  /// Algorithm 2.
  private mutating func adaptAtTestTime() {
    if hasDetected {
      hasDetected = false
      resets += 1
      acting = policies
      episodes.removeAll()
      return
    }
    guard episodes.count >= settings.adaptationEpisodes else { return }
    acting = TestTimeStep(settings: settings, threads: threads)
      .step(acting, weighted(.joining(episodes)))
    episodes.removeAll()
  }

  /// The end of an inner step's or of the outer step's episodes.
  private mutating func finishBatch() {
    let joined = RouterTrajectories.joining(episodes)
    let batches = weighted(joined)
    episodes.removeAll()
    if inner.count < settings.innerSteps {
      inner.append(joined)
      acting = Adaptation(settings: settings, threads: threads).step(acting, batches).policies
      return
    }
    let task = TaskData(
      inner: inner.map(weighted), outer: batches, outerTrajectories: joined)
    policies =
      OuterStepper(settings: settings, threads: threads)
      .step(policies, [task], optimisers: &optimisers).policies
    iteration += 1
    acting = policies
    inner.removeAll()
  }

  private func weighted(_ trajectories: RouterTrajectories) -> [PolicyBatch<Float>] {
    concurrentMap(count: policies.networks.count, threads: threads) {
      DecisionWeights.weighted(
        trajectories, router: $0, layout: policies.layout, settings: settings)
    }
  }

  /// θ while training, what it acts by at test time.
  public func frozenPolicy() -> any RoutingPolicy {
    NeuralRoutingPolicy(isAdapting ? acting : policies)
  }

  public var state: LearnerState {
    var tables = policies.tables() + OptimiserTables.tables(optimisers, iteration, settings)
    tables.append(
      LearnerState.Table(
        "course",
        [isAdapting, hasDetected].map { $0 ? 1 : 0 }
          + [resets, inner.count, episodes.count].map {
            Float($0)
          }))
    tables += acting.tables(prefix: "acting")
    tables.append(LearnerState.Table("detector", detector.numbers))
    for (index, batch) in (inner + episodes).enumerated() {
      tables += batch.tables(prefix: "played.\(index)")
    }
    return LearnerState(tables)
  }

  /// Goes on from a stored state: its own, with half-filled batches and all; or what training left
  /// behind (`MetaTrainer`), and then the learner follows Algorithm 2 from it.
  public mutating func restore(_ state: LearnerState) throws(InputError) {
    try policies.restore(state)
    iteration = try OptimiserTables.restore(&optimisers, policies, settings, state)
    acting = policies
    inner.removeAll()
    episodes.removeAll()
    hasDetected = false
    guard state.tables.contains(where: { $0.name == "course" }) else {
      isAdapting = true
      return
    }
    try restoreCourse(state)
  }

  private mutating func restoreCourse(_ state: LearnerState) throws(InputError) {
    let course = try state.wholeNumbers("course", in: 0...65_535)
    guard course.count == 5 else {
      throw InputError(file: "policy", field: "course", expected: "expected five numbers")
    }
    (isAdapting, hasDetected, resets) = (course[0] == 1, course[1] == 1, course[2])
    try acting.restore(state, prefix: "acting")
    let losses = try state.wholeNumbers("detector", in: -(1 << 24)...(1 << 24))
    guard losses.count == topology.links.count else {
      throw InputError(
        file: "policy", field: "detector", expected: "expected a number for each link")
    }
    detector.restore(losses)
    for index in 0..<(course[3] + course[4]) {
      let batch = try RouterTrajectories(
        state, prefix: "played.\(index)", layout: policies.layout)
      if index < course[3] { inner.append(batch) } else { episodes.append(batch) }
    }
  }

  /// From now on the learner follows Algorithm 2 from what it has learned.
  public mutating func beginTestTime() {
    acting = policies
    isAdapting = true
    inner.removeAll()
    episodes.removeAll()
  }
}

/// Keeps a recorder out of the learner's copies while an episode runs.
private final class RecorderBox: @unchecked Sendable {
  var value: TrajectoryRecorder
  init(_ value: TrajectoryRecorder) { self.value = value }
}

extension MAMRLConfiguration {
  /// Bytes that routers tell each other in a tick: one number each way over every link for consensus.
  func controlBytesPerTick(_ topology: Topology) -> Int {
    switch reward {
    case .publishedEachTick, .publishedAtEnd, .backlogShare: 8 * topology.links.count
    case .packetDelay, .publishedExactMean, .lossOnly, .globalBacklog, .localBacklog: 0
    }
  }
}

/// One step of Algorithm 2 for all routers.
struct TestTimeStep: Sendable {
  let settings: MAMRLConfiguration
  let threads: Int

  func step(_ policies: RouterNetworks, _ batches: [PolicyBatch<Float>]) -> RouterNetworks {
    guard settings.adaptationStep == .trustRegion else {
      return Adaptation(settings: settings, threads: threads).step(policies, batches).policies
    }
    var result = policies
    result.parameters = concurrentMap(count: batches.count, threads: threads) { router in
      let (network, batch) = (policies.networks[router], batches[router])
      let old = PolicyEvaluation(network, policies.parameters[router], batch)
      let objective = ImportanceObjective(around: old)
      return settings.adaptationRegion.step(
        from: old.parameters, gradient: objective.gradient(old), fisherProduct: old.fisherProduct,
        objective: objective.value(old)
      ) {
        let new = PolicyEvaluation(network, $0, batch)
        return (objective.value(new), new.meanDivergence(from: old))
      }.parameters
    }
    return result
  }
}
