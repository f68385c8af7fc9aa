import Foundation
import Networks
import PacketSimulation
import Randomness
import Routing

/// How many episodes a router that knows nothing needs.
///
/// ## Method
/// At some points of its training a learner, settled as after a whole training, plays the same 40 episodes that follow no
/// training, each from that state; so it does after the whole training. Learned is the first of these
/// points from which on its restricted mean delay is at most 1.05 times that after the training.
///
/// Two starts: with values from the latencies of the shortest paths, which any distance-vector
/// protocol tells routers, and with all values zero. The split over neighbours starts uniform in both.
struct LearningSpeedStudy: Sendable {
  let options: ReproductionOptions
  static let id = "routing-learning-speed"
  static let loads = [0.6, 0.9, 1.0]
  static let tolerance = 1.05
  /// Episodes of training after which it is measured.
  static let points = [5, 10, 15, 20, 30, 40, 60, 80, 120, 200]
  static let evaluationEpisodes = 40

  /// One network, load and start.
  struct Cell: Codable, Sendable {
    var network: String
    var fraction: Double
    var startsWithDistances: Bool
    var trainingEpisodes: Int
    /// Episodes per training seed; nil: not within the training.
    var episodes: [Int?]
    /// Mean over seeds, at each point, of the delay over that after the training.
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
      return Cell(
        network: network.name, fraction: fraction, startsWithDistances: startsWithDistances,
        trainingEpisodes: episodes, episodes: runs.map(Self.learned),
        curve: Self.points.indices.map { point in
          runs.reduce(0) { $0 + $1[point] } / Double(runs.count)
        })
    }
  }

  /// The first point from which on all are within the tolerance.
  static func learned(_ curve: [Double]) -> Int? {
    var first: Int?
    for (point, ratio) in zip(points, curve) {
      if ratio > tolerance { first = nil } else if first == nil { first = point }
    }
    return first
  }

  /// The delay at each point over that after the training.
  private func play(
    _ entry: RoutingEntry, _ scenario: Scenario, seed: Int, episodes: Int
  ) throws -> [Double] {
    let root = SeedTree(root: options.rootSeed)
    let actor = try entry.algorithm.make(
      scenario: scenario, configuration: entry.configuration, seeds: root.child("learner", seed))
    guard case .learner(var learner) = actor else { return [] }
    let runner = EpisodeRunner(scenario: scenario)
    var played = 0
    var levels: [Double] = []
    for point in Self.points + [episodes] {
      let count = max(0, min(point, episodes) - played)
      _ = learner.play(
        runner, episodes: count, seeds: root.child("training", seed), firstEpisode: played)
      played += count
      levels.append(level(learner.settled(), runner, root))
    }
    let last = levels.removeLast()
    return levels.map { $0 / max(last, 1e-9) }
  }

  private func level(
    _ learner: any TrainableLearner, _ runner: EpisodeRunner, _ root: SeedTree
  ) -> Double {
    let delays = (0..<Self.evaluationEpisodes).map { episode -> Double in
      var copy = learner
      return copy.play(
        runner, episodes: 1, seeds: root.child("evaluation"), firstEpisode: episode
      ).episodes[0].restrictedMeanDelay
    }
    return delays.reduce(0, +) / Double(delays.count)
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
      "\(options.seeds) training seeds; measured after \(Self.points.map(String.init).joined(separator: ", ")) "
        + "episodes on \(Self.evaluationEpisodes) common episodes; learned: from this point on within "
        + "5 % of the level after the whole training.",
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
