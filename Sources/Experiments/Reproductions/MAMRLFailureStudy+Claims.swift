// Each claim of section 4.3 beside what both models say of it.
extension MAMRLFailureStudy {
  func claims(
    _ published: NetworkResult, _ corrected: NetworkResult, _ quantity: Quantity?
  ) -> [ClaimComparison] {
    switch quantity {
    case .lost: [losses(published, corrected)]
    case .deliveryTime: [deliveryTime(published, corrected)]
    case .reward: [settling(published, corrected)]
    case nil:
      [
        speed(
          published, corrected, rival: .qRouting,
          claim: "MAMRL adapts in \(printed(published.network, 1)) episodes, about as fast as "
            + "Q-routing in \(printed(published.network, 0))"),
        speed(
          published, corrected, rival: .randomStart,
          claim:
            "a random start adapts in \(printed(published.network, 2)) episodes, far later than "
            + "the meta-learned one"),
      ]
    }
  }

  /// Claim 1: shortest path sees a huge loss, the three learners reduce theirs.
  private func losses(
    _ published: NetworkResult, _ corrected: NetworkResult
  ) -> ClaimComparison {
    func lost(_ result: NetworkResult, _ subject: Subject) -> [Double] {
      late(result, subject, \.lost)
    }
    // Which link fails differs from training to training, and with it all losses: what counts is the
    // comparison within each training.
    func fewer(_ result: NetworkResult, _ subject: Subject) -> String {
      let pairs = zip(lost(result, subject), lost(result, .shortestPath))
      return "\(pairs.count { $0 < $1 }) of \(result.references.count)"
    }
    return ClaimComparison(
      network: published.network,
      claim:
        "4.3, Figure 5: after a failure MAMRL, Q-routing and a random start come to lose fewer "
        + "packets than shortest path",
      published:
        "\(text(lost(published, .published), 0)), \(text(lost(published, .qRouting), 0)) and "
        + "\(text(lost(published, .randomStart), 0)) against "
        + "\(text(lost(published, .shortestPath), 0)) packets an episode; MAMRL delivers "
        + "\(text(late(published, .published, \.delivered), 2)) against "
        + "\(text(late(published, .shortestPath, \.delivered), 2))",
      sound: "\(text(lost(corrected, .sound), 1)), \(text(lost(corrected, .qRouting), 1)) and "
        + "\(text(lost(corrected, .randomStart), 1)) against "
        + "\(text(lost(corrected, .shortestPath), 0)) packets an episode; delay of mamrl "
        + "\(ratio(corrected, .sound, .shortestPath, \.restricted).text(2)) times shortest path's",
      verdict: "Fewer in \(fewer(published, .published)) trainings of the published system, "
        + "\(fewer(published, .qRouting)) of Q-routing, \(fewer(published, .randomStart)) of the random "
        + "start; corrected in \(fewer(corrected, .sound)), \(fewer(corrected, .qRouting)) and "
        + "\(fewer(corrected, .randomStart)).")
  }

  /// The abstract of Figure 6: a delivery time comparable to policy optimisation's without
  /// meta-learning.
  private func deliveryTime(
    _ published: NetworkResult, _ corrected: NetworkResult
  ) -> ClaimComparison {
    let metric = ratio(published, .published, .randomStart, \.deliveryTime)
    let honest = ratio(published, .published, .randomStart, \.restricted)
    let sound = ratio(corrected, .sound, .randomStart, \.restricted)
    return ClaimComparison(
      network: published.network,
      claim:
        "abstract, Figure 6: after a failure MAMRL's delivery time is comparable to that of policy "
        + "optimisation from a random start",
      published: "\(text(late(published, .published, \.deliveryTime), 1)) against "
        + "\(text(late(published, .randomStart, \.deliveryTime), 1)) ticks (shortest path "
        + "\(text(late(published, .shortestPath, \.deliveryTime), 1))), delivering "
        + "\(text(late(published, .published, \.delivered), 3)) against "
        + "\(text(late(published, .randomStart, \.delivered), 3))",
      sound: "\(text(late(corrected, .sound, \.restricted), 1)) against "
        + "\(text(late(corrected, .randomStart, \.restricted), 1)) ticks over all packets (shortest "
        + "path \(text(late(corrected, .shortestPath, \.restricted), 1)))",
      verdict:
        "Published measure \(Self.words(metric)) (\(metric.text(2)) times), over all packets "
        + "\(Self.words(honest)) (\(honest.text(2)) times). Corrected: \(Self.words(sound)).")
  }

  /// Figure 7, as the paper seems to read it: when the reward settles.
  private func settling(
    _ published: NetworkResult, _ corrected: NetworkResult
  ) -> ClaimComparison {
    func settled(_ result: NetworkResult, _ subject: Subject) -> String {
      let settled = result.settled(subject)
      return "after \(Interval.mean(of: settled.happened).text(0)) episodes in "
        + "\(Self.count(settled)) trainings"
    }
    return ClaimComparison(
      network: published.network,
      claim:
        "4.3, Figure 7: MAMRL's reward settles about as soon as Q-routing's, a random start's far "
        + "later (B4: 35, 30 and 800 episodes)",
      published:
        "\(settled(published, .published)); Q-routing \(settled(published, .qRouting)); random "
        + "start \(settled(published, .randomStart))",
      sound:
        "mamrl \(settled(corrected, .sound)); Q-routing \(settled(corrected, .qRouting)); random "
        + "start \(settled(corrected, .randomStart))",
      verdict:
        "What settles may settle at a bad level: within 10 % of lp-split come "
        + "\(reached(published, .published)) trainings of the published system, corrected "
        + "\(reached(corrected, .sound)).")
  }

  /// Table 2: who adapts sooner. Judged by the first time within 10 %: a relapse hundreds of episodes later
  /// says nothing about speed.
  private func speed(
    _ published: NetworkResult, _ corrected: NetworkResult, rival: Subject, claim: String
  ) -> ClaimComparison {
    ClaimComparison(
      network: published.network, claim: "4.3, Table 2: \(claim)",
      published: "MAMRL \(adaptedText(published, .published)); \(rival.rawValue) "
        + "\(adaptedText(published, rival)); delay over all packets in the end "
        + "\(ratio(published, .published, rival, \.restricted).text(2)) times",
      sound: "mamrl \(adaptedText(corrected, .sound)); \(rival.rawValue) "
        + "\(adaptedText(corrected, rival)); delay over all packets in the end "
        + "\(ratio(corrected, .sound, rival, \.restricted).text(2)) times",
      verdict: "Published system: \(reached(published, .published)) trainings come within 10 % of "
        + "lp-split against \(reached(published, rival)), "
        + "\(sooner(published, .published, rival)). Corrected, without meta-learning: "
        + "\(reached(corrected, .sound)) against \(reached(corrected, rival)), "
        + "\(sooner(corrected, .sound, rival)).")
  }

  // MARK: Words

  private static func words(_ ratio: Interval?) -> String {
    Standing(ratio, against: 1).words(below: "shorter", above: "longer")
  }

  private func late(
    _ result: NetworkResult, _ subject: Subject, _ measure: KeyPath<Curve, [Double]>
  ) -> [Double] {
    result.curves(subject).map { Self.lastFifth($0[keyPath: measure]) }
  }

  private func text(_ values: [Double], _ decimals: Int) -> String {
    Interval.mean(of: values).text(decimals)
  }

  /// One subject over another, in the last fifth of the episodes.
  private func ratio(
    _ result: NetworkResult, _ a: Subject, _ b: Subject, _ measure: KeyPath<Curve, [Double]>
  ) -> Interval? {
    Interval.ratio(late(result, a, measure), over: late(result, b, measure))
  }

  /// Who is within 10 % after fewer episodes, paired by training; who never is counts as all that were
  /// played.
  private func sooner(_ result: NetworkResult, _ a: Subject, _ b: Subject) -> String {
    func counted(_ subject: Subject) -> [Double] {
      result.firstWithin(subject).map { Double($0 ?? episodes) }
    }
    let difference = Interval.pairedDifference(counted(a), counted(b))
    return Standing(difference, against: 0).words(below: "sooner", above: "later")
      + " (\(difference.text(0)) episodes)"
  }

  private func printed(_ network: String, _ place: Int) -> String {
    Self.printed[network].map { "\($0[place])" } ?? "–"
  }

  private func reached(_ result: NetworkResult, _ subject: Subject) -> String {
    Self.count(result.firstWithin(subject))
  }

  private static func count(_ episodes: [Int?]) -> String {
    "\(episodes.happened.count) of \(episodes.count)"
  }

  /// "within 10 % of lp-split after 9 [8, 10] episodes (5 of 5 trainings), for good after 12 [9, 15] (4 of
  /// 5)".
  private func adaptedText(_ result: NetworkResult, _ subject: Subject) -> String {
    let (first, adapted) = (result.firstWithin(subject), result.adapted(subject))
    guard !first.happened.isEmpty else {
      return "never within 10 % of lp-split in \(episodes) episodes"
    }
    func mean(_ episodes: [Int?]) -> String { Interval.mean(of: episodes.happened).text(0) }
    return
      "within 10 % of lp-split after \(mean(first)) episodes (\(Self.count(first)) trainings), "
      + "for good "
      + (adapted.happened.isEmpty ? "never" : "after \(mean(adapted)) (\(Self.count(adapted)))")
  }
}
