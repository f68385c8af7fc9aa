/// Delay against load with intervals: the published metric and the restricted mean side by side on
/// one scale, the delivered share below.
///
/// The scale is logarithmic where one algorithm takes many times as long as another, so that the rest
/// does not lie on one line.
struct DelayFigure {
  let comparison: StoredComparison
  /// The state of the network; nil: intact.
  let failure: String?
  let name: String

  private struct Series {
    var mean: Int
    var low: Int
    var high: Int
  }
  private typealias Measure = (StoredResult) -> StoredInterval?

  var figure: GnuplotFigure {
    let places = comparison.loads(failure: failure)
    var data = DataColumns()
    _ = data.add(comparison.hasFractions ? "load fraction" : "load", places)
    let published = series("mean delivery time", { $0.meanDeliveryTime }, places, &data)
    let restricted = series("restricted mean delay", { $0.restrictedMeanDelay }, places, &data)
    let share = series("delivered share", { $0.deliveredShare }, places, &data)
    var commands = ["set multiplot"] + delayAxis + axis(places)
    commands += panel(
      "Published metric: mean over delivered packets only", "ticks", published,
      margins: (0.07, 0.485, 0.52, 0.93), hasKey: false)
    commands += panel(
      "Restricted mean delay: over all packets", "ticks", restricted,
      margins: (0.565, 0.98, 0.52, 0.93), hasKey: false)
    commands += [
      "unset logscale y", "set ytics autofreq", "set yrange [\(shareBottom):1.01]",
      "set xlabel \(GnuplotFigure.quoted(axisTitle)) offset 0,0.3",
    ]
    commands += panel(
      "Delivered share of all packets", "share", share, margins: (0.07, 0.68, 0.11, 0.38),
      hasKey: true)
    commands += ["unset multiplot"]
    return GnuplotFigure(
      name: name, data: data.text, commands: commands, width: 940, height: 620)
  }

  private var axisTitle: String {
    comparison.hasFractions
      ? "load, as a share of the capacity λ*" : "load λ, packets per router and tick"
  }

  private func axis(_ places: [Double]) -> [String] {
    guard let first = places.first, let last = places.last else { return [] }
    let margin = max((last - first) * 0.04, last * 0.02, 1e-9)
    return ["set xrange [\(first - margin):\(last + margin)]", "set format x '%g'"]
  }

  private func series(
    _ title: String, _ measure: Measure, _ places: [Double], _ data: inout DataColumns
  ) -> [Series] {
    comparison.algorithms.map { algorithm in
      let values = places.map {
        comparison.result(algorithm, failure: failure, place: $0).flatMap(measure)
      }
      return Series(
        mean: data.add("\(algorithm): \(title)", values.map { $0?.mean }),
        low: data.add("\(algorithm): low", values.map { $0?.low ?? $0?.mean }),
        high: data.add("\(algorithm): high", values.map { $0?.high ?? $0?.mean }))
    }
  }

  /// Lines of the key: closer where there are many, since gnuplot else begins a column that is cut off.
  private var keySpacing: Double { min(1.15, 7.6 / Double(max(comparison.algorithms.count, 1))) }

  /// Both delay axes: from zero, or logarithmic where the values spread over more than a decade.
  private var delayAxis: [String] {
    let intervals = comparison.results(failure: failure).flatMap { result in
      [result.meanDeliveryTime, result.restrictedMeanDelay].compactMap { $0 }
    }
    let top = max((intervals.map { $0.high ?? $0.mean }.max() ?? 1) * 1.06, 1)
    let bottom = intervals.map { $0.low ?? $0.mean }.min() ?? 0
    guard bottom > 0, top > 12 * bottom else { return ["set yrange [0:\(top)]"] }
    let ticks = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000]
    return [
      "set logscale y", "set yrange [\(bottom * 0.85):\(top)]",
      "set ytics (\(ticks.map(String.init).joined(separator: ",")))",
    ]
  }

  /// The lower end of the axis of shares: a round tenth below the lowest one.
  private var shareBottom: Double {
    let shares = comparison.results(failure: failure).compactMap {
      $0.deliveredShare.map { $0.low ?? $0.mean }
    }
    return max(0, ((shares.min() ?? 0) * 10 - 0.2).rounded(.down) / 10)
  }

  private func panel(
    _ title: String, _ unit: String, _ series: [Series],
    margins: (left: Double, right: Double, bottom: Double, top: Double), hasKey: Bool
  ) -> [String] {
    let bands = series.enumerated().map { index, columns in
      "data skip 1 using 1:\(columns.low):\(columns.high) with filledcurves "
        + "lc rgb '\(Palette.line(index))' fs transparent solid 0.15 noborder"
    }
    let lines = zip(comparison.algorithms, series).enumerated().map { index, pair in
      let title = hasKey ? " title \(GnuplotFigure.quoted(pair.0))" : ""
      return "data skip 1 using 1:\(pair.1.mean) with linespoints "
        + "lc rgb '\(Palette.line(index))' lw 2 pt \(Palette.point(index)) ps 0.6" + title
    }
    return [
      "set title \(GnuplotFigure.quoted(title)) font ',14' offset 0,-0.4",
      "set ylabel \(GnuplotFigure.quoted(unit)) offset 1,0",
      "set lmargin at screen \(margins.left)", "set rmargin at screen \(margins.right)",
      "set bmargin at screen \(margins.bottom)", "set tmargin at screen \(margins.top)",
      hasKey
        ? "set key at screen 0.71,0.40 left top Left reverse spacing \(keySpacing) samplen 2 font ',12' maxrows \(comparison.algorithms.count)"
        : "unset key",
      "plot " + (bands + lines).joined(separator: ", \\\n  "),
    ]
  }
}
