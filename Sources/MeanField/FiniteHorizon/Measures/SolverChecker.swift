import Foundation

/// The examinations behind `checkSolver`.
struct SolverChecker<Solver: FiniteHorizonSolver> {
  let solver: Solver
  let iterations: Int
  private(set) var problems: [SolverProblem] = []

  init(solver: Solver, iterations: Int) {
    self.solver = solver
    self.iterations = iterations
  }

  private mutating func report(_ game: PreparedGame<Double>?, _ text: String) {
    problems.append(SolverProblem(game: game?.name, description: text))
  }

  private func search(_ game: PreparedGame<Double>, threads: Int = 1) -> EquilibriumSearch<Double> {
    EquilibriumSearch(game, solver, threads: threads)
  }

  mutating func run(_ game: PreparedGame<Double>) {
    let whole = search(game).run(StoppingRule(iterations: iterations))
    checkPolicies(game)
    checkRepetition(game, whole)
    checkResume(game, whole)
    checkInitialPolicy(game)
  }

  /// Every policy is one, and the trace says how exploitable it is.
  private mutating func checkPolicies(_ game: PreparedGame<Double>) {
    let search = search(game)
    for iteration in 0...iterations {
      let result = search.run(StoppingRule(iterations: iteration))
      guard let record = result.trace.last, record.exploitability.isFinite else {
        return report(game, "iteration \(iteration): the exploitability is not a finite number")
      }
      if let flaw = flaw(result.policy, game) {
        return report(game, "iteration \(iteration): \(flaw)")
      }
      let measured = PolicyMeasures.evaluate(result.policy, in: game).exploitability
      if abs(measured - record.exploitability) > 1e-9 * (1 + measured) {
        return report(
          game,
          "iteration \(iteration): the trace says \(record.exploitability), the policy has \(measured)"
        )
      }
    }
  }

  private func flaw(
    _ policy: FiniteHorizonPolicy<Double>, _ game: PreparedGame<Double>
  ) -> String? {
    for (population, shape) in game.shapes.enumerated() {
      for (step, rows) in policy.nested(population: population).enumerated() {
        for (state, row) in rows.enumerated() {
          let place = "population \(population), step \(step), state \(state)"
          if row.contains(where: { !($0 >= 0) }) || abs(row.reduce(0, +) - 1) > 1e-9 {
            return "\(place): \(row) are no probabilities"
          }
          for action in row.indices where row[action] > 0 && !shape.isAvailable(state, action) {
            return "\(place): action \(action) is not available and has \(row[action])"
          }
        }
      }
    }
    return nil
  }

  private mutating func checkRepetition(
    _ game: PreparedGame<Double>, _ whole: SearchResult<Double>
  ) {
    // Two searches take steps in turn: neither may see the other.
    let (one, two) = (search(game), search(game, threads: 2))
    for iteration in 1...iterations {
      _ = one.run(StoppingRule(iterations: iteration))
      _ = two.run(StoppingRule(iterations: iteration))
    }
    let (first, second) = (
      one.run(StoppingRule(iterations: iterations)), two.run(StoppingRule(iterations: iterations))
    )
    if first.policy.values != whole.policy.values {
      report(game, "a second run gives other numbers")
    } else if second.policy.values != whole.policy.values {
      report(game, "two threads give other numbers")
    }
  }

  private mutating func checkResume(_ game: PreparedGame<Double>, _ whole: SearchResult<Double>) {
    for stop in [1, iterations / 2] {
      let first = search(game)
      _ = first.run(StoppingRule(iterations: stop))
      let second = search(game)
      do {
        let stored = try JSONEncoder().encode(first.checkpoint())
        try second.restore(JSONDecoder().decode(SearchCheckpoint<Double>.self, from: stored))
      } catch {
        return report(game, "the checkpoint after \(stop) steps cannot be taken up: \(error)")
      }
      let resumed = second.run(StoppingRule(iterations: iterations))
      if resumed.policy.values != whole.policy.values
        || resumed.exploitabilities != whole.exploitabilities
      {
        return report(game, "resumed after \(stop) steps, the search gives other numbers")
      }
    }
  }

  private mutating func checkInitialPolicy(_ game: PreparedGame<Double>) {
    // The step may write to its result only: the measured policy is still the one it was given.
    let workspace = FlowWorkspace(game)
    let policy = FlatBuffer(FiniteHorizonPolicy.uniform(game).values)
    let next = FlatBuffer<Double>(count: policy.count)
    let stepper = solver.makeStepper(workspace)
    stepper.start(from: policy)
    _ = stepper.step(0, from: policy, to: next)
    if policy.array != FiniteHorizonPolicy.uniform(game).values {
      report(game, "the step changes the policy that it starts from")
    }
  }

  mutating func checkCoding() {
    do {
      let decoded = try JSONDecoder().decode(Solver.self, from: JSONEncoder().encode(solver))
      if decoded != solver { report(nil, "decoded settings differ from the encoded ones") }
    } catch {
      report(nil, "the settings cannot be encoded and decoded: \(error)")
    }
  }
}
