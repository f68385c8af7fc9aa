import Foundation

/// Panels of coloured cells with one scale and one colour bar.
struct HeatMaps {
  struct Panel {
    let title: String
    /// `[column][row]`; NaN cells stay grey.
    let columns: [[Double]]
  }

  let panels: [Panel]
  let across: String
  let down: String
  /// What the darkest colour stands for.
  let top: Double
  /// Colours follow square roots, so that sparse cells beside a crowd can be seen.
  var usesRoots = false
  /// Cells as wide as high, for grids.
  var isSquare = false

  private static let left = 64.0
  private static let head = 40.0
  private static let gap = 18.0

  var text: String {
    let rows = max(1, panels.first?.columns.first?.count ?? 1)
    let columns = max(1, panels.first?.columns.count ?? 1)
    let size = cellSize(rows, columns)
    let panelWidth = max(Double(columns) * size.width, 46)
    let bottom = Self.head + Double(rows) * size.height
    let right = Self.left + Double(panels.count) * (panelWidth + Self.gap)
    var drawing = SVGDrawing(width: max(right + 70, 260), height: max(bottom + 52, 150))
    for (index, panel) in panels.enumerated() {
      let x = Self.left + Double(index) * (panelWidth + Self.gap)
      drawing.label(x, 26, panel.title)
      draw(panel, x, size, into: &drawing)
      drawing.cell(
        x, Self.head, Double(columns) * size.width, Double(rows) * size.height, fill: "none",
        stroke: "#888")
      let space = 11 + 8 * Double("\(columns - 1)".count)
      for column in ticks(columns, length: Double(columns) * size.width, space: space) {
        drawing.label(
          x + (Double(column) + 0.5) * size.width, bottom + 16, "\(column)", anchor: "middle")
      }
    }
    for row in ticks(rows, length: Double(rows) * size.height, space: 16) {
      drawing.label(
        Self.left - 6, Self.head + (Double(row) + 0.5) * size.height + 4, "\(row)", anchor: "end")
    }
    drawing.uprightLabel(20, (Self.head + bottom) / 2, down)
    drawing.label((Self.left + right - Self.gap) / 2, bottom + 38, across, anchor: "middle")
    drawBar(right, bottom, into: &drawing)
    return drawing.text
  }

  /// Cells fill about 420 points down and 560 (grids: 760) across, at most 22 points each, and never
  /// fall below what can be seen.
  private func cellSize(_ rows: Int, _ columns: Int) -> (width: Double, height: Double) {
    let height = min(22, max(1.5, 420 / Double(rows)))
    let share =
      (isSquare ? 760 : 560) / Double(max(1, panels.count)) / Double(columns)
    let width = min(22, max(1.5, share))
    return isSquare ? (min(width, height), min(width, height)) : (width, height)
  }

  private func draw(
    _ panel: Panel, _ x: Double, _ size: (width: Double, height: Double),
    into drawing: inout SVGDrawing
  ) {
    for (column, values) in panel.columns.enumerated() {
      for (row, value) in values.enumerated() where !(value <= 0) {
        drawing.cell(
          x + Double(column) * size.width, Self.head + Double(row) * size.height, size.width,
          size.height, fill: value.isNaN ? "#ccc" : SVGDrawing.shade(share(value)))
      }
    }
  }

  private func share(_ value: Double) -> Double {
    usesRoots ? (max(0, value) / top).squareRoot() : value / top
  }

  /// Numbers of cells that get a label: steps of 1, 2 or 5 times a power of ten.
  private func ticks(_ count: Int, length: Double, space: Double) -> [Int] {
    let most = max(1, Int(length / space))
    var step = 1
    for candidate in [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000]
    where step * most < count { step = candidate }
    return Array(stride(from: 0, to: count, by: step))
  }

  private func drawBar(_ x: Double, _ bottom: Double, into drawing: inout SVGDrawing) {
    let height = max(60, min(160, bottom - Self.head))
    for part in 0..<20 {
      drawing.cell(
        x, Self.head + height * Double(part) / 20, 12, height / 20,
        fill: SVGDrawing.shade(1 - Double(part) / 19))
    }
    drawing.cell(x, Self.head, 12, height, fill: "none", stroke: "#888")
    drawing.label(x + 16, Self.head + 10, String(format: "%.3g", top), size: 11)
    // Half way down the bar stands half the value, or a quarter under square roots.
    drawing.label(
      x + 16, Self.head + height / 2 + 4, String(format: "%.3g", top / (usesRoots ? 4 : 2)),
      size: 11)
    drawing.label(x + 16, Self.head + height, "0", size: 11)
  }
}
