/// The table of one state of the network: a row for each load and algorithm.
struct ComparisonTable {
  let comparison: StoredComparison
  let failure: String?

  private typealias Measure = (StoredResult) -> StoredInterval?

  /// A column of measures; `prefersHigh` is nil where neither end is better.
  private struct Column {
    var title: String
    var measure: Measure
    var prefersHigh: Bool?
    var isShare = false
  }

  private var measures: [Column] {
    let ratio = comparison.reference.map { reference in
      Column(title: "Ratio to \(reference)", measure: { $0.ratioToReference }, prefersHigh: nil)
    }
    return [
      Column(
        title: "Restricted mean delay", measure: { $0.restrictedMeanDelay }, prefersHigh: false)
    ] + (ratio.map { [$0] } ?? []) + [
      Column(
        title: "Delivered share", measure: { $0.deliveredShare }, prefersHigh: true, isShare: true),
      Column(title: "Lost", measure: { $0.lost }, prefersHigh: false),
      Column(title: "Published metric", measure: { $0.meanDeliveryTime }, prefersHigh: nil),
      Column(title: "p95", measure: { $0.delayP95 }, prefersHigh: false),
      Column(
        title: "Lowest pair", measure: { $0.lowestPairDeliveredShare }, prefersHigh: true,
        isShare: true),
      Column(title: "Jain", measure: { $0.jainIndex }, prefersHigh: true),
      Column(
        title: "Control bytes / packet", measure: { $0.controlBytesPerPacket }, prefersHigh: nil),
    ]
  }

  var columns: [String] {
    [comparison.hasFractions ? "Load / λ*" : "Load", "Algorithm"] + measures.map(\.title)
  }

  var rows: [[HTMLPage.Cell]] {
    let measures = self.measures
    return comparison.loads(failure: failure).flatMap { place in
      let results = comparison.algorithms.compactMap {
        comparison.result($0, failure: failure, place: place)
      }
      let best = measures.map { column in bestValue(column, results) }
      return results.enumerated().map { index, result in
        [
          HTMLPage.Cell(
            index > 0 ? "" : comparison.hasFractions ? Numbers.percent(place) : "\(place)"),
          HTMLPage.Cell(result.algorithm, isNumber: false),
        ]
          + zip(measures, best).map { column, best in
            cell(column.measure(result), best: best, isShare: column.isShare)
          }
      }
    }
  }

  private func bestValue(_ column: Column, _ results: [StoredResult]) -> Double? {
    guard let prefersHigh = column.prefersHigh, results.count > 1 else { return nil }
    let values = results.compactMap { column.measure($0)?.mean }
    guard let low = values.min(), let high = values.max(), low < high else { return nil }
    return prefersHigh ? high : low
  }

  private func cell(_ interval: StoredInterval?, best: Double?, isShare: Bool) -> HTMLPage.Cell {
    guard let interval else { return HTMLPage.Cell("–") }
    let text = { (value: Double) in isShare ? Numbers.percent(value) : Numbers.short(value) }
    let detail = interval.low.flatMap { low in
      interval.high.map { high in "\(text(low)) … \(text(high))" }
    }
    return HTMLPage.Cell(
      text(interval.mean), detail: detail, isBest: best.map { $0 == interval.mean } ?? false)
  }
}
