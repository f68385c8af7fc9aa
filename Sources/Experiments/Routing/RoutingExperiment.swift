import Networks
import PacketSimulation
import Randomness
import Routing

/// An algorithm with its settings, as an experiment plays it.
public struct RoutingEntry: Sendable {
  public let algorithm: RoutingAlgorithm
  public let configuration: any AlgorithmConfiguration
  public let learning: LearningSettings
  /// A policy that was trained before; it is played as it is, and nothing is trained.
  public var policy: PolicyFile?

  public init(
    _ algorithm: RoutingAlgorithm, configuration: any AlgorithmConfiguration,
    learning: LearningSettings = LearningSettings(), policy: PolicyFile? = nil
  ) {
    self.algorithm = algorithm
    self.configuration = configuration
    self.learning = learning
    self.policy = policy
  }

  public var isLearner: Bool { algorithm.kind == .learner }
  /// Episodes that a learner trains; 0 for policies.
  public var trainingEpisodes: Int {
    guard isLearner && policy == nil else { return 0 }
    if let episodes = learning.trainingEpisodes { return episodes }
    let meta = configuration as? MAMRLConfiguration
    return meta.map { $0.iterations * $0.episodesPerIteration } ?? algorithm.trainingEpisodes
  }
}

/// A state of the network: what fails, and how a user wrote it.
public struct FailureState: Sendable, Hashable {
  /// nil: the intact network.
  public let name: String?
  public let outages: [LinkOutage]

  public static let intact = FailureState(name: nil, outages: [])

  public init(name: String?, outages: [LinkOutage]) {
    self.name = name
    self.outages = outages
  }
}

/// Trains and plays algorithms at several loads, on the intact network and with failures, all on the
/// same arrivals.
///
/// ```swift
/// let experiment = RoutingExperiment(source: source, episodes: 100, seed: 1, threads: 2)
/// let results = try experiment.run([entry], loads: [0.25], failures: [.intact])
/// ```
///
/// ## Method
/// Learners train on the intact network at the load that they are evaluated at: training seed `s`
/// plays the episodes of `seeds.child("training", s)`, one after the other; the MAMRL family trains as
/// `MetaTrainer` does, many episodes in step and in the environments that its settings name. Then every
/// algorithm plays the episodes of `seeds.child("evaluation")`: the same arrivals for all.
///
/// - Randomness: everything follows from `seed`; work is cut into training runs and blocks of
///   `replicas` episodes and joined by index, so neither that number nor the threads change anything.
public struct RoutingExperiment: Sendable {
  public var source: ScenarioSource
  public var episodes: Int
  public var trainingSeeds: Int
  public var seed: UInt64
  public var threads: Int
  public var observer: any ProgressObserver

  /// Episodes in a piece of work, played in step; changes speed and memory only.
  public var replicas: Int

  public init(
    source: ScenarioSource, episodes: Int, trainingSeeds: Int = 1, seed: UInt64 = 1,
    threads: Int = 1, replicas: Int = PlaySettings().replicas,
    observer: any ProgressObserver = SilentProgress()
  ) {
    self.source = source
    self.episodes = episodes
    self.trainingSeeds = trainingSeeds
    self.seed = seed
    self.threads = threads
    self.replicas = max(1, replicas)
    self.observer = observer
  }

  /// One algorithm at one load with one training seed, ready to be evaluated.
  private struct Trained: Sendable {
    var entry: Int
    var load: Int
    var trainingSeed: Int
    var actor: RoutingActor
  }

  /// Results in the order failure, load, entry.
  public func run(
    _ entries: [RoutingEntry], loads: [Double], failures: [FailureState]
  ) throws -> [RoutingResult] {
    try results(of: try train(entries, loads), entries, loads, failures)
  }

  /// Plays a long list of failures at one load, some at a time, so that memory does not grow with it.
  ///
  /// - Parameter receive: gets the number of a failure and its results in the order of `entries`.
  public func campaign(
    _ entries: [RoutingEntry], load: Double, failures: [FailureState],
    receive: (Int, [RoutingResult]) -> Void
  ) throws {
    let trained = try train(entries, [load])
    for start in stride(from: 0, to: failures.count, by: Self.campaignChunk) {
      let chunk = start..<min(start + Self.campaignChunk, failures.count)
      let results = try results(of: trained, entries, [load], Array(failures[chunk]))
      for index in chunk {
        let first = (index - start) * entries.count
        receive(index, Array(results[first..<first + entries.count]))
      }
    }
  }

  /// Failures that a campaign plays at a time: enough work for many threads.
  private static let campaignChunk = 16

  private func results(
    of trained: [Trained], _ entries: [RoutingEntry], _ loads: [Double], _ failures: [FailureState]
  ) throws -> [RoutingResult] {
    let blocks = try evaluate(trained, entries, loads, failures)
    var results: [RoutingResult] = []
    for failure in failures.indices {
      for load in loads.indices {
        for entry in entries.indices {
          let parts = blocks.filter {
            $0.failure == failure && $0.load == load && $0.entry == entry
          }
          let scenario = try source.scenario(load: loads[load], outages: failures[failure].outages)
          results.append(
            RoutingResult(
              entry: entries[entry], load: loads[load], failure: failures[failure],
              seeds: join(parts, scenario: scenario), scenario: scenario))
        }
      }
    }
    return results
  }

  public var seeds: SeedTree { SeedTree(root: seed) }

  private func train(_ entries: [RoutingEntry], _ loads: [Double]) throws -> [Trained] {
    var jobs: [(entry: Int, load: Int, trainingSeed: Int)] = []
    for load in loads.indices {
      for (index, entry) in entries.enumerated() {
        let count = entry.isLearner ? trainingSeeds : 1
        jobs += (0..<count).map { (index, load, $0) }
      }
    }
    let jobList = jobs
    let total = jobList.reduce(0) { $0 + entries[$1.entry].trainingEpisodes }
    let counter = StepCounter(label: "training", total: total, observer: observer)
    return try ParallelMap(threads: threads).map(count: jobList.count) { number in
      let job = jobList[number]
      let scenario = try source.scenario(load: loads[job.load])
      let entry = entries[job.entry]
      if let policy = entry.policy {
        return Trained(
          entry: job.entry, load: job.load, trainingSeed: job.trainingSeed,
          actor: .learner(try policy.learner(for: scenario)))
      }
      let actor = try entry.algorithm.make(
        scenario: scenario, configuration: entry.configuration,
        seeds: seeds.child("learner", job.trainingSeed))
      guard case .learner(var learner) = actor else {
        return Trained(
          entry: job.entry, load: job.load, trainingSeed: job.trainingSeed, actor: actor)
      }
      let training = seeds.child("training", job.trainingSeed)
      if let settings = entry.configuration as? MAMRLConfiguration {
        try learner.restore(
          try metaTrained(scenario, settings, entry, training) { counter.advance(by: $0) })
      } else {
        play(
          &learner, EpisodeRunner(scenario: scenario), 0..<entry.trainingEpisodes, training
        ) { counter.advance() }
      }
      return Trained(
        entry: job.entry, load: job.load, trainingSeed: job.trainingSeed,
        actor: .learner(learner.settled()))
    }
  }

  /// The MAMRL family's training as `train` does it.
  private func metaTrained(
    _ scenario: Scenario, _ given: MAMRLConfiguration, _ entry: RoutingEntry, _ seeds: SeedTree,
    onEpisodes: (Int) -> Void
  ) throws -> LearnerState {
    var settings = given
    settings.iterations = max(1, entry.trainingEpisodes / settings.episodesPerIteration)
    // Trainings already run side by side, so each keeps to one thread.
    var trainer = MetaTrainer(
      scenario: scenario, settings: settings, seeds: seeds,
      distribution: try EnvironmentDistribution(settings, topology: scenario.topology))
    while !trainer.isFinished {
      let done = trainer.episodes
      try TrainingDiverged.check(trainer.iterate(), settings)
      onEpisodes(trainer.episodes - done)
    }
    return trainer.state
  }

  private struct Block: Sendable {
    var entry: Int
    var load: Int
    var failure: Int
    var trainingSeed: Int
    var results: EpisodeResults
  }

  private func evaluate(
    _ trained: [Trained], _ entries: [RoutingEntry], _ loads: [Double], _ failures: [FailureState]
  ) throws -> [Block] {
    var jobs: [(trained: Int, failure: Int, episodes: Range<Int>)] = []
    for index in trained.indices {
      for failure in failures.indices {
        jobs += ranges(of: entries[trained[index].entry]).map { (index, failure, $0) }
      }
    }
    let jobList = jobs
    let counter = StepCounter(label: "playing", total: jobList.count, observer: observer)
    return try ParallelMap(threads: threads).map(count: jobList.count) { number in
      let job = jobList[number]
      let subject = trained[job.trained]
      let scenario = try source.scenario(
        load: loads[subject.load], outages: failures[job.failure].outages)
      let results = play(subject.actor, entries[subject.entry], scenario, job.episodes)
      counter.advance()
      return Block(
        entry: subject.entry, load: subject.load, failure: job.failure,
        trainingSeed: subject.trainingSeed, results: results)
    }
  }

  /// The pieces of an evaluation; a learner that goes on learning needs all episodes in a row.
  private func ranges(of entry: RoutingEntry) -> [Range<Int>] {
    if entry.isLearner, entry.learning.evaluation == .continuing { return [0..<episodes] }
    return stride(from: 0, to: episodes, by: replicas).map {
      $0..<Swift.min($0 + replicas, episodes)
    }
  }

  private func play(
    _ actor: RoutingActor, _ entry: RoutingEntry, _ scenario: Scenario, _ range: Range<Int>
  ) -> EpisodeResults {
    let runner = EpisodeRunner(scenario: scenario, replicas: replicas, recordsSeries: true)
    let seeds = self.seeds.child("evaluation")
    switch actor {
    case .policy(let policy):
      return runner.run(policy, episodes: range.count, seeds: seeds, firstEpisode: range.lowerBound)
    case .learner(let learner) where entry.learning.evaluation == .frozen:
      return runner.run(
        learner.frozenPolicy(), episodes: range.count, seeds: seeds,
        firstEpisode: range.lowerBound)
    case .learner(var learner) where entry.learning.evaluation == .continuing:
      return play(&learner, runner, range, seeds)
    case .learner(let learner):
      let parts = range.map { episode in
        var copy = learner
        return play(&copy, runner, episode..<episode + 1, seeds)
      }
      return EpisodeResults(joining: parts, scenario: scenario)
    }
  }

  @discardableResult
  private func play(
    _ learner: inout any TrainableLearner, _ runner: EpisodeRunner, _ range: Range<Int>,
    _ seeds: SeedTree, onEpisode: @escaping () -> Void = {}
  ) -> EpisodeResults {
    func opened<Learner: TrainableLearner>(_ concrete: inout Learner) -> EpisodeResults {
      runner.run(
        &concrete, episodes: range.count, seeds: seeds, firstEpisode: range.lowerBound,
        onEpisode: { _, _ in
          onEpisode()
          return true
        })
    }
    return opened(&learner)
  }

  /// One result for each training seed, its blocks joined in order.
  private func join(_ blocks: [Block], scenario: Scenario) -> [EpisodeResults] {
    let count = (blocks.map(\.trainingSeed).max() ?? -1) + 1
    return (0..<count).map { seed in
      EpisodeResults(
        joining: blocks.filter { $0.trainingSeed == seed }.map(\.results), scenario: scenario)
    }
  }
}
