import Networks
import PacketSimulation
import Randomness
import Routing

/// Figures 5, 6, 7 and Table 2 of the MAMRL paper: what happens, episode by episode, after a link
/// has failed, at λ = .3; and the same in the corrected model at .8 of λ*, a load that can be carried.
///
/// Trained on the released four environments; then the link fails for good and every subject goes on
/// in its own way: MAMRL by Algorithm 2 from its trained start, `random` by the same from an untrained
/// one, Q-routing by its updates, shortest path not at all. In the corrected model MAMRL is the sound
/// learner, trained on the intact network, which adapts best there (`MAMRLAdaptationStudy`).
///
/// - Source: Sun, Kiran, Ren (2021), *MAMRL*, section 4.3, Figures 5–7, Table 2.
struct MAMRLFailureStudy: Sendable {
  let study: MAMRLStudy

  enum Quantity: String, Sendable {
    case lost, deliveryTime, reward
  }

  enum Subject: String, CaseIterable, Sendable {
    case shortestPath = "shortest-path"
    case qRouting = "q-routing"
    case published = "mamrl-published"
    case randomStart = "random-start"
    case sound = "mamrl"
  }

  /// One subject's episodes after the failure.
  struct Curve: Codable, Sendable {
    var lost: [Double]
    var deliveryTime: [Double]
    var delivered: [Double]
    var restricted: [Double]

    /// Minus the delivery time and the losses per router: Eq. 6 summed up.
    func reward(routers: Int) -> [Double] {
      zip(deliveryTime, lost).map { -$0 - $1 / Double(routers) }
    }
  }

  /// Who plays in which model.
  static func subjects(_ preset: ScenarioSource.Preset) -> [Subject] {
    preset == .published ? Subject.allCases : [.shortestPath, .qRouting, .randomStart, .sound]
  }

  /// What all trainings of a network came to.
  struct NetworkResult: Sendable {
    var preset: ScenarioSource.Preset
    var network: String
    var routers: Int
    var subjects: [(subject: Subject, curves: [Curve])]
    /// lp-split, recomputed at once for the failed network, on the same arrivals; one per training.
    var references: [Curve]
    /// The link that failed, by training.
    var links: [String]

    func curves(_ subject: Subject) -> [Curve] {
      subjects.first { $0.subject == subject }?.curves ?? []
    }

    /// Episodes until adapted by the definition of `AdaptationStudy`; nil for "not within the
    /// episodes played".
    func adapted(_ subject: Subject) -> [Int?] {
      zip(curves(subject), references).map {
        AdaptationStudy.adapted($0.restricted, reference: $1.restricted)
      }
    }

    /// Episodes until first within 10 % of the yardstick, whatever comes after.
    func firstWithin(_ subject: Subject) -> [Int?] {
      zip(curves(subject), references).map {
        AdaptationStudy.firstWithin($0.restricted, reference: $1.restricted)
      }
    }

    /// When each training's reward settled.
    func settled(_ subject: Subject) -> [Int?] {
      curves(subject).map { MAMRLFailureStudy.settled($0.reward(routers: routers)) }
    }

    /// Packets lost until adapted, or in all episodes where it did not adapt.
    func lost(_ subject: Subject) -> [Double] {
      zip(curves(subject), adapted(subject)).map { curve, episodes in
        curve.lost.prefix(episodes ?? curve.lost.count).reduce(0, +)
      }
    }
  }

  /// Table 2 as printed: episodes to adapt for Q-routing, MAMRL, random start.
  static let printed: [String: [Int]] = [
    "b4": [23, 25, 800], "geant": [35, 35, 100], "att": [29, 30, 1000],
  ]

  var episodes: Int { study.options.quick ? 60 : 1000 }
  /// λ in the published model, and the share of λ* in the corrected one.
  static let load = 0.3
  static let share = 0.8

  func result(_ network: String, _ preset: ScenarioSource.Preset) throws -> NetworkResult {
    let tests = try (0..<study.options.seeds).map { try test(network, preset, seedIndex: $0) }
    return NetworkResult(
      preset: preset, network: network,
      routers: try TopologyCatalogue.load(network).topology.routerCount,
      subjects: try Self.subjects(preset).map { subject in
        (subject, try tests.map { try curve(subject, $0) })
      },
      references: try tests.map(reference), links: tests.map(\.link))
  }

  /// What one training is tested on.
  private struct Test: Sendable {
    var preset: ScenarioSource.Preset
    var seed: UInt64
    var intact: Scenario
    /// The same with one of the released three links failed.
    var failed: Scenario
    /// Names network, model, load, link and seed, and so everything but the subject.
    var key: String
    /// The link that fails.
    var link: String
  }

  /// The released three links fail in turn over the trainings.
  private func test(
    _ network: String, _ preset: ScenarioSource.Preset, seedIndex: Int
  ) throws -> Test {
    let source = try study.source(network, preset)
    let cases = EnvironmentDistribution(.releasedFour, topology: source.topology).environments
    let link = cases[1 + seedIndex % (cases.count - 1)][0]
    let load =
      preset == .published ? Self.load : Self.share * (try study.capacity(network).value)
    let seed = study.seed(seedIndex)
    return Test(
      preset: preset, seed: seed, intact: try source.scenario(load: load),
      failed: try source.scenario(load: load, outages: [LinkOutage(link: link)]),
      key: "\(network)-\(preset.rawValue)-\(load)-link\(link.index)-\(seed)",
      link: source.topology.describe(link))
  }

  private func curve(_ subject: Subject, _ test: Test) throws -> Curve {
    let key = "\(study.sizeName)-failure-\(subject.rawValue)-\(test.key)"
    return try study.options.store.piece(key) { try play(subject, test, key: key) }
  }

  private func reference(_ test: Test) throws -> Curve {
    let key = "\(study.sizeName)-failure-lp-split-\(test.key)"
    return try study.options.store.piece(key) {
      let failed = test.failed
      let algorithm = try RoutingCatalogue.algorithm("lp-split")
      let actor = try algorithm.make(
        scenario: failed,
        configuration: try algorithm.configuration(settings: ["recompute": "true", "delay": "0"]))
      guard case .policy(let policy) = actor else { return Curve.empty }
      let after = SeedTree(root: test.seed).child("after")
      return Self.curve(
        EpisodeRunner(scenario: failed).run(policy, episodes: episodes, seeds: after))
    }
  }

  private func play(_ subject: Subject, _ test: Test, key: String) throws -> Curve {
    let intact = test.intact
    let seeds = SeedTree(root: test.seed)
    let runner = EpisodeRunner(scenario: test.failed)
    let after = seeds.child("after")
    switch subject {
    case .shortestPath:
      let policy = ShortestPathPolicy(scenario: intact, configuration: .init())
      return Self.curve(runner.run(policy, episodes: episodes, seeds: after))
    case .qRouting:
      var learner = QRouting(scenario: intact)
      _ = EpisodeRunner(scenario: intact).run(
        &learner, episodes: 40, seeds: seeds.child("training"))
      return Self.curve(runner.run(&learner, episodes: episodes, seeds: after))
    case .published, .randomStart, .sound:
      let settings = self.settings(subject, test.preset)
      var learner = MAMRLRouting(
        scenario: intact, settings: settings, seeds: seeds.child("learner"),
        threads: study.options.threads)
      if subject == .randomStart {
        learner.beginTestTime()
      } else {
        let training = MetaTraining(
          scenario: intact, settings: settings, algorithm: subject.rawValue,
          seed: test.seed, threads: study.options.threads,
          path: study.options.store.checkpointPath(key))
        try learner.restore(try training.run().state)
      }
      return Self.curve(runner.run(&learner, episodes: episodes, seeds: after))
    }
  }

  private func settings(
    _ subject: Subject, _ preset: ScenarioSource.Preset
  ) -> MAMRLConfiguration {
    let isSound = subject == .sound || preset == .standard
    var settings = study.failureSettings(isSound ? .sound : .published)
    if preset == .standard { (settings.environments, settings.tasksPerIteration) = (.intact, 1) }
    return settings
  }

  private static func curve(_ results: EpisodeResults) -> Curve {
    Curve(
      lost: results.episodes.map { Double($0.lost) },
      deliveryTime: results.episodes.map { $0.meanDeliveryTime ?? Double($0.horizon) },
      delivered: results.episodes.map(\.deliveredShare),
      restricted: results.episodes.map(\.restrictedMeanDelay))
  }

  /// The first episode (counted from 1, at least 5) whose five-episode moving average is within 5 % of the
  /// mean of the last fifth: when the curve "converges to its stable state", as the paper reads its Figure
  /// 7. The first, since over many episodes the last one outside is but the rarest draw.
  ///
  /// - Returns: nil where no average is.
  static func settled(_ values: [Double]) -> Int? {
    guard values.count >= 5 else { return nil }
    let level = lastFifth(values)
    return (5...values.count).first { end in
      abs(values[(end - 5)..<end].reduce(0, +) / 5 - level) <= 0.05 * abs(level)
    }
  }
}

extension MAMRLFailureStudy.Curve {
  static let empty = Self(lost: [], deliveryTime: [], delivered: [], restricted: [])
}

extension [Int?] {
  /// The episodes of the trainings in which it happened.
  var happened: [Double] { compactMap { $0.map(Double.init) } }
}
