import Randomness

extension MeanFieldReproduction {
  /// What one agent can gain from deviating from the mean-field policy, against N.
  static let nPlayerGap = MeanFieldReproduction(
    name: "n-player-gap",
    documentation:
      "Exploitability of mean-field policies in the N-player game against N, with fitted exponents."
  ) { request in
    let sizes = request.isQuick ? [10, 20, 40, 80] : [10, 20, 40, 80, 160, 320, 640]
    let draws = request.isQuick ? 400 : 4000
    let seeds = SeedTree(root: request.seed)
    let malware = Malware()
    let malwarePolicy = ThresholdEquilibrium.find(malware).threshold.policy(
      stateCount: malware.stateCount)
    let crowd = CrowdChoice()
    let shares = crowd.equilibriumShares
    let crowdPolicy = StationaryPolicy(
      probabilities: shares + shares, stateCount: 2, actionCount: 2)
    let congestion = CongestionControl()
    let congestionPolicy = StationaryFictitiousPlay(iterations: 2000).run(congestion).best.policy
    let studies = [
      (
        "malware",
        NPlayerGap.measure(
          malware, policy: malwarePolicy, agents: sizes, draws: draws / 4, seeds: seeds,
          threads: request.threads)
      ),
      (
        "crowd",
        NPlayerGap.measure(
          crowd, policy: crowdPolicy, agents: sizes, draws: draws, seeds: seeds,
          threads: request.threads)
      ),
      (
        "congestion",
        NPlayerGap.measure(
          congestion, policy: congestionPolicy, agents: sizes, draws: draws, seeds: seeds,
          threads: request.threads)
      ),
    ]
    var outcome = Outcome()
    var columns: [(String, [Double])] = [("agents", sizes.map(Double.init))]
    for (name, rows) in studies {
      columns.append((name + "Gap", rows.map(\.gap)))
      columns.append((name + "Error", rows.map(\.standardError)))
      columns.append((name + "Value", rows.map(\.value)))
      let fit = PowerLaw.fit(rows.map { (Double($0.agents), $0.gap) })
      outcome.note(name + "Exponent", fit.exponent)
      outcome.note(name + "ExponentMargin", fit.exponentMargin)
      outcome.note(name + "LargestGap", rows.first?.gap ?? .nan)
      outcome.note(name + "SmallestGap", rows.last?.gap ?? .nan)
    }
    outcome.figures = [
      Figure(
        "n-player-gap", columns,
        [
          "set logscale xy", "set xlabel 'players N'", "set ylabel 'gain of a deviation'",
          "plot data using 1:2:3 skip 1 with yerrorlines lw 2 title 'malware', "
            + "data using 1:5:6 skip 1 with yerrorlines lw 2 title 'crowd choice', "
            + "data using 1:8:9 skip 1 with yerrorlines lw 2 title 'congestion control', "
            + "0.1/sqrt(x) with lines dt 2 lc rgb '#888888' title 'slope −1/2', "
            + "1/x with lines dt 3 lc rgb '#888888' title 'slope −1'",
        ])
    ]
    return outcome
  }

  /// The lecture's map T ↦ T**, where it contracts and where it does not.
  static let lecture = MeanFieldReproduction(
    name: "lecture",
    documentation: "When does the lecture start? The map of expected to actual start, three cases."
  ) { _ in
    let cases: [(String, LectureStart)] = [
      ("A", LectureStart()),
      ("B", LectureStart(missedCost: 2, scales: [0.5, 1, 2], weights: [1, 1, 1])),
      ("none", LectureStart(waitingCost: 2)),
    ]
    let times = (0...200).map { Double($0) / 25 }
    var outcome = Outcome()
    var columns: [(String, [Double])] = [("expected", times)]
    for (name, game) in cases {
      columns.append((name, times.map { game.actualStart(expected: $0) }))
      switch game.equilibrium() {
      case .exists(let start, let residual, _):
        outcome.note("start\(name)", start)
        outcome.note("residual\(name)", residual)
      case .noFiniteEquilibrium(let growth):
        outcome.note("growth\(name)", growth)
        outcome.notes.append(
          "Case '\(name)' (gamma > alpha): no finite equilibrium; the start moves away for ever.")
      case .unbounded(let reason):
        outcome.notes.append(reason)
      }
    }
    outcome.figures = [
      Figure(
        "lecture", columns,
        [
          "set xlabel 'expected start T'", "set ylabel 'actual start T**'", "set key left top",
          "plot data using 1:2 skip 1 with lines lw 2 title 'A: α = β = γ = 1, σ = 1', "
            + "data using 1:3 skip 1 with lines lw 2 title 'B: β = 2, σ ∈ {.5, 1, 2}', "
            + "data using 1:4 skip 1 with lines lw 2 title 'γ = 2 > α: none', "
            + "x with lines dt 2 lc rgb '#888888' title 'T** = T'",
        ])
    ]
    return outcome
  }
}
