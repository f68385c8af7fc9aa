// The corrected model of Figure 4, and each claim of section 4.2 beside what both models say of it.
extension MAMRLLoadFigure {
  /// The corrected model's table; lp-split, the best fixed split, is the yardstick.
  func correctedLines(_ points: [Point]) -> [String] {
    [
      "Corrected model, as many packets per router and tick:",
      "network load   of λ*  algorithm        delivered share       restricted mean delay  over lp-split",
    ]
      + points.map { point in
        let yardstick = Self.point(points, point.network, point.load, .lpSplit)
        let ratio = yardstick.flatMap {
          Interval.ratio(point.cells.map(\.restricted), over: $0.cells.map(\.restricted))
        }
        return [
          point.network.padded(7), "\(point.load)".padded(6), point.share.rounded(2).padded(6),
          point.subject.rawValue.padded(16), point.delivered.text(3).padded(21),
          point.restricted.text(1).padded(22), ratio.text(2),
        ].joined(separator: " ")
      }
  }

  /// One row per claim of section 4.2.
  func claims(_ published: [Point], _ corrected: [Point]) -> [ClaimComparison] {
    guard let last = loads.max() else { return [] }
    return study.networks().flatMap { network -> [ClaimComparison] in
      let high = (Self.claims[network] ?? []).compactMap { subject, share in
        row(
          network, last, subject, published, corrected,
          claim: "4.2, λ = \(last): MAMRL's delivery time is "
            + "\(Int((share * 100).rounded())) % below \(subject.rawValue)'s"
        ) { Self.highLoad($0, claimed: share) }
      }
      guard let first = loads.min(), first < last else { return high }
      let low = [MAMRLStudy.Subject.shortestPath, .qRouting].compactMap { subject in
        row(
          network, first, subject, published, corrected,
          claim: "4.2, λ = \(first): MAMRL is slightly inferior to \(subject.rawValue)",
          verdict: Self.lowLoad)
      }
      return high + low
    }
  }

  /// What a verdict is made from: MAMRL over its rival.
  private struct Ratios {
    /// Published model, published metric; published model, all packets; corrected model, all packets.
    var metric: Interval?
    var honest: Interval?
    var sound: Interval?
    /// Delivered shares in the published model.
    var mine: Interval?
    var theirs: Interval?
  }

  private func row(
    _ network: String, _ load: Double, _ subject: MAMRLStudy.Subject, _ published: [Point],
    _ corrected: [Point], claim: String, verdict: (Ratios) -> String
  ) -> ClaimComparison? {
    guard let mine = Self.point(published, network, load, .published),
      let rival = Self.point(published, network, load, subject),
      let sound = Self.point(corrected, network, load, .sound),
      let soundRival = Self.point(corrected, network, load, subject)
    else { return nil }
    let pairs = zip(mine.cells, rival.cells).compactMap { a, b -> (Double, Double)? in
      guard let x = a.published, let y = b.published else { return nil }
      return (x, y)
    }
    let ratios = Ratios(
      metric: Interval.ratio(pairs.map(\.0), over: pairs.map(\.1)),
      honest: Interval.ratio(mine.cells.map(\.restricted), over: rival.cells.map(\.restricted)),
      sound: Interval.ratio(
        sound.cells.map(\.restricted), over: soundRival.cells.map(\.restricted)),
      mine: mine.delivered, theirs: rival.delivered)
    return ClaimComparison(
      network: network, claim: claim,
      published: "\(mine.published.text(1)) against \(rival.published.text(1)) ticks, delivering "
        + "\(mine.delivered.text(2)) against \(rival.delivered.text(2))",
      sound: "\(sound.restricted.text(1)) against \(soundRival.restricted.text(1)) ticks over all "
        + "packets (\(ratios.sound.text(2)) times, at \(sound.share.rounded(2)) of λ*)",
      verdict: verdict(ratios))
  }

  private static func highLoad(_ ratios: Ratios, claimed: Double) -> String {
    let published: String
    switch (ratios.metric?.high, ratios.metric?.low) {
    case (let high?, _) where high < 1:
      let isHad = (ratios.metric?.low ?? 1) <= 1 - claimed
      published =
        (isHad ? "The figure can be had" : "Shorter, by less than claimed")
        + (fewer(ratios) ? ", by delivering fewer packets" : "")
        + "; over all packets \(ratios.honest.text(2)) times"
    case (_, let low?) where low > 1: published = "Longer, not shorter"
    case (_?, _?): published = "No difference that these trainings show"
    default: published = "One training, no interval"
    }
    return published + ". " + sound(ratios)
  }

  private static func lowLoad(_ ratios: Ratios) -> String {
    let share = ratios.honest?.mean ?? 1
    let words =
      (ratios.honest?.low ?? share) <= 1
      ? "Not inferior" : share < 1.25 ? "Slightly inferior, as claimed" : "Far inferior"
    return "\(words): over all packets \(ratios.honest.text(2)) times. " + sound(ratios)
  }

  private static func fewer(_ ratios: Ratios) -> Bool {
    guard let mine = ratios.mine?.high, let theirs = ratios.theirs?.low else { return false }
    return mine < theirs
  }

  private static func sound(_ ratios: Ratios) -> String {
    guard let low = ratios.sound?.low, let high = ratios.sound?.high else {
      return "Corrected: one training, no interval."
    }
    return high < 1
      ? "Corrected: shorter." : low > 1 ? "Corrected: longer." : "Corrected: no difference shown."
  }

  static func point(
    _ points: [Point], _ network: String, _ load: Double, _ subject: MAMRLStudy.Subject
  ) -> Point? {
    points.first { $0.network == network && $0.load == load && $0.subject == subject }
  }
}
