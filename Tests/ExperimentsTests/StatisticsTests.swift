import Experiments
import Randomness
import Testing

@Suite struct StudentTTests {
  /// Abramowitz and Stegun, table 26.10, and scipy.stats.t.ppf for the fractional case.
  @Test(arguments: [
    (0.975, 1.0, 12.706204736174694), (0.975, 2, 4.302652729749462),
    (0.975, 4, 2.7764451051977934), (0.975, 19, 2.093024054408309),
    (0.975, 99, 1.9842169515864165), (0.995, 10, 3.169272673175176),
    (0.025, 5, -2.5705818366147395), (0.975, 7.5, 2.333039626864974),
    (0.975, 1e6, 1.959966356814107),
  ])
  func quantilesAgreeWithTables(p: Double, v: Double, value: Double) {
    #expect(abs(StudentT.quantile(p, degreesOfFreedom: v) - value) < 1e-6 * abs(value))
  }

  /// With one degree of freedom T is Cauchy: P(T ≤ t) = 1/2 + atan(t)/π, so P(T ≤ 1) = 3/4.
  @Test func cauchyInClosedForm() {
    #expect(abs(StudentT.cumulative(1, degreesOfFreedom: 1) - 0.75) < 1e-13)
    #expect(abs(StudentT.cumulative(-1, degreesOfFreedom: 1) - 0.25) < 1e-13)
    #expect(StudentT.cumulative(.infinity, degreesOfFreedom: 3) == 1)
  }
}

@Suite struct IntervalTests {
  /// 1, 2, 3, 4: mean 2.5, variance 5/3, t(3) = 3.18245, half width 3.18245·√(5/12) = 2.05426.
  @Test func meanByHand() throws {
    let interval = try #require(Interval.mean(of: [1, 2, 3, 4]))
    #expect(interval.mean == 2.5)
    #expect(abs(try #require(interval.high) - 4.554260) < 1e-5)
    #expect(Interval.mean(of: []) == nil)
    #expect(Interval.mean(of: [7]) == Interval(mean: 7))
    #expect(Interval.mean(of: [2, 2, 2]) == Interval(mean: 2, low: 2, high: 2))
  }

  @Test func pairingRemovesCommonNoise() throws {
    let difference = try #require(Interval.pairedDifference([11, 102, 1003], [10, 100, 1000]))
    #expect(difference.mean == 2)
    #expect(try #require(difference.high) < 5)
  }

  /// a = 2b exactly: the ratio is 2 without any doubt.
  @Test func exactRatio() throws {
    let interval = try #require(Interval.ratio([20, 22, 24], over: [10, 11, 12]))
    #expect(abs(interval.mean - 2) < 1e-12)
    #expect(abs(try #require(interval.low) - 2) < 1e-9)
    #expect(abs(try #require(interval.high) - 2) < 1e-9)
    #expect(Interval.ratio([1, 2], over: [-1, 1]) == nil)
    #expect(try #require(Interval.ratio([1, 2], over: [-1, 3])).low == nil)
  }

  /// The ends of Fieller's set are the ratios r for which the mean of a − r·b lies exactly on the
  /// edge of its own t interval.
  @Test func fiellerEndsSolveTheirEquation() throws {
    let a = [3.1, 2.7, 3.9, 4.4, 2.2]
    let b = [2.0, 1.8, 2.9, 2.6, 1.9]
    let interval = try #require(Interval.ratio(a, over: b))
    for r in [try #require(interval.low), try #require(interval.high)] {
      let test = try #require(Interval.mean(of: zip(a, b).map { $0 - r * $1 }))
      #expect(min(abs(try #require(test.low)), abs(try #require(test.high))) < 1e-9)
    }
  }

  /// The jackknife of a mean is the plain interval of the mean.
  @Test func jackknifeOfTheMean() throws {
    let values = [1.0, 4, 2, 8, 5, 7]
    let total = values.reduce(0, +)
    let jackknife = Interval.jackknife(
      estimate: total / 6, leaveOneOut: values.map { (total - $0) / 5 })
    let plain = try #require(Interval.mean(of: values))
    #expect(abs(try #require(jackknife.high) - (try #require(plain.high))) < 1e-12)
  }
}

@Suite struct CrossedSampleTests {
  @Test func oneSeedIsThePlainInterval() {
    #expect(CrossedSample([[1, 2, 3, 4]]).interval == Interval.mean(of: [1, 2, 3, 4]))
    #expect(CrossedSample([[1], [2], [3]]).interval == Interval.mean(of: [1, 2, 3]))
    #expect(CrossedSample([]).interval == nil)
  }

  /// 2,000 simulated experiments of 5 seeds and 20 episodes with known variances: the true mean is
  /// inside in about 95 %; the naive interval over all 100 numbers misses it in most. The bounds
  /// leave more than four standard errors (0.5 %) on the lower side.
  @Test(arguments: [(1.0, 1.0, 1.0), (3.0, 0.3, 1.0), (0.2, 3.0, 1.0)])
  func coversTheTruth(seedSpread: Double, episodeSpread: Double, restSpread: Double) {
    var stream = RandomStream(seed: 17)
    var covered = 0
    var naive = 0
    for _ in 0..<2000 {
      let seeds = (0..<5).map { _ in seedSpread * stream.normal() }
      let episodes = (0..<20).map { _ in episodeSpread * stream.normal() }
      let values = seeds.map { s in episodes.map { s + $0 + restSpread * stream.normal() } }
      if let i = CrossedSample(values).interval, let low = i.low, let high = i.high {
        covered += low <= 0 && 0 <= high ? 1 : 0
      }
      if let i = Interval.mean(of: values.flatMap { $0 }), let low = i.low, let high = i.high {
        naive += low <= 0 && 0 <= high ? 1 : 0
      }
    }
    #expect((1850...1990).contains(covered), "\(covered) of 2000")
    #expect(naive < 1500, "\(naive) of 2000: the naive interval should miss")
  }

  @Test func pairedWithAReference() throws {
    let a = CrossedSample([[2, 4, 6], [2.2, 4.4, 6.6]])
    let reference = CrossedSample([[1, 2, 3]])
    let ratio = try #require(a.ratio(to: reference))
    #expect(abs(ratio.mean - 2.1) < 1e-12)
    let difference = try #require(a.difference(to: reference))
    #expect(abs(difference.mean - 2.2) < 1e-12)
  }
}

@Suite struct InterquartileMeanTests {
  /// scipy.stats.trim_mean(range(10), .25) cuts two at each end: (2 + … + 7)/6 = 4.5.
  @Test func trims() {
    #expect(InterquartileMean.of((0..<10).map(Double.init)) == 4.5)
    #expect(InterquartileMean.of([1, 2, 3, 1000]) == 2.5)
    #expect(InterquartileMean.of([5]) == 5)
    #expect(InterquartileMean.of([]) == nil)
  }

  @Test func bootstrapHoldsTheEstimateAndRepeats() throws {
    let runs = [[1.0, 2, 3, 4, 5], [2.0, 2, 3, 9, 1]]
    var first = RandomStream(seed: 1)
    var second = RandomStream(seed: 1)
    let interval = try #require(InterquartileMean.bootstrap(runs: runs, stream: &first))
    #expect(interval == InterquartileMean.bootstrap(runs: runs, stream: &second))
    #expect(try #require(interval.low) < interval.mean)
    #expect(try #require(interval.high) > interval.mean)
    let equal = InterquartileMean.bootstrap(runs: [[3, 3, 3]], stream: &first)
    #expect(equal == Interval(mean: 3, low: 3, high: 3))
  }
}
