import PacketSimulation

/// The fairness guard: measures of packets per pair, pooled over episodes.
extension RoutingResult {
  /// The lowest delivered share over pairs with at least 20 packets, pooled over episodes; the mean over
  /// training seeds, each of which has as many packets as a reference without training.
  public var lowestPairShare: Interval? { pooled(\.lowestShare) }
  /// Jain's index over pairs with at least 20 packets, pooled over episodes; the mean over training
  /// seeds.
  public var jainIndex: Interval? { pooled(\.jainIndex) }

  /// How much the lowest pair share is above a reference's on the same episodes.
  ///
  /// The lowest of hundreds of shares, many of pairs with some twenty packets, moves by .05 with a
  /// single packet; the interval says whether a difference is more than that. It joins the jackknife
  /// over groups of common episodes, of the difference itself, with the spread over training seeds of
  /// both.
  public func lowestPairShareDifference(to reference: RoutingResult) -> Interval? {
    guard let mine = lowestShares(leavingOut: nil),
      let other = reference.lowestShares(leavingOut: nil)
    else { return nil }
    let estimate = Self.mean(mine) - Self.mean(other)
    let groups = playedGroups
    let leaveOneOut = groups.compactMap { group -> Double? in
      guard let mine = lowestShares(leavingOut: group),
        let other = reference.lowestShares(leavingOut: group)
      else { return nil }
      return Self.mean(mine) - Self.mean(other)
    }
    guard groups.count > 1, leaveOneOut.count == groups.count else {
      return Interval(mean: estimate)
    }
    let episodes = Interval.jackknife(estimate: estimate, leaveOneOut: leaveOneOut)
    let widths = [episodes, Interval.mean(of: mine), Interval.mean(of: other)].compactMap {
      (interval: Interval?) in
      interval.flatMap { own in own.high.map { $0 - own.mean } }
    }
    return Interval(
      mean: estimate, halfWidth: widths.reduce(0) { $0 + $1 * $1 }.squareRoot())
  }

  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  /// Groups of episodes in which a packet was sent.
  private var playedGroups: [Int] {
    (seeds.first?.pairGroups ?? []).indices.filter { group in
      seeds.contains { $0.pairGroups[group].packets.contains { $0 > 0 } }
    }
  }

  private func lowestShares(leavingOut group: Int?) -> [Double]? {
    values(\.lowestShare, leavingOut: group)
  }

  /// A measure of pooled pair counts with the jackknife's interval over groups of episodes.
  private func pooled(_ measure: (PairCounts) -> Double?) -> Interval? {
    let groups = playedGroups
    guard let all = values(measure, leavingOut: nil) else { return nil }
    let estimate = Self.mean(all)
    guard groups.count > 1 else { return Interval(mean: estimate) }
    let leaveOneOut = groups.compactMap { values(measure, leavingOut: $0).map(Self.mean) }
    guard leaveOneOut.count == groups.count else { return Interval(mean: estimate) }
    let interval = Interval.jackknife(estimate: estimate, leaveOneOut: leaveOneOut)
    // Both measures are shares.
    return Interval(
      mean: estimate, low: interval.low.map { max($0, 0) }, high: interval.high.map { min($0, 1) })
  }

  /// A measure of pair counts pooled over groups of episodes, by training seed; nil where a seed has
  /// none.
  ///
  /// Which pairs count is decided by all episodes: a pair of twenty packets that fell out with every
  /// group would make the jackknife see a spread that is not there.
  private func values(_ measure: (PairCounts) -> Double?, leavingOut group: Int?) -> [Double]? {
    let values = seeds.compactMap { seed -> Double? in
      let all = seed.pairs
      guard let group else { return measure(all) }
      var rest = all
      let left = seed.pairGroups[group]
      for index in all.packets.indices {
        let counts = all.packets[index] >= PairCounts.least
        let packets = all.packets[index] - left.packets[index]
        let delivered = all.delivered[index] - left.delivered[index]
        // Scaled, so that the measure takes the pair as before.
        rest.packets[index] = counts ? packets * PairCounts.least : 0
        rest.delivered[index] = counts ? delivered * PairCounts.least : 0
      }
      return measure(rest)
    }
    return values.count == seeds.count && !values.isEmpty ? values : nil
  }
}
