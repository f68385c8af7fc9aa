import Randomness

extension MeanFieldReproduction {
  /// Policies that see the population against policies that do not, from starts all over the simplex.
  static let population = MeanFieldReproduction(
    name: "population-policy",
    documentation:
      "Policies π(s, L) that see the population against blind ones: exploitability from many starts."
  ) { request in
    let game = CongestionControl()
    let blind = PopulationPolicy.blind(
      StationaryFictitiousPlay(iterations: request.isQuick ? 500 : 5000).run(game).best.policy)
    var outcome = Outcome()
    var columns: [(String, [Double])] = []
    let starts = SimplexNet(dimension: 3, resolution: request.isQuick ? 3 : 10).points
    let resolutions = request.isQuick ? [2, 4] : [1, 2, 4, 8, 16]
    columns.append(("K", resolutions.map(Double.init)))
    func measure(_ policy: PopulationPolicy, _ name: String) -> (mean: Double, worst: Double) {
      let gains = concurrentMap(count: starts.count, threads: request.threads) {
        PopulationPolicyMeasures(game, policy, from: starts[$0]).exploitability
      }
      let result = (mean: Spread.mean(gains), worst: gains.max() ?? .nan)
      outcome.note(name + "MeanExploitability", result.mean)
      outcome.note(name + "WorstExploitability", result.worst)
      return result
    }
    let uniform = measure(
      .blind(.uniform(stateCount: 3, actionCount: 3)), "uniform")
    let still = measure(blind, "blindStationaryEquilibrium")
    let found = resolutions.map { resolution in
      var method = MasterMirrorDescent(resolution: resolution)
      method.iterations = request.isQuick ? 100 : 1000
      let result = method.run(game, threads: request.threads)
      return measure(result.policy, "masterK\(resolution)")
    }
    columns.append(("masterMean", found.map(\.mean)))
    columns.append(("masterWorst", found.map(\.worst)))
    columns.append(("blindMean", resolutions.map { _ in still.mean }))
    columns.append(("blindWorst", resolutions.map { _ in still.worst }))
    columns.append(("uniformMean", resolutions.map { _ in uniform.mean }))
    outcome.figures = [
      Figure(
        "population-policy", columns,
        [
          "set logscale xy", "set key outside right", "set xlabel 'K of the net of distributions'",
          "set ylabel 'gain of a deviation'",
          "plot data using 1:2 skip 1 with linespoints lw 2 title 'sees the population, mean', "
            + "data using 1:3 skip 1 with linespoints lw 2 title 'sees the population, worst', "
            + "data using 1:4 skip 1 with lines dt 2 title 'blind, mean', "
            + "data using 1:5 skip 1 with lines dt 2 title 'blind, worst', "
            + "data using 1:6 skip 1 with lines dt 3 title 'uniform, mean'",
        ])
    ]
    outcome.note("starts", Double(starts.count))
    return outcome
  }

  /// Pareto optimality of the team solution on small N, and the mean-field team's distance to it.
  static let pareto = MeanFieldReproduction(
    name: "mfc-pareto",
    documentation:
      "Xu: is the team solution Pareto optimal? All joint rules for small N, then samples."
  ) { request in
    let crowd = CrowdChoice(discount: 0.5)
    let malware = Malware(discount: 0.5, cells: 2)
    var outcome = Outcome()
    let sizes = request.isQuick ? [2, 3] : [2, 3, 4]
    for count in sizes {
      // Two agents have 256 joint rules, three 16.8 million.
      let sample = count == 2 ? nil : (request.isQuick ? 500 : 20_000 / (count - 2))
      let seeds = SeedTree(root: request.seed)
      for (name, check) in [
        (
          "crowd",
          ParetoCheck.measure(
            crowd, agents: count, rules: sample, seeds: seeds, threads: request.threads)
        ),
        (
          "malware",
          ParetoCheck.measure(
            malware, agents: count, rules: sample, seeds: seeds, threads: request.threads)
        ),
      ] {
        outcome.note("\(name)N\(count)Rules", Double(check.rules))
        outcome.note("\(name)N\(count)Dominating", Double(check.dominating))
        outcome.note("\(name)N\(count)BestCommonGain", check.bestCommonGain)
        outcome.note("\(name)N\(count)Optimum", check.optimum)
        outcome.note(
          "\(name)N\(count)MeanFieldTeamBelowOptimum", check.optimum - check.meanFieldTeam)
      }
    }
    outcome.notes.append(
      "No rule may dominate: it would have a larger mean. All rules for N = 2, random ones beyond.")
    return outcome
  }
}
