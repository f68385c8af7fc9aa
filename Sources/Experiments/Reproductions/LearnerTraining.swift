import Foundation
import Networks
import PacketSimulation
import Randomness
import Routing

/// Trains one learner of the catalogue and keeps its policy on file, so that a killed training goes
/// on where it was.
///
/// The MAMRL family trains by `MetaTraining` (many replicas at once, environments drawn as its
/// settings say); every other learner plays episodes one after the other.
public struct LearnerTraining: Sendable {
  public var entry: RoutingEntry
  public var scenario: Scenario
  public var seed: UInt64
  public var threads: Int
  public var path: String
  public var observer: any ProgressObserver
  /// Episodes between checkpoints.
  public var checkpointEvery = 50

  public init(
    entry: RoutingEntry, scenario: Scenario, seed: UInt64, threads: Int, path: String,
    observer: any ProgressObserver = SilentProgress()
  ) {
    self.entry = entry
    self.scenario = scenario
    self.seed = seed
    self.threads = threads
    self.path = path
    self.observer = observer
  }

  /// Where progress is written: one row per iteration or piece of episodes.
  public var progressPath: String { path + ".csv" }

  /// What a training came to.
  public struct Outcome: Sendable {
    public var policy: PolicyFile
    /// Means over the last row's episodes.
    public var restrictedMeanDelay: Double?
    public var deliveredShare: Double?
    /// nil where training does not count it.
    public var controlBytesPerPacket: Double?
    /// What each router keeps; empty where the learner does not say.
    public var bytesPerRouter: [Int] = []
  }

  public func run() throws -> Outcome {
    if let settings = entry.configuration as? MAMRLConfiguration {
      return try trainMAMRL(settings)
    }
    return try trainEpisodeByEpisode()
  }

  static let columns = [
    "iteration", "episodes", "reward", "deliveredShare", "restrictedMeanDelay", "meanDeliveryTime",
    "lostPerEpisode", "divergence", "largestDivergence", "entropy", "gradientNorm", "accepted",
    "gigaOperations",
  ]

  private func trainMAMRL(_ given: MAMRLConfiguration) throws -> Outcome {
    var settings = given
    if let episodes = entry.learning.trainingEpisodes {
      settings.iterations = max(1, episodes / settings.episodesPerIteration)
    }
    let training = MetaTraining(
      scenario: scenario, settings: settings, algorithm: entry.algorithm.name, seed: seed,
      threads: threads, path: path)
    var progress = ProgressFile(path: progressPath, columns: Self.columns)
    var last: TrainingReport?
    let trainer = try training.run(
      onStart: { done in
        _ = try ResultFolder(of: path)
        progress.resume(upTo: done)
      },
      onIteration: { report in
        observer.progress(
          entry.algorithm.name, completed: report.iteration, total: settings.iterations)
        progress.append(report.iteration, Self.fields(report), columns: Self.columns)
        last = report
      }, onCheckpoint: { try progress.write() })
    return Outcome(
      policy: policyFile(trainer.state, episodes: trainer.episodes),
      restrictedMeanDelay: last?.restrictedMeanDelay, deliveredShare: last?.deliveredShare)
  }

  private static func fields(_ report: TrainingReport) -> [CSVTable.Field] {
    [
      .integer(report.episodes), .number(report.reward), .number(report.deliveredShare),
      .number(report.restrictedMeanDelay), .optional(report.meanDeliveryTime),
      .number(report.lostPerEpisode), .number(report.divergence),
      .number(report.largestDivergence), .number(report.entropy), .number(report.gradientNorm),
      .number(report.accepted), .number(report.gigaOperations),
    ]
  }

  private func trainEpisodeByEpisode() throws -> Outcome {
    let seeds = SeedTree(root: seed)
    let actor = try entry.algorithm.make(
      scenario: scenario, configuration: entry.configuration, seeds: seeds.child("learner"))
    guard case .learner(var learner) = actor else {
      throw InputError(
        file: "train", value: entry.algorithm.name,
        expected: "this algorithm learns nothing; it needs no training")
    }
    var done = 0
    if FileManager.default.fileExists(atPath: path) {
      let file = try PolicyFile(path: path)
      try check(file)
      try learner.restore(file.state)
      done = file.episodes
    }
    let columns = [
      "episodes", "deliveredShare", "restrictedMeanDelay", "lost", "controlBytesPerPacket",
    ]
    var progress = ProgressFile(path: progressPath, columns: columns)
    progress.resume(upTo: done)
    _ = try ResultFolder(of: path)
    var last: MAMRLStudy.Cell?
    var control: Double?
    let runner = EpisodeRunner(scenario: scenario)
    let total = entry.trainingEpisodes
    while done < total {
      let count = min(checkpointEvery, total - done)
      let results = play(&learner, runner, done, count, seeds.child("training"))
      done += count
      let packets = results.episodes.reduce(0) { $0 + $1.packets }
      let bytes = results.episodes.reduce(0) { $0 + $1.controlBytes }
      control = packets == 0 ? nil : Double(bytes) / Double(packets)
      let summary = MAMRLStudy.summary(results.episodes)
      progress.append(
        done,
        [
          .number(summary.delivered), .number(summary.restricted), .number(summary.lost),
          .optional(control),
        ], columns: columns)
      last = summary
      try progress.write()
      try policyFile(learner.state, episodes: done).write(to: path)
      observer.progress(entry.algorithm.name, completed: done, total: total)
    }
    return Outcome(
      policy: policyFile(learner.state, episodes: done),
      restrictedMeanDelay: last?.restricted, deliveredShare: last?.delivered,
      controlBytesPerPacket: control, bytesPerRouter: learner.bytesPerRouter)
  }

  private func play(
    _ learner: inout any TrainableLearner, _ runner: EpisodeRunner, _ first: Int, _ count: Int,
    _ seeds: SeedTree
  ) -> EpisodeResults {
    func opened<Learner: TrainableLearner>(_ concrete: inout Learner) -> EpisodeResults {
      runner.run(&concrete, episodes: count, seeds: seeds, firstEpisode: first)
    }
    return opened(&learner)
  }

  private var settingsText: [String: String] {
    Dictionary(uniqueKeysWithValues: entry.configuration.values.map { ($0.name, $0.value) })
  }

  private func policyFile(_ state: LearnerState, episodes: Int) -> PolicyFile {
    PolicyFile(
      algorithm: entry.algorithm.name, settings: settingsText, topology: scenario.topology.name,
      load: scenario.load, episodes: episodes, seed: seed, scenario: scenario.fingerprint,
      state: state)
  }

  private func check(_ file: PolicyFile) throws(InputError) {
    guard file.algorithm == entry.algorithm.name, file.seed == seed, file.isTrained(on: scenario),
      file.settings == settingsText
    else {
      throw PolicyFile.otherTraining(at: path)
    }
  }
}
