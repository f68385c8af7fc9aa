import Randomness

extension MeanFieldReproduction {
  /// What one agent can gain from deviating from the mean-field policy, and how far the N-player value
  /// is from the mean-field one, against N.
  static let nPlayerGap = MeanFieldReproduction(
    name: "n-player-gap",
    documentation:
      "Exploitability and value gap of mean-field policies in the N-player game against N, with exponents."
  ) { request in
    let sizes = request.isQuick ? [10, 20, 40, 80] : [10, 20, 40, 80, 160, 320, 640]
    let study = GapStudy(
      sizes: sizes, draws: request.isQuick ? 400 : 4000, request: request)
    let malware = Malware()
    let malwarePolicy = ThresholdEquilibrium.find(malware).threshold.policy(
      stateCount: malware.stateCount)
    let crowd = CrowdChoice()
    let shares = crowd.equilibriumShares
    let crowdPolicy = StationaryPolicy(
      probabilities: shares + shares, stateCount: 2, actionCount: 2)
    let congestion = CongestionControl()
    let found = StationaryFictitiousPlay(iterations: request.isQuick ? 2000 : 20_000).run(
      congestion
    )
    .best
    var outcome = Outcome()
    outcome.note("congestionMeanFieldExploitability", found.exploitability)
    var columns: [(String, [Double])] = [("agents", sizes.map(Double.init))]
    columns += study.columns("malware", malware, malwarePolicy, draws: 1000, &outcome)
    columns += study.columns("crowd", crowd, crowdPolicy, draws: 4000, &outcome)
    columns += study.columns("congestion", congestion, found.policy, draws: 4000, &outcome)
    let panels = [("gain of a deviation", 2), ("|V_N − V|", 4)].flatMap { label, column in
      [
        "set ylabel '\(label)'",
        "plot "
          + ["malware", "crowd choice", "congestion control"].enumerated().map { index, name in
            let at = column + 4 * index
            return "data using 1:\(at):\(at + 1) skip 1 with yerrorlines lw 2 title '\(name)'"
          }.joined(separator: ", ")
          + ", .3/sqrt(x) with lines dt 2 lc rgb '#888888' title 'slope −1/2'"
          + ", 1/x with lines dt 3 lc rgb '#888888' title 'slope −1'",
      ]
    }
    outcome.figures = [
      Figure(
        "n-player-gap", columns,
        [
          "set multiplot layout 1,2", "set logscale xy", "set format y '10^{%T}'",
          "set key above samplen 1.5", "set xlabel 'players N'",
        ] + panels + ["unset multiplot"])
    ]
    outcome.notes.append(
      "Fits leave out gaps below 1e-7 (rounding) and below four standard errors: on a grid the malware "
        + "threshold stays exactly optimal once 1/N is small enough.")
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

/// Measures and fits of one model of the study of the N-player gap.
private struct GapStudy {
  let sizes: [Int]
  let draws: Int
  let request: MeanFieldReproduction.Request

  func columns(
    _ name: String, _ model: some StationaryModel, _ policy: StationaryPolicy, draws: Int,
    _ outcome: inout MeanFieldReproduction.Outcome
  ) -> [(String, [Double])] {
    let rows = NPlayerGap.measure(
      model, policy: policy, agents: sizes, draws: min(draws, self.draws),
      seeds: SeedTree(root: request.seed).child(name), threads: request.threads)
    fit("Gap", rows.map { ($0.agents, $0.gap, $0.standardError) })
    fit("ValueGap", rows.map { ($0.agents, $0.valueGap, $0.valueStandardError) })
    for row in rows {
      outcome.note("\(name)GapN\(row.agents)", row.gap)
      outcome.note("\(name)GapN\(row.agents)StandardError", row.standardError)
    }
    func fit(_ what: String, _ points: [(agents: Int, gap: Double, error: Double)]) {
      let kept = points.filter { $0.gap > 1e-7 && $0.gap > 4 * $0.error }
      let fit = PowerLaw.fit(kept.map { (Double($0.agents), $0.gap) })
      outcome.note(name + what + "Exponent", fit.exponent)
      outcome.note(name + what + "ExponentMargin", fit.exponentMargin)
      outcome.note(name + what + "Factor", fit.factor)
      outcome.note(name + what + "PointsFitted", Double(kept.count))
    }
    return [
      (name + "Gap", rows.map(\.gap)), (name + "Error", rows.map(\.standardError)),
      (name + "ValueGap", rows.map(\.valueGap)),
      (name + "ValueError", rows.map(\.valueStandardError)),
    ]
  }
}
