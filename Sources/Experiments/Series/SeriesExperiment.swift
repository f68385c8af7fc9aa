import Networks
import PacketSimulation
import Randomness
import Routing

/// Plays a series of demand matrices, one after the other: learners go on learning, fixed splits are
/// computed from the matrix before, or from the true one.
///
/// ```swift
/// let experiment = SeriesExperiment(source: source, series: series)
/// let result = try experiment.run([learner])
/// ```
///
/// ## Method
/// Learners train on the first matrix (`trainingEpisodes`); nothing of it counts. From the second on
/// every matrix is played for `episodesPerMatrix` episodes of the horizon, each from an empty start;
/// learners keep what they learned and are told nothing of the change. References: `lp-split` and
/// `delay-optimal-split` computed from the true matrix, as if it were known in advance, and from the
/// one before, as an operator computes them from the last measurement. All face the same arrivals.
///
/// - Randomness: everything follows from `seed`; work is cut into learners' runs and matrices, and
///   joined by index.
public struct SeriesExperiment: Sendable {
  public var source: ScenarioSource
  public var series: DemandSeries
  public var episodesPerMatrix: Int
  public var trainingSeeds: Int
  public var seed: UInt64
  public var threads: Int
  public var observer: any ProgressObserver

  public init(
    source: ScenarioSource, series: DemandSeries, episodesPerMatrix: Int = 10,
    trainingSeeds: Int = 1, seed: UInt64 = 1, threads: Int = 1,
    observer: any ProgressObserver = SilentProgress()
  ) {
    self.source = source
    self.series = series
    self.episodesPerMatrix = episodesPerMatrix
    self.trainingSeeds = trainingSeeds
    self.seed = seed
    self.threads = threads
    self.observer = observer
  }

  /// Results: references first, then the entries in their order.
  public func run(_ entries: [RoutingEntry]) throws -> SeriesResult {
    let scenarios = try series.matrices.indices.map {
      try source.scenario(
        load: Scenario.load(effectiveRate: series.loads[$0], law: source.model.arrivals),
        traffic: series.matrices[$0])
    }
    let references = try Self.references()
    var jobs: [Job] = references.indices.map { .fixed($0) }
    for (index, entry) in entries.enumerated() {
      let count = entry.isLearner ? trainingSeeds : 1
      jobs += (0..<count).map { .entry(index, trainingSeed: $0) }
    }
    let list = jobs
    let counter = StepCounter(
      label: "series", total: list.count * (scenarios.count - 1), observer: observer)
    let played = try ParallelMap(threads: threads).map(count: list.count) { number in
      switch list[number] {
      case .fixed(let index):
        return try playFixed(
          references[index].algorithm, references[index].knowledge, scenarios, counter)
      case .entry(let index, let trainingSeed):
        return try play(entries[index], trainingSeed, scenarios, counter)
      }
    }
    var subjects = references.indices.map {
      SeriesSubject(
        algorithm: references[$0].algorithm.name, knowledge: references[$0].knowledge,
        isLearner: false, runs: [played[$0]])
    }
    for (index, entry) in entries.enumerated() {
      let runs = list.indices.filter {
        if case .entry(index, _) = list[$0] { return true }
        return false
      }
      subjects.append(
        SeriesSubject(
          algorithm: entry.algorithm.name, knowledge: entry.isLearner ? nil : .true,
          isLearner: entry.isLearner, runs: runs.map { played[$0] }))
    }
    return SeriesResult(series: series, subjects: subjects)
  }

  private enum Job: Sendable {
    case fixed(Int)
    case entry(Int, trainingSeed: Int)
  }

  static func references() throws -> [(algorithm: RoutingAlgorithm, knowledge: SeriesKnowledge)] {
    let best = try RoutingCatalogue.algorithm("delay-optimal-split")
    let leastLoad = try RoutingCatalogue.algorithm("lp-split")
    return [(best, .true), (best, .previous), (leastLoad, .true), (leastLoad, .previous)]
  }

  private var seeds: SeedTree { SeedTree(root: seed) }
  private func arrivals(_ matrix: Int) -> SeedTree { seeds.child("series").child("matrix", matrix) }

  /// Mean measures of the episodes of each matrix but the first.
  private func playFixed(
    _ algorithm: RoutingAlgorithm, _ knowledge: SeriesKnowledge, _ scenarios: [Scenario],
    _ counter: StepCounter
  ) throws -> [SeriesCell] {
    try (1..<scenarios.count).map { matrix in
      let known = scenarios[knowledge == .previous ? matrix - 1 : matrix]
      guard case .policy(let policy) = try algorithm.make(scenario: known) else {
        throw InputError(file: algorithm.name, expected: "a reference must be a policy")
      }
      defer { counter.advance() }
      return SeriesCell(
        EpisodeRunner(scenario: scenarios[matrix]).run(
          policy, episodes: episodesPerMatrix, seeds: arrivals(matrix)))
    }
  }

  private func play(
    _ entry: RoutingEntry, _ trainingSeed: Int, _ scenarios: [Scenario], _ counter: StepCounter
  ) throws -> [SeriesCell] {
    guard entry.isLearner else {
      return try playPolicy(entry, scenarios, counter)
    }
    var learner = try start(entry, scenarios[0], trainingSeed)
    return (1..<scenarios.count).map { matrix in
      defer { counter.advance() }
      return SeriesCell(
        EpisodeRunner(scenario: scenarios[matrix]).play(
          &learner, episodes: episodesPerMatrix, seeds: arrivals(matrix)))
    }
  }

  private func playPolicy(
    _ entry: RoutingEntry, _ scenarios: [Scenario], _ counter: StepCounter
  ) throws -> [SeriesCell] {
    try (1..<scenarios.count).map { matrix in
      let actor = try entry.algorithm.make(
        scenario: scenarios[matrix], configuration: entry.configuration)
      guard case .policy(let policy) = actor else {
        throw InputError(file: entry.algorithm.name, expected: "it must be a policy")
      }
      defer { counter.advance() }
      return SeriesCell(
        EpisodeRunner(scenario: scenarios[matrix]).run(
          policy, episodes: episodesPerMatrix, seeds: arrivals(matrix)))
    }
  }

  /// A learner trained on the first matrix, or taken from its file.
  private func start(
    _ entry: RoutingEntry, _ scenario: Scenario, _ trainingSeed: Int
  ) throws -> any TrainableLearner {
    if let policy = entry.policy { return try policy.learner(for: scenario) }
    let actor = try entry.algorithm.make(
      scenario: scenario, configuration: entry.configuration,
      seeds: seeds.child("learner", trainingSeed))
    guard case .learner(var learner) = actor else {
      throw InputError(file: entry.algorithm.name, expected: "it must be a learner")
    }
    _ = EpisodeRunner(scenario: scenario).play(
      &learner, episodes: entry.trainingEpisodes, seeds: seeds.child("training", trainingSeed))
    return learner
  }
}

extension EpisodeRunner {
  /// Plays a learner of any type; it keeps what it learned.
  func play(
    _ learner: inout any TrainableLearner, episodes: Int, seeds: SeedTree, firstEpisode: Int = 0
  ) -> EpisodeResults {
    func opened<Learner: TrainableLearner>(_ concrete: inout Learner) -> EpisodeResults {
      run(&concrete, episodes: episodes, seeds: seeds, firstEpisode: firstEpisode)
    }
    return opened(&learner)
  }
}
