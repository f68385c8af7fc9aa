/// The cells of a `FailureStudy` for people and files.
struct FailureTable: Sendable {
  let cells: [FailureStudy.Cell]
  let seeds: Int

  /// What some rows came to.
  struct Summary: Sendable {
    var count: Int
    /// Mean over links, with its interval over training seeds; what did not adapt counts as all
    /// episodes played.
    var episodes: Interval?
    var worst: Int?
    var notAdapted: Int
    var lost: Interval?
    var mostLost: Int
    /// Mean packets lost other than those on a link at the moment when it failed.
    var lostLater: Double
    var firstRatio: Double

    init(_ rows: [FailureStudy.Row], played: Int) {
      let seeds = Set(rows.map(\.trainingSeed)).sorted()
      count = seeds.isEmpty ? 0 : rows.count / seeds.count
      func overSeeds(_ value: (FailureStudy.Row) -> Double) -> Interval? {
        Interval.mean(
          of: seeds.map { seed in
            let own = rows.filter { $0.trainingSeed == seed }
            return own.reduce(0) { $0 + value($1) } / Double(own.count)
          })
      }
      episodes = overSeeds { Double($0.episodes ?? played) }
      lost = overSeeds { Double($0.lost) }
      worst = rows.compactMap(\.episodes).max()
      notAdapted = rows.count { $0.episodes == nil }
      mostLost = rows.map(\.lost).max() ?? 0
      let n = Double(max(rows.count, 1))
      lostLater = rows.reduce(0) { $0 + Double($1.lost - $1.lostInFlight) } / n
      firstRatio = rows.reduce(0) { $0 + $1.firstDelay / max($1.firstReference, 1e-9) } / n
    }
  }

  /// The groups of rows that a reader compares, by name.
  private static func groups(_ cell: FailureStudy.Cell) -> [(String, [FailureStudy.Row])] {
    switch cell.kind {
    case .start: [("one link, first tick", cell.rows)]
    case .middle: [("one link, mid-episode", cell.rows)]
    case .repaired: [("repair of one link", cell.rows)]
    case .pairs: [("two links at once", cell.rows)]
    case .seen:
      [
        ("one link, seen in training", cell.rows.filter(\.seen)),
        ("one link, held out", cell.rows.filter { !$0.seen }),
      ]
    }
  }

  func outcome(id: String) -> ReproductionOutcome {
    var lines = [
      "| network | share of λ* | mask | failure | cases | episodes to adapt, mean (95 %) | worst | "
        + "not adapted | lost until then, mean (95 %) | most | lost, not in flight, mean | first "
        + "episode over lp-split |", "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    var members: [JSONValue] = []
    for cell in cells {
      for (name, rows) in Self.groups(cell) {
        let summary = Summary(rows, played: cell.episodesPlayed)
        lines.append(line(cell, name, summary))
        members.append(json(cell, name, summary))
      }
    }
    lines += [
      "",
      "\(seeds) training seeds. Adapted: the first episode (at least 5) from which on the "
        + "five-episode average of the restricted mean delay stays within 10 % of lp-split's, "
        + "recomputed at once for what is up, on the same arrivals; not adapted: not within the "
        + "episodes played, counted as all of them.",
    ]
    return ReproductionOutcome(
      text: lines.joined(separator: "\n"),
      json: ["id": .string(id), "seeds": .integer(seeds), "results": .array(members)],
      tables: [("\(id).csv", table)])
  }

  private func line(_ cell: FailureStudy.Cell, _ name: String, _ summary: Summary) -> String {
    let columns = [
      cell.network, "\(cell.fraction)", cell.masksDeadLinks ? "yes" : "no", name,
      "\(summary.count)", summary.episodes.text(2), summary.worst.map(String.init) ?? "–",
      "\(summary.notAdapted)", summary.lost.text(1), "\(summary.mostLost)",
      summary.lostLater.rounded(1), summary.firstRatio.rounded(3),
    ]
    return "| " + columns.joined(separator: " | ") + " |"
  }

  private func json(_ cell: FailureStudy.Cell, _ name: String, _ summary: Summary) -> JSONValue {
    [
      "network": .string(cell.network), "fraction": .number(cell.fraction),
      "masksDeadLinks": .bool(cell.masksDeadLinks), "failure": .string(name),
      "cases": .integer(summary.count), "episodes": summary.episodes?.jsonValue ?? .null,
      "worst": summary.worst.map { .integer($0) } ?? .null,
      "notAdapted": .integer(summary.notAdapted), "lost": summary.lost?.jsonValue ?? .null,
      "mostLost": .integer(summary.mostLost), "lostNotInFlight": .number(summary.lostLater),
      "firstEpisodeOverReference": .number(summary.firstRatio),
    ]
  }

  /// Every course and training seed: what the failure pages are made of.
  private var table: CSVTable {
    var table = CSVTable(columns: [
      "network", "fraction", "masked", "kind", "failure", "links", "seen", "training_seed",
      "episodes", "lost", "lost_in_flight", "first_delay", "first_reference", "level_after",
      "reference_after",
    ])
    for cell in cells {
      for row in cell.rows {
        table.append([
          .text(cell.network), .number(cell.fraction), .text("\(cell.masksDeadLinks)"),
          .text(cell.kind.rawValue), .text(row.failure),
          .text(row.links.map(String.init).joined(separator: " ")), .text("\(row.seen)"),
          .integer(row.trainingSeed), row.episodes.map(CSVTable.Field.integer) ?? .missing,
          .integer(row.lost), .integer(row.lostInFlight), .number(row.firstDelay),
          .number(row.firstReference), .number(row.levelAfter), .number(row.referenceAfter),
        ])
      }
    }
    return table
  }
}
