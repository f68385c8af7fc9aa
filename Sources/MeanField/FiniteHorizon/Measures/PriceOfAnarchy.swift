/// What selfishness costs a population: the team's value against the equilibrium's.
///
/// ```swift
/// let price = PriceOfAnarchy.measure(
///   game, OnlineMirrorDescent(learningRate: 0.1), StoppingRule(iterations: 2000))
/// price.difference  // team value − equilibrium value, summed over populations
/// ```
///
/// The team policy is an equilibrium of the game with externalities (`withExternalities`), evaluated
/// in the original game; where team welfare is concave in the flow it is the optimum, elsewhere a
/// stationary point.
///
/// - Algorithm: price-of-anarchy | Carmona, Graves & Tan 2019 | section 2 | exact check passed
/// - Source: Carmona, Graves, Tan (2019), *Price of anarchy for mean field games*, ESAIM: Proceedings.
/// - Differs: None known.
/// - Verified: `FiniteHorizonMeasureTests`.
public struct PriceOfAnarchy: Sendable, Hashable {
  /// Summed over populations.
  public let equilibriumValue, teamValue: Double
  /// What the two searches left: exploitability in the game and in the game with externalities.
  public let equilibriumGap, teamGap: Double

  public var difference: Double { teamValue - equilibriumValue }

  public static func measure<Solver: FiniteHorizonSolver>(
    _ game: PreparedGame<Double>, _ solver: Solver, _ rule: StoppingRule
  ) -> PriceOfAnarchy {
    func best(_ game: PreparedGame<Double>) -> (FiniteHorizonPolicy<Double>, Double) {
      let result = EquilibriumSearch(game, solver).run(rule)
      return (result.bestPolicy ?? result.policy, result.bestExploitability)
    }
    let (selfish, selfishGap) = best(game)
    let (team, teamGap) = best(game.withExternalities())
    func value(_ policy: FiniteHorizonPolicy<Double>) -> Double {
      PolicyMeasures.evaluate(policy, in: game).values.reduce(0, +)
    }
    return PriceOfAnarchy(
      equilibriumValue: value(selfish), teamValue: value(team), equilibriumGap: selfishGap,
      teamGap: teamGap)
  }
}
