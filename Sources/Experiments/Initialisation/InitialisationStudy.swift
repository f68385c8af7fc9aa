import Networks
import PacketSimulation
import Randomness
import Routing

/// `reproduce routing-initialisation`: does it help to learn the initialisation, once the update rule
/// is right?
///
/// ## Method
/// `social-actor-critic` (natural gradient) at .8 of λ*, five trainings. Half of the links are seen in
/// meta-training, the other half are held out. Every way of starting meets every single failure, down
/// from the first tick, on the same arrivals, for `episodes` episodes. Losses and what is suspected of
/// links start from nothing in all of them.
///
/// - Source: the question of Sun, Kiran, Ren (2021), *MAMRL*, asked of a learner whose update works.
struct InitialisationStudy: Sendable {
  let study: MAMRLStudy

  /// A way of starting.
  enum Start: String, CaseIterable, Codable, Sendable {
    case random = "random start"
    case continuing
    case reptile = "Reptile, 5 inner episodes"
    case firstOrder = "first-order MAML, 1 inner episode"
    case firstOrderFive = "first-order MAML, 5 inner episodes"
    case secondOrder = "second-order MAML, 1 inner episode"
    case steps = "continuing, learned steps"
    case linkPriors = "priors per link state"
    case oracle = "trained on this very failure"
  }

  /// One failure met from one start in one training.
  struct Cell: Codable, Sendable {
    var delays: [Double]
    var lost: [Int]
    /// nil: not within the episodes played.
    var adapted: Int?
  }

  let episodes = 10
  var trainingEpisodes: Int { study.options.quick ? 60 : 200 }
  var iterations: Int { study.options.quick ? 10 : 60 }

  func run() throws -> ReproductionOutcome {
    var lines: [String] = []
    var members: [JSONValue] = []
    var table = CSVTable(columns: InitialisationTable.columns)
    for network in study.networks(["b4", "geant", "att"]).prefix(
      study.options.networks == nil ? 1 : 3)
    {
      let source = try study.source(network, .standard)
      let load =
        try (study.options.loads?.first ?? 0.8)
        * NetworkCapacity(topology: source.topology, demand: source.demandMatrix).value
      let failures = Self.failures(source.topology, quick: study.options.quick)
      let references = try references(failures, source, load, network)
      let counter = StepCounter(
        label: network, total: study.options.seeds * Start.allCases.count,
        observer: study.options.observer)
      let cells = try ParallelMap(threads: study.options.threads).map(count: study.options.seeds) {
        try play(network, source, load, failures, references, seedIndex: $0, counter)
      }
      let result = InitialisationTable(
        network: network, failures: failures, references: references, cells: cells)
      lines.append(result.text)
      members.append(result.json)
      result.append(to: &table)
    }
    return ReproductionOutcome(
      text: lines.joined(separator: "\n\n"),
      json: [
        "id": "routing-initialisation", "quick": .bool(study.options.quick),
        "seeds": .integer(study.options.seeds), "trainingEpisodes": .integer(trainingEpisodes),
        "metaIterations": .integer(iterations), "networks": .array(members),
      ], tables: [("routing-initialisation.csv", table)])
  }

  /// Every link that keeps the network connected; those of even rank are seen in meta-training.
  static func failures(_ topology: Topology, quick: Bool) -> [FailureState] {
    let links = EnvironmentDistribution.survivable(topology)
    let all = links.map {
      FailureState(name: topology.describe($0), outages: [LinkOutage(link: $0)])
    }
    return quick ? Array(all.prefix(6)) : all
  }

  static func isSeen(_ index: Int) -> Bool { index % 2 == 0 }

  private func seeds(_ index: Int) -> SeedTree { SeedTree(root: study.seed(index)) }
  private func arrivals(_ failure: Int) -> SeedTree {
    SeedTree(root: study.options.rootSeed).child("failure", failure)
  }

  /// lp-split and FD, recomputed at once, on the arrivals of each failure.
  private func references(
    _ failures: [FailureState], _ source: ScenarioSource, _ load: Double, _ network: String
  ) throws -> [[String: [Double]]] {
    try failures.indices.map { index in
      var curves: [String: [Double]] = [:]
      for name in ["lp-split", "delay-optimal-split"] {
        let scenario = try source.scenario(load: load, outages: failures[index].outages)
        let algorithm = try RoutingCatalogue.algorithm(name)
        let configuration = try algorithm.configuration(settings: ["recompute": "true"])
        guard
          case .policy(let policy) = try algorithm.make(
            scenario: scenario, configuration: configuration)
        else { continue }
        curves[name] = EpisodeRunner(scenario: scenario).run(
          policy, episodes: episodes, seeds: arrivals(index)
        ).episodes.map(\.restrictedMeanDelay)
      }
      return curves
    }
  }

  /// `[start][failure]` of one training.
  private func play(
    _ network: String, _ source: ScenarioSource, _ load: Double, _ failures: [FailureState],
    _ references: [[String: [Double]]], seedIndex: Int, _ counter: StepCounter
  ) throws -> [Start: [Cell]] {
    let intact = try source.scenario(load: load)
    let algorithm = try RoutingCatalogue.algorithm("social-actor-critic")
    guard case .learner(let fresh) = try algorithm.make(scenario: intact) else { return [:] }
    var trained = fresh
    _ = EpisodeRunner(scenario: intact).play(
      &trained, episodes: trainingEpisodes, seeds: seeds(seedIndex).child("training"))
    trained = trained.settled()
    let starts = InitialisationStarts(
      fresh: fresh, trained: trained, source: source, load: load,
      seen: failures.indices.filter(Self.isSeen).map { failures[$0] }, iterations: iterations,
      seeds: seeds(seedIndex).child("meta"))
    var result: [Start: [Cell]] = [:]
    for start in Start.allCases {
      let sizes = "\(study.sizeName)-\(trainingEpisodes)-\(iterations)-\(failures.count)"
      let key =
        "initialisation-\(sizes)-\(network)-\(load)-\(start.rawValue)-\(study.seed(seedIndex))"
      result[start] = try study.options.store.piece(key) {
        let make = try starts.prepared(start)
        return try failures.indices.map { index in
          try meet(failures[index], make(failures[index]), source, load, index, references[index])
        }
      }
      counter.advance()
    }
    return result
  }

  private func meet(
    _ failure: FailureState, _ start: any TrainableLearner, _ source: ScenarioSource,
    _ load: Double, _ index: Int, _ references: [String: [Double]]
  ) throws -> Cell {
    var learner = start
    let scenario = try source.scenario(load: load, outages: failure.outages)
    let results = EpisodeRunner(scenario: scenario).play(
      &learner, episodes: episodes, seeds: arrivals(index))
    let delays = results.episodes.map(\.restrictedMeanDelay)
    return Cell(
      delays: delays, lost: results.episodes.map(\.lost),
      adapted: AdaptationStudy.adapted(delays, reference: references["lp-split"] ?? delays))
  }
}
