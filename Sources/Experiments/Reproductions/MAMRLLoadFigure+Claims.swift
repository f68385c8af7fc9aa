// The corrected model of Figure 4, and each claim of section 4.2 beside what both models say of it.
extension MAMRLLoadFigure {
  /// The corrected model's table; lp-split, the best fixed split, is the yardstick.
  func correctedLines(_ points: [Point]) -> [String] {
    [
      "Corrected model, as many packets per router and tick:",
      "network load   of λ*  algorithm        delivered share       restricted mean delay  over lp-split",
    ]
      + points.map { point in
        let ratio = Self.point(points, point.network, point.load, .lpSplit).flatMap {
          Self.honest(point, over: $0)
        }
        return [
          point.network.padded(7), "\(point.load)".padded(6), point.share.rounded(2).padded(6),
          point.subject.rawValue.padded(16), point.delivered.text(3).padded(21),
          point.restricted.text(1).padded(22), ratio.text(2),
        ].joined(separator: " ")
      }
  }

  /// The load at which the paper states its percentages, and up to which loads are called low here.
  static let highLoad = 0.5
  static let lowLoad = 0.05

  /// One row per claim of section 4.2, where the load that it speaks of was played.
  func claims(_ published: [Point], _ corrected: [Point]) -> [ClaimComparison] {
    study.networks().flatMap { network -> [ClaimComparison] in
      func versus(_ load: Double, _ mine: MAMRLStudy.Subject, _ rival: MAMRLStudy.Subject)
        -> Versus?
      {
        Versus(published, corrected, network, load, mine, rival)
      }
      var rows: [ClaimComparison?] = []
      if loads.contains(Self.highLoad) {
        rows += (Self.claims[network] ?? []).map { rival, share in
          versus(Self.highLoad, .published, rival)?.row(
            "MAMRL's delivery time is \(Int((share * 100).rounded())) % below \(rival.rawValue)'s"
          ) { $0.isShorter(by: share) }
        }
        rows.append(
          versus(Self.highLoad, .policyGradient, .qRouting)?.row(
            "the best policy is stochastic, policy gradient ahead of Q-routing"
          ) { $0.isAhead })
      }
      if let low = loads.filter({ $0 <= Self.lowLoad }).min() {
        rows += [MAMRLStudy.Subject.shortestPath, .qRouting].map { rival in
          versus(low, .published, rival)?.row(
            "MAMRL is slightly inferior to \(rival.rawValue)"
          ) { $0.isSlightlyInferior }
        }
        rows.append(
          versus(low, .qRouting, .shortestPath)?.row(
            "Q-routing performs as well as shortest path, which is optimal there"
          ) { $0.isAhead })
      }
      return rows.compactMap { $0 }
    }
  }

  /// One subject against another in both models. MAMRL stands for the published system in the
  /// published model, and for the sound learner in the corrected one.
  struct Versus: Sendable {
    private var mine: Point
    private var rival: Point
    private var sound: Point
    private var soundRival: Point
    /// Published model, published metric; published model, all packets; corrected model, all packets.
    private var metric: Interval?
    private var honest: Interval?
    private var corrected: Interval?

    init?(
      _ published: [Point], _ corrected: [Point], _ network: String, _ load: Double,
      _ subject: MAMRLStudy.Subject, _ rival: MAMRLStudy.Subject
    ) {
      guard let mine = MAMRLLoadFigure.point(published, network, load, subject),
        let other = MAMRLLoadFigure.point(published, network, load, rival),
        let sound = MAMRLLoadFigure.point(
          corrected, network, load, subject == .published ? .sound : subject),
        let soundOther = MAMRLLoadFigure.point(corrected, network, load, rival)
      else { return nil }
      (self.mine, self.rival, self.sound, soundRival) = (mine, other, sound, soundOther)
      let pairs = zip(mine.cells, other.cells).compactMap { a, b -> (Double, Double)? in
        guard let x = a.published, let y = b.published else { return nil }
        return (x, y)
      }
      metric = Interval.ratio(pairs.map(\.0), over: pairs.map(\.1))
      honest = MAMRLLoadFigure.honest(mine, over: other)
      self.corrected = MAMRLLoadFigure.honest(sound, over: soundOther)
    }

    func row(_ claim: String, verdict: (Versus) -> String) -> ClaimComparison {
      ClaimComparison(
        network: mine.network, claim: "4.2, λ = \(mine.load): \(claim)",
        published: "\(mine.published.text(1)) against \(rival.published.text(1)) ticks, delivering "
          + "\(mine.delivered.text(3)) against \(rival.delivered.text(3))",
        sound:
          "\(sound.restricted.text(1)) against \(soundRival.restricted.text(1)) ticks over all "
          + "packets (\(corrected.text(2)) times, at \(sound.share.rounded(2)) of λ*)",
        verdict: verdict(self) + " Corrected: \(Self.words(corrected)).")
    }

    private static func words(_ ratio: Interval?) -> String {
      Standing(ratio, against: 1).words(below: "shorter", above: "longer")
    }

    /// Whether all of one interval of delivered shares lies below the other's.
    private var deliversFewer: Bool {
      guard let high = mine.delivered?.high, let low = rival.delivered?.low else { return false }
      return high < low
    }

    private var overall: String { "over all packets \(honest.text(2)) times." }

    /// A claim of so many per cent.
    func isShorter(by claimed: Double) -> String {
      let standing = Standing(metric, against: 1)
      guard standing == .below, let mean = metric?.mean else {
        return "Published measure: \(Self.words(metric)); \(overall)"
      }
      let reached = mean <= 1 - claimed ? "The figure can be had" : "Shorter, by less than claimed"
      return "\(reached)\(deliversFewer ? ", by delivering fewer packets" : ""); \(overall)"
    }

    /// Slightly: by less than a quarter, with all of the interval.
    var isSlightlyInferior: String {
      let words =
        switch (Standing(honest, against: 1), Standing(honest, against: 1.25)) {
        case (.unknown, _): "No interval"
        case (.below, _): "Not inferior"
        case (.undecided, _): "No difference that these trainings show"
        case (.above, .below): "Slightly inferior, as claimed"
        case (.above, .above): "Far inferior"
        case (.above, _): "Inferior"
        }
      return "\(words): \(overall)"
    }

    var isAhead: String { "Published model: \(Self.words(honest)), \(overall)" }
  }

  /// The delay over all packets of one over the other's, paired by training.
  static func honest(_ a: Point, over b: Point) -> Interval? {
    Interval.ratio(a.cells.map(\.restricted), over: b.cells.map(\.restricted))
  }

  static func point(
    _ points: [Point], _ network: String, _ load: Double, _ subject: MAMRLStudy.Subject
  ) -> Point? {
    points.first { $0.network == network && $0.load == load && $0.subject == subject }
  }
}
