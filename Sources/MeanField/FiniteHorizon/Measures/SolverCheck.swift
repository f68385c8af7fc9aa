/// Checks that a solver keeps the promises of `FiniteHorizonSolver`.
///
/// ```swift
/// for problem in checkSolver(MySolver()) { print(problem) }  // empty: all is well
/// ```
///
/// Examined on three small games (one population; three; actions that are not available everywhere):
/// every policy is one, also where actions are missing; the trace holds the exploitability of the very
/// policies, measured independently; a second run gives the same bytes, also beside another search
/// that runs in turn; threads change nothing; a checkpoint taken up by a new search goes on with the
/// same bytes; nothing that is handed in is changed; the solver survives encoding and decoding.
///
/// - Parameter iterations: steps of each run, ≥ 4.
public func checkSolver<Solver: FiniteHorizonSolver>(
  _ solver: Solver, iterations: Int = 6
) -> [SolverProblem] {
  var checker = SolverChecker(solver: solver, iterations: max(4, iterations))
  checker.run(PreparedGame(BeachBar<Double>()))
  checker.run(PreparedGame(PredatorPrey<Double>(lastStep: 3, size: 3)))
  checker.run(PreparedGame(DynamicRouting<Double>.braess(lastStep: 12)))
  checker.checkCoding()
  return checker.problems
}

/// One broken promise of a solver.
public struct SolverProblem: Sendable, Hashable, CustomStringConvertible {
  /// The game on which it was seen; nil where it concerns no game.
  public let game: String?
  public let description: String
}
