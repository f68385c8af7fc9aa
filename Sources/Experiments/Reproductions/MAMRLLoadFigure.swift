import Networks
import Routing

/// Figure 4 of the MAMRL paper: delivery time against load, one trained model per load.
///
/// Every number stands in three measures: the published one (mean over delivered packets), the
/// delivered share, and the restricted mean delay over all packets.
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

  static let subjects: [MAMRLStudy.Subject] = [
    .shortestPath, .qRouting, .policyGradient, .random, .published, .sound,
  ]

  struct Point: Sendable {
    var network: String
    var load: Double
    var subject: MAMRLStudy.Subject
    var cells: [MAMRLStudy.Cell]

    var published: Interval? { Interval.mean(of: cells.compactMap(\.published)) }
    var delivered: Interval? { Interval.mean(of: cells.map(\.delivered)) }
    var restricted: Interval? { Interval.mean(of: cells.map(\.restricted)) }
  }

  var loads: [Double] {
    study.options.loads
      ?? (study.options.quick ? [0.05, 0.3, 0.5] : [0.005, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5])
  }

  func run() throws -> ReproductionOutcome {
    let networks = study.networks()
    let total = networks.count * loads.count * Self.subjects.count * study.options.seeds
    let counter = StepCounter(
      label: "mamrl-fig4", total: total, observer: study.options.observer)
    var points: [Point] = []
    for network in networks {
      for load in loads {
        for subject in Self.subjects {
          let cells = try (0..<study.options.seeds).map { index in
            defer { counter.advance() }
            return try study.cell(subject, network: network, load: load, seedIndex: index)
          }
          points.append(Point(network: network, load: load, subject: subject, cells: cells))
        }
      }
    }
    return outcome(points)
  }

  private func outcome(_ points: [Point]) -> ReproductionOutcome {
    var table = CSVTable(columns: [
      "network", "load", "algorithm", "published", "publishedLow", "publishedHigh", "delivered",
      "deliveredLow", "deliveredHigh", "restricted", "restrictedLow", "restrictedHigh",
    ])
    var lines = [
      "network load   algorithm        published delivery time   delivered share   restricted mean delay"
    ]
    for point in points {
      var row: [CSVTable.Field] = [
        .text(point.network), .number(point.load), .text(point.subject.rawValue),
      ]
      for interval in [point.published, point.delivered, point.restricted] {
        row += [.optional(interval?.mean), .optional(interval?.low), .optional(interval?.high)]
      }
      table.append(row)
      lines.append(
        [
          point.network.padded(7), "\(point.load)".padded(6), point.subject.rawValue.padded(16),
          point.published.text(1).padded(25), point.delivered.text(3).padded(17),
          point.restricted.text(1),
        ].joined(separator: " "))
    }
    let verdicts = self.verdicts(points)
    return ReproductionOutcome(
      text: (lines + [""] + verdicts).joined(separator: "\n"),
      json: [
        "id": "mamrl-fig4", "quick": .bool(study.options.quick),
        "seeds": .integer(study.options.seeds), "verdicts": .array(verdicts.map(JSONValue.string)),
        "points": .array(points.map(Self.json)),
      ], tables: [("mamrl-fig4.csv", table)])
  }

  private static func json(_ point: Point) -> JSONValue {
    [
      "network": .string(point.network), "load": .number(point.load),
      "algorithm": .string(point.subject.rawValue),
      "meanDeliveryTime": point.published?.jsonValue ?? .null,
      "deliveredShare": point.delivered?.jsonValue ?? .null,
      "restrictedMeanDelay": point.restricted?.jsonValue ?? .null,
    ]
  }

  /// One sentence per claim of section 4.2, on the numbers above.
  private func verdicts(_ points: [Point]) -> [String] {
    var sentences: [String] = []
    for network in study.networks() {
      guard let last = loads.max() else { continue }
      let here = points.filter { $0.network == network && $0.load == last }
      guard let mamrl = here.first(where: { $0.subject == .published }) else { continue }
      for (subject, claim) in Self.claims[network] ?? [] {
        guard let other = here.first(where: { $0.subject == subject }) else { continue }
        sentences.append(Self.verdict(network, last, mamrl, other, claim: claim))
      }
    }
    return sentences
  }

  private static func verdict(
    _ network: String, _ load: Double, _ mamrl: Point, _ other: Point, claim: Double
  ) -> String {
    let pairs = zip(mamrl.cells, other.cells).compactMap { a, b -> (Double, Double)? in
      guard let x = a.published, let y = b.published else { return nil }
      return (x, y)
    }
    let gain = Interval.ratio(pairs.map(\.0), over: pairs.map(\.1))
    let restricted = Interval.ratio(
      mamrl.cells.map(\.restricted), over: other.cells.map(\.restricted))
    let saved = gain.map { 1 - $0.mean }
    let holds = (gain?.high).map { $0 < 1 } ?? false
    let honest = (restricted?.high).map { $0 < 1 } ?? false
    return
      "\(network), λ = \(load), against \(other.subject.rawValue): the paper claims "
      + "\(Int((claim * 100).rounded())) % less; in the published measure we find "
      + "\(saved.map { "\(Int(($0 * 100).rounded())) %" } ?? "nothing") "
      + "(\(holds ? "shorter" : "not shorter")), delivering "
      + "\(mamrl.delivered.text(2)) against \(other.delivered.text(2)) of the packets; over all "
      + "packets the ratio of delays is \(restricted.text(2)) "
      + "(\(honest ? "an improvement" : "no improvement"))."
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
