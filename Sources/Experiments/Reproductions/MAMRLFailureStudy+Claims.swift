// Each claim of section 4.3 beside what both models say of it.
extension MAMRLFailureStudy {
  func claims(
    _ published: NetworkResult, _ corrected: NetworkResult, _ quantity: Quantity?
  ) -> [ClaimComparison] {
    switch quantity {
    case .lost: [losses(published, corrected)]
    case .deliveryTime: [deliveryTime(published, corrected)]
    case .reward: [settling(published, corrected)]
    case nil: [adapting(published, corrected), meta(published, corrected)]
    }
  }

  /// Claim 1: shortest path sees a huge loss, the learners reduce theirs.
  private func losses(
    _ published: NetworkResult, _ corrected: NetworkResult
  ) -> ClaimComparison {
    let holds = [(published, Subject.published), (corrected, .sound)].map { result, subject in
      let pairs = zip(lost(result, subject), lost(result, .shortestPath))
      return (fewer: pairs.count { $0 < $1 }, of: result.curves(subject).count)
    }
    return ClaimComparison(
      network: published.network,
      claim: "4.3, Figure 5: after a failure MAMRL loses fewer packets than shortest path",
      published: "\(text(lost(published, .published), 0)) against "
        + "\(text(lost(published, .shortestPath), 0)) packets an episode, delivering "
        + "\(text(late(published, .published, \.delivered), 2)) against "
        + "\(text(late(published, .shortestPath, \.delivered), 2))",
      sound: "\(text(lost(corrected, .sound), 1)) against "
        + "\(text(lost(corrected, .shortestPath), 0)) packets an episode; delay "
        + "\(ratio(corrected, .sound, .shortestPath).text(2)) times shortest path's",
      verdict: "Fewer in \(holds[0].fewer) of \(holds[0].of) trainings of the published system; "
        + "corrected: in \(holds[1].fewer) of \(holds[1].of).")
  }

  /// Figure 6: its delivery time after a failure.
  private func deliveryTime(
    _ published: NetworkResult, _ corrected: NetworkResult
  ) -> ClaimComparison {
    let metric = Interval.ratio(
      late(published, .published, \.deliveryTime),
      over: late(published, .shortestPath, \.deliveryTime))
    return ClaimComparison(
      network: published.network,
      claim: "4.3, Figure 6: after a failure MAMRL's delivery time is below shortest path's",
      published: "\(text(late(published, .published, \.deliveryTime), 1)) against "
        + "\(text(late(published, .shortestPath, \.deliveryTime), 1)) ticks, delivering "
        + "\(text(late(published, .published, \.delivered), 2)) against "
        + "\(text(late(published, .shortestPath, \.delivered), 2))",
      sound: "\(text(late(corrected, .sound, \.restricted), 1)) against "
        + "\(text(late(corrected, .shortestPath, \.restricted), 1)) ticks over all packets",
      verdict:
        "Published measure: \(metric.below(1, "shorter", "not shorter")) (\(metric.text(2)) times); "
        + "over all packets \(ratio(published, .published, .shortestPath).text(2)) times. Corrected: "
        + "\(ratio(corrected, .sound, .shortestPath).text(2)) times.")
  }

  /// Figure 7, as the paper seems to read it: when the reward settles.
  private func settling(
    _ published: NetworkResult, _ corrected: NetworkResult
  ) -> ClaimComparison {
    func settled(_ result: NetworkResult, _ subject: Subject) -> String {
      Interval.mean(
        of: result.curves(subject).map {
          Double(Self.settled($0.reward(routers: result.routers)))
        }
      ).text(0)
    }
    return ClaimComparison(
      network: published.network,
      claim:
        "4.3, Figure 7: MAMRL's reward settles in \(printed(published.network, 1)) episodes, a "
        + "random start's in \(printed(published.network, 2))",
      published:
        "settles after \(settled(published, .published)) episodes, from a random start after "
        + "\(settled(published, .randomStart))",
      sound: "settles after \(settled(corrected, .sound)) episodes, from a random start after "
        + "\(settled(corrected, .randomStart)); delay then "
        + "\(text(late(corrected, .sound, \.restricted), 1)) against "
        + "\(text(late(corrected, .randomStart, \.restricted), 1)) ticks over all packets",
      verdict:
        "What settles may settle at a bad level; adapted are \(count(published, .published)) "
        + "trainings of the published system, corrected \(count(corrected, .sound)).")
  }

  /// Table 2: MAMRL adapts about as fast as Q-routing.
  private func adapting(
    _ published: NetworkResult, _ corrected: NetworkResult
  ) -> ClaimComparison {
    ClaimComparison(
      network: published.network,
      claim:
        "4.3, Table 2: MAMRL adapts in \(printed(published.network, 1)) episodes, Q-routing in "
        + "\(printed(published.network, 0))",
      published: "MAMRL \(adaptedText(published, .published)), Q-routing "
        + adaptedText(published, .qRouting),
      sound: "mamrl \(adaptedText(corrected, .sound)), Q-routing "
        + "\(adaptedText(corrected, .qRouting)); delay over lp-split's "
        + "\(overReference(corrected, .sound)) and \(overReference(corrected, .qRouting))",
      verdict: "Published system: \(count(published, .published)) trainings adapt; corrected: "
        + "\(count(corrected, .sound)).")
  }

  /// Table 2: a random start takes far longer than the meta-learned one.
  private func meta(
    _ published: NetworkResult, _ corrected: NetworkResult
  ) -> ClaimComparison {
    ClaimComparison(
      network: published.network,
      claim:
        "4.3, Table 2: a random start adapts in \(printed(published.network, 2)) episodes, far "
        + "later than the meta-learned one",
      published: "meta-learned \(adaptedText(published, .published)), random start "
        + "\(adaptedText(published, .randomStart)); delay over all packets "
        + "\(ratio(published, .published, .randomStart).text(2)) times",
      sound: "trained \(adaptedText(corrected, .sound)), random start "
        + "\(adaptedText(corrected, .randomStart)); delay over all packets "
        + "\(ratio(corrected, .sound, .randomStart).text(2)) times",
      verdict: "Over all packets the meta-learned start of the published system "
        + "\(help(ratio(published, .published, .randomStart))); corrected, a trained start "
        + "\(help(ratio(corrected, .sound, .randomStart))).")
  }

  // MARK: Words

  private func late(
    _ result: NetworkResult, _ subject: Subject, _ measure: KeyPath<Curve, [Double]>
  ) -> [Double] {
    result.curves(subject).map { Self.lastFifth($0[keyPath: measure]) }
  }

  private func lost(_ result: NetworkResult, _ subject: Subject) -> [Double] {
    late(result, subject, \.lost)
  }

  private func text(_ values: [Double], _ decimals: Int) -> String {
    Interval.mean(of: values).text(decimals)
  }

  /// The delay over all packets of one subject over another's.
  private func ratio(_ result: NetworkResult, _ a: Subject, _ b: Subject) -> Interval? {
    Interval.ratio(late(result, a, \.restricted), over: late(result, b, \.restricted))
  }

  private func help(_ ratio: Interval?) -> String {
    guard let low = ratio?.low, let high = ratio?.high else {
      return "has one training, no interval"
    }
    return high < 1 ? "helps" : low > 1 ? "hurts" : "makes no difference that these trainings show"
  }

  private func overReference(_ result: NetworkResult, _ subject: Subject) -> String {
    Interval.ratio(
      late(result, subject, \.restricted),
      over: result.references.map { Self.lastFifth($0.restricted) }
    ).text(2)
  }

  private func printed(_ network: String, _ place: Int) -> String {
    Self.printed[network].map { "\($0[place])" } ?? "–"
  }

  private func count(_ result: NetworkResult, _ subject: Subject) -> String {
    let adapted = result.adapted(subject)
    return "\(adapted.compactMap { $0 }.count) of \(adapted.count)"
  }

  /// "in 5 of 5 trainings after 12 [9, 15] episodes".
  private func adaptedText(_ result: NetworkResult, _ subject: Subject) -> String {
    let done = result.adapted(subject).compactMap { $0.map(Double.init) }
    return done.isEmpty
      ? "never within \(episodes) episodes"
      : "in \(count(result, subject)) trainings after \(Interval.mean(of: done).text(0)) episodes"
  }
}
