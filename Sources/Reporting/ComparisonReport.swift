import Foundation

/// Makes figures and the page of a stored comparison.
///
/// ```swift
/// try ComparisonReport(folder: "runs/b4").write()  // figures/… and report.html
/// ```
///
/// Reads `results.json`, `network.json`, `load.csv` and `series.csv`; knows nothing of how they came
/// about. Figures lie in `figures/` beside their data and script.
public struct ComparisonReport {
  private let folder: String
  private let comparison: StoredComparison
  private let network: StoredNetwork
  private let findings: Findings

  /// Reads a run folder.
  public init(folder: String) throws(ReportError) {
    self.folder = folder
    comparison = try StoredComparison(folder: folder)
    network = try StoredNetwork(folder: folder)
    findings = Findings(comparison: comparison)
  }

  /// Draws the figures and writes the page.
  ///
  /// - Returns: the path of the page.
  @discardableResult
  public func write() throws -> String {
    let gnuplot = try Gnuplot()
    let figures = folder + "/figures"
    try FileManager.default.createDirectory(atPath: figures, withIntermediateDirectories: true)
    var page = HTMLPage(title: "Routing on \(comparison.topology)", subtitle: subtitle)
    for (index, failure) in comparison.failureStates.enumerated() {
      page.heading(failure.map { "With the failure \($0)" } ?? "The intact network")
      page.list(findings.sentences(failure: failure))
      let name = failure == nil ? "delay-load" : "delay-load-failure\(index > 1 ? "-\(index)" : "")"
      let figure = DelayFigure(comparison: comparison, failure: failure, name: name).figure
      page.figure(svgs: [try gnuplot.draw(figure, in: figures)], caption: delayCaption)
      if let failure { try addFailure(failure, to: &page, gnuplot, figures) }
      try addMaps(failure, to: &page, figures, prefix: index == 0 ? "map" : "map-failure")
      addTable(failure, to: &page)
    }
    addAppendix(to: &page)
    let path = folder + "/report.html"
    try Data(page.text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    return path
  }

  private var subtitle: String {
    var parts = [
      "\(network.routers.count) routers, \(network.links.count) links",
      "traffic: \(comparison.traffic)", "model: \(comparison.model)",
      "\(comparison.episodes) episodes of \(comparison.horizon) ticks",
      "seed \(comparison.seed)",
    ]
    if let capacity = comparison.capacity {
      parts.insert("capacity λ* = \(Numbers.fixed(capacity, 4)) packets per router and tick", at: 2)
    }
    if comparison.trainingSeeds > 1 { parts.append("\(comparison.trainingSeeds) training seeds") }
    return parts.joined(separator: " · ")
  }

  private var delayCaption: String {
    "Delay against load; bands are 95 % intervals over episodes\(comparison.trainingSeeds > 1 ? " and training seeds" : ""). "
      + "The published metric counts only packets that arrive within the episode; the restricted "
      + "mean counts every packet, an undelivered one until the end of the episode. All algorithms "
      + "face the same arrivals. Delays are on a logarithmic scale where they spread widely."
  }

  /// The load at which failures and maps are drawn: the highest up to nine tenths of the capacity.
  private func shownPlace(_ failure: String?) -> Double? {
    let places = comparison.loads(failure: failure)
    guard comparison.hasFractions else { return places.last }
    return places.last { $0 <= 0.9 + 1e-9 } ?? places.first
  }

  private func addFailure(
    _ failure: String, to page: inout HTMLPage, _ gnuplot: Gnuplot, _ figures: String
  ) throws {
    guard let place = shownPlace(failure),
      FileManager.default.fileExists(atPath: folder + "/series.csv")
    else { return }
    let series = try StoredTable(folder: folder, file: "series.csv")
    let maker = FailureFigure(
      comparison: comparison, series: series, failure: failure, place: place,
      name: "failure-series")
    guard let figure = try maker.figure() else { return }
    page.figure(
      svgs: [try gnuplot.draw(figure, in: figures)],
      caption:
        "Around the failure at \(findings.loadText(place)), mean over all episodes in bins of "
        + "5 ticks. Red: the time during which the link is down. The backlog is what delays packets: "
        + "by Little's law the mean delay is the backlog over the rate of arrivals.")
  }

  private func addMaps(
    _ failure: String?, to page: inout HTMLPage, _ figures: String, prefix: String
  ) throws {
    guard let place = shownPlace(failure) else { return }
    let loads = try StoredLoads(folder: folder, network: network)
    let shown = comparison.algorithms.compactMap { algorithm in
      loads.load(algorithm, failure: failure, place: place).map { (algorithm, $0) }
    }
    let top = shown.flatMap { $0.1.links + $0.1.routers }.max() ?? 0
    guard top > 0 else { return }
    var svgs: [String] = []
    for (algorithm, load) in shown {
      let map = NetworkMap(
        network: network, title: algorithm, linkShares: load.links.map { $0 / top },
        routerShares: load.routers.map { $0 / top },
        failedLinks: failure == nil ? [] : Set(comparison.failures.map(\.link)),
        scale: ("0", "\(Numbers.short(top)) packets per tick"))
      let path = "\(figures)/\(prefix)-\(algorithm).svg"
      try Data(map.svg.utf8).write(to: URL(fileURLWithPath: path))
      svgs.append(map.svg)
    }
    page.figure(
      svgs: svgs,
      caption:
        "Packets that each router forwards and each link carries (both directions), per tick, "
        + "at \(findings.loadText(place)). A router forwards at most one packet per tick."
        + (failure == nil ? "" : " Dashed: the link that fails."))
  }

  private func addTable(_ failure: String?, to page: inout HTMLPage) {
    let builder = ComparisonTable(comparison: comparison, failure: failure)
    page.table(columns: builder.columns, rows: builder.rows)
  }

  private func addAppendix(to page: inout HTMLPage) {
    page.heading("Repeat it")
    page.paragraph(
      "The same command gives the same numbers to the last digit, for any number of threads:")
    page.code(comparison.commandLine)
    page.paragraph(
      "Beside this page: results.json (everything in the tables), metrics.csv (every episode), "
        + "series.csv (every tick), load.csv (every router and link), and in figures/ each picture "
        + "with its data and its gnuplot script.")
    page.heading("What is measured")
    page.list(Self.definitions)
  }

  private static let definitions = [
    "Load: packets per router and tick; its share of λ*, the largest rate that any routing sustains "
      + "on this network with this traffic (linear program).",
    "Restricted mean delay: over all packets, min(delivery tick, horizon) − creation tick; a lost "
      + "packet counts as never delivered. It cannot be improved by delivering fewer packets.",
    "Published metric: mean delivery time over the packets delivered within the episode only.",
    "Fairness guard: the lowest delivered share of a source–destination pair with at least 20 "
      + "packets, and Jain's index over pairs. A comparison counts only where both are no worse than "
      + "the reference's.",
    "p95: the restricted delay that 95 % of all packets stay below (p50 and p99: results.json).",
    "Intervals are 95 %; ratios are of paired episodes (same arrivals).",
  ]
}
