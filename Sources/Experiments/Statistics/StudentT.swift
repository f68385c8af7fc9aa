import Foundation

/// Student's t distribution.
public enum StudentT {
  /// P(T ≤ t) for T with the given degrees of freedom (> 0, not necessarily whole).
  ///
  /// - Source: Abramowitz, Stegun (1964), *Handbook of Mathematical Functions*, 26.7.1 with 26.5.2.
  public static func cumulative(_ t: Double, degreesOfFreedom v: Double) -> Double {
    precondition(v > 0, "StudentT.cumulative(degreesOfFreedom: \(v)): must be positive")
    if t.isInfinite { return t > 0 ? 1 : 0 }
    let tail = regularisedBeta(v / (v + t * t), v / 2, 0.5) / 2
    return t > 0 ? 1 - tail : tail
  }

  /// The number that T stays below with the given probability, to about 12 digits.
  public static func quantile(_ probability: Double, degreesOfFreedom v: Double) -> Double {
    precondition(
      probability > 0 && probability < 1, "StudentT.quantile(\(probability)): 0 < probability < 1")
    if probability < 0.5 { return -quantile(1 - probability, degreesOfFreedom: v) }
    var low = 0.0
    var high = 1.0
    while cumulative(high, degreesOfFreedom: v) < probability && high < 1e12 { high *= 2 }
    for _ in 0..<200 where high - low > 1e-13 * high {
      let middle = (low + high) / 2
      if cumulative(middle, degreesOfFreedom: v) < probability {
        low = middle
      } else {
        high = middle
      }
    }
    return (low + high) / 2
  }

  /// I_x(a, b), by Lentz's evaluation of its continued fraction.
  ///
  /// - Source: Press et al. (2007), *Numerical Recipes*, 6.4; Abramowitz, Stegun 26.5.8.
  static func regularisedBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    let front = exp(
      lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2) { return front * betaFraction(x, a, b) / a }
    return 1 - front * betaFraction(1 - x, b, a) / b
  }

  private static func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    let guarded = { (value: Double) in abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / guarded(1 - (a + b) * x / (a + 1))
    var fraction = d
    for step in 1...500 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / guarded(1 + even * d)
      c = guarded(1 + even / c)
      fraction *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / guarded(1 + odd * d)
      c = guarded(1 + odd / c)
      fraction *= d * c
      if abs(d * c - 1) < 1e-15 { break }
    }
    return fraction
  }
}
