/// Measurements of several training seeds on the same episodes: `values[seed][episode]`.
///
/// Every training seed plays the same episodes, so measurements share the luck of the seed and the
/// luck of the episode. An interval over seeds alone ignores the second, one over all measurements
/// ignores both dependencies and is far too narrow.
///
/// ## Method
/// Two-way random effects without interaction: with mean squares of seeds, of episodes and of the
/// rest, `Var(mean) = (MS_seeds + MS_episodes − MS_rest) / (seeds · episodes)`, Student's t with
/// Satterthwaite's degrees of freedom. With one seed this is the plain t interval over episodes,
/// with one episode the plain one over seeds.
///
/// - Source: Searle, Casella, McCulloch (1992), *Variance Components*, ch. 4; Satterthwaite (1946),
///   *An approximate distribution of estimates of variance components*, Biometrics 2(6).
/// - Verified: `CrossedSampleTests` (coverage over simulated experiments).
public struct CrossedSample: Sendable, Hashable {
  /// `[seed][episode]`, all of one length.
  public let values: [[Double]]

  public init(_ values: [[Double]]) {
    precondition(
      Set(values.map(\.count)).count <= 1, "CrossedSample: every seed plays the same episodes")
    self.values = values
  }

  /// The mean over everything with its 95 % interval; nil without measurements.
  public var interval: Interval? {
    let seeds = values.count
    let episodes = values.first?.count ?? 0
    guard seeds > 0, episodes > 0 else { return nil }
    if seeds == 1 { return Interval.mean(of: values[0]) }
    let seedMeans = values.map { $0.reduce(0, +) / Double(episodes) }
    if episodes == 1 { return Interval.mean(of: seedMeans) }
    let episodeMeans = (0..<episodes).map { e in
      values.reduce(0) { $0 + $1[e] } / Double(seeds)
    }
    let mean = seedMeans.reduce(0, +) / Double(seeds)
    return interval(mean: mean, seedMeans: seedMeans, episodeMeans: episodeMeans)
  }

  private func interval(mean: Double, seedMeans: [Double], episodeMeans: [Double]) -> Interval {
    let (n, m) = (Double(seedMeans.count), Double(episodeMeans.count))
    let square = { (x: Double) in x * x }
    let seedSquare = m * seedMeans.reduce(0) { $0 + square($1 - mean) } / (n - 1)
    let episodeSquare = n * episodeMeans.reduce(0) { $0 + square($1 - mean) } / (m - 1)
    var rest = 0.0
    for s in values.indices {
      for e in episodeMeans.indices {
        rest += square(values[s][e] - seedMeans[s] - episodeMeans[e] + mean)
      }
    }
    let restSquare = rest / ((n - 1) * (m - 1))
    // The difference may come out below the larger part alone; taking that part is cautious.
    let total = max(seedSquare + episodeSquare - restSquare, max(seedSquare, episodeSquare))
    guard total > 0 else { return Interval(mean: mean, halfWidth: 0) }
    let spread =
      square(seedSquare) / (n - 1) + square(episodeSquare) / (m - 1)
      + square(restSquare) / ((n - 1) * (m - 1))
    let freedom = max(square(total) / spread, min(n, m) - 1)
    let t = StudentT.quantile(0.975, degreesOfFreedom: freedom)
    return Interval(mean: mean, halfWidth: t * (total / (n * m)).squareRoot())
  }

  /// The mean difference to a reference that played the same episodes.
  ///
  /// - Parameter reference: one row for each seed, or a single one for all.
  public func difference(to reference: CrossedSample) -> Interval? {
    combined(with: reference) { $0 - $1 }.interval
  }

  /// The ratio of the means, by linearisation around the estimate: the interval of
  /// `(a − ratio · b) / mean(b)`. With one seed Fieller's exact form.
  public func ratio(to reference: CrossedSample) -> Interval? {
    if values.count == 1, reference.values.count == 1 {
      return Interval.ratio(values[0], over: reference.values[0])
    }
    guard let above = interval?.mean, let below = reference.interval?.mean, below != 0 else {
      return nil
    }
    let estimate = above / below
    guard let spread = combined(with: reference, { ($0 - estimate * $1) / below }).interval,
      let low = spread.low, let high = spread.high
    else { return Interval(mean: estimate) }
    return Interval(mean: estimate, low: estimate + low, high: estimate + high)
  }

  private func combined(
    with reference: CrossedSample, _ combine: (Double, Double) -> Double
  ) -> CrossedSample {
    let rows = reference.values
    precondition(
      rows.count == 1 || values.count == 1 || rows.count == values.count,
      "CrossedSample: \(values.count) seeds against \(rows.count)")
    let count = max(values.count, rows.count)
    return CrossedSample(
      (0..<count).map { s in
        zip(values[values.count == 1 ? 0 : s], rows[rows.count == 1 ? 0 : s]).map(combine)
      })
  }
}
