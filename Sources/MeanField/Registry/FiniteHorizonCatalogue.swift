import Networks

/// A finite-horizon game in the catalogue, in double precision and, on demand, in single.
public struct FiniteHorizonInstance: CataloguedGame {
  public let double: PreparedGame<Double>
  public let single: @Sendable () -> PreparedGame<Float>

  /// Both precisions of one game.
  public init(
    _ double: @autoclosure () -> PreparedGame<Double>,
    single: @escaping @Sendable @autoclosure () -> PreparedGame<Float>
  ) {
    self.double = double()
    self.single = single
  }
}

extension MeanFieldCatalogue {
  /// A solver of finite-horizon games, from its descriptor's parameters.
  static func finiteHorizonSolver<Solver: FiniteHorizonSolver>(
    _ type: Solver.Type, _ documentation: String, defaultIterations: Int = 100,
    _ parameters: [ParameterDescriptor] = [],
    make: @escaping @Sendable (ParameterValues) -> Solver
  ) -> SolverDescriptor {
    SolverDescriptor(
      name: Solver.name, documentation: documentation,
      parameters: parameters + FiniteHorizonSettings.parameters,
      accepts: { $0 is FiniteHorizonInstance },
      solve: { game, values, request in
        guard let instance = game as? FiniteHorizonInstance else {
          throw InputError(file: "--solver", expected: "needs a finite-horizon game")
        }
        let settings = FiniteHorizonSettings(values)
        var rule = StoppingRule(iterations: request.iterations ?? defaultIterations)
        rule.exploitability = settings.target
        let solver = make(values)
        return settings.isSingle
          ? FiniteHorizonReport.solve(instance.single(), solver, rule, request, settings)
          : FiniteHorizonReport.solve(instance.double, solver, rule, request, settings)
      })
  }
}

/// What every finite-horizon solver lets a user set.
struct FiniteHorizonSettings {
  static let parameters = [
    ParameterDescriptor(
      "precision", .choice(["double", "single"]), default: "double",
      "The number type of the solver's tables."),
    ParameterDescriptor(
      "exploitability", .number(-1...Double.infinity), default: "-1",
      "The search ends at this summed exploitability; negative: only at the iteration limit."),
    ParameterDescriptor(
      "report", .choice(["best", "last"]), default: "best",
      "Which policy is reported: the least exploitable one of the run, or the last."),
  ]

  let isSingle: Bool
  let target: Double?
  let reportsBest: Bool

  init(_ values: ParameterValues) {
    isSingle = values.text("precision") == "single"
    let target = values.number("exploitability")
    self.target = target < 0 ? nil : target
    reportsBest = values.text("report") == "best"
  }
}

/// Turns a search into the answer of `meanfield solve`.
enum FiniteHorizonReport {
  static func solve<Scalar: FlowScalar, Solver: FiniteHorizonSolver>(
    _ game: PreparedGame<Scalar>, _ solver: Solver, _ rule: StoppingRule, _ request: SolveRequest,
    _ settings: FiniteHorizonSettings
  ) -> MeanFieldSolution {
    let search = EquilibriumSearch(game, solver, threads: request.threads)
    return report(search.run(rule), threads: request.threads, reportsBest: settings.reportsBest)
  }

  static func report<Scalar: FlowScalar>(
    _ result: SearchResult<Scalar>, threads: Int, reportsBest: Bool
  ) -> MeanFieldSolution {
    let policy = (reportsBest ? result.bestPolicy : nil) ?? result.policy
    let measures = PolicyMeasures.evaluate(policy, in: result.game, threads: threads)
    var solution = MeanFieldSolution(
      iterations: result.iterations, status: result.status.sentence)
    solution.exploitability = .init(trace: result.exploitabilities)
    solution.value = measures.values.reduce(0, +)
    let isSingle = result.game.populationCount == 1
    solution.meanField =
      isSingle ? NestedNumbers(measures.laws[0]) : NestedNumbers(measures.laws)
    solution.policy =
      isSingle
      ? NestedNumbers(policy.nested())
      : NestedNumbers(result.game.shapes.indices.map { policy.nested(population: $0) })
    solution.grids = result.game.shapes.map(\.grid)
    solution.parameters["bestIteration"] = Double(result.bestIteration)
    solution.parameters["reportedExploitability"] = measures.exploitability
    if !isSingle {
      for (population, value) in measures.exploitabilities.enumerated() {
        solution.parameters["exploitability.\(population)"] = value
        solution.parameters["value.\(population)"] = measures.values[population]
      }
    }
    return solution
  }
}
