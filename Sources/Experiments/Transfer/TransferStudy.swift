import Networks
import PacketSimulation
import Randomness
import Routing

/// `reproduce routing-transfer`: one set of shared parameters on networks that it never saw.
///
/// ## Method
/// `priced-distances` with `priceModel=network`: one network, the same in every router, corrects the
/// price of a load by where a router's packets come from (`PriceNetwork`). It is trained over the
/// built-in networks in turns, at .6, .8 and .95 of λ*, and then played on a network that was not
/// among them, from the first episode on, nothing else known: with the correction frozen, with the
/// correction learning on, and without one. Each built-in network is left out once; networks that the
/// user names are played after training on all built-in ones. All face the same arrivals; FD is the
/// yardstick, `social-actor-critic` (tables, nothing shared) the rival.
///
/// - Source: the question of transfer; Wayfield's own.
struct TransferStudy: Sendable {
  let study: MAMRLStudy

  static let builtIn = ["b4", "geant", "att", "abilene", "nsfnet"]
  let fractions = [0.6, 0.8, 0.95]
  var rounds: Int { study.options.quick ? 2 : 12 }
  var episodes: Int { study.options.quick ? 10 : 40 }

  enum Subject: String, CaseIterable, Codable, Sendable {
    case loads = "prices of loads alone"
    case frozen = "shared network, frozen"
    case learning = "shared network, learning on"
    case tables = "tables (social-actor-critic)"
  }

  /// Windows of episodes, counted from 1, that are shown.
  var windows: [ClosedRange<Int>] { [1...1, 2...5, (episodes - 9)...episodes] }

  func run() throws -> ReproductionOutcome {
    let wanted = study.options.networks ?? Self.builtIn
    let load = study.options.loads?.first ?? 0.8
    var table = CSVTable(columns: ["network", "subject", "episodes", "ratio", "low", "high"])
    var lines = [
      "delay over FD at \(load) of λ*, \(study.options.seeds) seeds: mean [95 % interval]",
      "network".padded(14) + "subject".padded(32)
        + windows.map { "episodes \($0.lowerBound)–\($0.upperBound)".padded(24) }.joined(),
    ]
    var members: [JSONValue] = []
    for network in wanted {
      let curves = try ParallelMap(
        threads: study.options.threads, observer: study.options.observer, label: network
      ).map(count: study.options.seeds) { try play(network, load, seedIndex: $0) }
      let name = String(network.split(separator: "/").last ?? "")
      for subject in Subject.allCases {
        var line = name.padded(14) + subject.rawValue.padded(32)
        for window in windows {
          let ratio = Interval.mean(
            of: curves.map { curve in
              let own = curve[subject.rawValue] ?? []
              let best = curve["FD"] ?? []
              return own[window.lowerBound - 1..<window.upperBound].reduce(0, +)
                / best[window.lowerBound - 1..<window.upperBound].reduce(0, +)
            })
          line += ratio.text(3).padded(24)
          table.append([
            .text(name), .text(subject.rawValue),
            .text("\(window.lowerBound)-\(window.upperBound)"), .optional(ratio?.mean),
            .optional(ratio?.low), .optional(ratio?.high),
          ])
          members.append([
            "network": .string(name), "subject": .string(subject.rawValue),
            "firstEpisode": .integer(window.lowerBound), "lastEpisode": .integer(window.upperBound),
            "ratio": ratio?.jsonValue ?? .null,
          ])
        }
        lines.append(line)
      }
    }
    return ReproductionOutcome(
      text: lines.joined(separator: "\n"),
      json: [
        "id": "routing-transfer", "quick": .bool(study.options.quick),
        "seeds": .integer(study.options.seeds), "loadFraction": .number(load),
        "rounds": .integer(rounds), "results": .array(members),
      ], tables: [("routing-transfer.csv", table)])
  }

  /// Delay per episode of every subject, and of FD.
  private func play(
    _ network: String, _ load: Double, seedIndex: Int
  ) throws -> [String: [Double]] {
    let key = "transfer-\(study.sizeName)-\(network)-\(load)-\(study.seed(seedIndex))"
    return try study.options.store.piece(key) {
      let seeds = SeedTree(root: study.seed(seedIndex))
      let shared = try trained(without: network, seeds.child("training"))
      let scenario = try scenario(network, load)
      var curves: [String: [Double]] = [
        "FD": delays(
          EpisodeRunner(scenario: scenario).run(
            DelayOptimalSplitPolicy(scenario: scenario), episodes: episodes,
            seeds: seeds.child("playing")))
      ]
      for subject in Subject.allCases {
        var learner = try learner(subject, scenario, shared)
        curves[subject.rawValue] = delays(
          EpisodeRunner(scenario: scenario).play(
            &learner, episodes: episodes, seeds: seeds.child("playing")))
      }
      return curves
    }
  }

  private func delays(_ results: EpisodeResults) -> [Double] {
    results.episodes.map(\.restrictedMeanDelay)
  }

  private func scenario(_ network: String, _ fraction: Double) throws -> Scenario {
    let source = try study.source(network, .standard)
    let capacity = try NetworkCapacity(topology: source.topology, demand: source.demandMatrix)
    return try source.scenario(load: fraction * capacity.value)
  }

  private func learner(
    _ subject: Subject, _ scenario: Scenario, _ shared: [Float]
  ) throws -> any TrainableLearner {
    var configuration = PricedDistancesConfiguration()
    if subject == .tables { return SocialActorCritic(scenario: scenario) }
    if subject == .loads { return PricedDistances(scenario: scenario) }
    configuration.priceModel = .network
    if subject == .frozen { configuration.priceNetworkRate = 0 }
    var learner = PricedDistances(scenario: scenario, configuration: configuration)
    learner.sharedParameters = shared
    return learner
  }

  /// The shared parameters after training on every built-in network but one.
  private func trained(without left: String, _ seeds: SeedTree) throws -> [Float] {
    var configuration = PricedDistancesConfiguration()
    configuration.priceModel = .network
    var players: [(scenario: Scenario, learner: PricedDistances)] = []
    for network in Self.builtIn where network != left {
      for fraction in fractions {
        let scenario = try scenario(network, fraction)
        players.append(
          (scenario, PricedDistances(scenario: scenario, configuration: configuration)))
      }
    }
    var shared = players.first?.learner.sharedParameters ?? []
    for round in 0..<rounds {
      for index in players.indices {
        players[index].learner.sharedParameters = shared
        _ = EpisodeRunner(scenario: players[index].scenario).run(
          &players[index].learner, episodes: 5, seeds: seeds.child("network", index),
          firstEpisode: 5 * round)
        shared = players[index].learner.sharedParameters
      }
    }
    return shared
  }
}
