import Networks
import PacketSimulation
import Routing

/// The published system with its flaws repaired one at a time: what each of them is to blame for.
///
/// Every arm is `mamrl-published` with one thing changed, trained and played in the published model at
/// λ = .3 on the same seeds; two last arms repair all rewards' faults, with and without the inner step.
///
/// - Source: Sun, Kiran, Ren (2021), *MAMRL*, and the program released with it; the list of errors is
///   that of `Documentation/WhatHoldsOfMAMRL.md`.
struct MAMRLFlawStudy: Sendable {
  let study: MAMRLStudy

  struct Arm: Sendable {
    var name: String
    var change: @Sendable (inout MAMRLConfiguration) -> Void
  }

  static let arms: [Arm] = [
    Arm(name: "as published") { _ in },
    Arm(name: "reward at the last tick (as released)") { $0.reward = .publishedAtEnd },
    Arm(name: "raw integers (as released)") { $0.observation = .rawIntegers },
    Arm(name: "Algorithm 1 as printed") {
      $0.order = .first
      $0.outerStep = .gradient
    },
    Arm(name: "whole-trajectory return (Eq. 5)") { $0.estimator = .wholeTrajectory },
    Arm(name: "Metropolis consensus") { $0.consensus = .metropolis },
    Arm(name: "exact mean instead of consensus") { $0.reward = .publishedExactMean },
    Arm(name: "losses only") { $0.reward = .lossOnly },
    Arm(name: "no inner step") { repairInnerStep(&$0) },
    Arm(name: "backlog share") { $0.reward = .backlogShare },
    Arm(name: "packets' own delay") { $0.reward = .packetDelay },
    Arm(name: "packets' own delay, no inner step") {
      $0.reward = .packetDelay
      repairInnerStep(&$0)
    },
  ]

  /// As many episodes in all.
  private static func repairInnerStep(_ settings: inout MAMRLConfiguration) {
    settings.innerSteps = 0
    settings.episodesPerBatch *= 2
  }

  var load: Double { study.options.loads?.first ?? 0.3 }

  func run() throws -> ReproductionOutcome {
    let networks = study.networks(["b4"])
    let counter = StepCounter(
      label: "mamrl-flaws", total: networks.count * Self.arms.count * study.options.seeds,
      observer: study.options.observer)
    var table = CSVTable(columns: [
      "network", "load", "arm", "published", "publishedLow", "publishedHigh", "delivered",
      "deliveredLow", "deliveredHigh", "restricted", "restrictedLow", "restrictedHigh",
    ])
    var lines = [
      "network change                                 published delivery time  delivered share       "
        + "restricted mean delay"
    ]
    var verdicts: [String] = []
    for network in networks {
      var published: [MAMRLStudy.Cell] = []
      for arm in Self.arms {
        let cells = try (0..<study.options.seeds).map { index in
          defer { counter.advance() }
          return try cell(arm, network, seedIndex: index)
        }
        let three = [
          Interval.mean(of: cells.compactMap(\.published)),
          Interval.mean(of: cells.map(\.delivered)), Interval.mean(of: cells.map(\.restricted)),
        ]
        table.append(
          [.text(network), .number(load), .text(arm.name)]
            + three.flatMap { [.optional($0?.mean), .optional($0?.low), .optional($0?.high)] })
        lines.append(
          [
            network.padded(7), arm.name.padded(38), three[0].text(1).padded(24),
            three[1].text(3).padded(21), three[2].text(1),
          ].joined(separator: " "))
        if published.isEmpty {
          published = cells
        } else {
          verdicts.append(Self.verdict(network, arm, cells, published))
        }
      }
    }
    return ReproductionOutcome(
      text: (lines + [""] + verdicts).joined(separator: "\n"),
      json: [
        "id": "mamrl-flaws", "quick": .bool(study.options.quick), "load": .number(load),
        "seeds": .integer(study.options.seeds),
        "verdicts": .array(verdicts.map(JSONValue.string)),
      ], tables: [("mamrl-flaws.csv", table)])
  }

  private static func verdict(
    _ network: String, _ arm: Arm, _ cells: [MAMRLStudy.Cell], _ published: [MAMRLStudy.Cell]
  ) -> String {
    let ratio = Interval.ratio(cells.map(\.restricted), over: published.map(\.restricted))
    let words = Standing(ratio, against: 1).words(below: "shorter", above: "longer")
    return
      "\(network): \(arm.name), instead of as published: \(ratio.text(2)) times the delay over all "
      + "packets, \(words)."
  }

  private func cell(_ arm: Arm, _ network: String, seedIndex: Int) throws -> MAMRLStudy.Cell {
    let key = "\(study.sizeName)-flaws-\(arm.name)-\(network)-\(load)-\(study.seed(seedIndex))"
    return try study.options.store.piece(key) {
      var settings = study.publishedSettings
      arm.change(&settings)
      let scenario = try study.source(network, .published).scenario(load: load)
      return try study.trained(
        settings, "mamrl-published", scenario, seedIndex: seedIndex, key: key)
    }
  }
}
