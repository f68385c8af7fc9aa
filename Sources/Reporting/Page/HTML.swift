import Foundation

/// Pieces of a page.
public enum HTML {
  /// A text with the characters of markup replaced.
  public static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
    return result
  }

  /// The width that a picture was drawn for, in pixels: one column is not blown up to a page.
  static func width(ofSVG svg: String) -> Int? {
    guard let box = svg.range(of: "viewBox=\"") else { return nil }
    let numbers = svg[box.upperBound...].prefix { $0 != "\"" }.split(separator: " ")
    guard numbers.count == 4, let width = Double(numbers[2]), width > 0, width < 1e5 else {
      return nil
    }
    return Int(width)
  }

  /// A picture as it can stand inside a page: no XML prologue, and identifiers of its own, since
  /// those of several pictures would meet in one page.
  public static func inlined(svg: String, prefix: String) -> String {
    var text = svg
    if let start = text.range(of: "<svg") { text = String(text[start.lowerBound...]) }
    for (find, insert) in [
      ("id=\"", "id=\"\(prefix)-"), ("id='", "id='\(prefix)-"),
      ("href='#", "href='#\(prefix)-"), ("href=\"#", "href=\"#\(prefix)-"),
      ("url(#", "url(#\(prefix)-"),
    ] {
      text = text.replacingOccurrences(of: find, with: insert)
    }
    return text
  }
}

/// A self-contained page: no link leaves it, pictures stand inside.
public struct HTMLPage: Sendable {
  private let title: String
  private var body: [String] = []
  private var figures = 0

  public init(title: String, subtitle: String) {
    self.title = title
    body.append(
      "<header><h1>\(HTML.escaped(title))</h1><p>\(HTML.escaped(subtitle))</p></header>")
  }

  public mutating func heading(_ text: String) { body.append("<h2>\(HTML.escaped(text))</h2>") }

  public mutating func paragraph(_ text: String) { body.append("<p>\(HTML.escaped(text))</p>") }

  public mutating func list(_ items: [String]) {
    guard !items.isEmpty else { return }
    let lines = items.map { "<li>\(HTML.escaped($0))</li>" }
    body.append("<ul>\(lines.joined())</ul>")
  }

  public mutating func code(_ text: String) {
    body.append("<pre><code>\(HTML.escaped(text))</code></pre>")
  }

  /// Pictures side by side under one caption.
  public mutating func figure(svgs: [String], caption: String) {
    let pictures = svgs.map { svg in
      figures += 1
      let limit = HTML.width(ofSVG: svg).map { " style=\"max-width: \($0 * 3 / 2)px\"" } ?? ""
      return "<div\(limit)>\(HTML.inlined(svg: svg, prefix: "f\(figures)"))</div>"
    }
    body.append(
      "<figure class=\"\(svgs.count > 1 ? "many" : "one")\"><div class=\"pictures\">"
        + "\(pictures.joined())</div><figcaption>\(HTML.escaped(caption))</figcaption></figure>")
  }

  /// A cell of a table.
  public struct Cell: Sendable, Hashable {
    public var text: String
    /// A second, smaller line: the interval.
    public var detail: String?
    public var isBest = false
    public var isNumber = true

    public init(_ text: String, detail: String? = nil, isBest: Bool = false, isNumber: Bool = true)
    {
      self.text = text
      self.detail = detail
      self.isBest = isBest
      self.isNumber = isNumber
    }
  }

  public mutating func table(columns: [String], rows: [[Cell]]) {
    let head = columns.map { "<th>\(HTML.escaped($0))</th>" }.joined()
    let lines = rows.map { row in "<tr>\(row.map(Self.text).joined())</tr>" }
    body.append(
      "<div class=\"scroll\"><table><thead><tr>\(head)</tr></thead><tbody>"
        + "\(lines.joined(separator: "\n"))</tbody></table></div>")
  }

  private static func text(_ cell: Cell) -> String {
    var classes: [String] = []
    if cell.isNumber { classes.append("number") }
    if cell.isBest { classes.append("best") }
    let attribute = classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\""
    let detail = cell.detail.map { "<small>\(HTML.escaped($0))</small>" } ?? ""
    return "<td\(attribute)>\(HTML.escaped(cell.text))\(detail)</td>"
  }

  public var text: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(HTML.escaped(title))</title>
    <style>
    \(Self.style)
    </style>
    </head>
    <body>
    <main>
    \(body.joined(separator: "\n"))
    </main>
    </body>
    </html>

    """
  }

  private static let style = """
    body { margin: 0; background: #f4f6f8; color: #1d2733;
      font: 16px/1.55 Helvetica, Arial, sans-serif; }
    main { max-width: 1040px; margin: 0 auto; padding: 24px 16px 64px; }
    header { border-bottom: 3px solid #0072B2; margin-bottom: 20px; }
    h1 { font-size: 28px; margin: 8px 0 0; } header p { margin: 4px 0 14px; color: #51606f; }
    h2 { font-size: 20px; margin: 36px 0 8px; }
    figure { margin: 16px 0; padding: 16px; background: #fff; border: 1px solid #dde3e9;
      border-radius: 8px; }
    figcaption { color: #51606f; font-size: 14px; margin-top: 8px; }
    .many .pictures { display: grid; gap: 12px;
      grid-template-columns: repeat(auto-fit, minmax(290px, 1fr)); }
    svg { width: 100%; height: auto; display: block; }
    pre { background: #1d2733; color: #e8eef4; padding: 12px 16px; border-radius: 8px;
      white-space: pre-wrap; word-break: break-word; font-size: 14px; }
    .scroll { overflow-x: auto; background: #fff; border: 1px solid #dde3e9; border-radius: 8px; }
    table { border-collapse: collapse; width: 100%; font-size: 13px; }
    th, td { padding: 5px 8px; border-bottom: 1px solid #e6ebf0; text-align: left;
      vertical-align: top; }
    th { background: #eef2f6; font-weight: 600; }
    .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
    .best { font-weight: 700; color: #00694c; }
    small { display: block; color: #6b7a89; font-weight: 400; font-size: 12px; }
    @media print { body { background: #fff; } figure, .scroll { break-inside: avoid; } }
    """
}
