import Networks
import PacketSimulation
import Randomness
import Routing

/// What the reproductions of the MAMRL paper have in common: the published world, the learners at
/// their sizes, and one number per algorithm, load and seed.
struct MAMRLStudy: Sendable {
  let options: ReproductionOptions

  /// The algorithms set side by side, as they are named in tables.
  enum Subject: String, CaseIterable, Codable, Sendable {
    case shortestPath = "shortest-path"
    case qRouting = "q-routing"
    case policyGradient = "policy-gradient"
    case published = "mamrl-published"
    case sound = "mamrl"
    case random
    case lpSplit = "lp-split"
  }

  /// What a subject's episodes came to with one seed.
  struct Cell: Codable, Sendable {
    /// Mean over delivered packets only.
    var published: Double?
    var delivered: Double
    var restricted: Double
    var lost: Double
  }

  /// The settings of the published learner, at the asked-for size.
  var publishedSettings: MAMRLConfiguration {
    var settings = MAMRLConfiguration.published
    guard options.quick else { return settings }
    settings.hiddenLayers = 2
    settings.hiddenUnits = 32
    settings.episodesPerBatch = 5
    settings.iterations = 30
    settings.maximumDivergence = 0.05
    settings.fisherStride = 20
    // As many steps of Algorithm 2 in the fewer episodes after a failure.
    settings.adaptationEpisodes = 5
    return settings
  }

  /// The settings of the sound learner, at the asked-for size.
  var soundSettings: MAMRLConfiguration {
    var settings = MAMRLConfiguration()
    settings.innerSteps = 0
    settings.iterations = options.quick ? 30 : 100
    settings.hiddenUnits = options.quick ? 32 : 64
    settings.fisherStride = 20
    return settings
  }

  /// The settings of a neural learner that meets failures: the released four environments. The published
  /// training meets one an iteration, so that it has the paper's 10,000 episodes here too (9,000; the
  /// released program plays three an iteration, 27,000), the sound one three in the full form.
  func failureSettings(_ subject: Subject) -> MAMRLConfiguration {
    var settings = subject == .sound ? soundSettings : publishedSettings
    settings.environments = .releasedFour
    if subject == .sound && !options.quick { settings.tasksPerIteration = 3 }
    if subject == .sound { settings.failedLinks = .masked }
    return settings
  }

  var sizeName: String { options.quick ? "quick" : "full" }
  var evaluationEpisodes: Int { options.quick ? 10 : 40 }

  static let knownNetworks = ["b4", "geant", "att"]

  /// The study on networks that the paper has measured.
  ///
  /// - Throws: `InputError` for any other.
  static func paper(_ options: ReproductionOptions) throws(InputError) -> MAMRLStudy {
    if let unknown = options.networks?.first(where: { !knownNetworks.contains($0) }) {
      throw InputError(
        file: "--networks", value: unknown,
        expected: "the MAMRL paper's networks are \(knownNetworks.joined(separator: ", "))")
    }
    return MAMRLStudy(options: options)
  }

  /// The networks asked for, or those of the study.
  func networks(_ own: [String] = knownNetworks) -> [String] {
    options.networks.map { wanted in Self.knownNetworks.filter(wanted.contains) } ?? own
  }

  func source(_ network: String, _ preset: ScenarioSource.Preset) throws -> ScenarioSource {
    var settings = try Settings([])
    return try ScenarioSource(
      network: try TopologyCatalogue.load(network), preset: preset, settings: &settings)
  }

  /// Packets that a router creates per tick at λ in the published model.
  static func rate(_ load: Double) -> Double {
    Scenario.effectiveRate(load: load, law: ScenarioSource.Preset.published.model.arrivals)
  }

  /// The load of a model at which a router creates as many packets per tick as at λ in the published
  /// one.
  static func load(_ preset: ScenarioSource.Preset, like load: Double) -> Double {
    preset == .published
      ? load : Scenario.load(effectiveRate: rate(load), law: preset.model.arrivals)
  }

  /// λ* of a network under uniform demands.
  func capacity(_ network: String) throws -> NetworkCapacity {
    let source = try source(network, .standard)
    return try NetworkCapacity(topology: source.topology, demand: source.demandMatrix)
  }

  func seed(_ index: Int) -> UInt64 { options.rootSeed &+ UInt64(index) &* 1_000_003 }

  /// Trains a neural policy, or takes its finished training from the store, and plays it.
  func trained(
    _ settings: MAMRLConfiguration, _ name: String, _ scenario: Scenario, seedIndex: Int,
    key: String
  ) throws -> Cell {
    let training = MetaTraining(
      scenario: scenario, settings: settings, algorithm: name, seed: seed(seedIndex),
      threads: options.threads, path: options.store.checkpointPath(key))
    return measure(NeuralRoutingPolicy(try training.run().policies), scenario, seedIndex)
  }

  /// Plays a subject after its training.
  func cell(
    _ subject: Subject, network: String, load: Double, seedIndex: Int,
    preset: ScenarioSource.Preset = .published
  ) throws -> Cell {
    let key =
      "\(sizeName)-\(subject.rawValue)-\(network)-\(preset.rawValue)-\(load)-\(seed(seedIndex))"
    return try options.store.piece(key) {
      let scenario = try source(network, preset).scenario(load: load)
      return try play(subject, scenario, seedIndex: seedIndex, key: key)
    }
  }

  private func play(
    _ subject: Subject, _ scenario: Scenario, seedIndex: Int, key: String
  ) throws -> Cell {
    switch subject {
    case .published:
      return try trained(
        publishedSettings, subject.rawValue, scenario, seedIndex: seedIndex, key: key)
    case .sound:
      return try trained(
        soundSettings, subject.rawValue, scenario, seedIndex: seedIndex, key: key)
    case .shortestPath, .qRouting, .policyGradient, .random, .lpSplit:
      return try catalogued(subject, scenario, seedIndex)
    }
  }

  /// An algorithm of the catalogue; learners first learn, and are measured while they go on.
  private func catalogued(
    _ subject: Subject, _ scenario: Scenario, _ seedIndex: Int
  ) throws -> Cell {
    let algorithm = try RoutingCatalogue.algorithm(subject.rawValue)
    let seeds = SeedTree(root: seed(seedIndex))
    switch try algorithm.make(scenario: scenario, seeds: seeds.child("learner")) {
    case .policy(let policy):
      return measure(policy, scenario, seedIndex)
    case .learner(var learner):
      let count = options.quick ? min(algorithm.trainingEpisodes, 200) : algorithm.trainingEpisodes
      let runner = EpisodeRunner(scenario: scenario)
      _ = play(&learner, runner, episodes: count, seeds: seeds.child("training"))
      return Self.summary(
        play(&learner, runner, episodes: evaluationEpisodes, seeds: seeds.child("evaluation"))
          .episodes)
    }
  }

  func play(
    _ learner: inout any TrainableLearner, _ runner: EpisodeRunner, episodes: Int, seeds: SeedTree
  ) -> EpisodeResults {
    func opened<Learner: TrainableLearner>(_ concrete: inout Learner) -> EpisodeResults {
      runner.run(&concrete, episodes: episodes, seeds: seeds)
    }
    return opened(&learner)
  }

  func measure(_ policy: any RoutingPolicy, _ scenario: Scenario, _ seedIndex: Int) -> Cell {
    let result = EpisodeRunner(scenario: scenario, threads: options.threads).run(
      policy, episodes: evaluationEpisodes,
      seeds: SeedTree(root: seed(seedIndex)).child("evaluation"))
    return Self.summary(result.episodes)
  }

  static func summary(_ episodes: [EpisodeMetrics]) -> Cell {
    let count = Double(max(episodes.count, 1))
    let times = episodes.compactMap(\.meanDeliveryTime)
    return Cell(
      published: times.isEmpty ? nil : times.reduce(0, +) / Double(times.count),
      delivered: episodes.reduce(0) { $0 + $1.deliveredShare } / count,
      restricted: episodes.reduce(0) { $0 + $1.restrictedMeanDelay } / count,
      lost: episodes.reduce(0) { $0 + Double($1.lost) } / count)
  }
}
