import Foundation

/// A few SVG elements with one look.
struct SVGDrawing {
  private let width, height: Double
  private var body = ""

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  /// The finished picture.
  var text: String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.number(width))" height="\(Self.number(height))" \
    viewBox="0 0 \(Self.number(width)) \(Self.number(height))" font-family="sans-serif" font-size="12">
    <rect width="100%" height="100%" fill="white"/>
    \(body)</svg>

    """
  }

  mutating func rule(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ colour: String, width: Double = 1
  ) {
    body +=
      "<line x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\" x2=\"\(Self.number(x2))\" "
      + "y2=\"\(Self.number(y2))\" stroke=\"\(colour)\" stroke-width=\"\(Self.number(width))\"/>\n"
  }

  mutating func line(_ points: [(x: Double, y: Double)], _ colour: String) {
    let list = points.map { "\(Self.number($0.x)),\(Self.number($0.y))" }.joined(separator: " ")
    body +=
      "<polyline fill=\"none\" stroke=\"\(colour)\" stroke-width=\"1.6\" "
      + "stroke-linejoin=\"round\" points=\"\(list)\"/>\n"
  }

  mutating func cell(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: String,
    stroke: String? = nil
  ) {
    body +=
      "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" "
      + "height=\"\(Self.number(height))\" fill=\"\(fill)\""
      + (stroke.map { " stroke=\"\($0)\"" } ?? " shape-rendering=\"crispEdges\"") + "/>\n"
  }

  mutating func label(
    _ x: Double, _ y: Double, _ text: String, anchor: String = "start", size: Int? = nil
  ) {
    let size = size.map { " font-size=\"\($0)\"" } ?? ""
    body +=
      "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" text-anchor=\"\(anchor)\"\(size)>"
      + "\(Self.escaped(text))</text>\n"
  }

  /// A label that reads upwards, centred on a point.
  mutating func uprightLabel(_ x: Double, _ y: Double, _ text: String) {
    body +=
      "<text transform=\"translate(\(Self.number(x)) \(Self.number(y))) rotate(-90)\" "
      + "text-anchor=\"middle\">\(Self.escaped(text))</text>\n"
  }

  static let palette = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000"]

  /// White to dark blue.
  static func shade(_ share: Double) -> String {
    let part = min(max(share, 0), 1)
    return
      "rgb(\(Int(255 - 247 * part)),\(Int(255 - 207 * part)),\(Int(255 - 148 * part)))"
  }

  private static func number(_ value: Double) -> String { String(format: "%.2f", value) }

  static func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
  }
}
