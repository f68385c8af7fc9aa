import Flows
import Networks

extension MeanFieldCatalogue {
  /// The routing game on any network.
  static let routingGames: [GameDescriptor] = [
    GameDescriptor(
      name: "routing",
      documentation:
        "Every packet takes its own shortest path on a network whose delays grow with traffic.",
      parameters: [
        ParameterDescriptor(
          "topology", .text, default: "b4",
          "A built-in network, a file, braess or sioux-falls-like."),
        ParameterDescriptor("traffic", .text, default: "uniform", "uniform, or a file of demands."),
        ParameterDescriptor(
          "load", .number(0...1e9), default: "0.3",
          "Packets a tick and source router, on average."),
        ParameterDescriptor(
          "latency", .choice(RoutingGame.Latency.allCases.map(\.rawValue)), default: "queues",
          "Delay at the routers' queues (as in the packet simulator) or on the links."),
        ParameterDescriptor(
          "horizon", .integer(1...100_000), default: "500",
          "Ticks of an episode that starts empty (queues only)."),
      ]
    ) { values in
      try RoutingGame.load(
        topology: values.text("topology"), traffic: values.text("traffic"),
        load: values.number("load"),
        latency: RoutingGame.Latency(rawValue: values.text("latency")) ?? .queues,
        horizon: values.integer("horizon"))
    }
  ]

  /// The solvers of the routing game.
  static let routingSolvers: [SolverDescriptor] = [
    routingSolver(
      "wardrop-equilibrium", "All used paths of a pair are equally long: the selfish flow."
    ) { $0.equilibrium },
    routingSolver("system-optimum", "The flow of least total time.") { $0.optimum },
  ]

  private static func routingSolver(
    _ name: String, _ documentation: String,
    _ pick: @escaping @Sendable (WardropEquilibrium) -> RoutedFlow
  ) -> SolverDescriptor {
    SolverDescriptor(
      name: name, documentation: documentation,
      parameters: [
        ParameterDescriptor(
          "relativeGap", .number(0...1), default: "1e-8",
          "Certified relative gap of the convex program; the search goes on until paths agree to 1e−7."
        )
      ],
      accepts: { $0 is RoutingGame },
      solve: { game, values, request in
        guard let game = game as? RoutingGame else {
          throw InputError(file: "--solver", expected: "needs the routing game")
        }
        let answer = game.solve(
          ConvexFlowConfiguration(
            relativeGap: values.number("relativeGap"), sweepLimit: request.iterations ?? 2000))
        return solution(answer, pick(answer))
      })
  }

  private static func solution(
    _ answer: WardropEquilibrium, _ routed: RoutedFlow
  ) -> MeanFieldSolution {
    let gap = routed.certificate.largestPathGap
    var solution = MeanFieldSolution(
      iterations: routed.outcome.sweeps,
      status: gap <= 1e-6 ? "converged" : "iteration limit reached")
    solution.value = -routed.meanTime
    solution.meanField = NestedNumbers(routed.flows.arcFlow)
    solution.priceOfAnarchy = answer.equilibrium.meanTime - answer.optimum.meanTime
    solution.parameters = [
      "meanTime": routed.meanTime, "largestPathGap": gap,
      "relativeGap": routed.certificate.meanGap, "priceOfAnarchyRatio": answer.priceOfAnarchy,
      "unreachableDemand": routed.unreachableDemand,
    ]
    return solution
  }
}
