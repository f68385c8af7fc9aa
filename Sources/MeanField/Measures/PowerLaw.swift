import Foundation

/// y = factor · x^exponent, fitted by least squares on logarithms.
///
/// - Verified: `NPlayerTests`.
public struct PowerLaw: Sendable, Hashable, Codable {
  public var exponent: Double
  public var factor: Double
  /// Half the width of the 95 % interval of the exponent, from the residuals (Student's t).
  public var exponentMargin: Double

  /// - Parameter points: positive numbers; others are left out.
  public static func fit(_ points: [(x: Double, y: Double)]) -> PowerLaw {
    let logs = points.filter { $0.x > 0 && $0.y > 0 }.map { (log($0.x), log($0.y)) }
    let count = Double(logs.count)
    guard count >= 2 else {
      return PowerLaw(exponent: .nan, factor: .nan, exponentMargin: .infinity)
    }
    let meanX = logs.reduce(0) { $0 + $1.0 } / count
    let meanY = logs.reduce(0) { $0 + $1.1 } / count
    let spread = logs.reduce(0) { $0 + ($1.0 - meanX) * ($1.0 - meanX) }
    let slope = logs.reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) } / spread
    let residual = logs.reduce(0) {
      let error = $1.1 - meanY - slope * ($1.0 - meanX)
      return $0 + error * error
    }
    let margin =
      count > 2
      ? studentQuantile(Int(count) - 2) * (residual / (count - 2) / spread).squareRoot()
      : .infinity
    return PowerLaw(
      exponent: slope, factor: exp(meanY - slope * meanX), exponentMargin: margin)
  }

  /// The 97.5 % quantile of Student's t distribution (tables; 1.96 beyond 30 degrees of freedom).
  static func studentQuantile(_ degrees: Int) -> Double {
    let table = [
      12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
      2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
      2.052, 2.048, 2.045, 2.042,
    ]
    return degrees <= table.count ? table[max(1, degrees) - 1] : 1.96
  }
}
