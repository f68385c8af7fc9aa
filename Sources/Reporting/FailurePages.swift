import Foundation

/// Makes a page for each network of a stored failure study: every link, seen and held out, episodes,
/// losses, first-episode delay, and the worst cases.
///
/// ```swift
/// try FailurePages(folder: "runs/failures").write()   // failures-b4.html …
/// ```
///
/// Reads `routing-failures.csv` only.
public struct FailurePages {
  private let folder: String
  private let rows: [StoredFailureRow]

  static let file = "routing-failures.csv"

  /// Whether a folder holds a failure study.
  public static func isStudy(folder: String) -> Bool {
    FileManager.default.fileExists(atPath: folder + "/" + file)
  }

  public init(folder: String) throws(ReportError) {
    self.folder = folder
    rows = try StoredFailureRow.read(folder: folder, file: Self.file)
  }

  /// Writes the pages.
  ///
  /// - Returns: their paths.
  @discardableResult
  public func write() throws -> [String] {
    try unique(rows.map(\.network)).map { network in
      let path = "\(folder)/failures-\(network).html"
      try Data(page(network).text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
      return path
    }
  }

  private func page(_ network: String) -> HTMLPage {
    let own = rows.filter { $0.network == network }
    let seeds = Set(own.map(\.trainingSeed)).count
    var page = HTMLPage(
      title: "Failures of \(network)",
      subtitle: "learned routing, \(seeds) training seeds · adapted: within 10 % of lp-split, "
        + "recomputed at once, over five episodes; least possible 5")
    for setting in unique(own.map(\.setting)) {
      let group = own.filter { $0.setting == setting }
      page.heading(group[0].title)
      page.list(findings(group))
      page.table(
        columns: [
          "failure", "in training", "episodes to adapt", "worst seed", "lost until then",
          "of these in flight", "first episode: delay", "over lp-split", "delay after",
          "lp-split after",
        ], rows: cells(group))
    }
    page.heading("Repeat it")
    page.paragraph(
      "Numbers are means over training seeds; every single one stands in \(Self.file).")
    page.code("wayfield reproduce routing-failures --networks \(network) --output FOLDER")
    return page
  }

  private func findings(_ group: [StoredFailureRow]) -> [String] {
    let adapted = group.compactMap(\.episodes)
    let lost = group.map(\.lost)
    var sentences: [String] = []
    if !adapted.isEmpty {
      sentences.append(
        "Adapted after \(Numbers.fixed(mean(adapted), 2)) episodes in the mean, "
          + "\(Numbers.fixed(adapted.max() ?? 0, 0)) at worst; "
          + "\(group.count - adapted.count) of \(group.count) cases did not adapt.")
    }
    sentences.append(
      "Lost until then: \(Numbers.fixed(mean(lost), 1)) packets in the mean, "
        + "\(Numbers.fixed(lost.max() ?? 0, 0)) at most.")
    if let worst = group.max(by: { ($0.episodes ?? .infinity) < ($1.episodes ?? .infinity) }) {
      sentences.append(
        "Worst case: \(worst.failure) in training seed \(worst.trainingSeed), "
          + (worst.episodes.map { "\(Numbers.fixed($0, 0)) episodes" } ?? "not adapted")
          + ", \(Numbers.fixed(worst.lost, 0)) packets lost.")
    }
    for seen in [true, false] where Set(group.map(\.seen)).count == 2 {
      let part = group.filter { $0.seen == seen }
      sentences.append(
        "\(seen ? "Links that failed in training" : "Held-out links"): "
          + "\(Numbers.fixed(mean(part.compactMap(\.episodes)), 2)) episodes, "
          + "\(Numbers.fixed(mean(part.map(\.lost)), 1)) packets lost.")
    }
    return sentences
  }

  private func cells(_ group: [StoredFailureRow]) -> [[HTMLPage.Cell]] {
    unique(group.map(\.failure)).map { failure in
      let part = group.filter { $0.failure == failure }
      let episodes = part.compactMap(\.episodes)
      let all = episodes.count == part.count
      return [
        .init(failure, isNumber: false), .init(part[0].seen ? "seen" : "held out", isNumber: false),
        .init(all ? Numbers.fixed(mean(episodes), 1) : "not in all seeds"),
        .init(all ? Numbers.fixed(episodes.max() ?? 0, 0) : "–"),
        .init(Numbers.fixed(mean(part.map(\.lost)), 1)),
        .init(Numbers.fixed(mean(part.map(\.lostInFlight)), 1)),
        .init(Numbers.fixed(mean(part.map(\.firstDelay)), 2)),
        .init(Numbers.fixed(mean(part.map { $0.firstDelay / max($0.firstReference, 1e-9) }), 3)),
        .init(Numbers.fixed(mean(part.map(\.levelAfter)), 2)),
        .init(Numbers.fixed(mean(part.map(\.referenceAfter)), 2)),
      ]
    }
  }

  private func mean(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }

  private func unique<Value: Hashable>(_ values: [Value]) -> [Value] {
    var seen: Set<Value> = []
    return values.filter { seen.insert($0).inserted }
  }
}
