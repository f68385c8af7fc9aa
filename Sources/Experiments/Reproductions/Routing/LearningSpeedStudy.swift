import Foundation
import Networks
import PacketSimulation
import Randomness
import Routing

/// How many episodes a router that knows nothing needs.
///
/// ## Method
/// A learner plays its whole training, one episode after the other. The same learner as it was after the
/// training then plays the same arrivals again, each episode from its trained state. Learned is the
/// first episode (counted from 1, at least 5) from which on every five-episode average of the
/// restricted mean delay is at most 1.05 times that of the trained learner.
///
/// Two starts: with values from the latencies of the shortest paths, which any distance-vector
/// protocol tells routers, and with all values zero. The split over neighbours starts uniform in both.
struct LearningSpeedStudy: Sendable {
  let options: ReproductionOptions
  static let id = "routing-learning-speed"
  static let loads = [0.6, 0.9, 1.0]
  static let tolerance = 1.05

  /// One network, load and start.
  struct Cell: Codable, Sendable {
    var network: String
    var fraction: Double
    var startsWithDistances: Bool
    var trainingEpisodes: Int
    /// Episodes per training seed; nil: not within the training.
    var episodes: [Int?]
    /// Mean over seeds of the delay of each episode over the trained learner's.
    var curve: [Double]

    var interval: Interval? {
      Interval.mean(of: episodes.map { Double($0 ?? trainingEpisodes) })
    }
  }

  func run() throws -> ReproductionOutcome {
    let study = RoutingStudy(options: options)
    let paths = try study.paths(default: ["b4", "geant", "att"])
    let loads = options.loads ?? Self.loads
    let counter = StepCounter(
      label: Self.id, total: 2 * paths.count * loads.count, observer: options.observer)
    var cells: [Cell] = []
    for path in paths {
      for load in loads {
        for start in [true, false] {
          cells.append(try cell(study, path, load, startsWithDistances: start))
          counter.advance()
        }
      }
    }
    return outcome(cells)
  }

  private func cell(
    _ study: RoutingStudy, _ path: String, _ fraction: Double, startsWithDistances: Bool
  ) throws -> Cell {
    let (network, entry) = try study.network(
      path, demand: .uniform, extra: ["startsWithDistances=\(startsWithDistances)"])
    let episodes = options.quick ? 100 : entry.trainingEpisodes
    let key = study.key(
      "speed", network.name, "f\(fraction)", "d\(startsWithDistances)", "e\(episodes)")
    return try options.store.piece(key) {
      let scenario = try network.source.scenario(
        load: Scenario.load(
          effectiveRate: fraction * network.capacity, law: network.source.model.arrivals))
      let runs = try ParallelMap(threads: options.threads).map(count: options.seeds) { seed in
        try play(entry, scenario, seed: seed, episodes: episodes)
      }
      let ratios = runs.map { run in zip(run.curve, run.reference).map { $0 / max($1, 1e-9) } }
      return Cell(
        network: network.name, fraction: fraction, startsWithDistances: startsWithDistances,
        trainingEpisodes: episodes,
        episodes: runs.map {
          AdaptationStudy.adapted($0.curve, reference: $0.reference, tolerance: Self.tolerance)
        },
        curve: (0..<episodes).map { episode in
          ratios.reduce(0) { $0 + $1[episode] } / Double(ratios.count)
        })
    }
  }

  private func play(
    _ entry: RoutingEntry, _ scenario: Scenario, seed: Int, episodes: Int
  ) throws -> (curve: [Double], reference: [Double]) {
    let root = SeedTree(root: options.rootSeed)
    let actor = try entry.algorithm.make(
      scenario: scenario, configuration: entry.configuration, seeds: root.child("learner", seed))
    guard case .learner(var learner) = actor else { return ([], []) }
    let seeds = root.child("training", seed)
    let runner = EpisodeRunner(scenario: scenario)
    let curve = learner.play(runner, episodes: episodes, seeds: seeds).episodes
    let trained = learner.settled()
    let reference = (0..<episodes).map { episode -> Double in
      var copy: any TrainableLearner = trained
      return copy.play(runner, episodes: 1, seeds: seeds, firstEpisode: episode).episodes[0]
        .restrictedMeanDelay
    }
    return (curve.map(\.restrictedMeanDelay), reference)
  }

  private func outcome(_ cells: [Cell]) -> ReproductionOutcome {
    var lines = [
      "| network | share of λ* | values start | episodes to within 5 % of the final level, mean "
        + "(95 %) | worst seed |", "|---|---|---|---|---|",
    ]
    var table = CSVTable(columns: [
      "network", "fraction", "startsWithDistances", "trainingSeed", "episodes",
    ])
    for cell in cells {
      let worst = cell.episodes.contains(nil) ? nil : cell.episodes.compactMap { $0 }.max()
      let start = cell.startsWithDistances ? "distances" : "zero"
      lines.append(
        "| \(cell.network) | \(cell.fraction) | \(start) | \(cell.interval.text(1)) | "
          + "\(worst.map(String.init) ?? "not within \(cell.trainingEpisodes)") |")
      for (seed, episodes) in cell.episodes.enumerated() {
        table.append([
          .text(cell.network), .number(cell.fraction),
          .text("\(cell.startsWithDistances)"), .integer(seed),
          episodes.map(CSVTable.Field.integer) ?? .missing,
        ])
      }
    }
    let late = cells.filter { $0.episodes.contains { ($0 ?? .max) > 80 } }
    lines += [
      "",
      late.isEmpty
        ? "Every training was within 5 % of its final level after at most 80 episodes."
        : "Later than 80 episodes in some seed: "
          + late.map {
            "\($0.network) at \($0.fraction) from \($0.startsWithDistances ? "distances" : "zero")"
          }.joined(separator: ", ") + ".",
      "\(options.seeds) training seeds; learned: the first episode from which on every five-episode "
        + "average is at most 1.05 times the trained learner's on the same arrivals; least possible 5.",
    ]
    return ReproductionOutcome(
      text: lines.joined(separator: "\n"),
      json: [
        "id": .string(Self.id), "seeds": .integer(options.seeds),
        "results": .array(cells.map(\.json)),
      ], tables: [("\(Self.id).csv", table)])
  }
}

extension LearningSpeedStudy.Cell {
  var json: JSONValue {
    [
      "network": .string(network), "fraction": .number(fraction),
      "startsWithDistances": .bool(startsWithDistances),
      "trainingEpisodes": .integer(trainingEpisodes),
      "episodes": .array(episodes.map { $0.map(JSONValue.integer) ?? .null }),
      "mean": interval?.jsonValue ?? .null, "curve": .numbers(curve),
    ]
  }
}

extension TrainableLearner {
  /// Plays episodes one after the other; for learners whose type is known only when run.
  mutating func play(
    _ runner: EpisodeRunner, episodes: Int, seeds: SeedTree, firstEpisode: Int = 0
  ) -> EpisodeResults {
    runner.run(&self, episodes: episodes, seeds: seeds, firstEpisode: firstEpisode)
  }
}
