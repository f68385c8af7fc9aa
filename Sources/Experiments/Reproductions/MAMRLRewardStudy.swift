import Networks
import PacketSimulation
import Randomness
import Routing

/// What the published reward teaches: the course of training under Eq. 6, and under a reward that
/// counts every packet, from the same random start in the corrected world at .6 of the capacity.
///
/// Eq. 6 pays minus the mean delivery time of delivered packets. Whoever delivers less, and only what
/// is near, is paid more: the published measure improves while the network delivers less and less.
///
/// A third learner, a linear softmax policy with Adam on Eq. 6 with the exact mean, tells the reward's
/// part from that of consensus, network and trust region.
///
/// - Source: Sun, Kiran, Ren (2021), *MAMRL*, Eq. 6.
struct MAMRLRewardStudy: Sendable {
  let study: MAMRLStudy

  /// One learner on one reward.
  enum Arm: String, CaseIterable, Sendable {
    case published = "published reward"
    case linear = "exact mean, linear"
    case packetDelay = "own packets' delay"

    var reward: RewardForm {
      switch self {
      case .published: .publishedEachTick
      case .linear: .publishedExactMean
      case .packetDelay: .packetDelay
      }
    }

    /// The colour that the published and the sound learner have in the other pictures.
    var style: Int {
      switch self {
      case .published: 1
      case .linear: 2
      case .packetDelay: 0
      }
    }
  }

  static let share = 0.6

  func settings(_ arm: Arm) -> MAMRLConfiguration {
    var settings = study.soundSettings
    settings.reward = arm.reward
    settings.iterations = study.options.quick ? 80 : 300
    guard arm == .linear else { return settings }
    // 2,450 episodes in both forms: a linear policy costs little.
    settings.hiddenLayers = 0
    settings.outerStep = .adam
    settings.outerStepSize = 0.04
    settings.episodesPerBatch = 25
    settings.iterations = 98
    return settings
  }

  /// One training, iteration by iteration.
  struct Course: Codable, Sendable {
    var episodes: [Int]
    var published: [Double]
    var delivered: [Double]
    var restricted: [Double]
  }

  struct Result: Sendable {
    var network: String
    var arm: Arm
    var courses: [Course]

    func interval(_ measure: KeyPath<Course, [Double]>, at place: Int) -> Interval? {
      Interval.mean(of: courses.map { $0[keyPath: measure][place] })
    }
  }

  func run() throws -> ReproductionOutcome {
    let networks = study.networks()
    let counter = StepCounter(
      label: "mamrl-reward", total: networks.count * Arm.allCases.count * study.options.seeds,
      observer: study.options.observer)
    var results: [Result] = []
    for network in networks {
      for arm in Arm.allCases {
        let courses = try (0..<study.options.seeds).map { index in
          defer { counter.advance() }
          return try course(network, arm, seedIndex: index)
        }
        results.append(Result(network: network, arm: arm, courses: courses))
      }
    }
    return outcome(results)
  }

  private func course(_ network: String, _ arm: Arm, seedIndex: Int) throws -> Course {
    let seed = study.seed(seedIndex)
    let key = "\(study.sizeName)-reward-\(network)-\(arm.reward.rawValue)-\(Self.share)-\(seed)"
    return try study.options.store.piece(key) {
      let source = try study.source(network, .standard)
      let scenario = try source.scenario(load: Self.share * (try study.capacity(network).value))
      var course = Course(episodes: [], published: [], delivered: [], restricted: [])
      // No checkpoint: the course is the result, and a training is short.
      let training = MetaTraining(
        scenario: scenario, settings: settings(arm), algorithm: "mamrl", seed: seed,
        threads: study.options.threads, path: nil)
      _ = try training.run(onIteration: { report in
        course.episodes.append(report.episodes)
        course.published.append(report.meanDeliveryTime ?? Double(scenario.horizon))
        course.delivered.append(report.deliveredShare)
        course.restricted.append(report.restrictedMeanDelay)
      })
      return course
    }
  }

  private func outcome(_ results: [Result]) -> ReproductionOutcome {
    var table = CSVTable(columns: [
      "network", "reward", "episodes", "published", "publishedLow", "publishedHigh", "delivered",
      "deliveredLow", "deliveredHigh", "restricted", "restrictedLow", "restrictedHigh",
    ])
    var lines = [
      "network reward              episodes  published delivery time   delivered share       "
        + "restricted mean delay"
    ]
    for result in results {
      let episodes = result.courses[0].episodes
      let quarters = (1...4).map { $0 * episodes.count / 4 }
      for place in episodes.indices {
        let three = [\Course.published, \.delivered, \.restricted].map {
          result.interval($0, at: place)
        }
        table.append(
          [.text(result.network), .text(result.arm.rawValue), .integer(episodes[place])]
            + three.flatMap { [.optional($0?.mean), .optional($0?.low), .optional($0?.high)] })
        guard place == 0 || quarters.contains(place + 1) else { continue }
        lines.append(
          [
            result.network.padded(7), result.arm.rawValue.padded(19),
            "\(episodes[place])".padded(9),
            three[0].text(1).padded(25), three[1].text(3).padded(21), three[2].text(1),
          ].joined(separator: " "))
      }
    }
    let verdicts = results.filter { $0.arm != .packetDelay }.map(Self.verdict)
    return ReproductionOutcome(
      text: (lines + [""] + verdicts).joined(separator: "\n"),
      json: [
        "id": "mamrl-reward", "quick": .bool(study.options.quick),
        "loadFraction": .number(Self.share), "seeds": .integer(study.options.seeds),
        "verdicts": .array(verdicts.map(JSONValue.string)),
      ], tables: [("mamrl-reward.csv", table)], figures: [figure(results)])
  }

  /// The last five iterations against the first five, paired over trainings.
  private static func verdict(_ result: Result) -> String {
    func change(_ measure: KeyPath<Course, [Double]>) -> Interval? {
      Interval.ratio(
        result.courses.map { mean($0[keyPath: measure].suffix(5)) },
        over: result.courses.map { mean($0[keyPath: measure].prefix(5)) })
    }
    let (time, share) = (change(\.published), change(\.delivered))
    let improves = (time?.high).map { $0 < 1 } ?? false
    let drops = (share?.high).map { $0 < 1 } ?? false
    let words: String
    switch (improves, drops) {
    case (true, true):
      words = "the published reward is gamed: its measure improves as delivery falls"
    case (true, false): words = "its measure improves, and delivery does not fall clearly"
    case (false, true): words = "delivery falls, and not even its own measure improves clearly"
    case (false, false): words = "no clear change of either"
    }
    return
      "\(result.network), \(result.arm.rawValue): from the first five to the last five iterations the "
      + "published delivery time changes by a factor \(time.text(2)), the delivered share by \(share.text(2)): \(words)."
  }

  private static func mean(_ values: ArraySlice<Double>) -> Double {
    values.reduce(0, +) / Double(max(values.count, 1))
  }

  private func figure(_ results: [Result]) -> ReproductionFigure {
    let networks = study.networks()
    let measures: [(String, KeyPath<Course, [Double]> & Sendable)] = [
      ("delivered packets only, ticks", \.published), ("delivered share", \.delivered),
      ("all packets, ticks", \.restricted),
    ]
    var panels: [PanelGrid.Panel] = []
    for (row, measure) in measures.enumerated() {
      for network in networks {
        let series = Arm.allCases.compactMap { arm -> PanelGrid.Series? in
          guard let result = results.first(where: { $0.network == network && $0.arm == arm })
          else { return nil }
          let episodes = result.courses[0].episodes
          return PanelGrid.Series(
            label: "trained on the \(arm.rawValue)".replacing("'", with: "’"), style: arm.style,
            points: episodes.indices.compactMap { place in
              result.interval(measure.1, at: place).map {
                PanelGrid.Point(x: Double(episodes[place]), y: $0)
              }
            })
        }
        panels.append(
          PanelGrid.Panel(
            title: row == 0 ? network : "", yLabel: measure.0, series: series,
            xLabel: row == 2 ? "episodes of training" : "", yRange: row == 1 ? (0, 1.05) : nil))
      }
    }
    return PanelGrid(name: "mamrl-reward-plot", columns: networks.count, panels: panels).figure
  }
}
