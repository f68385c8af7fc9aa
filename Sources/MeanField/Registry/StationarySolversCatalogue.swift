import Learning
import Networks
import Randomness

extension MeanFieldCatalogue {
  /// The solvers of the stationary discounted side.
  static let stationarySolvers: [SolverDescriptor] =
    exactSolvers + sampledSearches + learningSolvers + populationSolvers + controlSolvers

  // MARK: Known models

  private static let exactSolvers = [
    SolverDescriptor(
      name: "exact-equilibrium",
      documentation: "Threshold equilibrium, pure or mixed at one state (Huang & Ma).",
      accepts: { $0 is any ThresholdModel },
      solve: { game, _, _ in
        guard let model = game as? any ThresholdModel else { throw mismatch }
        return StationaryReport.threshold(model, isTeam: false)
      }),
    SolverDescriptor(
      name: "exact-team",
      documentation: "Best threshold for the team, by brute force; elsewhere by pattern search.",
      accepts: { $0 is any StationaryModel },
      solve: { game, _, request in
        if let model = game as? any ThresholdModel {
          return StationaryReport.threshold(model, isTeam: true)
        }
        guard let model = game as? any StationaryModel else { throw mismatch }
        return StationaryReport.team(model)
      }),
    SolverDescriptor(
      name: "stationary-fictitious-play",
      documentation: "Averages best responses to the stationary population.",
      parameters: [
        ParameterDescriptor(
          "priceOfAnarchy", .flag, default: "false", "Whether to solve for the team as well.")
      ],
      accepts: { $0 is any StationaryModel },
      solve: { game, values, request in
        guard let model = game as? any StationaryModel else { throw mismatch }
        return StationaryReport.fictitiousPlay(
          model, iterations: request.iterations ?? 500, team: values.flag("priceOfAnarchy"))
      }),
  ]

  static var mismatch: InputError {
    InputError(file: "--solver", expected: "the solver cannot be applied to this game")
  }

  // MARK: Policy searches from samples

  private static let searchParameters = [
    ParameterDescriptor(
      "initialThreshold", .number(0...1), default: "0.9", "θ₀ (the paper's .9)."),
    ParameterDescriptor("stepSize", .number(1e-9...10), default: "0.01", "Adam's α."),
    ParameterDescriptor(
      "decayStart", .integer(1...1_000_000_000), default: "100",
      "Last iteration at the full step size."),
    ParameterDescriptor(
      "decayExponent", .number(0...1), default: "0",
      "Then α falls like k^−this; 0 (the paper): never."),
    ParameterDescriptor(
      "averageLast", .integer(0...1_000_000_000), default: "0",
      "The answer is the mean of so many last θ; 0: the last θ."),
    ParameterDescriptor("perturbationSize", .number(1e-9...1), default: "0.01", "c."),
    ParameterDescriptor(
      "perturbation", .choice(["rademacher", "normal"]), default: "rademacher", "The law of η."),
    ParameterDescriptor(
      "commonRandomNumbers", .flag, default: "true", "Same draws in both perturbed evaluations."),
    ParameterDescriptor("meanFieldSteps", .integer(1...1_000_000), default: "200", "B."),
    ParameterDescriptor("batchSize", .integer(1...1_000_000), default: "1000", "m."),
    ParameterDescriptor("horizon", .integer(1...1_000_000), default: "200", "H."),
    ParameterDescriptor(
      "agents", .integer(1...1_000_000), default: "1", "n; 1 is the footnote's one-particle form."),
    ParameterDescriptor(
      "evaluation", .choice(["monte-carlo", "renewal", "sarsa"]), default: "monte-carlo",
      "How policies are evaluated."),
  ]

  private static func search(
    _ name: String, _ documentation: String,
    run:
      @escaping @Sendable (PolicySearchConfiguration, Malware, SolveRequest) ->
      PolicySearchResult
  ) -> SolverDescriptor {
    SolverDescriptor(
      name: name, documentation: documentation, parameters: searchParameters,
      accepts: { $0 is Malware },
      solve: { game, values, request in
        guard let model = game as? Malware else { throw mismatch }
        let configuration = PolicySearchConfiguration(values, request)
        return StationaryReport.search(
          run(configuration, model, request), model, average: values.integer("averageLast"))
      })
  }

  private static let sampledSearches = [
    search("perturbation-equilibrium", "Algorithm 3 of Subramanian & Mahajan: SPSA for the game.") {
      PerturbationEquilibrium($0).run(
        $1, HardThreshold(stateCount: $1.stateCount), seeds: SeedTree(root: $2.seed),
        threads: $2.threads)
    },
    search("perturbation-team", "Algorithm 5 of Subramanian & Mahajan: SPSA for the team.") {
      PerturbationTeam($0).run(
        $1, HardThreshold(stateCount: $1.stateCount), seeds: SeedTree(root: $2.seed),
        threads: $2.threads)
    },
    search("two-timescale", "Iteration (3) of Subramanian & Mahajan.") {
      TwoTimescale($0).run(
        $1, HardThreshold(stateCount: $1.stateCount), seeds: SeedTree(root: $2.seed),
        threads: $2.threads)
    },
    search(
      "likelihood-ratio-equilibrium",
      "Algorithm 2 of Subramanian & Mahajan on a smooth threshold of width .05."
    ) {
      let estimator: LikelihoodRatio =
        switch $0.evaluation {
        case .monteCarlo(let method):
          .monteCarlo(trajectories: method.trajectories, horizon: method.horizon)
        case .renewal(let method): .renewal(method)
        case .sarsa(let method):
          .sarsa(method, trajectories: method.episodes, horizon: method.horizon)
        }
      return LikelihoodRatioEquilibrium($0, estimator: estimator).run(
        $1, SmoothThreshold(stateCount: $1.stateCount), seeds: SeedTree(root: $2.seed),
        threads: $2.threads)
    },
  ]

  // MARK: The learning framework

  private static let learningParameters = [
    ParameterDescriptor("sharpness", .number(0...1e9), default: "4", "c of softmax or MellowMax."),
    ParameterDescriptor(
      "innerSteps", .integer(1...100_000_000), default: "20000", "Q-learning transitions, T_k."),
    ParameterDescriptor("momentum", .number(0...0.999), default: "0", "Weight of the last law."),
    ParameterDescriptor(
      "net", .integer(0...1_000_000), default: "1000", "K of the ε-net of laws; 0: no projection."),
    ParameterDescriptor(
      "agents", .integer(0...1_000_000), default: "0", "Sampled population; 0: the exact law."),
    ParameterDescriptor(
      "warmStart", .flag, default: "false", "Whether Q-learning goes on from the last values."),
  ]

  private static func learning(
    _ name: String, _ documentation: String, _ extra: [ParameterDescriptor] = [],
    make: @escaping @Sendable (ParameterValues) -> MeanFieldLearning
  ) -> SolverDescriptor {
    SolverDescriptor(
      name: name, documentation: documentation, parameters: learningParameters + extra,
      accepts: { $0 is any StationaryModel },
      solve: { game, values, request in
        guard let model = game as? any StationaryModel else { throw mismatch }
        var method = make(values)
        method.iterations = request.iterations ?? 50
        method.momentum = values.number("momentum")
        method.warmStart = values.flag("warmStart")
        let agents = values.integer("agents")
        method.agents = agents > 0 ? agents : nil
        return StationaryReport.learning(model, method, request)
      })
  }

  private static func net(_ values: ParameterValues) -> Int? {
    values.integer("net") > 0 ? values.integer("net") : nil
  }

  private static let learningSolvers = [
    learning("three-step", "The three-step fixed point of a known model (argmax-e).") { _ in
      .threeStep()
    },
    learning("naive-q-learning", "Q-learning with argmax-e: fluctuates (Guo et al., algorithm 1).")
    {
      .naive(QLearning(steps: $0.integer("innerSteps")))
    },
    learning("gmf-q", "Q-learning, softmax, ε-net (Guo et al., algorithm 2).") {
      .gmfQ(
        sharpness: $0.number("sharpness"), netResolution: net($0),
        QLearning(steps: $0.integer("innerSteps")))
    },
    learning(
      "mean-field-learning", "The general framework: inner solver × smoothing.",
      [
        ParameterDescriptor(
          "inner",
          .choice([
            "q-learning", "value-iteration", "trust-region", "proximal", "conservative",
          ]), default: "q-learning", "How one agent's problem is solved."),
        ParameterDescriptor(
          "smoothing", .choice(["softmax", "mellow-max", "argmax-e", "none"]), default: "softmax",
          "How values become a policy; none keeps a policy-based solver's own."),
        ParameterDescriptor(
          "improvements", .integer(1...10_000), default: "5", "Policy improvements an iteration."),
      ]
    ) { values in
      var method = MeanFieldLearning()
      let steps = values.integer("improvements")
      method.inner =
        switch values.text("inner") {
        case "value-iteration": .valueIteration
        case "trust-region": .trustRegion(steps: steps, maximumDivergence: 0.01)
        case "proximal": .proximal(steps: steps, epochs: 20, clip: 0.2, stepSize: 0.05)
        case "conservative": .conservative(steps: steps)
        default: .qLearning(QLearning(steps: values.integer("innerSteps")))
        }
      let sharpness = values.number("sharpness")
      method.smoothing =
        switch values.text("smoothing") {
        case "mellow-max": .mellowMax(sharpness: sharpness)
        case "argmax-e": .argmaxEqual(tolerance: 1e-9)
        case "none": nil
        default: .softmax(sharpness: sharpness)
        }
      method.netResolution = net(values)
      return method
    },
  ]

  // MARK: Control

  private static let controlParameters = [
    ParameterDescriptor("resolution", .integer(1...400), default: "10", "K of the ε-net, ε = 1/K."),
    ParameterDescriptor(
      "policyResolution", .integer(1...20), default: "1", "M of the net of local policies."),
    ParameterDescriptor(
      "kernel", .choice(["nearest", "triangular", "k-nearest", "simplicial"]), default: "nearest",
      "How values are carried between net points."),
  ]

  static func kernel(_ values: ParameterValues) -> KernelRegression {
    switch values.text("kernel") {
    case "simplicial": .simplicial
    case "triangular": .triangular(width: 1.5)
    case "k-nearest": .nearestNeighbours(count: 3)
    default: .nearest
    }
  }

  /// More cells than this do not fit into memory (about a hundred bytes each).
  private static let mostCells = 2e7

  /// - Throws: `InputError` where a table over the net would not fit.
  static func requireNet(
    _ values: ParameterValues, states: Int, tablesPerPoint: Double = 1
  ) throws(InputError) {
    let resolution = values.integer("resolution")
    let points = SimplexNet.pointCount(dimension: states, resolution: resolution)
    guard points * tablesPerPoint > mostCells else { return }
    throw InputError(
      file: "--set", field: "resolution", value: "\(resolution)",
      expected: "with \(states) states and these settings the tables over the net would have "
        + "\(points * tablesPerPoint) entries, more than \(mostCells)")
  }

  private static func requireNet(
    _ values: ParameterValues, _ population: any ControlledPopulation
  ) throws(InputError) {
    let choices = SimplexNet.pointCount(
      dimension: population.actionCount, resolution: values.integer("policyResolution"))
    var policies = Double(population.period)
    for _ in 0..<population.stateCount { policies *= choices }
    try requireNet(values, states: population.stateCount, tablesPerPoint: policies)
  }

  private static func population(_ game: any CataloguedGame) -> (any ControlledPopulation)? {
    func wrap(_ model: some StationaryModel) -> any ControlledPopulation { ControlledModel(model) }
    if let population = game as? any ControlledPopulation { return population }
    guard let model = game as? any StationaryModel, model.stateCount <= 6 else { return nil }
    return wrap(model)
  }

  private static let controlSolvers = [
    SolverDescriptor(
      name: "net-value-iteration",
      documentation: "Mean-field control: the lifted Bellman equation on an ε-net, known model.",
      parameters: controlParameters, accepts: { population($0) != nil },
      solve: { game, values, request in
        guard let population = population(game) else { throw mismatch }
        try requireNet(values, population)
        var method = NetValueIteration(
          resolution: values.integer("resolution"), kernel: kernel(values))
        method.policyResolution = values.integer("policyResolution")
        return StationaryReport.control(
          population, method.solve(population, threads: request.threads))
      }),
    SolverDescriptor(
      name: "mfc-k-q",
      documentation: "Mean-field control from one visit to every cell (Gu et al., MFC-K-Q).",
      parameters: controlParameters + [
        ParameterDescriptor(
          "samples", .integer(0...1_000_000_000), default: "0",
          "Population steps; 0: until every cell is visited."),
        ParameterDescriptor(
          "agents", .integer(0...1_000_000), default: "0", "Agents; 0: the limit population."),
        ParameterDescriptor(
          "startsOnNet", .flag, default: "false",
          "Whether every step starts at a net point (a simulator that can be set)."),
      ], accepts: { population($0) != nil },
      solve: { game, values, request in
        guard let population = population(game) else { throw mismatch }
        try requireNet(values, population)
        var method = KernelQLearning(
          resolution: values.integer("resolution"), kernel: kernel(values))
        method.policyResolution = values.integer("policyResolution")
        method.samples = values.integer("samples") > 0 ? values.integer("samples") : nil
        method.agents = values.integer("agents") > 0 ? values.integer("agents") : nil
        method.startsOnNet = values.flag("startsOnNet")
        return StationaryReport.control(
          population, method.learn(population, seeds: SeedTree(root: request.seed)))
      }),
  ]
}

extension PolicySearchConfiguration {
  fileprivate init(_ values: ParameterValues, _ request: SolveRequest) {
    self.init()
    iterations = request.iterations ?? 200
    initialParameters = [values.number("initialThreshold")]
    stepSize = values.number("stepSize")
    schedule = StepSizeSchedule(
      start: values.integer("decayStart"), exponent: values.number("decayExponent"))
    perturbation = SimultaneousPerturbation(
      kind: values.text("perturbation") == "normal" ? .normal : .rademacher,
      size: values.number("perturbationSize"))
    commonRandomNumbers = values.flag("commonRandomNumbers")
    let (batch, horizon) = (values.integer("batchSize"), values.integer("horizon"))
    meanField = MeanFieldUpdate(
      steps: values.integer("meanFieldSteps"), batchSize: batch, agents: values.integer("agents"))
    switch values.text("evaluation") {
    case "renewal":
      evaluation = .renewal(
        RenewalMonteCarlo(starts: batch, cycles: batch, longestCycle: horizon))
    case "sarsa": evaluation = .sarsa(SarsaEvaluation(episodes: batch, horizon: horizon))
    default:
      evaluation = .monteCarlo(MonteCarloEvaluation(trajectories: batch, horizon: horizon))
    }
  }
}
