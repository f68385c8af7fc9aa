/// Best-responds to the last policy's flow, keeping a share of that policy.
///
/// ```swift
/// let search = EquilibriumSearch(PreparedGame(BeachBar<Double>()), FixedPointIteration(damping: 0.9))
/// ```
///
/// ## Method
/// `π_{i+1} = d π_i + (1 − d) π_br(L^{π_i})`, state by state
/// - `d`: `damping`; 0 is the plain Banach–Picard iteration.
///
/// - Algorithm: fixed-point-iteration | Laurière et al. 2022 | section 3.1 | exact check passed
/// - Source: Laurière, Perrin, Pérolat et al. (2022), *Learning mean field games: a survey*,
///   arXiv 2205.12944, section 3.1.
/// - Differs: None known. `FictitiousPlay(weight:)` damps the flow instead of the policy.
/// - Randomness: none; ties share equally.
/// - Complexity: one forward and one backward sweep.
/// - Verified: `FiniteHorizonSolverTests`.
public struct FixedPointIteration: FiniteHorizonSolver {
  public static let name = "fixed-point-iteration"
  /// d in [0, 1); default 0.
  public var damping: Double
  /// Actions whose value is within this of the best share equally; default 1e−9.
  public var tieTolerance: Double

  public init(damping: Double = 0, tieTolerance: Double = 1e-9) {
    self.damping = damping
    self.tieTolerance = tieTolerance
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func makeStepper<Scalar: FlowScalar>(
    _ workspace: FlowWorkspace<Scalar>
  ) -> any PolicyStepper<Scalar> {
    let tolerance = Scalar(tieTolerance)
    let kept = Scalar(damping)
    return FlowStepper(workspace) { _, policy, flow, next in
      let values = workspace.bestResponse(to: policy, in: flow, tolerance: tolerance, into: next)
      workspace.mix(policy, into: next, keeping: kept)
      return values
    }
  }
}
