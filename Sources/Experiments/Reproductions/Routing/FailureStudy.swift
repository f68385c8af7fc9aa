import Networks
import PacketSimulation
import Randomness
import Routing

/// How learners take failures of links: every link alone, in the middle of an episode, after a repair,
/// two at once, and links that have failed before against links that never have.
///
/// Learners train on the intact network. For the kind `seen` every second link then fails once, for
/// five episodes, and is repaired for five, before anything is measured: `AdaptationStudy` says how.
struct FailureStudy: Sendable {
  let options: ReproductionOptions
  static let id = "routing-failures"
  static let loads = [0.6, 0.8]
  static let pairCount = 20

  enum Kind: String, Codable, CaseIterable, Sendable {
    case start, middle, repaired, pairs, seen
  }

  /// One course of failures met by one trained learner.
  struct Row: Codable, Sendable {
    var failure: String
    var links: [Int]
    /// Whether the learner has met this failure before.
    var seen: Bool
    var trainingSeed: Int
    var episodes: Int?
    var lost: Int
    var lostInFlight: Int
    var firstDelay: Double
    var firstReference: Double
    var levelAfter: Double
    var referenceAfter: Double
  }

  /// One network, load, mask and kind.
  struct Cell: Codable, Sendable {
    var network: String
    var fraction: Double
    var masksDeadLinks: Bool
    var kind: Kind
    var episodesPlayed: Int
    var rows: [Row]
  }

  private var study: RoutingStudy { RoutingStudy(options: options) }
  private var episodes: Int { 20 }

  func run() throws -> ReproductionOutcome {
    let paths = try study.paths(default: ["b4", "geant", "att"])
    let loads = options.loads ?? Self.loads
    let kinds = options.quick ? [Kind.start] : Kind.allCases
    let counter = StepCounter(
      label: Self.id, total: paths.count * loads.count * 2 * kinds.count,
      observer: options.observer)
    var cells: [Cell] = []
    for path in paths {
      for load in loads {
        for kind in kinds {
          for masks in [false, true] {
            cells.append(try cell(path, load, kind, masks: masks))
            counter.advance()
          }
        }
      }
    }
    return FailureTable(cells: cells, seeds: options.seeds).outcome(id: Self.id)
  }

  private func cell(_ path: String, _ fraction: Double, _ kind: Kind, masks: Bool) throws -> Cell {
    let (network, entry) = try study.network(
      path, demand: .uniform, extra: ["masksDeadLinks=\(masks)"])
    let key = study.key(
      "failures", network.name, "f\(fraction)", kind.rawValue, masks ? "masked" : "open",
      "e\(episodes)")
    return try options.store.piece(key) {
      try measure(network, entry, fraction, kind, masks: masks)
    }
  }

  private func measure(
    _ network: StudyNetwork, _ entry: RoutingEntry, _ fraction: Double, _ kind: Kind, masks: Bool
  ) throws -> Cell {
    let load = Scenario.load(
      effectiveRate: fraction * network.capacity, law: network.source.model.arrivals)
    let courses = courses(kind, network.source.topology)
    let policies = try ParallelMap(threads: options.threads).map(count: options.seeds) { seed in
      try train(network, entry, load: load, seed: seed, seen: kind == .seen ? courses : [])
    }
    let perCourse = try ParallelMap(threads: options.threads).map(count: courses.count) { index in
      try rows(courses[index], number: index, kind, policies, network, load)
    }
    return Cell(
      network: network.name, fraction: fraction, masksDeadLinks: masks, kind: kind,
      episodesPlayed: episodes, rows: perCourse.flatMap { $0 })
  }

  /// What every trained learner makes of one course.
  private func rows(
    _ course: FailureCourse, number: Int, _ kind: Kind, _ policies: [PolicyFile],
    _ network: StudyNetwork, _ load: Double
  ) throws -> [Row] {
    var reference: [Double]?
    return try policies.enumerated().map { seed, policy in
      let study = AdaptationStudy(
        policy: policy, source: network.source, load: load, episodes: episodes,
        seed: options.rootSeed)
      let outcome = try study.run(course, reference: reference)
      reference = outcome.reference
      return Row(
        failure: course.name, links: course.links.map(\.index),
        seen: kind == .seen && Self.isSeen(number), trainingSeed: seed,
        episodes: outcome.episodesToAdapt, lost: outcome.lostUntilAdapted,
        lostInFlight: outcome.lostInFlight, firstDelay: outcome.curve.first ?? 0,
        firstReference: outcome.reference.first ?? 0, levelAfter: outcome.levelAfter,
        referenceAfter: outcome.reference.suffix(5).reduce(0, +) / 5)
    }
  }

  private func courses(_ kind: Kind, _ topology: Topology) -> [FailureCourse] {
    switch kind {
    case .start, .seen: FailureCourse.links(of: topology, timing: .start)
    case .middle: FailureCourse.links(of: topology, timing: .middle)
    case .repaired: FailureCourse.links(of: topology, timing: .repaired)
    case .pairs:
      FailureCourse.pairs(
        of: topology, timing: .start, limit: Self.pairCount,
        seeds: SeedTree(root: options.rootSeed))
    }
  }

  /// Whether the link with this place among those that may fail is one that fails in training.
  static func isSeen(_ number: Int) -> Bool { number.isMultiple(of: 2) }

  private func train(
    _ network: StudyNetwork, _ entry: RoutingEntry, load: Double, seed: Int, seen: [FailureCourse]
  ) throws -> PolicyFile {
    let intact = try network.source.scenario(load: load)
    let root = SeedTree(root: options.rootSeed)
    let actor = try entry.algorithm.make(
      scenario: intact, configuration: entry.configuration, seeds: root.child("learner", seed))
    guard case .learner(var learner) = actor else {
      throw InputError(
        file: Self.id, value: entry.algorithm.name, expected: "this algorithm learns nothing")
    }
    let seeds = root.child("training", seed)
    var played = entry.trainingEpisodes
    _ = learner.play(EpisodeRunner(scenario: intact), episodes: played, seeds: seeds)
    for (number, course) in seen.enumerated() where Self.isSeen(number) {
      let failed = try network.source.scenario(
        load: load, outages: course.links.map { LinkOutage(link: $0) })
      for scenario in [failed, intact] {
        _ = learner.play(
          EpisodeRunner(scenario: scenario), episodes: 5, seeds: seeds, firstEpisode: played)
        played += 5
      }
    }
    return PolicyFile(
      algorithm: entry.algorithm.name,
      settings: Dictionary(
        uniqueKeysWithValues: entry.configuration.values.map { ($0.name, $0.value) }),
      topology: network.source.topology.name, load: load, episodes: played,
      seed: options.rootSeed, state: learner.state)
  }
}
