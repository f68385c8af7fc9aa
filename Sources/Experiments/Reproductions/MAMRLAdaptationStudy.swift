import Networks
import PacketSimulation
import Randomness
import Routing

/// What makes the sound learner adapt to link failures: training on failures, not sending into links
/// found failed, and meta-learning, switched on one after the other.
///
/// The corrected world at .8 of the capacity; every single failure that leaves the network connected;
/// adapted as `AdaptationStudy` defines it. At test time each episode is followed by one trust-region
/// step (Algorithm 2 with the sound step).
///
/// - Source: Sun, Kiran, Ren (2021), *MAMRL*, section 4.3, asked of the sound learner.
struct MAMRLAdaptationStudy: Sendable {
  let study: MAMRLStudy

  /// One way to prepare for failures.
  struct Variant: Sendable {
    var name: String
    var isTrained = true
    var change: @Sendable (inout MAMRLConfiguration) -> Void
  }

  static let variants: [Variant] = [
    Variant(name: "trained without failures") { _ in },
    Variant(name: "trained on failures") { $0.environments = .singleFailures },
    Variant(name: "without failures, masked") { $0.failedLinks = .masked },
    Variant(name: "on failures, masked") {
      $0.environments = .singleFailures
      $0.failedLinks = .masked
    },
    Variant(name: "on failures, masked, excused") {
      $0.environments = .singleFailures
      $0.failedLinks = .masked
      $0.failureLosses = .excused
      $0.lossWeight = 0  // or the losses would come in by the other door
    },
    Variant(name: "on failures, excused, MAML") {
      $0.environments = .singleFailures
      $0.failedLinks = .masked
      $0.failureLosses = .excused
      $0.lossWeight = 0
      $0.innerSteps = 1
      $0.episodesPerBatch /= 2  // as many episodes in all
    },
    Variant(name: "masked, entropy bonus") {
      $0.failedLinks = .masked
      $0.entropyBonus = 0.02
    },
    Variant(name: "masked, wider steps at test") {
      $0.failedLinks = .masked
      $0.adaptationDivergence = 5 * $0.maximumDivergence
    },
    Variant(name: "random start, masked", isTrained: false) { $0.failedLinks = .masked },
  ]

  static let share = 0.8
  var episodes: Int { study.options.quick ? 15 : 100 }

  /// One training's way through all failures.
  struct Cell: Codable, Sendable {
    /// Episodes until adapted, by failure; nil: not within the episodes played.
    var episodes: [Int?]
    var lost: [Int]
    /// Restricted mean delay over lp-split's, in the last five episodes, mean over failures.
    var level: Double

    var adapted: Double {
      Double(episodes.count { $0 != nil }) / Double(max(episodes.count, 1))
    }
    /// Mean over failures; one that did not adapt counts as all episodes played.
    func meanEpisodes(_ played: Int) -> Double {
      episodes.reduce(0) { $0 + Double($1 ?? played) } / Double(max(episodes.count, 1))
    }
    var meanLost: Double { Double(lost.reduce(0, +)) / Double(max(lost.count, 1)) }
  }

  func run() throws -> ReproductionOutcome {
    let networks = study.networks(["b4"])
    let counter = StepCounter(
      label: "mamrl-adaptation",
      total: networks.count * Self.variants.count * study.options.seeds,
      observer: study.options.observer)
    var table = CSVTable(columns: [
      "network", "variant", "adapted", "adaptedLow", "adaptedHigh", "episodes", "episodesLow",
      "episodesHigh", "lost", "lostLow", "lostHigh", "level", "levelLow", "levelHigh",
    ])
    var lines = [
      "network variant                      share adapted        episodes (\(episodes) if not)   "
        + "lost per failure       level after, of lp-split"
    ]
    var members: [JSONValue] = []
    var verdicts: [String] = []
    for network in networks {
      var all: [(name: String, cells: [Cell])] = []
      for variant in Self.variants {
        let cells = try (0..<study.options.seeds).map { index in
          defer { counter.advance() }
          return try cell(variant, network, seedIndex: index)
        }
        all.append((variant.name, cells))
        let four = [
          Interval.mean(of: cells.map(\.adapted)),
          Interval.mean(of: cells.map { $0.meanEpisodes(episodes) }),
          Interval.mean(of: cells.map(\.meanLost)), Interval.mean(of: cells.map(\.level)),
        ]
        table.append(
          [.text(network), .text(variant.name)]
            + four.flatMap { [.optional($0?.mean), .optional($0?.low), .optional($0?.high)] })
        lines.append(
          [
            network.padded(7), variant.name.padded(28), four[0].text(2).padded(20),
            four[1].text(1).padded(25), four[2].text(0).padded(22), four[3].text(2),
          ].joined(separator: " "))
        members.append([
          "network": .string(network), "variant": .string(variant.name),
          "shareAdapted": four[0]?.jsonValue ?? .null, "episodes": four[1]?.jsonValue ?? .null,
          "lost": four[2]?.jsonValue ?? .null, "level": four[3]?.jsonValue ?? .null,
        ])
      }
      verdicts += Self.verdicts(network, all, episodes)
    }
    return ReproductionOutcome(
      text: (lines + [""] + verdicts).joined(separator: "\n"),
      json: [
        "id": "mamrl-adaptation", "quick": .bool(study.options.quick),
        "loadFraction": .number(Self.share), "episodes": .integer(episodes),
        "seeds": .integer(study.options.seeds), "results": .array(members),
        "verdicts": .array(verdicts.map(JSONValue.string)),
      ], tables: [("mamrl-adaptation.csv", table)])
  }

  private func cell(_ variant: Variant, _ network: String, seedIndex: Int) throws -> Cell {
    let seed = study.seed(seedIndex)
    let name = variant.name.replacing(",", with: "").replacing(" ", with: "-")
    let key = "\(study.sizeName)-adaptation-\(network)-\(name)-\(seed)"
    return try study.options.store.piece(key) {
      let source = try study.source(network, .standard)
      let load = Self.share * (try study.capacity(network).value)
      let policy = try trained(
        variant, try source.scenario(load: load), seed: seed,
        path: study.options.store.checkpointPath(key))
      let adaptation = AdaptationStudy(
        policy: policy, source: source, load: load, episodes: episodes, seed: seed)
      let courses = FailureCourse.links(of: source.topology, timing: .start)
      let outcomes = try ParallelMap(threads: study.options.threads).map(count: courses.count) {
        try adaptation.run(courses[$0])
      }
      return Cell(
        episodes: outcomes.map(\.episodesToAdapt), lost: outcomes.map(\.lostUntilAdapted),
        level: outcomes.reduce(0) { sum, outcome in
          sum + outcome.levelAfter * 5 / outcome.reference.suffix(5).reduce(0, +)
        } / Double(max(outcomes.count, 1)))
    }
  }

  private func trained(
    _ variant: Variant, _ scenario: Scenario, seed: UInt64, path: String?
  ) throws -> PolicyFile {
    var settings = study.soundSettings
    settings.iterations = study.options.quick ? 50 : 150
    variant.change(&settings)
    let trainer: MetaTrainer
    if variant.isTrained {
      trainer = try MetaTraining(
        scenario: scenario, settings: settings, algorithm: "mamrl", seed: seed,
        threads: study.options.threads, path: path
      ).run()
    } else {
      trainer = MetaTrainer(
        scenario: scenario, settings: settings, seeds: SeedTree(root: seed).child("training"))
    }
    return PolicyFile(
      algorithm: "mamrl",
      settings: Dictionary(uniqueKeysWithValues: settings.values.map { ($0.name, $0.value) }),
      topology: scenario.topology.name, load: scenario.load, episodes: trainer.episodes,
      seed: seed, state: trainer.state)
  }

  /// What each switch is worth, by paired differences over trainings.
  private static func verdicts(
    _ network: String, _ all: [(name: String, cells: [Cell])], _ played: Int
  ) -> [String] {
    func sentence(_ what: String, _ a: String, _ b: String) -> String? {
      guard let new = all.first(where: { $0.name == a }),
        let old = all.first(where: { $0.name == b })
      else { return nil }
      let episodes = Interval.pairedDifference(
        new.cells.map { $0.meanEpisodes(played) }, old.cells.map { $0.meanEpisodes(played) })
      let lost = Interval.pairedDifference(
        new.cells.map(\.meanLost), old.cells.map(\.meanLost))
      let sooner = Standing(episodes, against: 0).words(below: "sooner", above: "later")
      let fewer = Standing(lost, against: 0).words(below: "fewer", above: "more")
      return
        "\(network): \(what) changes the episodes to adapt by \(episodes.text(1)) (\(sooner)), the "
        + "packets lost per failure by \(lost.text(0)) (\(fewer))."
    }
    return [
      sentence("training on failures", "trained on failures", "trained without failures"),
      sentence(
        "shutting links found failed, trained without failures,", "without failures, masked",
        "trained without failures"),
      sentence(
        "training on failures, with links shut,", "on failures, masked", "without failures, masked"),
      sentence(
        "the same, with the losses until a failure is found excused,",
        "on failures, masked, excused", "without failures, masked"),
      sentence(
        "second-order MAML instead of the same episodes without inner step,",
        "on failures, excused, MAML", "on failures, masked, excused"),
      sentence(
        "an entropy bonus of .02, with links shut,", "masked, entropy bonus",
        "without failures, masked"),
      sentence(
        "a trust region five times as wide at test time, with links shut,",
        "masked, wider steps at test", "without failures, masked"),
      sentence(
        "a trained instead of a random start", "without failures, masked",
        "random start, masked"),
    ].compactMap { $0 }
  }
}
