import Foundation

/// The cells of a `RatioStudy` for people: every cell, the mean over networks, and what holds.
struct RatioTable: Sendable {
  let cells: [RatioStudy.Cell]
  let episodes: Int
  let seeds: Int

  /// A guard that is lower by less than this counts as no worse: a share of a pair's packets.
  static let guardTolerance = 0.005

  var text: String {
    var lines = [
      "| network | routers/links | demands | share of λ* | FD | learner | ratio | 95 % interval | "
        + "lowest pair share, learner / FD (difference, 95 %) | Jain, learner / FD | control bytes per packet |",
      "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += cells.map(line)
    lines.append("")
    lines += summary
    lines.append(
      "\(seeds) training seeds, \(episodes) common episodes; ratio: restricted mean delay over that "
        + "of the delay-optimal split (FD); intervals are of paired episodes and training seeds.")
    return lines.joined(separator: "\n")
  }

  private func line(_ cell: RatioStudy.Cell) -> String {
    let interval = "\(number(cell.ratio.low, 4)) … \(number(cell.ratio.high, 4))"
    let columns = [
      cell.network, cell.size, cell.traffic, "\(cell.fraction)", number(cell.reference, 2),
      number(cell.learner, 2), number(cell.ratio.mean, 4), interval,
      "\(number(cell.lowestShare, 3)) / \(number(cell.referenceLowestShare, 3))"
        + " (\(signed(cell.lowestShareDifference?.low)) … "
        + "\(signed(cell.lowestShareDifference?.high)))",
      "\(number(cell.jain, 4)) / \(number(cell.referenceJain, 4))",
      number(cell.controlBytesPerPacket, 0),
    ]
    return "| " + columns.joined(separator: " | ") + " |"
  }

  /// The geometric mean of the ratios of some cells; nil without any.
  static func geometricMean(_ cells: [RatioStudy.Cell]) -> Double? {
    guard !cells.isEmpty else { return nil }
    return exp(cells.reduce(0) { $0 + log($1.ratio.mean) } / Double(cells.count))
  }

  private var summary: [String] {
    var loads: [Double] = []
    for cell in cells where !loads.contains(cell.fraction) { loads.append(cell.fraction) }
    var lines = loads.map { load -> String in
      let group = cells.filter { $0.fraction == load }
      let worst = group.max { $0.ratio.mean < $1.ratio.mean }
      return "At \(load) of λ*: geometric mean \(number(Self.geometricMean(group), 4)), worst "
        + "\(number(worst?.ratio.mean, 4)) (\(worst?.network ?? "–"), upper end "
        + "\(number(worst?.ratio.high, 4)))."
    }
    let near = cells.filter { $0.fraction >= 0.9 && $0.fraction <= 1 }
    if Set(near.map(\.fraction)).count > 1 {
      lines.append(
        "At .9 to 1.0 of λ* together: geometric mean \(number(Self.geometricMean(near), 4)).")
    }
    lines += fairness
    return lines
  }

  /// The fairness guard in words: what is lower for certain, and what is lower by chance as far as can be
  /// told.
  private var fairness: [String] {
    let lower = cells.filter { cell in
      guard let mine = cell.lowestShare, let other = cell.referenceLowestShare else { return false }
      return mine < other - Self.guardTolerance
    }
    func isSignificant(_ cell: RatioStudy.Cell) -> Bool {
      (cell.lowestShareDifference?.high).map { $0 < 0 } ?? false
    }
    func names(_ cells: [RatioStudy.Cell]) -> String {
      cells.isEmpty
        ? "nowhere" : cells.map { "\($0.network) at \($0.fraction)" }.joined(separator: ", ")
    }
    let higher = cells.filter { cell in
      guard let mine = cell.lowestShare, let other = cell.referenceLowestShare else { return false }
      return mine > other + Self.guardTolerance
        && (cell.lowestShareDifference?.low).map { $0 > 0 } ?? false
    }
    return [
      "Lowest pair share lower than FD's, beyond the interval of the difference: "
        + names(lower.filter(isSignificant)) + ".",
      "Lower by more than \(Self.guardTolerance), within the interval or without one: "
        + names(lower.filter { !isSignificant($0) }) + ".",
      "Higher by more than \(Self.guardTolerance), beyond the interval: " + names(higher) + ".",
    ]
  }

  private func signed(_ value: Double?) -> String {
    value.map { String(format: "%+.3f", $0) } ?? "–"
  }

  private func number(_ value: Double?, _ decimals: Int) -> String {
    value.map { String(format: "%.\(decimals)f", $0) } ?? "–"
  }
}
