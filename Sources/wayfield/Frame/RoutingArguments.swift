import Experiments
import Networks
import PacketSimulation
import Routing

/// What `simulate` and `compare` have in common.
enum RoutingArguments {
  static let topology = Argument<String>.required(
    "topology", .path("T"),
    help:
      "A built-in network (\(TopologyCatalogue.builtInNames.joined(separator: ", "))) or a file.")
  static let traffic = Argument<String>.option(
    "traffic", .path("uniform|own|file"), default: "uniform",
    help: "Who sends to whom: uniform, the network's own demands, or a demand file.")
  static let model = Argument<ScenarioSource.Preset>.option(
    "model", .cases("preset"), default: .standard,
    help: "The corrected rules, or those of the program released with the MAMRL paper.")
  static let horizon = Argument<Int>.option(
    "horizon", .integer(1...10_000_000), default: 500, help: "Ticks in an episode.")
  static let episodes = Argument<Int>.option(
    "episodes", .integer(1...10_000_000), default: 20, help: "Episodes that are measured.")
  static let trainingSeeds = Argument<Int>.option(
    "training-seeds", .integer(1...1000), default: 1,
    help: "Independent trainings of each learner, all measured on the same episodes.")
  static let failures = Argument<[String]>.repeated(
    "fail", .text("link[@tick[..tick]]"),
    help: "A link that fails: A:B or its number @12; from the start, or at a tick, or between two. "
      + "May be repeated.")
  static let informationAge = Argument<String?>.optional(
    "information-age", .text("now|link|ticks"),
    help: "How old everything is that a router hears from a neighbour (queue lengths, values, cost "
      + "tables, prices): read at once (default), as old as the link is long, or so many ticks.")
  static let settings = Argument<[String]>.repeated(
    "set", .text("key=value"),
    help: "Sets a parameter of the model, the learning or an algorithm (also as "
      + "algorithm.key=value); may be repeated. An unknown key lists the known ones.")
  /// All but those of loads and algorithms.
  static let common: [any ArgumentDescription] = [
    traffic, model, horizon, informationAge, episodes, trainingSeeds, failures, settings,
    CommonArguments.seed, CommonArguments.threads,
  ]

  /// What the user set, `--information-age` among it as the setting of the model that it is.
  static func written(_ input: Invocation) throws -> [String] {
    let written = try input[self.settings]
    guard let age = try input[informationAge] else { return written }
    return written + ["observationAge=" + (age == "link" ? "linkLatency" : age)]
  }

  static var algorithmNames: [String] { RoutingCatalogue.algorithms.map(\.name) }

  /// The algorithms and their parameters, for help texts.
  static var catalogue: [String] {
    RoutingCatalogue.algorithms.map { algorithm in
      var text = "\(algorithm.name): \(algorithm.documentation)"
      if algorithm.kind == .learner {
        text += " Trains \(algorithm.trainingEpisodes) episodes by default."
      }
      let parameters = algorithm.parameters.map { "\($0.parameter.name)=\($0.defaultValue)" }
      if !parameters.isEmpty { text += " Parameters: \(parameters.joined(separator: ", "))." }
      return text
    }
  }

  /// Everything that a run needs, read from a command line.
  struct Setup {
    var context: RoutingContext
    var entries: [RoutingEntry]
    var failure: FailureState
    var experiment: RoutingExperiment
    /// What was doubtful in the files, one sentence each.
    var warnings: [String] { context.source.warnings.map(\.description) }
  }

  /// - Parameter defaults: settings that hold unless the user sets the same parameter.
  static func setup(
    _ input: Invocation, algorithms: [String], defaults: [String] = []
  ) throws -> Setup {
    let network = try TopologyCatalogue.load(try input[topology])
    let written = try written(input)
    var settings = try Settings(written + defaults.filter { !isSet($0, in: written) })
    let source = try ScenarioSource(
      network: network, traffic: try input[traffic], preset: try input[model],
      horizon: try input[horizon], settings: &settings)
    let play = try settings.take(PlaySettings())
    try play.validate()
    let entries = try entries(algorithms, &settings)
    try settings.finish()
    let failed = try input[failures]
    let scenario = try FailureScenario(parsing: failed, in: network.topology)
    let context = RoutingContext(
      source: source,
      capacity: try? NetworkCapacity(topology: source.topology, demand: source.demandMatrix),
      episodes: try input[episodes], trainingSeeds: try input[trainingSeeds],
      seed: try input[CommonArguments.seed])
    return Setup(
      context: context, entries: entries,
      failure: FailureState(
        name: failed.isEmpty ? nil : failed.joined(separator: " "), outages: scenario.outages),
      experiment: RoutingExperiment(
        source: source, episodes: context.episodes, trainingSeeds: context.trainingSeeds,
        seed: context.seed, threads: try input[CommonArguments.threads], replicas: play.replicas,
        observer: input.progress))
  }

  /// Whether a `scope.key=value` is set by the user, with or without its scope.
  private static func isSet(_ setting: String, in written: [String]) -> Bool {
    let key = setting.prefix { $0 != "=" }
    let plain = key.split(separator: ".").last ?? key
    return written.contains { text in
      let name = text.prefix { $0 != "=" }
      return name == key || name == plain
    }
  }

  /// What training and adaptation need: one learner on one network, without failures.
  static func trainingSetup(
    _ input: Invocation, algorithm: String, episodes: Int?
  ) throws -> (context: RoutingContext, entry: RoutingEntry) {
    let network = try TopologyCatalogue.load(try input[topology])
    var settings = try Settings(try written(input))
    let source = try ScenarioSource(
      network: network, traffic: try input[traffic], preset: try input[model],
      horizon: try input[horizon], settings: &settings)
    let entry = try entries([algorithm], &settings)[0]
    try settings.finish()
    var learning = entry.learning
    learning.trainingEpisodes = episodes ?? learning.trainingEpisodes
    let context = RoutingContext(
      source: source,
      capacity: try? NetworkCapacity(topology: source.topology, demand: source.demandMatrix),
      episodes: learning.trainingEpisodes ?? entry.algorithm.trainingEpisodes, trainingSeeds: 1,
      seed: try input[CommonArguments.seed])
    return (
      context,
      RoutingEntry(entry.algorithm, configuration: entry.configuration, learning: learning)
    )
  }

  /// Algorithms with the settings that the user gave them.
  static func entries(
    _ names: [String], _ settings: inout Settings
  ) throws -> [RoutingEntry] {
    try names.map { name in
      let algorithm = try RoutingCatalogue.algorithm(name)
      let configuration = try take(algorithm.defaultConfiguration, scope: name, &settings)
      let learning =
        algorithm.kind == .learner
        ? try settings.take(LearningSettings(), scope: name) : LearningSettings()
      if let count = learning.trainingEpisodes, !(0...1_000_000).contains(count) {
        throw InputError(
          file: "--set", field: "trainingEpisodes", value: "\(count)",
          expected: "expected a whole number from 0 to 1000000")
      }
      return RoutingEntry(algorithm, configuration: configuration, learning: learning)
    }
  }

  private static func take(
    _ configuration: any AlgorithmConfiguration, scope: String, _ settings: inout Settings
  ) throws -> any AlgorithmConfiguration {
    func opened<Concrete: AlgorithmConfiguration>(_ value: Concrete) throws -> Concrete {
      try settings.take(value, scope: scope)
    }
    return try opened(configuration)
  }
}
