/// Losses and backlog around a failure, tick by tick.
///
/// Values are means over all episodes, joined in bins of `binTicks` ticks; the raw series stay in
/// `series.csv`. The backlog (packets queued or in flight) is the delay that builds up: by Little's
/// law the mean delay is the backlog over the arrival rate.
struct FailureFigure {
  let comparison: StoredComparison
  let series: StoredTable
  let failure: String
  /// The place on the load axis.
  let place: Double
  let name: String

  private static let binTicks = 5

  /// Nil where the run stored no series for this failure and load.
  func figure() throws(ReportError) -> GnuplotFigure? {
    let window = self.window
    let bins = Array(stride(from: window.lowerBound, to: window.upperBound, by: Self.binTicks))
    var data = DataColumns()
    _ = data.add("tick", bins.map { Double($0) + Double(Self.binTicks) / 2 })
    var lost: [Int] = []
    var backlog: [Int] = []
    for algorithm in comparison.algorithms {
      let rows = try rows(of: algorithm)
      guard !rows.isEmpty else { return nil }
      lost.append(data.add("\(algorithm): lost per tick", binned(rows, \.lost, bins)))
      backlog.append(data.add("\(algorithm): backlog", binned(rows, \.backlog, bins)))
    }
    return GnuplotFigure(
      name: name, data: data.text, commands: commands(lost, backlog, window), width: 940,
      height: 560)
  }

  private struct Row {
    var tick: Int
    var lost: Double
    var backlog: Double
  }

  /// From a little before the first failure to well after the last change.
  private var window: Range<Int> {
    let first = comparison.failures.map(\.from).min() ?? 0
    let last = comparison.failures.map { $0.until ?? $0.from }.max() ?? 0
    let low = max(0, (first - 60) / 10 * 10)
    return low..<max(low + 20, min(comparison.horizon, last + 220))
  }

  private func rows(of algorithm: String) throws(ReportError) -> [Row] {
    let columns = (
      try series.column("algorithm"), try series.column("failure"), try series.column("place"),
      try series.column("tick"), try series.column("lost"), try series.column("backlog")
    )
    return series.rows.compactMap { row in
      guard row[columns.0] == algorithm, row[columns.1] == failure,
        Double(row[columns.2]) == place, let tick = Int(row[columns.3]),
        let lost = Double(row[columns.4]), let backlog = Double(row[columns.5])
      else { return nil }
      return Row(tick: tick, lost: lost, backlog: backlog)
    }
  }

  private func binned(_ rows: [Row], _ value: (Row) -> Double, _ bins: [Int]) -> [Double?] {
    guard let start = bins.first else { return [] }
    var sums = [Double](repeating: 0, count: bins.count)
    var counts = [Int](repeating: 0, count: bins.count)
    for row in rows where row.tick >= start {
      let bin = (row.tick - start) / Self.binTicks
      guard bin < bins.count else { continue }
      sums[bin] += value(row)
      counts[bin] += 1
    }
    return zip(sums, counts).map { $1 > 0 ? $0 / Double($1) : nil }
  }

  private func commands(_ lost: [Int], _ backlog: [Int], _ window: Range<Int>) -> [String] {
    var commands = [
      "set multiplot", "set xrange [\(window.lowerBound):\(window.upperBound)]",
      "set yrange [0:*]", "set lmargin at screen 0.08", "set rmargin at screen 0.74",
    ]
    for failure in comparison.failures {
      let end = failure.until.map { "first \($0)" } ?? "graph 1"
      commands += [
        "set object rectangle from first \(failure.from), graph 0 to \(end), graph 1 "
          + "fc rgb '#fbeaea' fs solid 1.0 noborder behind",
        "set arrow from first \(failure.from), graph 0 to first \(failure.from), graph 1 "
          + "nohead lc rgb '#b03030' lw 1 dt 2",
      ]
    }
    commands += panel("Packets lost per tick", lost, bottom: 0.58, top: 0.93, hasKey: true)
    commands += ["set xlabel 'tick of the episode' offset 0,0.3"]
    commands += panel(
      "Backlog: packets queued or in flight", backlog, bottom: 0.11, top: 0.46, hasKey: false)
    return commands + ["unset multiplot"]
  }

  private func panel(
    _ title: String, _ columns: [Int], bottom: Double, top: Double, hasKey: Bool
  ) -> [String] {
    let lines = zip(comparison.algorithms, columns).enumerated().map { index, pair in
      "data skip 1 using 1:\(pair.1) with lines lc rgb '\(Palette.line(index))' lw 2"
        + (hasKey ? " title \(GnuplotFigure.quoted(pair.0))" : "")
    }
    return [
      "set title \(GnuplotFigure.quoted(title)) font ',14' offset 0,-0.4",
      "set ylabel 'packets' offset 1,0", "set bmargin at screen \(bottom)",
      "set tmargin at screen \(top)",
      hasKey
        ? "set key at screen 0.76,0.93 left top Left reverse spacing 1.15 samplen 2 maxrows \(comparison.algorithms.count)"
        : "unset key",
      "plot " + lines.joined(separator: ", \\\n  "),
    ]
  }
}
