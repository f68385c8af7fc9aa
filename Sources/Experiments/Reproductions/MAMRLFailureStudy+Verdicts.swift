// What the numbers say about the claims of section 4.3, in words.
extension MAMRLFailureStudy {
  func verdicts(_ result: NetworkResult, _ quantity: Quantity?) -> [String] {
    switch quantity {
    case .lost: [losses(result, .published), losses(result, .sound)]
    case .deliveryTime: [deliveryTime(result)]
    case .reward: [settling(result)]
    case nil:
      Subject.allCases.filter { $0 != .shortestPath }.map { adapting(result, $0) }
        + [againstRandomStart(result)]
    }
  }

  /// Claim 1 of section 4.3: shortest path goes on losing, the learners lose less.
  private func losses(_ result: NetworkResult, _ subject: Subject) -> String {
    let path = result.curves(.shortestPath).map { Self.lastFifth($0.lost) }
    let learner = result.curves(subject).map { Self.lastFifth($0.lost) }
    let ratio = Interval.ratio(learner, over: path)
    let share = Interval.mean(of: result.curves(subject).map { Self.lastFifth($0.delivered) })
    let pathShare = Interval.mean(
      of: result.curves(.shortestPath).map { Self.lastFifth($0.delivered) })
    // Which link fails differs from training to training, and with it all losses: what counts is the
    // comparison within each training.
    let fewer = zip(learner, path).count { $0 < $1 }
    let words =
      fewer == path.count
      ? "fewer in every training, as the paper says"
      : "fewer in \(fewer) of \(path.count) trainings"
    return
      "\(result.network), losses once the failure is old: \(subject.rawValue) loses "
      + "\(ratio.map { $0.mean.rounded(3) } ?? "–") times what shortest path loses (\(words)), and delivers "
      + "\(share.text(2)) against \(pathShare.text(2)) of the packets."
  }

  /// "Comparable average packet delivery time" to policy optimisation from a random start.
  private func deliveryTime(_ result: NetworkResult) -> String {
    func late(_ subject: Subject, _ measure: KeyPath<Curve, [Double]>) -> [Double] {
      result.curves(subject).map { Self.lastFifth($0[keyPath: measure]) }
    }
    let published = Interval.ratio(
      late(.published, \.deliveryTime), over: late(.shortestPath, \.deliveryTime))
    let honest = Interval.ratio(
      late(.published, \.restricted), over: late(.shortestPath, \.restricted))
    let sound = Interval.ratio(
      late(.sound, \.restricted), over: late(.shortestPath, \.restricted))
    return
      "\(result.network), delay after the failure against shortest path: mamrl-published "
      + "\(published.text(2)) times in the published measure, \(honest.text(2)) times over all "
      + "packets; mamrl \(sound.text(2)) times over all packets."
  }

  /// How Table 2 seems to have been read: when the reward settles.
  private func settling(_ result: NetworkResult) -> String {
    func settled(_ subject: Subject) -> Interval? {
      Interval.mean(
        of: result.curves(subject).map {
          Double(Self.settled($0.reward(routers: result.routers)))
        })
    }
    let printed = (Self.printed[result.network] ?? []).map(String.init).joined(separator: ", ")
    return
      "\(result.network), reward settles after (Q-routing, MAMRL, random start): printed \(printed); "
      + "found \(settled(.qRouting).text(0)), \(settled(.published).text(0)), "
      + "\(settled(.randomStart).text(0)) of \(episodes) episodes played. "
      + "Settled is not adapted: see mamrl-table2."
  }

  private func adapting(_ result: NetworkResult, _ subject: Subject) -> String {
    let adapted = result.adapted(subject)
    let done = adapted.compactMap { $0.map(Double.init) }
    let words: String
    switch done.count {
    case 0: words = "never adapts within \(episodes) episodes"
    case adapted.count:
      words = "adapts every time, after \(Interval.mean(of: done).text(0)) episodes"
    default:
      words =
        "adapts in \(done.count) of \(adapted.count) trainings, then after "
        + "\(Interval.mean(of: done).text(0)) episodes"
    }
    return
      "\(result.network), \(subject.rawValue): \(words), losing "
      + "\(Interval.mean(of: result.lost(subject)).text(0)) packets until then."
  }

  /// Claim 2: the meta-learned start adapts in far fewer episodes than a random one.
  private func againstRandomStart(_ result: NetworkResult) -> String {
    let late = [Subject.published, .randomStart].map { subject in
      result.curves(subject).map { Self.lastFifth($0.restricted) }
    }
    let ratio = Interval.ratio(late[0], over: late[1])
    let adapted = [Subject.published, .randomStart].map {
      result.adapted($0).compactMap { $0 }.count
    }
    let isBetter = adapted[0] > adapted[1] || ((ratio?.high).map { $0 < 1 } ?? false)
    return
      "\(result.network), meta-learned against random start (Algorithm 2 with the published reward): "
      + "\(adapted[0]) against \(adapted[1]) trainings adapt, delay over all packets at the end "
      + "\(ratio.text(2)) times as long: the claim that meta-learning makes adaptation fast "
      + "\(isBetter ? "holds here" : "is not borne out in this form")."
  }
}
