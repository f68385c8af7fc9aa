/// The colours of all figures: told apart also by readers with colour-blindness, and on paper.
public enum Palette {
  /// Colours of lines, by the order of algorithms.
  ///
  /// - Source: Wong (2011), *Points of view: Color blindness*, Nature Methods 8, darkened where
  ///   thin lines on white need it; grey and brown from Tol's schemes follow.
  private static let lines = [
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#A07800", "#56B4E9", "#333333", "#882255",
    "#777777", "#4B0092",
  ]
  /// Points of gnuplot: circle, square, triangle, inverted triangle, diamond, filled and hollow.
  private static let points = [7, 5, 9, 11, 13, 6, 4, 8, 10, 12]

  public static func line(_ index: Int) -> String { lines[index % lines.count] }
  static func point(_ index: Int) -> Int { points[index % points.count] }

  /// Light yellow to dark red for shares from 0 to 1, linear between five colours.
  ///
  /// - Source: Brewer's YlOrRd, colorbrewer2.org.
  public static func heat(_ share: Double) -> String {
    let stops: [(Double, Double, Double)] = [
      (250, 235, 170), (254, 204, 92), (253, 141, 60), (222, 45, 38), (128, 0, 38),
    ]
    let place = min(max(share.isFinite ? share : 0, 0), 1) * Double(stops.count - 1)
    let index = min(Int(place), stops.count - 2)
    let part = place - Double(index)
    let (a, b) = (stops[index], stops[index + 1])
    let mix = { (x: Double, y: Double) in Int((x + (y - x) * part).rounded()) }
    return "rgb(\(mix(a.0, b.0)),\(mix(a.1, b.1)),\(mix(a.2, b.2)))"
  }
}
