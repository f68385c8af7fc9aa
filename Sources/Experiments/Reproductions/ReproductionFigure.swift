/// A picture of a reproduction: data, and the gnuplot commands that draw it.
public struct ReproductionFigure: Sendable, Hashable {
  /// The stem of its files.
  public var name: String
  public var csv: String
  public var commands: [String]
  public var width: Int
  public var height: Int
}

/// A grid of panels with curves and their 95 % intervals, one legend below.
package struct PanelGrid: Sendable {
  package struct Point: Sendable {
    package var x: Double
    package var y: Interval

    package init(x: Double, y: Interval) { (self.x, self.y) = (x, y) }
  }

  package struct Series: Sendable {
    package var label: String
    /// Which colour and point; the same label has the same one in all panels.
    package var style: Int
    package var points: [Point]
    /// A line without points and intervals: a reference.
    package var isReference = false

    package init(label: String, style: Int, points: [Point], isReference: Bool = false) {
      self.label = label
      self.style = style
      self.points = points
      self.isReference = isReference
    }
  }

  package struct Panel: Sendable {
    package var title: String
    package var yLabel: String
    package var series: [Series]
    package var xLabel = ""
    /// Smallest and largest y; nil: by the data, from 0.
    package var yRange: (low: Double, high: Double)?
    /// Names in place of numbers on the x axis.
    package var xNames: [String] = []
    package var isLogarithmic = false

    package init(
      title: String, yLabel: String, series: [Series], xLabel: String = "",
      yRange: (low: Double, high: Double)? = nil, xNames: [String] = [],
      isLogarithmic: Bool = false
    ) {
      self.title = title
      self.yLabel = yLabel
      self.series = series
      self.xLabel = xLabel
      self.yRange = yRange
      self.xNames = xNames
      self.isLogarithmic = isLogarithmic
    }

    /// Smallest and largest x.
    fileprivate var places: (first: Double, last: Double) {
      let places = series.flatMap { $0.points.map(\.x) }
      return (places.min() ?? 0, places.max() ?? 1)
    }
    /// Whether all points stand over one number: then there are no curves, only points side by side.
    fileprivate var hasOnePlace: Bool { places.first == places.last }
  }

  package var name: String
  package var columns: Int
  package var panels: [Panel]

  package init(name: String, columns: Int, panels: [Panel]) {
    self.name = name
    self.columns = columns
    self.panels = panels
  }

  /// Colours told apart also by readers with colour-blindness: Wong (2011), *Points of view: Color
  /// blindness*, Nature Methods 8.
  private static let colours = [
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#A07800", "#56B4E9", "#333333", "#882255",
  ]
  private static let points = [7, 5, 9, 11, 13, 6, 4, 8]

  package var figure: ReproductionFigure {
    let rows = (panels.count + columns - 1) / columns
    var blocks: [String] = []
    var commands = ["set multiplot"]
    for (index, panel) in panels.enumerated() {
      commands += frame(panel, index, rows)
      commands.append(plot(panel, &blocks))
    }
    commands += legend(rows)
    commands.append("unset multiplot")
    let head = "# panel,series,x,mean,low,high\n"
    return ReproductionFigure(
      name: name, csv: head + blocks.joined(separator: "\n\n"), commands: commands,
      width: 330 * columns + 20, height: 235 * rows + legendHeight)
  }

  private func frame(_ panel: Panel, _ index: Int, _ rows: Int) -> [String] {
    let (row, column) = (index / columns, index % columns)
    let bottom = Double(legendHeight) / Double(235 * rows + legendHeight)
    let cell = (width: 1 / Double(columns), height: (1 - bottom) / Double(rows))
    let left = Double(column) * cell.width + 0.19 * cell.width
    let top = 1 - Double(row) * cell.height - 0.13 * cell.height
    let limits = panel.yRange ?? range(panel)
    // Half of a last tick's label stands to the right of the panel: four digits need more room.
    let width = panel.xNames.isEmpty && panel.places.last >= 1000 ? 0.76 : 0.78
    var commands = [
      "set lmargin at screen \(left)", "set rmargin at screen \(left + width * cell.width)",
      "set tmargin at screen \(top)", "set bmargin at screen \(top - 0.66 * cell.height)",
      "set title '\(panel.title)' font ',13' offset 0,-0.5",
      "set ylabel '\(panel.yLabel)' offset 1,0", "set xlabel '\(panel.xLabel)' offset 0,0.6",
      "set yrange [\(limits.low):\(limits.high)]",
      panel.isLogarithmic ? "set logscale y" : "unset logscale y",
    ]
    if panel.xNames.isEmpty {
      let (first, last) = panel.places
      if panel.hasOnePlace {
        commands.append("set xtics (\(first)) font ',10'")
        commands.append("set xrange [\(first - 1):\(first + 1)]")
      } else {
        commands.append("set xtics \(Self.step(last - first)) font ',10'")
        commands.append("set xrange [\(first):\(last)]")
      }
    } else {
      let names = panel.xNames.enumerated().map { "'\($0.element)' \($0.offset)" }
      commands.append("set xtics (\(names.joined(separator: ", "))) font ',10'")
      commands.append("set xrange [-0.5:\(Double(panel.xNames.count) - 0.5)]")
    }
    return commands
  }

  private func range(_ panel: Panel) -> (low: Double, high: Double) {
    let values = panel.series.flatMap { $0.points.flatMap { [$0.y.mean, $0.y.high ?? $0.y.mean] } }
      .filter(\.isFinite)
    let lows = panel.series.flatMap { $0.points.map { $0.y.low ?? $0.y.mean } }.filter(\.isFinite)
    let top = values.max() ?? 1
    if panel.isLogarithmic { return (max((lows.min() ?? 1) * 0.8, 1e-3), max(top * 1.25, 1)) }
    let low = min(lows.min() ?? 0, 0)
    return (low * 1.05, top > 0 ? top * 1.06 : -low * 0.05 + 1e-9)
  }

  /// A round distance of marks, so that about four fit.
  private static func step(_ range: Double) -> Double {
    guard range > 0 else { return 1 }
    var unit = 1.0
    while unit * 10 <= range / 4 { unit *= 10 }
    while unit > range / 4 { unit /= 10 }
    return unit * ([5, 2, 1].first { unit * $0 <= range / 4 } ?? 1)
  }

  private func plot(_ panel: Panel, _ blocks: inout [String]) -> String {
    var bands: [String] = []
    var lines: [String] = []
    for (number, series) in panel.series.enumerated() {
      let data = "data index \(blocks.count) using"
      blocks.append(Self.block(panel.title, series))
      let look = Self.look(series)
      if panel.hasOnePlace && panel.xNames.isEmpty {
        let shift = 1.6 * (Double(number) + 0.5) / Double(panel.series.count) - 0.8
        lines.append(
          "\(data) ($3 + \(shift)):4:5:6 with yerrorbars \(look.line) \(look.point) notitle")
      } else if series.isReference {
        lines.append("\(data) 3:4 with lines \(look.line) notitle")
      } else if panel.xNames.isEmpty {
        bands.append(
          "\(data) 3:5:6 with filledcurves \(look.colour) fs transparent solid 0.16 noborder notitle"
        )
        let line = series.points.count > 12 ? "lines" : "linespoints \(look.point) ps 0.6"
        lines.append("\(data) 3:4 with \(line) \(look.line) notitle")
      } else {
        lines.append("\(data) 3:4:5:6 with yerrorbars \(look.line) \(look.point) ps 0.8 notitle")
      }
    }
    return "unset key\nplot " + (bands + lines).joined(separator: ", \\\n  ")
  }

  private static func look(_ series: Series) -> (colour: String, line: String, point: String) {
    let colour = "lc rgb '\(colours[series.style % colours.count])'"
    return (
      colour, colour + (series.isReference ? " dt 2 lw 1.5" : " lw 1.8"),
      "pt \(points[series.style % points.count])"
    )
  }

  /// One series of each label.
  private var labelled: [Series] {
    var seen: Set<String> = []
    return panels.flatMap(\.series).filter { seen.insert($0.label).inserted }
  }
  private var legendColumns: Int { columns > 1 ? columns + 1 : 1 }
  /// Pixels of the strip with the legend, and of the last row's axis above it.
  private var legendHeight: Int {
    52 + 18 * max((labelled.count + legendColumns - 1) / legendColumns, 1)
  }

  /// All labels once, in a strip below the panels that has no data of its own.
  private func legend(_ rows: Int) -> [String] {
    let entries = labelled
    let height = Double(legendHeight - 18) / Double(235 * rows + legendHeight)
    let lines = entries.map { series in
      let look = Self.look(series)
      return "NaN with \(series.isReference ? "lines" : "linespoints \(look.point)") \(look.line) "
        + "title '\(series.label)'"
    }
    return [
      "unset title; unset xlabel; unset ylabel; unset tics; unset border; unset grid; unset logscale",
      "set lmargin at screen 0.02; set rmargin at screen 0.98",
      "set bmargin at screen 0.005; set tmargin at screen \(height)",
      "set xrange [0:1]; set yrange [0:1]",
      "set key center center horizontal maxcols \(legendColumns) samplen 2 spacing 1.1",
      "plot " + lines.joined(separator: ", \\\n  "),
    ]
  }

  private static func block(_ panel: String, _ series: Series) -> String {
    series.points.map { point in
      let numbers = [
        point.x, point.y.mean, point.y.low ?? point.y.mean, point.y.high ?? point.y.mean,
      ].map { JSONValue.numberText($0) }
      // A comma in a label would shift the columns that gnuplot counts.
      let names = [panel, series.label].map { $0.replacing(",", with: ";") }
      return names.joined(separator: ",") + "," + numbers.joined(separator: ",") + "\n"
    }.joined()
  }
}
