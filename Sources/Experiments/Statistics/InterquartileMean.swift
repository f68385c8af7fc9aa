import Randomness

/// The mean of the middle half, and its interval by stratified bootstrap: the way to report few
/// training runs on several tasks.
///
/// - Source: Agarwal, Schwarzer, Castro, Courville, Bellemare (2021), *Deep Reinforcement Learning
///   at the Edge of the Statistical Precipice*, NeurIPS, section 4.
/// - Differs: None known. A quarter of the values, rounded down, is cut off at each end, as SciPy's
///   `trim_mean` does, which the authors' `rliable` calls.
/// - Randomness: `runs` draws for each resample, from the stream that is handed in.
/// - Verified: `InterquartileMeanTests`.
public enum InterquartileMean {
  /// The mean without the lowest and the highest quarter; nil without values.
  public static func of(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let cut = values.count / 4
    let middle = values.sorted()[cut..<(values.count - cut)]
    return middle.reduce(0, +) / Double(middle.count)
  }

  /// The interquartile mean over all runs of all tasks, with the percentile interval of a bootstrap
  /// that resamples the runs of each task apart.
  ///
  /// - Parameter runs: `[task][run]`.
  public static func bootstrap(
    runs: [[Double]], resamples: Int = 2000, confidence: Double = 0.95, stream: inout RandomStream
  ) -> Interval? {
    guard let estimate = of(runs.flatMap { $0 }) else { return nil }
    var means: [Double] = []
    for _ in 0..<resamples {
      var drawn: [Double] = []
      for task in runs where !task.isEmpty {
        for _ in task.indices { drawn.append(task[stream.integer(below: task.count)]) }
      }
      if let mean = of(drawn) { means.append(mean) }
    }
    means.sort()
    return Interval(
      mean: estimate, low: percentile((1 - confidence) / 2, of: means),
      high: percentile((1 + confidence) / 2, of: means))
  }

  /// Linear interpolation between order statistics (the usual definition 7 of Hyndman and Fan).
  static func percentile(_ share: Double, of sorted: [Double]) -> Double? {
    guard let last = sorted.last else { return nil }
    let place = share * Double(sorted.count - 1)
    let index = Int(place)
    guard index + 1 < sorted.count else { return last }
    return sorted[index] + (place - Double(index)) * (sorted[index + 1] - sorted[index])
  }
}
