import Foundation

/// Pictures of a search and its flow, as SVG text.
///
/// ```swift
/// let picture = FlowFigures.exploitability([("mirror descent", result.exploitabilities)])
/// try picture.write(toFile: "trace.svg", atomically: true, encoding: .utf8)
/// ```
public enum FlowFigures {
  /// Exploitability against the iteration, both axes logarithmic (iterations counted from 1).
  ///
  /// - Parameter traces: name and values of each line, in the order of the legend.
  public static func exploitability(_ traces: [(name: String, values: [Double])]) -> String {
    let positive = traces.flatMap { $0.values.filter { $0 > 0 && $0.isFinite } }
    let low = log10(max(positive.min() ?? 1e-3, 1e-16)).rounded(.down)
    let high = max(low + 1, log10(max(positive.max() ?? 1, 1e-15)).rounded(.up))
    let right = max(1, log10(Double(traces.map(\.values.count).max() ?? 10)))
    func x(_ iteration: Int) -> Double { 70 + 500 * log10(Double(iteration + 1)) / right }
    func y(_ value: Double) -> Double {
      330 - 300 * (log10(max(value, 1e-16)) - low) / (high - low)
    }
    let longest = traces.map(\.name.count).max() ?? 0
    var drawing = SVGDrawing(width: 630 + 7 * Double(longest), height: 380)
    // At most ten labelled powers.
    let stride10 = max(1, Int(((high - low) / 10).rounded(.up)))
    for power in stride(from: Int(low), through: Int(high), by: stride10) {
      let height = y(pow(10, Double(power)))
      drawing.rule(70, height, 570, height, "#ddd")
      drawing.label(62, height + 4, "1e\(power)", anchor: "end")
    }
    for power in 0...Int(right) {
      let place = x(Int(pow(10, Double(power))) - 1)
      drawing.rule(place, 30, place, 330, "#ddd")
      drawing.label(place, 348, "\(Int(pow(10, Double(power))))", anchor: "middle")
    }
    drawing.label(320, 370, "iteration (counted from 1)", anchor: "middle")
    drawing.label(70, 20, "exploitability (summed over populations)")
    for (index, trace) in traces.enumerated() {
      let colour = SVGDrawing.palette[index % SVGDrawing.palette.count]
      drawing.line(
        thinned(trace.values).map { (x($0.offset), y($0.element)) }, colour)
      let height = 40 + 18 * Double(index)
      drawing.rule(582, height, 602, height, colour, width: 2)
      drawing.label(608, height + 4, trace.name)
    }
    return drawing.text
  }

  /// Points that can be told apart on the logarithmic axis: at most some two thousand.
  private static func thinned(_ values: [Double]) -> [(offset: Int, element: Double)] {
    var result: [(offset: Int, element: Double)] = []
    var last = -1.0
    for (offset, element) in values.enumerated() where element > 0 && element.isFinite {
      let place = log10(Double(offset + 1)) * 500
      if place - last < 1 && offset != values.count - 1 { continue }
      last = place
      result.append((offset, element))
    }
    return result
  }

  /// The law of one population: time to the right, states downwards, darker where more are
  /// (square-root scale).
  ///
  /// - Parameter laws: `[step][state]`.
  public static func flow(_ laws: [[Double]], title: String = "law of states") -> String {
    HeatMaps(
      panels: [.init(title: title, columns: laws)], across: "step", down: "state",
      top: laws.flatMap { $0 }.max() ?? 1, usesRoots: true
    ).text
  }

  /// The policy at one step: actions to the right, states downwards, darker where likelier.
  ///
  /// - Parameter policy: `[state][action]`.
  public static func policy(_ policy: [[Double]], title: String = "policy") -> String {
    policies([policy], titles: [title])
  }

  /// Policies side by side.
  ///
  /// - Parameter policies: `[panel][state][action]`.
  public static func policies(_ policies: [[[Double]]], titles: [String]) -> String {
    let panels = zip(policies, titles).map { policy, title in
      HeatMaps.Panel(
        title: title,
        columns: (0..<(policy.first?.count ?? 0)).map { action in policy.map { $0[action] } })
    }
    return HeatMaps(panels: panels, across: "action", down: "state", top: 1).text
  }

  /// The law on a grid at some steps, side by side with one square-root scale; places where nobody
  /// can be are grey.
  ///
  /// - Parameters:
  ///   - laws: `[panel][state]`.
  public static func crowd(_ laws: [[Double]], titles: [String], grid: GridShape) -> String {
    let panels = zip(laws, titles).map { law, title -> HeatMaps.Panel in
      let cells = grid.spread(law)
      return HeatMaps.Panel(
        title: title,
        columns: (0..<grid.columns).map { column in
          (0..<grid.rows).map { cells[$0 * grid.columns + column] }
        })
    }
    return HeatMaps(
      panels: panels, across: "column", down: "row", top: laws.flatMap { $0 }.max() ?? 1,
      usesRoots: true, isSquare: true
    ).text
  }
}
