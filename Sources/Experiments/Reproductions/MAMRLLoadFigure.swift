import Networks
import Routing

/// Figure 4 of the MAMRL paper: delivery time against load, one trained model per load.
///
/// Every number stands in three measures: the published one (mean over delivered packets), the
/// delivered share, and the restricted mean delay over all packets. The published model is followed by
/// the corrected one, in which a router creates as many packets per tick.
///
/// - Source: Sun, Kiran, Ren (2021), *MAMRL*, section 4.2 and Figure 4.
struct MAMRLLoadFigure: Sendable {
  let study: MAMRLStudy

  /// What section 4.2 claims at λ = .5: MAMRL's delivery time is lower by these shares.
  static let claims: [String: [(MAMRLStudy.Subject, Double)]] = [
    "b4": [(.shortestPath, 0.25), (.qRouting, 0.24), (.policyGradient, 0.14)],
    "geant": [(.shortestPath, 0.37), (.qRouting, 0.37), (.policyGradient, 0.10)],
    "att": [(.shortestPath, 0.33), (.qRouting, 0.28), (.policyGradient, 0.10)],
  ]

  /// Who plays in which model.
  static func subjects(_ preset: ScenarioSource.Preset) -> [MAMRLStudy.Subject] {
    switch preset {
    case .published: [.shortestPath, .qRouting, .policyGradient, .random, .published, .sound]
    case .standard: [.shortestPath, .qRouting, .policyGradient, .lpSplit, .sound]
    }
  }

  struct Point: Sendable {
    var preset: ScenarioSource.Preset
    var network: String
    /// λ of the published model.
    var load: Double
    /// What it asks for, over λ*.
    var share: Double
    var subject: MAMRLStudy.Subject
    var cells: [MAMRLStudy.Cell]

    var published: Interval? { Interval.mean(of: cells.compactMap(\.published)) }
    var delivered: Interval? { Interval.mean(of: cells.map(\.delivered)) }
    var restricted: Interval? { Interval.mean(of: cells.map(\.restricted)) }
  }

  var loads: [Double] {
    study.options.loads
      ?? [0.005, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5]
  }

  func run() throws -> ReproductionOutcome {
    let networks = study.networks()
    let players = ScenarioSource.Preset.allCases.map { Self.subjects($0).count }.reduce(0, +)
    let counter = StepCounter(
      label: "mamrl-fig4", total: networks.count * loads.count * players * study.options.seeds,
      observer: study.options.observer)
    var points: [Point] = []
    for network in networks {
      let capacity = try study.capacity(network).value
      for preset in [ScenarioSource.Preset.published, .standard] {
        for load in loads {
          for subject in Self.subjects(preset) {
            let cells = try (0..<study.options.seeds).map { index in
              defer { counter.advance() }
              return try study.cell(
                subject, network: network, load: MAMRLStudy.load(preset, like: load),
                seedIndex: index, preset: preset)
            }
            points.append(
              Point(
                preset: preset, network: network, load: load,
                share: MAMRLStudy.rate(load) / capacity, subject: subject,
                cells: cells))
          }
        }
      }
    }
    return outcome(points)
  }

  private func outcome(_ all: [Point]) -> ReproductionOutcome {
    var table = CSVTable(columns: [
      "model", "network", "load", "share", "algorithm", "published", "publishedLow",
      "publishedHigh", "delivered", "deliveredLow", "deliveredHigh", "restricted", "restrictedLow",
      "restrictedHigh",
    ])
    for point in all {
      var row: [CSVTable.Field] = [
        .text(point.preset.rawValue), .text(point.network), .number(point.load),
        .number(point.share), .text(point.subject.rawValue),
      ]
      for interval in [point.published, point.delivered, point.restricted] {
        row += [.optional(interval?.mean), .optional(interval?.low), .optional(interval?.high)]
      }
      table.append(row)
    }
    let points = all.filter { $0.preset == .published }
    let corrected = all.filter { $0.preset == .standard }
    let claims = self.claims(points, corrected)
    let verdicts = claims.map(\.sentence)
    return ReproductionOutcome(
      text: (lines(points) + [""] + correctedLines(corrected) + [""]
        + ClaimComparison.text(claims)).joined(separator: "\n"),
      json: [
        "id": "mamrl-fig4", "quick": .bool(study.options.quick),
        "seeds": .integer(study.options.seeds), "verdicts": .array(verdicts.map(JSONValue.string)),
        "claims": .array(claims.map(\.json)), "points": .array(all.map(Self.json)),
      ], tables: [("mamrl-fig4.csv", table), ("mamrl-fig4-trainings.csv", trainings(all))],
      figures: [figure(points, corrected)])
  }

  /// Every training on its own.
  private func trainings(_ points: [Point]) -> CSVTable {
    var table = CSVTable(columns: [
      "model", "network", "load", "algorithm", "seed", "testEpisodes", "published", "delivered",
      "restricted", "lost",
    ])
    for point in points {
      for (index, cell) in point.cells.enumerated() {
        table.append([
          .text(point.preset.rawValue), .text(point.network), .number(point.load),
          .text(point.subject.rawValue), .text("\(study.seed(index))"),
          .integer(study.evaluationEpisodes), .optional(cell.published), .number(cell.delivered),
          .number(cell.restricted), .number(cell.lost),
        ])
      }
    }
    return table
  }

  private func lines(_ points: [Point]) -> [String] {
    [
      "network load   algorithm        published delivery time   delivered share   restricted mean delay"
    ]
      + points.map { point in
        [
          point.network.padded(7), "\(point.load)".padded(6), point.subject.rawValue.padded(16),
          point.published.text(1).padded(25), point.delivered.text(3).padded(17),
          point.restricted.text(1),
        ].joined(separator: " ")
      }
  }

  /// Published metric, delivered share and restricted mean delay against load, a column per network,
  /// and below them the restricted mean delay in the corrected model; beside the published metric what
  /// the paper's percentages would make of our shortest path.
  private func figure(_ points: [Point], _ corrected: [Point]) -> ReproductionFigure {
    let networks = study.networks()
    let measures: [(String, [Point], (Point) -> Interval?)] = [
      ("delivered packets only, ticks", points, { $0.published }),
      ("delivered share", points, { $0.delivered }),
      ("all packets, ticks", points, { $0.restricted }),
      ("corrected model, all, ticks", corrected, { $0.restricted }),
    ]
    let subjects = Self.subjects(.published) + [.lpSplit]
    var panels: [PanelGrid.Panel] = []
    for (row, measure) in measures.enumerated() {
      for network in networks {
        let here = measure.1.filter { $0.network == network }
        var series = subjects.enumerated().filter { part in
          here.contains { $0.subject == part.element }
        }.map { style, subject in
          PanelGrid.Series(
            label: subject.rawValue, style: style,
            points: here.filter { $0.subject == subject }.compactMap { point in
              measure.2(point).map { PanelGrid.Point(x: point.load, y: $0) }
            })
        }
        if row == 0 { series += claimed(network, here) }
        panels.append(
          PanelGrid.Panel(
            title: row == 0 ? network : "", yLabel: measure.0, series: series,
            xLabel: row == 3 ? "load λ" : "", yRange: row == 1 ? (0, 1.05) : nil))
      }
    }
    return PanelGrid(name: "mamrl-fig4-plot", columns: networks.count, panels: panels).figure
  }

  /// The paper's claim at the highest load: its percentage below our shortest path.
  private func claimed(_ network: String, _ here: [Point]) -> [PanelGrid.Series] {
    guard let load = loads.max(), load == 0.5,
      let claim = Self.claims[network]?.first(where: { $0.0 == .shortestPath }),
      let path = here.first(where: { $0.load == load && $0.subject == .shortestPath })?.published
    else { return [] }
    let value = path.mean * (1 - claim.1)
    let first = loads.min() ?? 0
    return [
      PanelGrid.Series(
        label: "claimed for MAMRL at .5", style: 7,
        points: [first, load].map { PanelGrid.Point(x: $0, y: Interval(mean: value)) },
        isReference: true)
    ]
  }

  private static func json(_ point: Point) -> JSONValue {
    [
      "model": .string(point.preset.rawValue), "network": .string(point.network),
      "load": .number(point.load), "share": .number(point.share),
      "algorithm": .string(point.subject.rawValue),
      "meanDeliveryTime": point.published?.jsonValue ?? .null,
      "deliveredShare": point.delivered?.jsonValue ?? .null,
      "restrictedMeanDelay": point.restricted?.jsonValue ?? .null,
    ]
  }
}

extension Optional where Wrapped == Interval {
  /// "mean [low, high]".
  func text(_ decimals: Int) -> String {
    guard let self else { return "–" }
    let mean = self.mean.rounded(decimals)
    guard let low = self.low, let high = self.high else { return mean }
    return "\(mean) [\(low.rounded(decimals)), \(high.rounded(decimals))]"
  }
}

extension Interval {
  /// "mean [low, high]" with two decimals.
  var textOfRatio: String { Optional(self).text(2) }
}

extension Double {
  /// The number with a fixed count of decimals.
  func rounded(_ decimals: Int) -> String {
    guard isFinite, abs(self) < 1e15 else { return "\(self)" }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = Int((abs(self) * scale).rounded())
    let sign = self < 0 && scaled > 0 ? "-" : ""
    guard decimals > 0 else { return "\(sign)\(scaled)" }
    let fraction = "\(scaled % Int(scale))"
    return sign + "\(scaled / Int(scale))."
      + String(repeating: "0", count: decimals - fraction.count) + fraction
  }
}

extension String {
  /// Filled with spaces on the right.
  func padded(_ width: Int) -> String {
    count < width ? self + String(repeating: " ", count: width - count) : self
  }
}
