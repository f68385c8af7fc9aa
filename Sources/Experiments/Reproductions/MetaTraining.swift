import Foundation
import Networks
import PacketSimulation
import Randomness
import Routing

/// Runs a `MetaTrainer` to its end, with checkpoints and a progress file.
///
/// - Randomness: as `MetaTrainer`: a run that was killed and taken up again ends with the same bytes.
public struct MetaTraining: Sendable {
  public var scenario: Scenario
  public var settings: MAMRLConfiguration
  public var algorithm: String
  public var seed: UInt64
  public var threads: Int
  /// Where the policy is kept, every `checkpointEvery` iterations and at the end; nil for nowhere.
  public var path: String?
  public var checkpointEvery = 10

  public init(
    scenario: Scenario, settings: MAMRLConfiguration, algorithm: String, seed: UInt64,
    threads: Int, path: String?
  ) {
    self.scenario = scenario
    self.settings = settings
    self.algorithm = algorithm
    self.seed = seed
    self.threads = threads
    self.path = path
  }

  /// Trains to the end, from the checkpoint where there is one that fits.
  ///
  /// - Parameters:
  ///   - onStart: hears how many iterations the checkpoint holds.
  ///   - onIteration: hears every iteration's report.
  ///   - onCheckpoint: is called just before a checkpoint is written.
  /// - Throws: `TrainingDiverged`, and `InputError` where the checkpoint is another training's.
  public func run(
    onStart: (Int) throws -> Void = { _ in }, onIteration: (TrainingReport) -> Void = { _ in },
    onCheckpoint: () throws -> Void = {}
  ) throws -> MetaTrainer {
    var trainer = MetaTrainer(
      scenario: scenario, settings: settings, seeds: SeedTree(root: seed).child("training"),
      distribution: try EnvironmentDistribution(settings, topology: scenario.topology),
      threads: threads)
    if let path, FileManager.default.fileExists(atPath: path) {
      let file = try PolicyFile(path: path)
      try check(file, path: path)
      try trainer.restore(file.state)
    }
    try onStart(trainer.iteration)
    while !trainer.isFinished {
      let report = trainer.iterate()
      try TrainingDiverged.check(report, settings)
      onIteration(report)
      if trainer.iteration % checkpointEvery == 0 || trainer.isFinished {
        try onCheckpoint()
        try save(trainer)
      }
    }
    return trainer
  }

  private var settingsText: [String: String] {
    Dictionary(uniqueKeysWithValues: settings.values.map { ($0.name, $0.value) })
  }

  private func save(_ trainer: MetaTrainer) throws {
    guard let path else { return }
    try PolicyFile(
      algorithm: algorithm, settings: settingsText, topology: scenario.topology.name,
      load: scenario.load, episodes: trainer.episodes, seed: seed,
      scenario: scenario.fingerprint, state: trainer.state
    ).write(to: path)
  }

  /// A checkpoint of another training is not overwritten. More iterations may be asked for, and a
  /// setting that the file does not know has its default.
  private func check(_ file: PolicyFile, path: String) throws(InputError) {
    let mine = settingsText
    var theirs = file.settings
    for (name, value) in MAMRLConfiguration().values where theirs[name] == nil {
      theirs[name] = value
    }
    theirs["iterations"] = mine["iterations"]
    guard file.algorithm == algorithm, file.seed == seed, file.isTrained(on: scenario),
      mine == theirs
    else {
      throw PolicyFile.otherTraining(at: path)
    }
  }
}
