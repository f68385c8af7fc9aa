extension MeanFieldCatalogue {
  private static let temperature = ParameterDescriptor(
    "temperature", .number(1e-9...1e12), default: "1", "Temperature, in units of reward.")
  private static let tieTolerance = ParameterDescriptor(
    "tieTolerance", .number(0...1e9), default: "1e-9",
    "Actions whose value is within this of the best share equally.")

  /// The solvers of the finite-horizon side.
  static let finiteHorizonSolvers: [SolverDescriptor] = [
    finiteHorizonSolver(
      FixedPointIteration.self, "Best-responds to the last flow, damped.",
      [
        ParameterDescriptor(
          "damping", .number(0...1), default: "0", "Share of the last policy that is kept."),
        tieTolerance,
      ]
    ) {
      FixedPointIteration(
        damping: $0.number("damping"), tieTolerance: $0.number("tieTolerance"))
    },
    finiteHorizonSolver(
      FictitiousPlay.self, "Best-responds to the average of all flows so far.",
      [
        ParameterDescriptor(
          "weight", .number(0...1), default: "0",
          "Weight of each best response; 0 means 1/(i + 2)."), tieTolerance,
      ]
    ) {
      FictitiousPlay(
        weight: $0.number("weight") > 0 ? $0.number("weight") : nil,
        tieTolerance: $0.number("tieTolerance"))
    },
    finiteHorizonSolver(
      OnlineMirrorDescent.self, "Plays the softmax of the sum of all action values so far.",
      [
        ParameterDescriptor(
          "learningRate", .number(1e-12...1e12), default: "1", "Rate η, per unit of reward.")
      ]
    ) { OnlineMirrorDescent(learningRate: $0.number("learningRate")) },
    finiteHorizonSolver(
      MunchausenMirrorDescent.self,
      "Mirror descent whose past is the last policy's logarithm; α below 1 forgets.",
      [
        temperature,
        ParameterDescriptor(
          "munchausen", .number(0...1), default: "1", "Share α of the logarithm that is kept."),
      ]
    ) {
      MunchausenMirrorDescent(
        temperature: $0.number("temperature"), munchausen: $0.number("munchausen"))
    },
    finiteHorizonSolver(
      PriorDescent.self, "Softmax of optimal values around a prior that moves now and then.",
      [
        temperature,
        ParameterDescriptor(
          "priorUpdateInterval", .integer(0...1_000_000), default: "0",
          "The prior moves every so many iterations; 0: never."),
      ]
    ) {
      let interval = $0.integer("priorUpdateInterval")
      return PriorDescent(
        temperature: $0.number("temperature"),
        priorUpdateInterval: interval > 0 ? interval : nil)
    },
    finiteHorizonSolver(
      PolicyIteration.self, "Evaluates the policy in its own flow and turns greedy.",
      [tieTolerance]
    ) { PolicyIteration(tieTolerance: $0.number("tieTolerance")) },
    finiteHorizonSolver(
      SmoothedPolicyIteration.self, "Policy iteration whose greedy policies are averaged.",
      [
        ParameterDescriptor(
          "weightOffset", .number(1e-6...1e6), default: "2", "β of the weights β/(i + β)."),
        tieTolerance,
      ]
    ) {
      SmoothedPolicyIteration(
        weightOffset: $0.number("weightOffset"), tieTolerance: $0.number("tieTolerance"))
    },
    finiteHorizonSolver(
      BoltzmannIteration.self, "Plays the softmax of the values in the last flow.",
      [
        temperature,
        ParameterDescriptor(
          "values", .choice(["optimal", "policy"]), default: "optimal",
          "Whether the values are optimal or the policy's own."),
      ]
    ) {
      BoltzmannIteration(
        temperature: $0.number("temperature"),
        values: $0.text("values") == "policy" ? .policy : .optimal)
    },
    finiteHorizonSolver(
      EntropyRegularisedIteration.self,
      "Solves the entropy-regularised control problem in the last flow.", [temperature]
    ) { EntropyRegularisedIteration(temperature: $0.number("temperature")) },
    finiteHorizonSolver(
      OccupationMeasureInclusion.self,
      "Climbs rewards in the space of occupation measures and projects back onto it.",
      [
        ParameterDescriptor(
          "stepSize", .number(1e-12...1e6), default: "0.001", "α, mass per unit of reward."),
        ParameterDescriptor(
          "perturbation", .number(0...1e6), default: "0", "η, pulls towards small masses."),
      ]
    ) {
      OccupationMeasureInclusion(
        stepSize: $0.number("stepSize"), perturbation: $0.number("perturbation"))
    },
    finiteHorizonSolver(
      OccupationMeasureOptimisation.self,
      "Descends on the residuals of the equilibrium conditions of flow, values and slacks (MF-OMO).",
      [
        ParameterDescriptor(
          "stepSize", .number(1e-12...1e6), default: "0.1", "Adam's step size."),
        ParameterDescriptor(
          "loss", .choice(OccupationMeasureOptimisation.Loss.allCases.map(\.rawValue)),
          default: "mixed", "Squares with a linear product, all squared, or absolute values."),
        ParameterDescriptor(
          "flowWeight", .number(0...1e9), default: "1", "c1, of the flow residual."),
        ParameterDescriptor(
          "valueWeight", .number(0...1e9), default: "1", "c2, of the value residual."),
        ParameterDescriptor(
          "complementarityWeight", .number(0...1e9), default: "1", "c3, of slacks times measure."),
        ParameterDescriptor(
          "form", .choice(["projected", "parametrised"]), default: "projected",
          "Projection after each step, or free coordinates."),
        ParameterDescriptor(
          "values", .choice(["optimal", "zero"]), default: "optimal",
          "Where values and slacks start."),
        ParameterDescriptor(
          "start", .choice(OccupationMeasureOptimisation.Start.allCases.map(\.rawValue)),
          default: "spread", "The measure starts spread over all states, or at the policy's flow."),
        ParameterDescriptor(
          "balancing", .integer(0...1_000_000), default: "0",
          "Iterations between adjustments of c1 and c2; 0: never."),
        ParameterDescriptor(
          "rewardBound", .number(0...1e12), default: "0",
          "r_max of the bounds; 0: the largest reward in the first measure."),
      ]
    ) {
      var solver = OccupationMeasureOptimisation(stepSize: $0.number("stepSize"))
      solver.loss = .init(rawValue: $0.text("loss")) ?? .mixed
      solver.flowWeight = $0.number("flowWeight")
      solver.valueWeight = $0.number("valueWeight")
      solver.complementarityWeight = $0.number("complementarityWeight")
      solver.isParametrised = $0.text("form") == "parametrised"
      solver.startsAtValues = $0.text("values") == "optimal"
      solver.start = .init(rawValue: $0.text("start")) ?? .spread
      solver.balancing = $0.integer("balancing") > 0 ? $0.integer("balancing") : nil
      solver.rewardBound = $0.number("rewardBound") > 0 ? $0.number("rewardBound") : nil
      return solver
    },
    finiteHorizonSolver(
      PolicySpaceResponseOracles.self,
      "Grows a population of best responses and mixes them by regret matching.",
      [
        ParameterDescriptor(
          "innerIterations", .integer(1...1_000_000), default: "100",
          "Steps of regret matching after each new member."),
        ParameterDescriptor(
          "populationLimit", .integer(2...10_000), default: "64", "Members that are kept."),
      ]
    ) {
      PolicySpaceResponseOracles(
        innerIterations: $0.integer("innerIterations"),
        populationLimit: $0.integer("populationLimit"))
    },
    finiteHorizonSolver(
      DeepMunchausenMirrorDescent.self,
      "Mirror descent whose values live in a network that learns from sampled agents.",
      defaultIterations: 30,
      deepParameters + [
        temperature,
        ParameterDescriptor(
          "munchausen", .number(0...1), default: "1", "Share α of the logarithm that is kept."),
        ParameterDescriptor(
          "exploration", .number(0...1), default: "0.3", "Share of random actions in samples."),
      ]
    ) {
      var solver = DeepMunchausenMirrorDescent()
      solver.learning = learning($0)
      solver.temperature = $0.number("temperature")
      solver.munchausen = $0.number("munchausen")
      solver.exploration = $0.number("exploration")
      return solver
    },
    finiteHorizonSolver(
      MeanFieldProximalPolicyOptimization.self,
      "Clipped policy gradients on agents sampled in the policy's own flow.",
      defaultIterations: 30, deepParameters
    ) {
      var solver = MeanFieldProximalPolicyOptimization()
      solver.learning = learning($0)
      return solver
    },
    finiteHorizonSolver(
      DeepAverageNetworkFictitiousPlay.self,
      "One network learns best responses, one imitates all of them.", defaultIterations: 30,
      deepParameters + [
        ParameterDescriptor(
          "reservoir", .integer(1...100_000_000), default: "20000", "Rows that are remembered.")
      ]
    ) {
      var solver = DeepAverageNetworkFictitiousPlay()
      solver.learning = learning($0)
      solver.reservoir = $0.integer("reservoir")
      return solver
    },
  ]

  private static let deepParameters = [
    ParameterDescriptor(
      "episodes", .integer(1...10_000_000), default: "400", "Episodes sampled per iteration."),
    ParameterDescriptor(
      "stepSize", .number(1e-9...1), default: "0.001", "Adam's step size."),
    ParameterDescriptor(
      "epochs", .integer(1...10_000), default: "2", "Passes over the samples per training."),
    ParameterDescriptor(
      "hiddenWidth", .integer(1...4096), default: "64", "Width of both hidden layers."),
    ParameterDescriptor(
      "learningSeed", .integer(0...Int.max), default: "0", "Root of the sampling and the weights."),
  ]

  private static func learning(_ values: ParameterValues) -> DeepLearningConfiguration {
    var configuration = DeepLearningConfiguration()
    configuration.episodes = values.integer("episodes")
    configuration.stepSize = values.number("stepSize")
    configuration.epochs = values.integer("epochs")
    configuration.hidden = [values.integer("hiddenWidth"), values.integer("hiddenWidth")]
    configuration.seed = UInt64(values.integer("learningSeed"))
    return configuration
  }
}
