import Foundation

/// Pictures of a search and its flow, as SVG text.
///
/// ```swift
/// let picture = FlowFigures.exploitability(["mirror descent": result.exploitabilities])
/// try picture.write(toFile: "trace.svg", atomically: true, encoding: .utf8)
/// ```
public enum FlowFigures {
  /// Exploitability against the iteration, both axes logarithmic (iterations counted from 1).
  ///
  /// - Parameter traces: name and values of each line, in the order of the legend.
  public static func exploitability(_ traces: [(name: String, values: [Double])]) -> String {
    let positive = traces.flatMap { $0.values.filter { $0 > 0 && $0.isFinite } }
    let low = log10(max(positive.min() ?? 1e-3, 1e-16)).rounded(.down)
    let high = max(low + 1, log10(positive.max() ?? 1).rounded(.up))
    let right = max(1, log10(Double(traces.map(\.values.count).max() ?? 10)))
    func x(_ iteration: Int) -> Double { 70 + 500 * log10(Double(iteration + 1)) / right }
    func y(_ value: Double) -> Double { 330 - 300 * (log10(value) - low) / (high - low) }
    var svg = header(700, 380)
    for power in Int(low)...Int(high) {
      let height = y(pow(10, Double(power)))
      svg += rule(70, height, 570, height, "#ddd")
      svg += label(62, height + 4, "1e\(power)", anchor: "end")
    }
    for power in 0...Int(right) {
      let place = x(Int(pow(10, Double(power))) - 1)
      svg += rule(place, 30, place, 330, "#ddd")
      svg += label(place, 348, "\(Int(pow(10, Double(power))))", anchor: "middle")
    }
    svg += label(320, 370, "iteration (counted from 1)", anchor: "middle")
    svg += label(70, 20, "exploitability (summed over populations)", anchor: "start")
    for (index, trace) in traces.enumerated() {
      let colour = palette[index % palette.count]
      let points = trace.values.enumerated().filter { $0.element > 0 && $0.element.isFinite }
        .map { "\(number(x($0.offset))),\(number(y($0.element)))" }.joined(separator: " ")
      svg +=
        "<polyline fill=\"none\" stroke=\"\(colour)\" stroke-width=\"1.6\" points=\"\(points)\"/>\n"
      svg += rule(582, 40 + 18 * Double(index), 602, 40 + 18 * Double(index), colour)
      svg += label(608, 44 + 18 * Double(index), escaped(trace.name), anchor: "start")
    }
    return svg + "</svg>\n"
  }

  /// The law of one population: time to the right, states downwards, darker where more are.
  ///
  /// - Parameter laws: `[step][state]`.
  public static func flow(_ laws: [[Double]], title: String = "law of states") -> String {
    table(
      laws, title: title, across: "step", down: "state",
      scale: laws.flatMap { $0 }.max() ?? 1)
  }

  /// The policy at one step: actions to the right, states downwards, darker where likelier.
  ///
  /// - Parameter policy: `[state][action]`.
  public static func policy(_ policy: [[Double]], title: String = "policy") -> String {
    let actions = policy.first?.count ?? 0
    let columns = (0..<actions).map { action in policy.map { $0[action] } }
    return table(columns, title: title, across: "action", down: "state", scale: 1)
  }

  /// Columns of numbers as a heat map.
  private static func table(
    _ columns: [[Double]], title: String, across: String, down: String, scale: Double
  ) -> String {
    let rows = columns.first?.count ?? 0
    let cell = max(2, min(24, 480 / Double(max(rows, columns.count, 1))))
    let width = 60 + cell * Double(columns.count) + 20
    let height = 40 + cell * Double(rows) + 40
    var svg = header(max(width, 240), height)
    svg += label(50, 20, escaped(title), anchor: "start")
    for (column, values) in columns.enumerated() {
      for (row, value) in values.enumerated() where value > 0 {
        svg +=
          "<rect x=\"\(number(50 + cell * Double(column)))\" y=\"\(number(32 + cell * Double(row)))\" width=\"\(number(cell))\" height=\"\(number(cell))\" fill=\"\(shade(value / scale))\"/>\n"
      }
    }
    let (right, bottom) = (50 + cell * Double(columns.count), 32 + cell * Double(rows))
    svg +=
      "<rect x=\"50\" y=\"32\" width=\"\(number(right - 50))\" height=\"\(number(bottom - 32))\""
    svg += " fill=\"none\" stroke=\"#888\"/>\n"
    svg += label(
      (50 + right) / 2, bottom + 20, "\(across) 0…\(columns.count - 1)", anchor: "middle")
    svg += label(44, 44, "\(down) 0", anchor: "end")
    svg += label(44, bottom, "\(max(rows - 1, 0))", anchor: "end")
    return svg + "</svg>\n"
  }

  static let palette = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000"]

  /// White to dark blue.
  static func shade(_ share: Double) -> String {
    let part = min(max(share, 0), 1)
    let red = Int(255 - 247 * part)
    let green = Int(255 - 207 * part)
    let blue = Int(255 - 148 * part)
    return "rgb(\(red),\(green),\(blue))"
  }

  private static func header(_ width: Double, _ height: Double) -> String {
    let size = "width=\"\(number(width))\" height=\"\(number(height))\""
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) font-family=\"sans-serif\" "
      + "font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
  }

  private static func rule(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ colour: String
  ) -> String {
    "<line x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\" stroke=\"\(colour)\"/>\n"
  }

  private static func label(
    _ x: Double, _ y: Double, _ text: String, anchor: String
  ) -> String {
    "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\">\(text)</text>\n"
  }

  private static func number(_ value: Double) -> String { String(format: "%.2f", value) }

  static func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
  }
}
