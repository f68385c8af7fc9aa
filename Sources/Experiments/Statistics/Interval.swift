/// An estimate with its 95 % confidence interval: what `{mean, low, high}` means in every result.
public struct Interval: Sendable, Hashable, Codable {
  public var mean: Double
  /// nil where one observation, or none, says nothing about the spread.
  public var low: Double?
  public var high: Double?

  public init(mean: Double, low: Double? = nil, high: Double? = nil) {
    self.mean = mean
    self.low = low
    self.high = high
  }

  /// Centre ± half a width.
  public init(mean: Double, halfWidth: Double) {
    self.init(mean: mean, low: mean - halfWidth, high: mean + halfWidth)
  }

  public var jsonValue: JSONValue {
    ["mean": .number(mean), "low": .optional(low), "high": .optional(high)]
  }
}

extension Interval {
  /// The mean of independent observations with Student's t interval; nil without observations.
  ///
  /// With equal observations the interval has width zero. Order of summation: as given.
  public static func mean(of values: [Double], confidence: Double = 0.95) -> Interval? {
    guard let summary = Summary(values) else { return nil }
    guard values.count > 1 else { return Interval(mean: summary.mean) }
    let t = StudentT.quantile(0.5 + confidence / 2, degreesOfFreedom: Double(values.count - 1))
    return Interval(
      mean: summary.mean,
      halfWidth: t * (summary.variance / Double(values.count)).squareRoot())
  }

  /// The mean difference of paired observations, `a[i] − b[i]`.
  public static func pairedDifference(_ a: [Double], _ b: [Double]) -> Interval? {
    precondition(a.count == b.count, "pairedDifference: \(a.count) and \(b.count) observations")
    return mean(of: zip(a, b).map { $0 - $1 })
  }

  /// The ratio of the means of paired observations, by Fieller's theorem.
  ///
  /// - Source: Fieller (1954), *Some problems in interval estimation*, JRSS B 16(2).
  /// - Returns: nil without observations or where the denominator's mean is zero; no bounds where
  ///   the denominator is not clearly different from zero, since the set is then unbounded.
  public static func ratio(_ a: [Double], over b: [Double]) -> Interval? {
    precondition(a.count == b.count, "ratio: \(a.count) and \(b.count) observations")
    guard let above = Summary(a), let below = Summary(b), below.mean != 0 else { return nil }
    let estimate = above.mean / below.mean
    guard a.count > 1 else { return Interval(mean: estimate) }
    let n = Double(a.count)
    let covariance =
      zip(a, b).reduce(0) { $0 + ($1.0 - above.mean) * ($1.1 - below.mean) } / (n - 1)
    let t = StudentT.quantile(0.975, degreesOfFreedom: n - 1)
    let (va, vb, vab) = (above.variance / n, below.variance / n, covariance / n)
    let g = t * t * vb / (below.mean * below.mean)
    guard g < 1 else { return Interval(mean: estimate) }
    let centre = (estimate - g * (vb > 0 ? vab / vb : 0)) / (1 - g)
    let inside =
      va - 2 * estimate * vab + estimate * estimate * vb - g * (va - (vb > 0 ? vab * vab / vb : 0))
    let half = t / (abs(below.mean) * (1 - g)) * max(inside, 0).squareRoot()
    return Interval(mean: estimate, low: centre - half, high: centre + half)
  }

  /// An estimate with the delete-one jackknife's interval, for measures of pooled data.
  ///
  /// - Parameters:
  ///   - estimate: the measure of all groups together.
  ///   - leaveOneOut: the measure without group g, for each g.
  /// - Source: Efron (1982), *The Jackknife, the Bootstrap and Other Resampling Plans*, ch. 3.
  public static func jackknife(estimate: Double, leaveOneOut values: [Double]) -> Interval {
    guard let summary = Summary(values), values.count > 1 else { return Interval(mean: estimate) }
    let groups = Double(values.count)
    let spread = summary.variance * (groups - 1)
    let error = (spread * (groups - 1) / groups).squareRoot()
    let t = StudentT.quantile(0.975, degreesOfFreedom: groups - 1)
    return Interval(mean: estimate, halfWidth: t * error)
  }
}

/// Mean and unbiased variance, in two passes.
struct Summary {
  let mean: Double
  /// 0 for a single value.
  let variance: Double

  init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    variance = values.count > 1 ? squares / Double(values.count - 1) : 0
  }
}
