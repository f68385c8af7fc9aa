/// Checks that a game keeps the promises of `FiniteHorizonGame`.
///
/// ```swift
/// let problems = checkGame(MyGame())
/// for problem in problems { print(problem) }  // empty: all is well
/// ```
///
/// Examined at the uniform policy and at `samples` random ones: initial laws and transition rows are
/// probabilities, next states exist, rewards are finite and fill every entry, the same mean field
/// gives the same numbers again, rewards that were declared to ignore actions, the joint law or the laws
/// elsewhere do so,
/// and rewards change smoothly: the slope along a change of the mean field agrees between two step
/// widths (a jump, as a rounding or a threshold makes, is reported as a warning).
///
/// - Randomness: `SeedTree(root: seed).stream("check-game")`.
public func checkGame<Game: FiniteHorizonGame>(
  _ game: Game, samples: Int = 3, seed: UInt64 = 0
) -> [GameProblem] where Game.Scalar == Double {
  var checker = GameChecker(PreparedGame(game), seed: seed)
  return checker.run(samples: samples)
}

/// One broken promise.
public struct GameProblem: Sendable, Hashable, CustomStringConvertible {
  public enum Severity: String, Sendable, Hashable { case error, warning }
  public let severity: Severity
  public let description: String
}
