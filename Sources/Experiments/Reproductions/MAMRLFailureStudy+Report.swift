import Networks
import Routing

// The tables, words and pictures of Figures 5 to 7 and Table 2.
extension MAMRLFailureStudy {
  func run(_ id: String, _ quantity: Quantity?) throws -> ReproductionOutcome {
    let networks = study.networks()
    let counter = StepCounter(
      label: id, total: 2 * networks.count, observer: study.options.observer)
    func results(_ preset: ScenarioSource.Preset) throws -> [NetworkResult] {
      try networks.map { network in
        defer { counter.advance() }
        return try result(network, preset)
      }
    }
    let (published, corrected) = (try results(.published), try results(.standard))
    let shown = quantity ?? .reward
    func lines(_ result: NetworkResult) -> [String] {
      result.subjects.map {
        quantity == nil ? adaptation(result, $0.subject) : summary(result, $0.subject, shown)
      } + (quantity == nil && result.preset == .published ? [Self.printedLine(result.network)] : [])
    }
    let head = quantity == nil ? Self.adaptationHead : Self.head
    let claims = zip(published, corrected).flatMap { self.claims($0, $1, quantity) }
    return ReproductionOutcome(
      text: ([head] + published.flatMap(lines)
        + ["", quantity == nil ? Self.definition : Self.remark, "", Self.correctedRemark, head]
        + corrected.flatMap(lines) + [""] + ClaimComparison.text(claims)).joined(separator: "\n"),
      json: [
        "id": .string(id), "quick": .bool(study.options.quick), "load": .number(Self.load),
        "correctedShare": .number(Self.share), "episodes": .integer(episodes),
        "seeds": .integer(study.options.seeds),
        "results": .array(
          (published + corrected).flatMap { result in
            result.subjects.map { json(result, $0.subject, shown) }
          }), "verdicts": .array(claims.map { .string($0.sentence) }),
        "claims": .array(claims.map(\.json)),
      ],
      tables: [
        (
          "\(id).csv",
          quantity == nil
            ? adaptationTable(published + corrected) : table(published + corrected, shown)
        )
      ], figures: quantity == nil ? [] : [figure(id, published, corrected, shown)])
  }

  static let head =
    "network algorithm        first 5 episodes        last fifth              delivered, last fifth  "
    + "restricted mean delay, last fifth"
  static let adaptationHead =
    "network algorithm        first within 10 %    adapted              lost until then           "
    + "reward settled after"
  static let remark =
    "Values: packets lost per episode (fig5), mean delivery time of delivered packets (fig6), or "
    + "reward, minus that time and the losses per router (fig7). mamrl here trains on the same "
    + "failures with every packet counted, and sends nothing into links that its routers found failed."
  static let correctedRemark =
    "Corrected model at .8 of the intact network's λ*. mamrl here trains on the intact network, without "
    + "inner step, and sends nothing into links that its routers found failed; random-start is the same, untrained."
  static let definition =
    "First within 10 %: the first episode whose five-episode average of the restricted mean delay is "
    + "within 10 % of lp-split's, recomputed at once for the failed network, on the same arrivals (at "
    + "least 5); in how many trainings, and after how many episodes in those. Adapted: the first from "
    + "which on it stays there; over many episodes that is decided by the rarest relapse. Settled: the "
    + "first episode whose five-episode average of the reward is within 5 % of its own last fifth, which "
    + "is how the paper seems to read its Figure 7; a curve can settle at a bad level, and one that does "
    + "not move settles at once. The paper defines neither, and its text (30 and 35 episodes on B4) "
    + "contradicts its table."

  static func values(_ curve: Curve, _ quantity: Quantity, routers: Int) -> [Double] {
    switch quantity {
    case .lost: curve.lost
    case .deliveryTime: curve.deliveryTime
    case .reward: curve.reward(routers: routers)
    }
  }

  private func table(_ results: [NetworkResult], _ quantity: Quantity) -> CSVTable {
    var table = CSVTable(columns: [
      "model", "network", "algorithm", "episode", "mean", "low", "high", "delivered", "restricted",
    ])
    for result in results {
      for (subject, curves) in result.subjects {
        for episode in 0..<episodes {
          let value = Interval.mean(
            of: curves.map { Self.values($0, quantity, routers: result.routers)[episode] })
          table.append([
            .text(result.preset.rawValue), .text(result.network), .text(subject.rawValue),
            .integer(episode + 1),
            .optional(value?.mean), .optional(value?.low), .optional(value?.high),
            .optional(Interval.mean(of: curves.map { $0.delivered[episode] })?.mean),
            .optional(Interval.mean(of: curves.map { $0.restricted[episode] })?.mean),
          ])
        }
      }
    }
    return table
  }

  static func lastFifth(_ values: [Double]) -> Double {
    let tail = values.suffix(max(values.count / 5, 1))
    return tail.reduce(0, +) / Double(max(tail.count, 1))
  }

  private func summary(
    _ result: NetworkResult, _ subject: Subject, _ quantity: Quantity
  ) -> String {
    let curves = result.curves(subject)
    let series = curves.map { Self.values($0, quantity, routers: result.routers) }
    return [
      result.network.padded(7), subject.rawValue.padded(16),
      Interval.mean(of: series.map { $0.prefix(5).reduce(0, +) / 5 }).text(1).padded(23),
      Interval.mean(of: series.map(Self.lastFifth)).text(1).padded(23),
      Interval.mean(of: curves.map { Self.lastFifth($0.delivered) }).text(3).padded(22),
      Interval.mean(of: curves.map { Self.lastFifth($0.restricted) }).text(1),
    ].joined(separator: " ")
  }

  private func adaptation(_ result: NetworkResult, _ subject: Subject) -> String {
    func counted(_ episodes: [Int?]) -> String {
      let done = episodes.happened
      return done.isEmpty
        ? "0/\(episodes.count)"
        : "\(done.count)/\(episodes.count) \(Interval.mean(of: done).text(0))"
    }
    return [
      result.network.padded(7), subject.rawValue.padded(16),
      counted(result.firstWithin(subject)).padded(20), counted(result.adapted(subject)).padded(20),
      Interval.mean(of: result.lost(subject)).text(0).padded(25),
      Interval.mean(of: result.settled(subject).happened).text(0),
    ].joined(separator: " ")
  }

  private func json(
    _ result: NetworkResult, _ subject: Subject, _ quantity: Quantity
  ) -> JSONValue {
    let curves = result.curves(subject)
    let series = curves.map { Self.values($0, quantity, routers: result.routers) }
    func interval(_ values: [Double]) -> JSONValue {
      Interval.mean(of: values)?.jsonValue ?? .null
    }
    return [
      "model": .string(result.preset.rawValue), "network": .string(result.network),
      "algorithm": .string(subject.rawValue),
      "early": interval(series.map { $0.prefix(5).reduce(0, +) / 5 }),
      "late": interval(series.map(Self.lastFifth)),
      "deliveredShare": interval(curves.map { Self.lastFifth($0.delivered) }),
      "restrictedMeanDelay": interval(curves.map { Self.lastFifth($0.restricted) }),
      "episodesToFirstWithin": .array(
        result.firstWithin(subject).map { $0.map(JSONValue.integer) ?? .null }),
      "episodesToAdapt": .array(
        result.adapted(subject).map { $0.map(JSONValue.integer) ?? .null }),
      "lostUntilAdapted": .numbers(result.lost(subject)),
      "settledAfter": .array(
        result.settled(subject).map { $0.map(JSONValue.integer) ?? .null }),
    ]
  }

  /// Table 2 and what stands behind it: every training on its own.
  private func adaptationTable(_ results: [NetworkResult]) -> CSVTable {
    var table = CSVTable(columns: [
      "model", "network", "algorithm", "seed", "failure", "episodesToFirstWithin",
      "episodesToAdapt", "lostUntilAdapted",
      "settledAfter", "lost", "published", "delivered", "restricted", "lpSplit",
    ])
    for result in results {
      for (subject, curves) in result.subjects {
        let (adapted, lost) = (result.adapted(subject), result.lost(subject))
        let (first, settled) = (result.firstWithin(subject), result.settled(subject))
        for (index, curve) in curves.enumerated() {
          let late = [
            curve.lost, curve.deliveryTime, curve.delivered, curve.restricted,
            result.references[index].restricted,
          ].map { CSVTable.Field.number(Self.lastFifth($0)) }
          table.append(
            [
              .text(result.preset.rawValue), .text(result.network), .text(subject.rawValue),
              .text("\(study.seed(index))"), .text(result.links[index]),
              .optional(first[index].map(Double.init)),
              .optional(adapted[index].map(Double.init)), .number(lost[index]),
              .optional(settled[index].map(Double.init)),
            ] + late)
        }
      }
    }
    return table
  }

  private static func printedLine(_ network: String) -> String {
    let values = printed[network] ?? []
    return "        printed in Table 2: Q-routing, MAMRL, random start = "
      + values.map(String.init).joined(separator: ", ") + " episodes"
  }

  /// The quantity, the delivered share and the restricted mean delay by episode, a column per network,
  /// and below them the restricted mean delay in the corrected model.
  private func figure(
    _ id: String, _ published: [NetworkResult], _ corrected: [NetworkResult], _ quantity: Quantity
  ) -> ReproductionFigure {
    let label =
      switch quantity {
      case .lost: "packets lost per episode"
      case .deliveryTime: "delivered packets only, ticks"
      case .reward: "reward"
      }
    // A thousand episodes one by one are a band of noise: at most 200 points, each a mean.
    let averaged = (episodes + 199) / 200
    let xLabel = "episodes after the failure" + (averaged > 1 ? ", means of \(averaged)" : "")
    typealias Measure = (Curve, Int) -> [Double]
    let rows: [(String, [NetworkResult], Measure)] = [
      (label, published, { Self.values($0, quantity, routers: $1) }),
      ("delivered share", published, { c, _ in c.delivered }),
      ("all packets, ticks", published, { c, _ in c.restricted }),
      ("corrected model, all, ticks", corrected, { c, _ in c.restricted }),
    ]
    var panels: [PanelGrid.Panel] = []
    for (row, measure) in rows.enumerated() {
      for result in measure.1 {
        func points(_ curves: [Curve]) -> [PanelGrid.Point] {
          let series = curves.map { measure.2($0, result.routers) }
          return stride(from: 0, to: episodes, by: averaged).compactMap { first in
            let last = min(first + averaged, episodes)
            return Interval.mean(
              of: series.map { $0[first..<last].reduce(0, +) / Double(last - first) }
            ).map { PanelGrid.Point(x: Double(last), y: $0) }
          }
        }
        var series = result.subjects.map { part in
          PanelGrid.Series(
            label: part.subject.rawValue,
            style: Subject.allCases.firstIndex(of: part.subject) ?? 0, points: points(part.curves))
        }
        series.append(
          PanelGrid.Series(
            label: "lp-split recomputed", style: 6, points: points(result.references),
            isReference: true))
        panels.append(
          PanelGrid.Panel(
            title: row == 0 ? result.network : "", yLabel: measure.0, series: series,
            xLabel: row == 3 ? xLabel : "",
            yRange: row == 1 ? (0, 1.05) : nil))
      }
    }
    return PanelGrid(name: "\(id)-plot", columns: max(published.count, 1), panels: panels).figure
  }
}
