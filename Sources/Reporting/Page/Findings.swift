/// Says in words what a comparison shows; every sentence follows from the stored numbers.
struct Findings {
  let comparison: StoredComparison

  /// Sentences for one state of the network.
  func sentences(failure: String?) -> [String] {
    let places = comparison.loads(failure: failure)
    return places.compactMap { winner(failure, $0) }
      + places.compactMap { disagreement(failure, $0) }
  }

  private func results(_ failure: String?, _ place: Double) -> [StoredResult] {
    comparison.results(failure: failure).filter { $0.place == place }
  }

  /// Which algorithm delays least, and by how much.
  private func winner(_ failure: String?, _ place: Double) -> String? {
    let ranked = results(failure, place)
      .compactMap { result in result.restrictedMeanDelay.map { (result, $0.mean) } }
      .sorted { $0.1 < $1.1 }
    guard let best = ranked.first, ranked.count > 1 else { return nil }
    var text =
      "At \(loadText(place)), \(best.0.algorithm) has the lowest restricted mean delay: "
      + "\(Numbers.short(best.1)) ticks"
    if let interval = best.0.restrictedMeanDelay, let range = Numbers.range(interval) {
      text += " (95 % interval \(range))"
    }
    if let worst = ranked.last, best.1 > 0 {
      text += "; \(worst.0.algorithm) takes \(Numbers.short(worst.1 / best.1)) times as long"
    }
    let rivals = ranked.dropFirst().filter { overlaps($0.0, best.0) }.map(\.0.algorithm)
    if !rivals.isEmpty { text += "; within its interval: \(rivals.joined(separator: ", "))" }
    return text + "."
  }

  private func overlaps(_ a: StoredResult, _ b: StoredResult) -> Bool {
    guard let low = a.restrictedMeanDelay?.low, let high = b.restrictedMeanDelay?.high else {
      return false
    }
    return low <= high
  }

  /// Where the published metric prefers an algorithm because it delivers fewer packets.
  private func disagreement(_ failure: String?, _ place: Double) -> String? {
    let results = results(failure, place)
    let published = results.min {
      ($0.meanDeliveryTime?.mean ?? .infinity) < ($1.meanDeliveryTime?.mean ?? .infinity)
    }
    let sound = results.min {
      ($0.restrictedMeanDelay?.mean ?? .infinity) < ($1.restrictedMeanDelay?.mean ?? .infinity)
    }
    guard let published, let sound, published.algorithm != sound.algorithm,
      let few = published.deliveredShare, let many = sound.deliveredShare,
      few.mean < many.mean - 0.01
    else { return nil }
    return "At \(loadText(place)), the published metric would choose \(published.algorithm), "
      + "which delivers \(Numbers.percent(few.mean)) of the packets against "
      + "\(Numbers.percent(many.mean)) by \(sound.algorithm): a mean over delivered packets "
      + "rewards delivering few."
  }

  /// "90 % of the capacity" or "load 0.25".
  func loadText(_ place: Double) -> String {
    comparison.hasFractions ? "\(Numbers.percent(place)) of the capacity" : "load \(place)"
  }
}

/// Numbers for readers.
enum Numbers {
  /// Three significant digits, or all digits before the point.
  static func short(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    let size = abs(value)
    let decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3
    return fixed(value, decimals)
  }

  static func fixed(_ value: Double, _ decimals: Int) -> String {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let rounded = (abs(value) * scale).rounded()
    guard rounded < 1e15 else { return "\(value)" }
    let digits = String(Int(rounded))
    let sign = value < 0 && rounded > 0 ? "−" : ""
    guard decimals > 0 else { return sign + digits }
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }

  static func percent(_ share: Double) -> String {
    let value = share * 100
    let isWhole = abs(value - value.rounded()) < 0.05
    return "\(fixed(value, isWhole ? 0 : 1)) %"
  }

  static func range(_ interval: StoredInterval) -> String? {
    guard let low = interval.low, let high = interval.high else { return nil }
    return "\(short(low)) to \(short(high))"
  }
}
