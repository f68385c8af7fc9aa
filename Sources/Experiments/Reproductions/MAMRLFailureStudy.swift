import Networks
import PacketSimulation
import Randomness
import Routing

/// Figures 5, 6, 7 and Table 2 of the MAMRL paper: what happens, episode by episode, after a link
/// has failed, at λ = .3.
///
/// Trained on the released four environments; then the link fails for good and every subject goes on
/// in its own way: MAMRL by Algorithm 2 from its trained start, `random` by the same from an untrained
/// one, Q-routing by its updates, shortest path not at all.
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

  /// What all trainings of a network came to.
  struct NetworkResult: Sendable {
    var network: String
    var routers: Int
    var subjects: [(subject: Subject, curves: [Curve])]
    /// lp-split, recomputed at once for the failed network, on the same arrivals; one per training.
    var references: [Curve]

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

    /// Packets lost until then, or in all episodes where it did not adapt.
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
  static let load = 0.3

  func result(_ network: String) throws -> NetworkResult {
    let seeds = 0..<study.options.seeds
    return NetworkResult(
      network: network,
      routers: try TopologyCatalogue.load(network).topology.routerCount,
      subjects: try Subject.allCases.map { subject in
        (subject, try seeds.map { try curve(subject, network: network, seedIndex: $0) })
      },
      references: try seeds.map { try reference(network, seedIndex: $0) })
  }

  /// The intact network, and the same with the link that fails in this training's test: one of the
  /// released three, in turn.
  private func scenarios(
    _ network: String, _ seedIndex: Int
  ) throws -> (intact: Scenario, failed: Scenario) {
    let source = try study.source(network, .published)
    let cases = EnvironmentDistribution(.releasedFour, topology: source.topology).environments
    let link = cases[1 + seedIndex % (cases.count - 1)][0]
    return (
      try source.scenario(load: Self.load),
      try source.scenario(load: Self.load, outages: [LinkOutage(link: link)])
    )
  }

  private func curve(_ subject: Subject, network: String, seedIndex: Int) throws -> Curve {
    let key =
      "\(study.sizeName)-failure-\(subject.rawValue)-\(network)-\(study.seed(seedIndex))"
    return try study.options.store.piece(key) {
      let (intact, failed) = try scenarios(network, seedIndex)
      return try play(subject, intact, failed, seedIndex: seedIndex, key: key)
    }
  }

  private func reference(_ network: String, seedIndex: Int) throws -> Curve {
    let key = "\(study.sizeName)-failure-lp-split-\(network)-\(study.seed(seedIndex))"
    return try study.options.store.piece(key) {
      let failed = try scenarios(network, seedIndex).failed
      let algorithm = try RoutingCatalogue.algorithm("lp-split")
      let actor = try algorithm.make(
        scenario: failed,
        configuration: try algorithm.configuration(settings: ["recompute": "true", "delay": "0"]))
      guard case .policy(let policy) = actor else { return Curve.empty }
      let after = SeedTree(root: study.seed(seedIndex)).child("after")
      return Self.curve(
        EpisodeRunner(scenario: failed).run(policy, episodes: episodes, seeds: after))
    }
  }

  private func play(
    _ subject: Subject, _ intact: Scenario, _ failed: Scenario, seedIndex: Int, key: String
  ) throws -> Curve {
    let seeds = SeedTree(root: study.seed(seedIndex))
    let runner = EpisodeRunner(scenario: failed)
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
      let settings = study.failureSettings(subject == .sound ? .sound : .published)
      var learner = MAMRLRouting(
        scenario: intact, settings: settings, seeds: seeds.child("learner"),
        threads: study.options.threads)
      if subject == .randomStart {
        learner.beginTestTime()
      } else {
        let training = MetaTraining(
          scenario: intact, settings: settings, algorithm: subject.rawValue,
          seed: study.seed(seedIndex), threads: study.options.threads,
          path: study.options.store.checkpointPath(key))
        try learner.restore(try training.run().state)
      }
      return Self.curve(runner.run(&learner, episodes: episodes, seeds: after))
    }
  }

  private static func curve(_ results: EpisodeResults) -> Curve {
    Curve(
      lost: results.episodes.map { Double($0.lost) },
      deliveryTime: results.episodes.map { $0.meanDeliveryTime ?? Double($0.horizon) },
      delivered: results.episodes.map(\.deliveredShare),
      restricted: results.episodes.map(\.restrictedMeanDelay))
  }

  /// The first episode (counted from 1) from which the five-episode moving average stays within 5 %
  /// of the mean of the last fifth: when the curve "converges to its stable state", as the paper
  /// reads its Figure 7.
  static func settled(_ values: [Double]) -> Int {
    let tail = values.suffix(max(values.count / 5, 1))
    let level = tail.reduce(0, +) / Double(max(tail.count, 1))
    guard values.count >= 5 else { return values.count }
    var last = 0
    for end in 5...values.count {
      let average = values[(end - 5)..<end].reduce(0, +) / 5
      if abs(average - level) > 0.05 * abs(level) { last = end }
    }
    return max(last + 1, 5)
  }
}

extension MAMRLFailureStudy.Curve {
  static let empty = Self(lost: [], deliveryTime: [], delivered: [], restricted: [])
}
