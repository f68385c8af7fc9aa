import Learning
import Networks
import PacketSimulation
import Randomness

/// Trains one neural policy per router by multi-agent meta reinforcement learning.
///
/// ```swift
/// var trainer = MetaTrainer(scenario: scenario, settings: .published, seeds: SeedTree(root: 1))
/// while !trainer.isFinished { let report = trainer.iterate() }
/// let policy = NeuralRoutingPolicy(trainer.policies)
/// ```
///
/// ## Method (Algorithm 1)
/// Each iteration draws `tasksPerIteration` environments. In each: K episodes under θ, every router
/// evaluates its gradient by Eq. 5 and adapts, `θ̂ = θ + α ∇`, for each inner step; K episodes under
/// θ̂; then every router takes its outer step on all environments' data (`MetaUpdate`,
/// `JointTrustRegion`). With no inner steps this is plain (multi-agent) TRPO or policy gradient.
///
/// - Source: the MAMRL paper, Algorithm 1; seed 000, Algorithm 1.
/// - Algorithm: mamrl | MAMRL (Sun, Kiran, Ren), 2021 | Algorithm 1 | exact check passed
/// - Differs: see the fields of `MAMRLConfiguration`; gradients are ascended.
/// - Randomness: weights from `seeds.stream("weights", router)`; environments from
///   `seeds.child("iteration", i).stream("environment", task)`; episode e of step s of task k plays
///   on `…child("task", k).child("step", s).child("episode", e)`. So a resumed run continues with the
///   same bytes, and threads change nothing: routers are worked on apart and joined by index.
/// - Complexity: see `Documentation/WhatHoldsOfMAMRL.md`.
/// - Verified: `MetaTrainerTests` (finds a split that no pure route reaches; threads and resume give the
///   same bytes).
public struct MetaTrainer: Sendable {
  public let scenario: Scenario
  public let settings: MAMRLConfiguration
  public let distribution: EnvironmentDistribution
  public let threads: Int
  /// θ.
  public private(set) var policies: RouterNetworks
  /// Iterations done.
  public private(set) var iteration = 0
  private var optimisers: [Adam<Float>]
  private let seeds: SeedTree

  public init(
    scenario: Scenario, settings: MAMRLConfiguration, seeds: SeedTree,
    distribution: EnvironmentDistribution? = nil, threads: Int = 1
  ) {
    self.scenario = scenario
    self.settings = settings
    self.seeds = seeds
    self.threads = max(threads, 1)
    self.distribution =
      distribution
      ?? EnvironmentDistribution(settings.environments, topology: scenario.topology)
    let layout = ObservationLayout(
      scenario: scenario, form: settings.observation, pastActions: settings.pastActions)
    policies = RouterNetworks(layout: layout, hidden: settings.hidden, seeds: seeds)
    policies.startStepSizes(settings)
    optimisers = policies.networks.map {
      Adam(count: $0.parameterCount, stepSize: settings.outerStepSize)
    }
  }

  public var isFinished: Bool { iteration >= settings.iterations }
  /// Episodes played so far.
  public var episodes: Int { iteration * settings.episodesPerIteration }

  /// One iteration of Algorithm 1.
  public mutating func iterate() -> TrainingReport {
    let here = seeds.child("iteration", iteration)
    let tasks = (0..<settings.tasksPerIteration).map { index -> TaskData in
      var draws = here.stream("environment", index)
      return play(here.child("task", index), outages: distribution.sample(&draws))
    }
    let outcome = OuterStepper(settings: settings, threads: threads)
      .step(policies, tasks, optimisers: &optimisers)
    policies = outcome.policies
    iteration += 1
    return TrainingReport(
      iteration: iteration, episodes: episodes, tasks: tasks.map(\.outerTrajectories),
      updates: outcome.updates,
      gigaOperations: TrainingOperations(policies, settings).count(tasks, outcome.updates) / 1e9)
  }

  /// Inner steps and outer episodes of one environment.
  private func play(_ seeds: SeedTree, outages: [LinkOutage]) -> TaskData {
    var adapted = policies
    var inner: [[PolicyBatch<Float>]] = []
    var gradients: [[[Float]]] = []
    for step in 0..<settings.innerSteps {
      let batches = weighted(collect(adapted, seeds.child("step", step), outages))
      let step = Adaptation(settings: settings, threads: threads).step(adapted, batches)
      adapted = step.policies
      gradients.append(step.gradients)
      inner.append(batches)
    }
    let last = collect(adapted, seeds.child("step", settings.innerSteps), outages)
    return TaskData(
      inner: inner, innerGradients: gradients, outer: weighted(last), outerTrajectories: last)
  }

  private func collect(
    _ policies: RouterNetworks, _ seeds: SeedTree, _ outages: [LinkOutage]
  ) -> RouterTrajectories {
    .collect(
      policies, scenario: scenario,
      seeds: (0..<settings.episodesPerBatch).map { seeds.child("episode", $0) }, outages: outages,
      settings: settings, threads: threads)
  }

  private func weighted(_ trajectories: RouterTrajectories) -> [PolicyBatch<Float>] {
    concurrentMap(count: policies.networks.count, threads: threads) {
      DecisionWeights.weighted(
        trajectories, router: $0, layout: policies.layout, settings: settings)
    }
  }

  // MARK: Checkpoints

  /// Everything that is needed to continue.
  public var state: LearnerState {
    LearnerState(policies.tables() + OptimiserTables.tables(optimisers, iteration, settings))
  }

  /// Takes up a stored state; then training continues with the same bytes.
  ///
  /// - Throws: `InputError` where it does not fit network or settings.
  public mutating func restore(_ state: LearnerState) throws(InputError) {
    try policies.restore(state)
    iteration = try OptimiserTables.restore(&optimisers, policies, settings, state)
  }
}

/// One adaptation step of all routers: `θ̂ = θ + α ∇` by Eq. 5.
struct Adaptation: Sendable {
  let settings: MAMRLConfiguration
  let threads: Int

  func step(
    _ policies: RouterNetworks, _ batches: [PolicyBatch<Float>]
  ) -> (policies: RouterNetworks, gradients: [[Float]]) {
    let gradients = concurrentMap(count: batches.count, threads: threads) { router in
      PolicyEvaluation(policies.networks[router], policies.parameters[router], batches[router])
        .logLikelihoodGradient()
    }
    var result = policies
    for (router, gradient) in gradients.enumerated() {
      if let sizes = policies.stepSizes(of: router) {
        result.parameters[router].add(1, sizes.times(gradient, policies.networks[router]))
      } else {
        result.parameters[router].add(settings.innerStepSize, gradient)
      }
    }
    return (result, gradients)
  }
}

/// What an iteration of training came to: one line of the progress file.
public struct TrainingReport: Sendable, Hashable, Codable {
  public var iteration: Int
  public var episodes: Int
  /// Mean over episodes and routers of what an episode's decisions were paid: what was paid tick by
  /// tick, and with per-packet credit minus the ticks to each packet's delivery.
  public var reward: Double
  public var deliveredShare: Double
  public var restrictedMeanDelay: Double
  /// The published metric; nil where nothing was delivered.
  public var meanDeliveryTime: Double?
  public var lostPerEpisode: Double
  /// Mean and largest over routers.
  public var divergence: Double
  public var largestDivergence: Double
  /// Mean over routers, in nats.
  public var entropy: Double
  public var gradientNorm: Double
  /// Share of routers whose step was accepted.
  public var accepted: Double
  /// Floating-point operations of the dense layers, counted, in units of 1e9.
  public var gigaOperations: Double

  /// Whether rewards, gradients and policies are all finite. Eq. 4 as printed drives the estimates, and
  /// with them the rewards, beyond every number.
  public var isFinite: Bool { reward.isFinite && gradientNorm.isFinite && entropy.isFinite }

  init(
    iteration: Int, episodes: Int, tasks: [RouterTrajectories], updates: [RouterUpdate],
    gigaOperations: Double
  ) {
    self.gigaOperations = gigaOperations
    self.iteration = iteration
    self.episodes = episodes
    let metrics = tasks.flatMap(\.metrics)
    let n = Double(max(updates.count, 1))
    let plays = Double(max(metrics.count, 1))
    var paid = 0.0
    for task in tasks {
      for x in task.paid { paid += Double(x) }
      // Not a number: excused, paid the router's mean.
      for router in task.routers {
        for x in router.packetReturns where !x.isNaN { paid += x }
      }
    }
    reward = paid / (plays * n)
    let packets = metrics.reduce(0) { $0 + $1.packets }
    let delivered = metrics.reduce(0) { $0 + $1.delivered }
    deliveredShare = packets == 0 ? 1 : Double(delivered) / Double(packets)
    restrictedMeanDelay =
      Double(metrics.reduce(0) { $0 + $1.restrictedDelaySum }) / Double(max(packets, 1))
    meanDeliveryTime =
      delivered == 0
      ? nil : Double(metrics.reduce(0) { $0 + $1.deliveryTimeSum }) / Double(delivered)
    lostPerEpisode = Double(metrics.reduce(0) { $0 + $1.lost }) / plays
    divergence = updates.reduce(0) { $0 + $1.divergence } / n
    largestDivergence = updates.map(\.divergence).max() ?? 0
    entropy = updates.reduce(0) { $0 + $1.entropy } / n
    gradientNorm = updates.reduce(0) { $0 + $1.gradientNorm } / n
    accepted = Double(updates.count { $0.accepted }) / n
  }
}
