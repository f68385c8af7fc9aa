import Foundation

/// Makes the page of a stored failure campaign: what each failure costs, and the worst ones on the map.
///
/// ```swift
/// try CampaignReport(folder: "runs/b4-failures").write()  // figures/… and report.html
/// ```
///
/// Reads `results.json` and `network.json`; knows nothing of how they came about.
public struct CampaignReport {
  private let folder: String
  private let campaign: StoredCampaign
  private let network: StoredNetwork
  /// Rows of the table of each algorithm.
  private static let shownRows = 15

  /// Reads a run folder.
  public init(folder: String) throws(ReportError) {
    self.folder = folder
    campaign = try StoredCampaign(folder: folder)
    network = try StoredNetwork(folder: folder)
  }

  /// Whether a folder holds a campaign rather than a comparison.
  public static func isCampaign(folder: String) -> Bool {
    FileManager.default.fileExists(atPath: folder + "/failures.csv")
  }

  /// Draws the maps and writes the page.
  ///
  /// - Returns: the path of the page.
  @discardableResult
  public func write() throws -> String {
    let gnuplot = try Gnuplot()
    let figures = folder + "/figures"
    try FileManager.default.createDirectory(atPath: figures, withIntermediateDirectories: true)
    var page = HTMLPage(title: "Failures of \(campaign.topology)", subtitle: subtitle)
    page.heading("All failures together")
    page.list(findings)
    addSummary(to: &page)
    page.figure(
      svgs: [try gnuplot.draw(curve, in: figures)],
      caption:
        "Restricted mean delay under each failure that keeps the network connected, every "
        + "algorithm's failures from the worst to the mildest; lines on the left: the intact network."
    )
    try addMaps(to: &page, figures)
    for summary in campaign.summaries { addWorst(summary.algorithm, to: &page) }
    addAppendix(to: &page)
    let path = folder + "/report.html"
    try Data(page.text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    return path
  }

  private var subtitle: String {
    var parts = [
      "\(network.routers.count) routers, \(network.links.count) links",
      "traffic: \(campaign.traffic)", "model: \(campaign.model)",
      campaign.loadFraction.map { "load \(Numbers.fixed($0, 3)) of λ*" }
        ?? "load \(Numbers.short(campaign.load))",
      "every one of the \(campaign.scope), down from tick \(campaign.from)"
        + (campaign.until.map { " to \($0)" } ?? " on"),
      "\(campaign.episodes) episodes of \(campaign.horizon) ticks", "seed \(campaign.seed)",
    ]
    if campaign.omitted > 0 { parts.append("\(campaign.omitted) more beyond the limit") }
    return parts.joined(separator: " · ")
  }

  private var findings: [String] {
    var sentences: [String] = []
    for summary in campaign.summaries {
      guard let intact = summary.intactDelay, let mean = summary.meanDelay,
        let worst = summary.worstDelay, let name = summary.worstFailure
      else { continue }
      sentences.append(
        "\(summary.algorithm): \(Numbers.fixed(intact, 1)) ticks intact, "
          + "\(Numbers.fixed(mean, 1)) in the mean over \(summary.cases) failures, "
          + "\(Numbers.fixed(worst, 1)) in the worst (\(name)); "
          + "\(Numbers.fixed(summary.meanLost ?? 0, 1)) packets lost per episode in the mean.")
    }
    if let separating = campaign.summaries.first?.separating, separating > 0 {
      sentences.append(
        "\(separating) failures separate routers from each other: no routing helps, and they are "
          + "left out of the means; the tables below mark them.")
    }
    return sentences
  }

  private func addSummary(to page: inout HTMLPage) {
    let best = campaign.summaries.compactMap(\.meanDelay).min()
    let rows = campaign.summaries.map { summary -> [HTMLPage.Cell] in
      [
        .init(summary.algorithm, isNumber: false),
        .init(text(summary.intactDelay, 2)),
        .init(text(summary.meanDelay, 2), isBest: summary.meanDelay == best && best != nil),
        .init(text(summary.meanLost, 1)), .init(text(summary.worstDelay, 2)),
        .init(summary.worstFailure ?? "–", isNumber: false),
      ]
    }
    page.table(
      columns: [
        "algorithm", "delay, intact", "delay, mean over failures", "lost, mean", "delay, worst",
        "worst failure",
      ], rows: rows)
  }

  private func text(_ value: Double?, _ decimals: Int) -> String {
    value.map { Numbers.fixed($0, decimals) } ?? "–"
  }

  /// Sorted delays, one line per algorithm.
  private var curve: GnuplotFigure {
    let sorted = campaign.summaries.map { summary in
      campaign.worst(summary.algorithm).filter(\.keepsConnected).map(\.restrictedMeanDelay.mean)
    }
    let count = sorted.map(\.count).max() ?? 0
    var data = DataColumns()
    _ = data.add("rank", (0..<count).map { Double($0 + 1) })
    var lines: [String] = []
    for (index, summary) in campaign.summaries.enumerated() {
      let values = sorted[index]
      let column = data.add(
        summary.algorithm, (0..<count).map { $0 < values.count ? values[$0] : nil })
      lines.append(
        "data skip 1 using 1:\(column) with linespoints lc rgb '\(Palette.line(index))' lw 2 "
          + "pt \(Palette.point(index)) ps 0.5 title \(GnuplotFigure.quoted(summary.algorithm))")
      if let intact = summary.intactDelay {
        lines.append("[0.5:1] \(intact) with lines lc rgb '\(Palette.line(index))' lw 2 dt 3")
      }
    }
    return GnuplotFigure(
      name: "failures-delay", data: data.text,
      commands: [
        "set xrange [0.5:\(Double(max(count, 2)) + 0.5)]", "set yrange [0:*]",
        "set xlabel 'failures, the worst first'", "set ylabel 'restricted mean delay, ticks'",
        "set key outside right top Left reverse samplen 2",
        "plot " + lines.joined(separator: ", \\\n  "),
      ], width: 940, height: 380)
  }

  /// One map per algorithm: each link coloured by the worst delay of a failure that takes it (each
  /// router, where routers fail), over the delay on the intact network.
  private func addMaps(to page: inout HTMLPage, _ figures: String) throws {
    let isRouters = campaign.scope == "routers"
    var shown: [(name: String, values: [Double?])] = []
    for summary in campaign.summaries {
      var values = [Double?](
        repeating: nil, count: isRouters ? network.routers.count : network.links.count)
      for row in campaign.worst(summary.algorithm) {
        let places = isRouters ? [row.router].compactMap { $0 } : row.links
        for place in places where values.indices.contains(place) {
          values[place] = max(values[place] ?? 0, row.ratioToIntact.mean)
        }
      }
      shown.append((summary.algorithm, values))
    }
    let top = shown.flatMap { $0.values.compactMap { $0 } }.filter(\.isFinite).max() ?? 0
    guard top > 1 else { return }
    var svgs: [String] = []
    for (name, values) in shown {
      let shares = values.map { value in
        guard let value, value.isFinite else { return 0.0 }
        return max(0, (value - 1) / (top - 1))
      }
      let map = NetworkMap(
        network: network, title: name, linkShares: isRouters ? nil : shares,
        routerShares: isRouters ? shares : nil,
        scale: ("as intact", "\(Numbers.short(top)) ×"))
      try Data(map.svg.utf8).write(to: URL(fileURLWithPath: "\(figures)/worst-\(name).svg"))
      svgs.append(map.svg)
    }
    page.figure(
      svgs: svgs,
      caption:
        "What the failure of each \(isRouters ? "router" : "link") costs: the worst delay of a "
        + "failure that takes it, over that of the intact network.")
  }

  private func addWorst(_ algorithm: String, to page: inout HTMLPage) {
    let rows = campaign.worst(algorithm)
    page.heading(
      rows.count > Self.shownRows
        ? "\(algorithm): the \(Self.shownRows) worst of \(rows.count) failures" : algorithm)
    page.table(
      columns: [
        "failure", "delay", "over intact", "over reference", "delivered", "lost", "lost in flight",
        "connected",
      ],
      rows: rows.prefix(Self.shownRows).map { row in
        [
          .init(row.failure ?? "–", isNumber: false), cell(row.restrictedMeanDelay, 2),
          cell(row.ratioToIntact, 3), cell(row.ratioToReference, 3), cell(row.deliveredShare, 4),
          cell(row.lost, 1), cell(row.lostInFlightAtFailure, 1),
          .init(row.keepsConnected ? "yes" : "no", isNumber: false),
        ]
      })
  }

  private func cell(_ interval: StoredInterval, _ decimals: Int) -> HTMLPage.Cell {
    guard interval.mean.isFinite else { return HTMLPage.Cell("–") }
    let detail = interval.low.flatMap { low in
      interval.high.map { "\(Numbers.fixed(low, decimals)) … \(Numbers.fixed($0, decimals))" }
    }
    return HTMLPage.Cell(Numbers.fixed(interval.mean, decimals), detail: detail)
  }

  private func addAppendix(to page: inout HTMLPage) {
    page.heading("Repeat it")
    page.paragraph(
      "The same command gives the same numbers to the last digit, for any number of threads:")
    page.code(campaign.commandLine)
    page.paragraph(
      "Beside this page: failures.csv and results.json (every failure and algorithm), and in "
        + "figures/ each picture. Delay: restricted mean over all packets, in ticks, a lost packet "
        + "counted as never delivered. Reference: \(campaign.reference ?? "none"). Intervals are "
        + "95 %, ratios are of paired episodes (same arrivals).")
  }
}
