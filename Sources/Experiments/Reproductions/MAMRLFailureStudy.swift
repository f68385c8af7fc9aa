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

  /// Table 2 as printed: episodes to adapt for Q-routing, MAMRL, random start.
  static let printed: [String: [Int]] = [
    "b4": [23, 25, 800], "geant": [35, 35, 100], "att": [29, 30, 1000],
  ]

  var episodes: Int { study.options.quick ? 60 : 1000 }
  static let load = 0.3

  func curves(_ network: String) throws -> [(subject: Subject, curves: [Curve])] {
    try Subject.allCases.map { subject in
      let curves = try (0..<study.options.seeds).map { index in
        try curve(subject, network: network, seedIndex: index)
      }
      return (subject, curves)
    }
  }

  private func curve(_ subject: Subject, network: String, seedIndex: Int) throws -> Curve {
    let key =
      "\(study.sizeName)-failure-\(subject.rawValue)-\(network)-\(study.seed(seedIndex))"
    return try study.options.store.piece(key) {
      let source = try study.source(network, .published)
      let intact = try source.scenario(load: Self.load)
      let cases = EnvironmentDistribution(.releasedFour, topology: source.topology).environments
      let link = cases[1 + seedIndex % (cases.count - 1)][0]
      let failed = try source.scenario(load: Self.load, outages: [LinkOutage(link: link)])
      return try play(subject, intact, failed, seedIndex: seedIndex, key: key)
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
      var settings = subject == .sound ? study.soundSettings : study.publishedSettings
      settings.environments = .releasedFour
      if !study.options.quick { settings.tasksPerIteration = 3 }
      var learner = MAMRLRouting(
        scenario: intact, settings: settings, seeds: seeds.child("learner"),
        threads: study.options.threads)
      var start = learner.state
      if subject != .randomStart {
        let training = MetaTraining(
          scenario: intact, settings: settings, algorithm: subject.rawValue,
          seed: study.seed(seedIndex), threads: study.options.threads,
          path: study.options.store.checkpointPath(key))
        start = try training.run().state
      }
      try learner.restore(start)
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

  func run(_ id: String, _ quantity: Quantity?) throws -> ReproductionOutcome {
    let networks = study.networks()
    let counter = StepCounter(label: id, total: networks.count, observer: study.options.observer)
    var table = CSVTable(columns: ["network", "algorithm", "episode", "mean", "low", "high"])
    var lines: [String] = []
    var members: [JSONValue] = []
    for network in networks {
      let routers = try TopologyCatalogue.load(network).topology.routerCount
      let all = try curves(network)
      for (subject, curves) in all {
        let series = curves.map { Self.values($0, quantity ?? .reward, routers: routers) }
        append(network, subject, series, to: &table)
        lines.append(summary(network, subject, curves, series))
        members.append(json(network, subject, curves, series))
      }
      if quantity == nil { lines.append(printedLine(network)) }
      counter.advance()
    }
    let head =
      "network algorithm        first 5 episodes        last fifth              settled after   "
      + "delivered, last fifth"
    return ReproductionOutcome(
      text: ([head] + lines + ["", Self.remark]).joined(separator: "\n"),
      json: [
        "id": .string(id), "quick": .bool(study.options.quick),
        "seeds": .integer(study.options.seeds), "results": .array(members),
      ], tables: [("\(id).csv", table)])
  }

  static let remark =
    "Values: packets lost (fig5), mean delivery time of delivered packets (fig6), or reward (fig7, "
    + "table2). A curve can settle at a bad level: read the delivered share beside it. The paper "
    + "gives no definition of adapted, and its text (30 and 35 episodes on B4) contradicts its table."

  private static func values(_ curve: Curve, _ quantity: Quantity, routers: Int) -> [Double] {
    switch quantity {
    case .lost: curve.lost
    case .deliveryTime: curve.deliveryTime
    case .reward: curve.reward(routers: routers)
    }
  }

  private func append(
    _ network: String, _ subject: Subject, _ series: [[Double]], to table: inout CSVTable
  ) {
    for episode in 0..<episodes {
      let interval = Interval.mean(of: series.map { $0[episode] })
      table.append([
        .text(network), .text(subject.rawValue), .integer(episode + 1),
        .optional(interval?.mean), .optional(interval?.low), .optional(interval?.high),
      ])
    }
  }

  private func lastFifth(_ values: [Double]) -> Double {
    let tail = values.suffix(max(values.count / 5, 1))
    return tail.reduce(0, +) / Double(tail.count)
  }

  private func summary(
    _ network: String, _ subject: Subject, _ curves: [Curve], _ series: [[Double]]
  ) -> String {
    let early = Interval.mean(of: series.map { $0.prefix(5).reduce(0, +) / 5 })
    let late = Interval.mean(of: series.map(lastFifth))
    let settled = Interval.mean(of: series.map { Double(Self.settled($0)) })
    let share = Interval.mean(of: curves.map { lastFifth($0.delivered) })
    return [
      network.padded(7), subject.rawValue.padded(16), early.text(1).padded(23),
      late.text(1).padded(23), settled.text(0).padded(15), share.text(3),
    ].joined(separator: " ")
  }

  private func json(
    _ network: String, _ subject: Subject, _ curves: [Curve], _ series: [[Double]]
  ) -> JSONValue {
    [
      "network": .string(network), "algorithm": .string(subject.rawValue),
      "early": Interval.mean(of: series.map { $0.prefix(5).reduce(0, +) / 5 })?.jsonValue ?? .null,
      "late": Interval.mean(of: series.map(lastFifth))?.jsonValue ?? .null,
      "settledAfter": Interval.mean(of: series.map { Double(Self.settled($0)) })?.jsonValue
        ?? .null,
      "deliveredShare": Interval.mean(of: curves.map { lastFifth($0.delivered) })?.jsonValue
        ?? .null,
    ]
  }

  private func printedLine(_ network: String) -> String {
    let values = Self.printed[network] ?? []
    return "        printed in Table 2: Q-routing, MAMRL, random start = "
      + values.map(String.init).joined(separator: ", ") + " episodes"
  }
}
