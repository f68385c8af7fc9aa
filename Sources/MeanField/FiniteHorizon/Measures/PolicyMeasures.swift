/// What a policy is worth in a game, and how far it is from an equilibrium.
///
/// ```swift
/// let game = PreparedGame(LeftRight<Double>())
/// let report = PolicyMeasures.evaluate(.uniform(game), in: game)
/// report.exploitability  // 0.25
/// ```
///
/// ## Method
/// `Σ_s μ_0(s) [max_a Q*_0(s,a) − Σ_a π_0(a|s) Q^π_0(s,a)]` per population, with Q in the frozen flow
/// of the policy; the total is the sum over populations.
///
/// - Algorithm: exploitability | Perrin et al. 2020 | section 2 | exact check passed
/// - Source: Perrin et al. (2020), *Fictitious play for mean field games: continuous time analysis
///   and applications*, NeurIPS.
/// - Differs: None known.
/// - Complexity: one forward and one backward sweep.
/// - Verified: `FiniteHorizonReferenceTests`.
public struct PolicyMeasures: Sendable, Hashable {
  /// What each population gets from its initial law.
  public let values: [Double]
  /// What a single deviating agent of each population could gain.
  public let exploitabilities: [Double]
  /// The law of states, `[population][step][state]`.
  public let laws: [[[Double]]]

  /// The sum over populations.
  public var exploitability: Double { exploitabilities.reduce(0, +) }

  /// Evaluates a policy exactly.
  public static func evaluate<Scalar: FlowScalar>(
    _ policy: FiniteHorizonPolicy<Scalar>, in game: PreparedGame<Scalar>, threads: Int = 1
  ) -> PolicyMeasures {
    let workspace = FlowWorkspace(game, threads: threads)
    let flow = PopulationFlow(game)
    let table = FlatBuffer(policy.values)
    workspace.forward(table, into: flow)
    let values = workspace.backward(table, in: flow, goal: .both)
    return PolicyMeasures(
      values: values.map(\.policy), exploitabilities: values.map(\.exploitability),
      laws: flow.nestedLaws(workspace.layout))
  }
}

extension PopulationFlow {
  /// `[population][step][state]` in double precision.
  package func nestedLaws(_ layout: TableLayout) -> [[[Double]]] {
    layout.shapes.indices.map { population in
      (0..<layout.stepCount).map { step in
        (0..<layout.shapes[population].stateCount).map {
          Double(laws.base[layout.law(population, step) + $0])
        }
      }
    }
  }
}
