import Networks

extension MeanFieldCatalogue {
  /// Solvers whose answer is a policy for all initial laws.
  static let populationAwareSolvers: [SolverDescriptor] = [
    SolverDescriptor(
      name: PopulationAwareMirrorDescent.name,
      documentation:
        "One network policy for all initial laws, which sees the population; measured on unseen laws.",
      parameters: [
        ParameterDescriptor(
          "learningRate", .number(1e-12...1e12), default: "0.1", "Rate η, per unit of reward."),
        ParameterDescriptor(
          "memory", .number(1e-6...1), default: "1", "Share α of the sum so far that is kept."),
        ParameterDescriptor(
          "trainingLaws", .integer(1...100_000), default: "40", "Initial laws trained on."),
        ParameterDescriptor(
          "unseenLaws", .integer(2...100_000), default: "20", "Initial laws measured on."),
        ParameterDescriptor(
          "hiddenWidth", .integer(1...4096), default: "64", "Width of both hidden layers."),
        ParameterDescriptor(
          "stepSize", .number(1e-9...1), default: "0.001", "Adam's step size."),
        ParameterDescriptor(
          "epochs", .integer(1...10_000), default: "4", "Passes over the rows per iteration."),
        ParameterDescriptor(
          "learningSeed", .integer(0...Int.max), default: "0", "Root of laws and weights."),
      ],
      accepts: { $0 is FiniteHorizonInstance },
      solve: { game, values, request in
        guard let instance = game as? FiniteHorizonInstance else {
          throw InputError(file: "--solver", expected: "needs a finite-horizon game")
        }
        var solver = PopulationAwareMirrorDescent()
        solver.learningRate = values.number("learningRate")
        solver.memory = values.number("memory")
        solver.trainingLaws = values.integer("trainingLaws")
        solver.hidden = [values.integer("hiddenWidth"), values.integer("hiddenWidth")]
        solver.stepSize = values.number("stepSize")
        solver.epochs = values.integer("epochs")
        solver.seed = UInt64(values.integer("learningSeed"))
        return PopulationAwareReport(
          game: instance.double, solver: solver, iterations: request.iterations ?? 100,
          unseenLaws: values.integer("unseenLaws")
        ).solution()
      })
  ]
}

/// Sets the trained policy beside what a user would otherwise have, on laws that nobody trained on.
struct PopulationAwareReport {
  let game: PreparedGame<Double>
  let solver: PopulationAwareMirrorDescent
  let iterations: Int
  let unseenLaws: Int

  func solution() -> MeanFieldSolution {
    let aware = solver.train(game, iterations: iterations)
    let blind = solver.train(game, iterations: iterations, seesPopulation: false)
    let laws = solver.laws(unseenLaws, "unseen", for: game)
    let own = aware.policy.measure(from: game.initialLaws, in: game)
    var solution = MeanFieldSolution(
      iterations: iterations,
      status: aware.trace.last?.isFinite ?? false
        ? "iteration limit reached" : "diverged: the exploitability is not a finite number")
    solution.exploitability = .init(trace: aware.trace)
    solution.value = own.values.reduce(0, +)
    solution.traces["blindExploitability"] = blind.trace
    solution.parameters["bestIteration"] = Double(aware.bestIteration)
    solution.parameters["ownLawExploitability"] = own.exploitability
    let seeing = laws.map { aware.policy.measure(from: $0, in: game).exploitability }
    let unseeing = laws.map { blind.policy.measure(from: $0, in: game).exploitability }
    add("unseen", seeing, to: &solution)
    add("unseenBlind", unseeing, to: &solution)
    add("unseenBlindMinusAware", zip(unseeing, seeing).map { $0 - $1 }, to: &solution)
    let fixed = exact(game)
    add("unseenOwnLawPolicy", laws.map { gap(of: fixed, from: $0) }, to: &solution)
    add(
      "unseenUniform", laws.map { gap(of: .uniform(game), from: $0) }, to: &solution)
    add(
      "unseenSolvedEach", laws.map { gap(of: exact(game.startingFrom($0)), from: $0) },
      to: &solution)
    return solution
  }

  /// The best policy of as many steps of exact mirror descent.
  private func exact(_ game: PreparedGame<Double>) -> FiniteHorizonPolicy<Double> {
    let result = EquilibriumSearch(
      game, OnlineMirrorDescent(learningRate: solver.learningRate)
    ).run(StoppingRule(iterations: iterations))
    return result.bestPolicy ?? result.policy
  }

  private func gap(of policy: FiniteHorizonPolicy<Double>, from laws: [[Double]]) -> Double {
    PolicyMeasures.evaluate(policy, in: game.startingFrom(laws)).exploitability
  }

  /// Mean and standard error over the laws.
  private func add(_ name: String, _ values: [Double], to solution: inout MeanFieldSolution) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    solution.parameters[name + ".mean"] = mean
    solution.parameters[name + ".standardError"] = (square / count).squareRoot()
  }
}
