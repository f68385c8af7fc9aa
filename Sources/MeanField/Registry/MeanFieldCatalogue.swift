import Networks

/// An instance of a game that the catalogue can hand to a solver. Every model protocol of this room
/// (stationary discounted, finite horizon, static) refines it; a solver asks for the one it needs.
public protocol CataloguedGame: Sendable {}

/// A game in the catalogue: its name, what it is, its parameters and how an instance is made.
public struct GameDescriptor: Sendable {
  /// The full name in kebab-case.
  public let name: String
  /// One sentence.
  public let documentation: String
  public let parameters: [ParameterDescriptor]
  /// Makes an instance; throws an `InputError` for values that do not go together.
  public let make: @Sendable (ParameterValues) throws -> any CataloguedGame

  public init(
    name: String, documentation: String, parameters: [ParameterDescriptor] = [],
    make: @escaping @Sendable (ParameterValues) throws -> any CataloguedGame
  ) {
    self.name = name
    self.documentation = documentation
    self.parameters = parameters
    self.make = make
  }
}

/// What a solver is asked for, beyond the game and its own parameters.
public struct SolveRequest: Sendable, Hashable {
  /// The number of iterations; nil means the solver's default.
  public var iterations: Int?
  public var seed: UInt64
  /// How many threads may be used; the result never depends on it.
  public var threads: Int

  public init(iterations: Int? = nil, seed: UInt64 = 0, threads: Int = 1) {
    self.iterations = iterations
    self.seed = seed
    self.threads = threads
  }
}

/// A solver in the catalogue.
public struct SolverDescriptor: Sendable {
  /// The full name in kebab-case.
  public let name: String
  /// One sentence.
  public let documentation: String
  public let parameters: [ParameterDescriptor]
  /// Whether the solver can be applied to this instance.
  public let accepts: @Sendable (any CataloguedGame) -> Bool
  /// Runs the solver; `game` has been accepted.
  public let solve:
    @Sendable (any CataloguedGame, ParameterValues, SolveRequest) throws -> MeanFieldSolution

  public init(
    name: String, documentation: String, parameters: [ParameterDescriptor] = [],
    accepts: @escaping @Sendable (any CataloguedGame) -> Bool,
    solve:
      @escaping @Sendable (any CataloguedGame, ParameterValues, SolveRequest) throws ->
      MeanFieldSolution
  ) {
    self.name = name
    self.documentation = documentation
    self.parameters = parameters
    self.accepts = accepts
    self.solve = solve
  }
}

/// All games and solvers by name: what `meanfield games`, `solvers` and `solve` stand on.
///
/// ```swift
/// let solution = try MeanFieldCatalogue.solve(
///   game: "malware", solver: "exact-equilibrium", settings: ["k": "0.3"])
/// ```
public enum MeanFieldCatalogue {
  /// Every game, in the order in which they are listed.
  public static let games: [GameDescriptor] =
    stationaryGames + finiteHorizonGames + routingGames
  /// Every solver, in the order in which they are listed.
  public static let solvers: [SolverDescriptor] =
    stationarySolvers + finiteHorizonSolvers + populationAwareSolvers + routingSolvers

  /// The game of a given name.
  ///
  /// - Throws: `InputError` that lists the names.
  public static func game(_ name: String) throws(InputError) -> GameDescriptor {
    if let found = games.first(where: { $0.name == name }) { return found }
    throw InputError(
      file: "--game", value: name,
      expected: "expected one of \(games.map(\.name).joined(separator: ", "))")
  }

  /// The solver of a given name.
  ///
  /// - Throws: `InputError` that lists the names.
  public static func solver(_ name: String) throws(InputError) -> SolverDescriptor {
    if let found = solvers.first(where: { $0.name == name }) { return found }
    throw InputError(
      file: "--solver", value: name,
      expected: "expected one of \(solvers.map(\.name).joined(separator: ", "))")
  }

  /// Makes an instance of a game.
  public static func make(
    game name: String, settings: [String: String] = [:]
  ) throws -> any CataloguedGame {
    let descriptor = try game(name)
    try ParameterValues.rejectUnknown(settings, allowed: descriptor.parameters)
    return try descriptor.make(ParameterValues(descriptor.parameters, given: settings))
  }

  /// Solves a game: the one entry behind `meanfield solve`.
  ///
  /// - Throws: `InputError` for an unknown name, key or value, and where the solver cannot be
  ///   applied to the game.
  public static func solve(
    game gameName: String, solver solverName: String, settings: [String: String] = [:],
    request: SolveRequest = SolveRequest()
  ) throws -> MeanFieldSolution {
    let game = try game(gameName)
    let solver = try solver(solverName)
    try ParameterValues.rejectUnknown(settings, allowed: game.parameters + solver.parameters)
    let instance = try game.make(ParameterValues(game.parameters, given: settings))
    guard solver.accepts(instance) else {
      let fitting = solvers.filter { $0.accepts(instance) }.map(\.name).joined(separator: ", ")
      throw InputError(
        file: "--solver", value: solverName,
        expected: "cannot be applied to the game '\(gameName)'; these can: \(fitting)")
    }
    var solution = try solver.solve(
      instance, ParameterValues(solver.parameters, given: settings), request)
    solution.game = gameName
    solution.solver = solverName
    solution.seed = request.seed
    return solution
  }
}
