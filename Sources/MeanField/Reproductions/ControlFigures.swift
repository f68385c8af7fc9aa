import Foundation
import Randomness

extension MeanFieldReproduction {
  /// MFC-K-Q on congestion control: its value against N-player learners.
  static let congestion = MeanFieldReproduction(
    name: "mfc-congestion",
    documentation:
      "Gu et al.: MFC-K-Q against N-player learners on congestion control, equal samples."
  ) { request in
    var outcome = Outcome()
    let study = ControlStudy(population: ControlledModel(CongestionControl()), request: request)
    outcome.figures = [
      study.comparison(
        CongestionControl(), KernelQLearning(resolution: 6, kernel: .triangular(width: 1.5)),
        figure: "mfc-congestion", outcome: &outcome)
    ]
    return outcome
  }

  /// MFC-K-Q on ride-sharing order dispatch against exact value iteration, a resting fleet and random
  /// moves, for growing fleets.
  static let dispatch = MeanFieldReproduction(
    name: "mfc-dispatch",
    documentation: "Ride-sharing order dispatch: MFC-K-Q and exact control against simpler fleets."
  ) { request in
    let game = OrderDispatch()
    let fleets = request.isQuick ? [10, 40] : [10, 20, 50, 100, 200]
    let resolution = request.isQuick ? 3 : 6
    let exact = NetValueIteration(resolution: resolution).solve(game, threads: request.threads)
    let seeds = SeedTree(root: request.seed)
    let learned = KernelQLearning(resolution: resolution).learn(game, seeds: seeds)
    let staying = StationaryPolicy(
      deterministic: [Int](repeating: 0, count: game.stateCount), actionCount: game.actionCount)
    let random = StationaryPolicy.uniform(
      stateCount: game.stateCount, actionCount: game.actionCount)
    let fleetsOf: [(String, @Sendable ([Double], Int) -> StationaryPolicy)] = [
      ("exact", { exact.policy($0, time: $1) }), ("mfcKQ", { learned.policy($0, time: $1) }),
      ("staying", { _, _ in staying }), ("random", { _, _ in random }),
    ]
    var outcome = Outcome()
    var columns: [(String, [Double])] = [("drivers", fleets.map(Double.init))]
    for (name, controller) in fleetsOf {
      let values = fleets.map { agents in
        game.simulate(
          controller, agents: agents, episodes: request.isQuick ? 20 : 200, steps: 100,
          seeds: seeds.child("fleet", agents), threads: request.threads)
      }
      columns.append((name, values.map(\.mean)))
      columns.append((name + "Margin", values.map { 1.96 * $0.standardError }))
      for (agents, value) in zip(fleets, values) {
        outcome.note("\(name)N\(agents)", value.mean)
        outcome.note("\(name)N\(agents)Margin", 1.96 * value.standardError)
      }
    }
    let start = game.initialDistribution
    outcome.note("exactLimitValue", exact.realisedValue(game, from: start, steps: 400))
    outcome.note("mfcKQLimitValue", learned.realisedValue(game, from: start, steps: 400))
    outcome.note("samples", Double(learned.samples))
    outcome.note("coverage", learned.coverage)
    outcome.figures = [
      Figure(
        "mfc-dispatch", columns,
        [
          "set logscale x 2", "set xlabel 'drivers N'", "set ylabel 'reward of a driver'",
          "plot data using 1:2:3 skip 1 with yerrorlines lw 2 title 'exact control', "
            + "data using 1:4:5 skip 1 with yerrorlines lw 2 title 'MFC-K-Q', "
            + "data using 1:6:7 skip 1 with yerrorlines title 'stay', "
            + "data using 1:8:9 skip 1 with yerrorlines title 'random moves'",
        ])
    ]
    return outcome
  }

  /// Joint transitions of the central controller's Q-learning against N and ε, and of MFC-K-Q.
  static let complexity = MeanFieldReproduction(
    name: "mfc-complexity",
    documentation:
      "Xu's complexity table: samples of central-controller Q-learning against N and ε, and of MFC-K-Q."
  ) { request in
    let game = Malware(discount: 0.5, cells: 2)
    let agents = request.isQuick ? [1, 2, 3] : [1, 2, 3, 4]
    let accuracies = request.isQuick ? [0.1, 0.05] : [0.1, 0.05, 0.02, 0.01]
    let seeds = SeedTree(root: request.seed)
    var outcome = Outcome()
    var columns: [(String, [Double])] = [("epsilon", accuracies)]
    for count in agents {
      let controller = CentralController(game, agents: count)
      let samples = concurrentMap(count: accuracies.count, threads: request.threads) { index in
        controller.samplesToAccuracy(
          accuracies[index], limit: 20_000_000, seeds: seeds.child("agents", count)
        ).map(Double.init) ?? .nan
      }
      columns.append(("centralN\(count)", samples))
      for (accuracy, number) in zip(accuracies, samples) {
        outcome.note("centralN\(count)Epsilon\(accuracy)", number)
      }
    }
    let population = ControlledModel(game)
    let fine = NetValueIteration(resolution: 800, kernel: .simplicial).solve(population)
    var onNet = KernelQLearning(resolution: 1, kernel: .simplicial)
    onNet.startsOnNet = true
    let learners = [
      ("mfcKQ", KernelQLearning(resolution: 1, kernel: .triangular(width: 1.5))),
      ("mfcKQFromNetPoints", onNet),
    ]
    for (name, base) in learners {
      let samples = accuracies.map { accuracy -> Double in
        // The coarsest net that is accurate enough.
        for resolution in 1...150 {
          var method = base
          method.resolution = resolution
          let error = LiftedError.measure(
            population, method, against: fine, seed: request.seed)
          if error.onNet <= accuracy {
            return Double(method.learn(population, seeds: SeedTree(root: request.seed)).samples)
          }
        }
        return .nan
      }
      columns.append((name, samples))
      for (accuracy, number) in zip(accuracies, samples) {
        outcome.note("\(name)Epsilon\(accuracy)", number)
      }
    }
    outcome.figures = [
      Figure(
        "mfc-complexity", columns,
        ["set logscale xy", "set xlabel 'ε'", "set ylabel 'joint transitions'"] + [
          "plot "
            + (agents.map {
              "data using 1:\($0 + 1) skip 1 with linespoints title 'central, N = \($0)'"
            }
            + learners.indices.map {
              "data using 1:\(agents.count + 2 + $0) skip 1 with linespoints lw 2 title '"
                + ($0 == 0 ? "MFC-K-Q'" : "MFC-K-Q from net points'")
            })
            .joined(separator: ", ")
        ])
    ]
    outcome.notes.append("An empty field: not accurate enough after 2e7 joint transitions.")
    return outcome
  }
}

/// What the studies of mean-field control share.
private struct ControlStudy<Population: ControlledPopulation> {
  let population: Population
  let request: MeanFieldReproduction.Request

  /// Value in the N-player game of MFC-K-Q and of cooperative learners, with equal population steps.
  func comparison(
    _ model: some StationaryModel, _ method: KernelQLearning, figure: String,
    outcome: inout MeanFieldReproduction.Outcome
  ) -> MeanFieldReproduction.Figure {
    let sizes = request.isQuick ? [10, 40] : [10, 20, 50, 100, 200]
    let repetitions = request.isQuick ? 3 : 10
    let names = ["mfcKQ", "independent", "mfQ"]
    let values = concurrentMap(
      count: sizes.count * names.count * repetitions, threads: request.threads
    ) { piece in
      value(
        model, method, name: names[piece / repetitions % names.count],
        agents: sizes[piece / repetitions / names.count], repetition: piece % repetitions)
    }
    var columns: [(String, [Double])] = [("agents", sizes.map(Double.init))]
    for (index, name) in names.enumerated() {
      let groups = sizes.indices.map { size in
        let start = (size * names.count + index) * repetitions
        return Array(values[start..<start + repetitions])
      }
      columns.append((name, groups.map(Spread.mean)))
      columns.append((name + "Margin", groups.map(Spread.margin)))
      for (size, group) in zip(sizes, groups) {
        outcome.note("\(name)N\(size)", Spread.mean(group))
        outcome.note("\(name)N\(size)Margin", Spread.margin(group))
      }
    }
    return MeanFieldReproduction.Figure(
      figure, columns,
      [
        "set logscale x 2", "set xlabel 'senders N'", "set ylabel 'reward of a sender'",
        "set key bottom",
        "plot data using 1:2:3 skip 1 with yerrorlines lw 2 title 'MFC-K-Q', "
          + "data using 1:4:5 skip 1 with yerrorlines lw 2 title 'independent Q-learning', "
          + "data using 1:6:7 skip 1 with yerrorlines lw 2 title 'MF-Q'",
      ])
  }

  private func value(
    _ model: some StationaryModel, _ method: KernelQLearning, name: String, agents: Int,
    repetition: Int
  ) -> Double {
    let seeds = SeedTree(root: request.seed).child(name, agents).child("run", repetition)
    var method = method
    method.agents = agents
    let learned = method.learn(population, seeds: seeds)
    if name == "mfcKQ" {
      return population.simulate(
        { states, time in learned.policy(states, time: time) }, agents: agents, episodes: 50,
        steps: 60, seeds: seeds.child("play")
      ).mean
    }
    // Equal samples: as many steps of the population as MFC-K-Q took.
    let players = NPlayerPopulation(model, agentCount: agents)
    let policies: [StationaryPolicy]
    if name == "mfQ" {
      var learner = MeanFieldQLearning()
      learner.steps = learned.samples
      learner.sharesReward = true
      policies = learner.run(players, seeds: seeds)
    } else {
      var learner = IndependentQLearning()
      learner.steps = learned.samples
      learner.sharesReward = true
      policies = learner.run(players, seeds: seeds)
    }
    return players.simulate(
      policies: policies, episodes: 50, horizon: 60, seeds: seeds.child("play")
    ).mean
  }
}
