import Networks
import Randomness

extension MeanFieldCatalogue {
  /// Solvers of stationary models whose answer is more than one stationary policy, or whose settings
  /// come from a theorem.
  static let populationSolvers = [
    SolverDescriptor(
      name: "gmf-q-schedule",
      documentation: "GMF-Q with theorem 2's numbers of steps and sharpness (Guo et al.).",
      parameters: [
        ParameterDescriptor(
          "epsilon", .number(1e-3...0.99), default: "0.3", "ε: the accuracy that is aimed at."),
        ParameterDescriptor(
          "delta", .number(1e-6...0.99), default: "0.1", "δ: the probability of failing."),
        ParameterDescriptor(
          "contraction", .number(0.01...0.99), default: "0.5", "d₁d₂ + d₃, assumed below 1."),
        ParameterDescriptor(
          "gap", .number(1e-9...1e9), default: "0.2", "Best minus second-best action value."),
        ParameterDescriptor(
          "longestInner", .integer(1...1_000_000_000), default: "100000",
          "The most transitions of one inner solution; the theorem asks for far more."),
      ],
      accepts: { $0 is any StationaryModel },
      solve: { game, values, request in
        guard let model = game as? any StationaryModel else { throw mismatch }
        return schedule(model, values, request)
      }),
    SolverDescriptor(
      name: "master-mirror-descent",
      documentation:
        "A policy that sees the population, an equilibrium from every start (master policy).",
      parameters: [
        ParameterDescriptor(
          "resolution", .integer(1...200), default: "8", "K of the net, ε = 1/K."),
        ParameterDescriptor(
          "kernel", .choice(["nearest", "triangular", "k-nearest", "simplicial"]),
          default: "simplicial", "How policies and values are carried between net points."),
        ParameterDescriptor(
          "learningRate", .number(1e-9...1e9), default: "1", "η, per unit of reward."),
      ],
      accepts: { ($0 as? any StationaryModel).map { $0.stateCount <= 6 } ?? false },
      solve: { game, values, request in
        guard let model = game as? any StationaryModel else { throw mismatch }
        // A policy and a value table per point.
        try requireNet(values, states: model.stateCount, tablesPerPoint: 20)
        return master(model, values, request)
      }),
    SolverDescriptor(
      name: "non-stationary-equilibrium",
      documentation:
        "The equilibrium in time from a start, by a finite-horizon solver with discounted rewards.",
      parameters: [
        ParameterDescriptor(
          "horizon", .integer(1...100_000), default: "50", "Steps; the rest is worth γ to this."),
        ParameterDescriptor(
          "method", .choice(["online-mirror-descent", "fictitious-play"]),
          default: "online-mirror-descent", "The finite-horizon solver."),
        ParameterDescriptor(
          "learningRate", .number(1e-12...1e12), default: "1", "η of mirror descent."),
      ],
      accepts: { $0 is any StationaryModel },
      solve: { game, values, request in
        guard let model = game as? any StationaryModel else { throw mismatch }
        return nonStationary(model, values, request)
      }),
  ]

  private static func schedule(
    _ model: some StationaryModel, _ values: ParameterValues, _ request: SolveRequest
  ) -> MeanFieldSolution {
    var schedule = GMFQSchedule(
      epsilon: values.number("epsilon"), delta: values.number("delta"),
      contraction: values.number("contraction"), gap: values.number("gap"),
      pairs: model.stateCount * model.actionCount)
    schedule.discount = model.discount
    schedule.valueBound = 1 / (1 - model.discount)
    var method = schedule.learning(longestInner: values.integer("longestInner"))
    method.iterations = request.iterations ?? method.iterations
    var solution = StationaryReport.learning(model, method, request)
    solution.parameters["sharpness"] = schedule.sharpness
    solution.parameters["outerIterations"] = Double(schedule.outerIterations)
    return solution
  }

  private static func master(
    _ model: some StationaryModel, _ values: ParameterValues, _ request: SolveRequest
  ) -> MeanFieldSolution {
    var method = MasterMirrorDescent(resolution: values.integer("resolution"))
    method.iterations = request.iterations ?? 200
    method.learningRate = values.number("learningRate")
    method.kernel = kernel(values)
    let result = method.run(model, threads: request.threads)
    let start = model.initialDistribution
    let own = PopulationPolicyMeasures(model, result.policy, from: start)
    var solution = MeanFieldSolution(
      iterations: method.iterations, status: "iteration limit reached")
    solution.exploitability = .init(trace: result.trace)
    solution.value = own.value
    let shown = own.flow.prefix(20)
    solution.meanField = NestedNumbers(Array(shown))
    solution.policy = NestedNumbers(shown.map { result.policy($0).rows })
    let points = result.policy.net.points
    let gains = concurrentMap(count: points.count, threads: request.threads) {
      PopulationPolicyMeasures(model, result.policy, from: points[$0]).exploitability
    }
    solution.parameters = [
      "netPoints": Double(points.count), "worstExploitability": gains.max() ?? 0,
      "meanExploitability": Spread.mean(gains),
    ]
    return solution
  }

  private static func nonStationary(
    _ model: some StationaryModel, _ values: ParameterValues, _ request: SolveRequest
  ) -> MeanFieldSolution {
    let game = model.finiteHorizon(lastStep: values.integer("horizon") - 1)
    let rule = StoppingRule(iterations: request.iterations ?? 200)
    if values.text("method") == "fictitious-play" {
      let search = EquilibriumSearch(game, FictitiousPlay(), threads: request.threads)
      return FiniteHorizonReport.report(
        search.run(rule), threads: request.threads, reportsBest: true)
    }
    let search = EquilibriumSearch(
      game, OnlineMirrorDescent(learningRate: values.number("learningRate")),
      threads: request.threads)
    return FiniteHorizonReport.report(
      search.run(rule), threads: request.threads, reportsBest: true)
  }
}
