import Foundation

/// A map of a network as SVG: routers and links coloured by load.
public struct NetworkMap: Sendable {
  public var network: StoredNetwork
  /// Share of the colour scale for each link (0…1), both directions together; nil: no colour.
  public var linkShares: [Double]?
  /// Share of the colour scale for each router (0…1); nil: no colour.
  public var routerShares: [Double]?
  /// Links that are drawn as failed.
  public var failedLinks: Set<Int> = []
  public var title: String
  /// What the ends of the colour scale mean; nil: no scale.
  public var scale: (low: String, high: String)?

  public init(
    network: StoredNetwork, title: String, linkShares: [Double]? = nil,
    routerShares: [Double]? = nil, failedLinks: Set<Int> = [],
    scale: (low: String, high: String)? = nil
  ) {
    self.network = network
    self.title = title
    self.linkShares = linkShares
    self.routerShares = routerShares
    self.failedLinks = failedLinks
    self.scale = scale
  }

  private static let width = 340.0
  private static let margin = 30.0

  public var svg: String {
    let places = GraphLayout.places(of: network)
    let inner = Self.width - 2 * Self.margin
    let used = (places.map(\.y).max() ?? 1) - (places.map(\.y).min() ?? 0)
    let top = places.map(\.y).min() ?? 0
    let points = places.map { place in
      GraphLayout.Place(
        x: Self.margin + place.x * inner, y: 34 + Self.margin + (place.y - top) * inner)
    }
    let height = 34 + 2 * Self.margin + used * inner + (scale == nil ? 0 : 30)
    var parts = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(short(Self.width)) "
        + "\(short(height))\" font-family=\"Helvetica,Arial,sans-serif\" role=\"img\">",
      "<title>\(HTML.escaped(title))</title>",
      "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
      "<text x=\"\(short(Self.width / 2))\" y=\"24\" text-anchor=\"middle\" font-size=\"14\" "
        + "fill=\"#222\">\(HTML.escaped(title))</text>",
    ]
    parts += links(points) + routers(points)
    if let scale { parts += scaleBar(scale, y: height - 26) }
    return (parts + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  private func links(_ points: [GraphLayout.Place]) -> [String] {
    var drawn: [Int: Int] = [:]
    return network.links.indices.filter { network.links[$0].source != network.links[$0].target }
      .map { index in
        let link = network.links[index]
        let (a, b) = (min(link.source, link.target), max(link.source, link.target))
        let parallel = drawn[a * points.count + b, default: 0]
        drawn[a * points.count + b] = parallel + 1
        let bend = Double(parallel) * 12 + (passesARouter(a, b, points) ? 26 : 0)
        let line = path(points[a], points[b], bend: bend)
        return failedLinks.contains(index) ? failed(line) : loaded(line, index)
      }
  }

  /// Whether the straight line between two routers runs through a third one.
  private func passesARouter(_ a: Int, _ b: Int, _ points: [GraphLayout.Place]) -> Bool {
    let (dx, dy) = (points[b].x - points[a].x, points[b].y - points[a].y)
    let square = max(dx * dx + dy * dy, 1e-9)
    return points.indices.contains { c in
      guard c != a, c != b else { return false }
      let along = ((points[c].x - points[a].x) * dx + (points[c].y - points[a].y) * dy) / square
      let (x, y) = (points[a].x + along * dx, points[a].y + along * dy)
      return (0.02...0.98).contains(along) && hypot(points[c].x - x, points[c].y - y) < 7
    }
  }

  private func path(_ a: GraphLayout.Place, _ b: GraphLayout.Place, bend: Double) -> String {
    let ends = "M\(short(a.x)) \(short(a.y))"
    if bend == 0 { return ends + "L\(short(b.x)) \(short(b.y))" }
    let length = max(hypot(b.x - a.x, b.y - a.y), 1e-9)
    let middle = (
      (a.x + b.x) / 2 - (b.y - a.y) / length * bend, (a.y + b.y) / 2 + (b.x - a.x) / length * bend
    )
    return ends + "Q\(short(middle.0)) \(short(middle.1)) \(short(b.x)) \(short(b.y))"
  }

  private func loaded(_ line: String, _ index: Int) -> String {
    guard let share = linkShares?[index], share.isFinite else {
      return "<path d=\"\(line)\" fill=\"none\" stroke=\"#9aa5b1\" stroke-width=\"1.6\"/>"
    }
    let width = 1.5 + 5 * min(max(share, 0), 1)
    return "<path d=\"\(line)\" fill=\"none\" stroke=\"\(Palette.heat(share))\" "
      + "stroke-width=\"\(short(width * thickness))\" stroke-linecap=\"round\"/>"
  }

  private func failed(_ line: String) -> String {
    "<path d=\"\(line)\" fill=\"none\" stroke=\"#1f4e9c\" stroke-width=\"2.4\" "
      + "stroke-dasharray=\"5 5\"/>"
  }

  /// Large networks get thinner lines.
  private var thickness: Double { network.routers.count > 60 ? 0.5 : 1 }

  private func routers(_ points: [GraphLayout.Place]) -> [String] {
    let count = network.routers.count
    let radius = count <= 30 ? 11.0 : count <= 80 ? 6 : 3
    return network.routers.indices.flatMap { index in
      let share = routerShares?[index]
      let fill = share.map(Palette.heat) ?? "#ffffff"
      let point = points[index]
      var parts = [
        "<circle cx=\"\(short(point.x))\" cy=\"\(short(point.y))\" r=\"\(short(radius))\" "
          + "fill=\"\(fill)\" stroke=\"#33414e\" stroke-width=\"1\">"
          + "<title>\(HTML.escaped(network.routers[index].name))</title></circle>"
      ]
      if count <= 60 { parts.append(label(index, at: point, radius: radius, share: share)) }
      return parts
    }
  }

  /// Short names stand in the circle, longer ones below it.
  private func label(
    _ index: Int, at point: GraphLayout.Place, radius: Double, share: Double?
  ) -> String {
    let name = network.routers[index].name
    let isInside = name.count <= 2 && radius > 8
    let colour = isInside && (share ?? 0) > 0.6 ? "#ffffff" : "#222222"
    let size = isInside ? 11 : 9
    let y = isInside ? point.y + 4 : point.y + radius + 10
    let text = name.count > 14 ? String(name.prefix(13)) + "…" : name
    let halo = isInside ? "" : " stroke=\"#ffffff\" stroke-width=\"2.5\" paint-order=\"stroke\""
    return "<text x=\"\(short(point.x))\" y=\"\(short(y))\" text-anchor=\"middle\" "
      + "font-size=\"\(size)\" fill=\"\(colour)\"\(halo)>\(HTML.escaped(text))</text>"
  }

  private func scaleBar(_ scale: (low: String, high: String), y: Double) -> [String] {
    let (left, width, steps) = (Self.margin + 10, 150.0, 30)
    let boxes = (0..<steps).map { step in
      let x = left + width * Double(step) / Double(steps)
      return
        "<rect x=\"\(short(x))\" y=\"\(short(y))\" width=\"\(short(width / Double(steps) + 0.5))\" "
        + "height=\"10\" fill=\"\(Palette.heat((Double(step) + 0.5) / Double(steps)))\"/>"
    }
    let text = { (x: Double, anchor: String, words: String) in
      "<text x=\"\(short(x))\" y=\"\(short(y + 9))\" text-anchor=\"\(anchor)\" font-size=\"10\" "
        + "fill=\"#444\">\(HTML.escaped(words))</text>"
    }
    return boxes + [
      text(left - 6, "end", scale.low), text(left + width + 6, "start", scale.high),
    ]
  }

  private func short(_ value: Double) -> String {
    let rounded = (value * 10).rounded() / 10
    return rounded == rounded.rounded() ? String(Int(rounded)) : "\(rounded)"
  }
}
