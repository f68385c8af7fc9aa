/// Says in words what a comparison shows; every sentence follows from the stored numbers.
struct Findings {
  let comparison: StoredComparison

  /// Sentences for one state of the network.
  func sentences(failure: String?) -> [String] {
    let places = comparison.loads(failure: failure)
    return runs(of: places) { best(failure, $0)?.algorithm }.compactMap { winner(failure, $0) }
      + runs(of: places) { disagreement(failure, $0).map { "\($0.published) \($0.sound)" } }
      .compactMap { disagreementText(failure, $0) }
  }

  /// Neighbouring places with the same value, joined; places without one are left out.
  private func runs(of places: [Double], _ value: (Double) -> String?) -> [[Double]] {
    var runs: [[Double]] = []
    var last: String?
    for place in places {
      let here = value(place)
      if here != nil, here == last {
        runs[runs.count - 1].append(place)
      } else if here != nil {
        runs.append([place])
      }
      last = here
    }
    return runs
  }

  private func results(_ failure: String?, _ place: Double) -> [StoredResult] {
    comparison.results(failure: failure).filter { $0.place == place }
  }

  private func best(_ failure: String?, _ place: Double) -> StoredResult? {
    ranked(failure, place).first
  }

  /// From the least restricted mean delay to the greatest.
  private func ranked(_ failure: String?, _ place: Double) -> [StoredResult] {
    results(failure, place).filter { $0.restrictedMeanDelay != nil }
      .sorted { ($0.restrictedMeanDelay?.mean ?? 0) < ($1.restrictedMeanDelay?.mean ?? 0) }
  }

  /// Which algorithm delays least over some neighbouring loads, and by how much at the highest.
  private func winner(_ failure: String?, _ places: [Double]) -> String? {
    guard let place = places.last else { return nil }
    let ranked = ranked(failure, place)
    guard let best = ranked.first, ranked.count > 1, let delay = best.restrictedMeanDelay else {
      return nil
    }
    var text = "\(best.algorithm) has the lowest restricted mean delay at \(loadText(places)): "
    text += places.count > 1 ? "at the highest of these loads " : ""
    text += "\(Numbers.short(delay.mean)) ticks"
    if let range = Numbers.range(delay) { text += " (95 % interval \(range))" }
    let rivals = ranked.dropFirst().filter { isOpen($0, best) }.map(\.algorithm)
    if !rivals.isEmpty { text += ", not clearly below \(rivals.joined(separator: ", "))" }
    if let worst = ranked.last, let longest = worst.restrictedMeanDelay, delay.mean > 0 {
      text += "; \(worst.algorithm) takes \(Numbers.short(longest.mean / delay.mean)) times as long"
    }
    return text + "."
  }

  /// Whether the data leave open which of two delays less: by the paired ratio where one of them is
  /// the reference, else by their own intervals, which is more cautious.
  private func isOpen(_ rival: StoredResult, _ best: StoredResult) -> Bool {
    if best.algorithm == comparison.reference, let low = rival.ratioToReference?.low {
      return low <= 1
    }
    if rival.algorithm == comparison.reference, let high = best.ratioToReference?.high {
      return high >= 1
    }
    guard let low = rival.restrictedMeanDelay?.low, let high = best.restrictedMeanDelay?.high else {
      return true
    }
    return low <= high
  }

  /// Where the published metric prefers an algorithm because it delivers fewer packets.
  private func disagreement(
    _ failure: String?, _ place: Double
  ) -> (published: String, sound: String, few: Double, many: Double)? {
    let published = results(failure, place).filter { $0.meanDeliveryTime != nil }
      .min { ($0.meanDeliveryTime?.mean ?? 0) < ($1.meanDeliveryTime?.mean ?? 0) }
    guard let published, let sound = best(failure, place), published.algorithm != sound.algorithm,
      let few = published.deliveredShare?.mean, let many = sound.deliveredShare?.mean,
      few < many - 0.01
    else { return nil }
    return (published.algorithm, sound.algorithm, few, many)
  }

  private func disagreementText(_ failure: String?, _ places: [Double]) -> String? {
    guard let place = places.last, let found = disagreement(failure, place) else { return nil }
    return "At \(loadText(places)) the published metric would choose \(found.published) instead, "
      + "which delivers \(Numbers.percent(found.few)) of the packets against "
      + "\(Numbers.percent(found.many)) by \(found.sound)"
      + (places.count > 1 ? " at the highest of these loads" : "")
      + ": a mean over delivered packets rewards delivering few."
  }

  /// "30 % to 60 % of the capacity".
  private func loadText(_ places: [Double]) -> String {
    guard let first = places.first, let last = places.last, first != last else {
      return places.first.map { loadText($0) } ?? ""
    }
    return comparison.hasFractions
      ? "\(Numbers.percent(first)) to \(loadText(last))" : "loads \(first) to \(last)"
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
    if value == 0 { return "0" }
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
