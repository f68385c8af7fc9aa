/// Evaluates the policy in its own flow and turns greedy.
///
/// ## Method
/// `π_{i+1} = greedy(Q^{π_i}(·; L^{π_i}))`
///
/// - Algorithm: policy-iteration | Cacace, Camilli & Goffi 2021 | algorithm PI | exact check passed
/// - Source: Cacace, Camilli, Goffi (2021), *A policy iteration method for mean field games*,
///   ESAIM: COCV 27.
/// - Differs: discrete time and states.
/// - Randomness: none; ties share equally.
/// - Complexity: one forward and one backward sweep.
/// - Verified: `FiniteHorizonSolverTests`.
public struct PolicyIteration: FiniteHorizonSolver {
  public static let name = "policy-iteration"
  /// Actions whose value is within this of the best share equally; default 1e−9.
  public var tieTolerance: Double

  public init(tieTolerance: Double = 1e-9) { self.tieTolerance = tieTolerance }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func makeStepper<Scalar: FlowScalar>(
    _ workspace: FlowWorkspace<Scalar>
  ) -> any PolicyStepper<Scalar> {
    let tolerance = Scalar(tieTolerance)
    return FlowStepper(workspace) { _, policy, flow, next in
      workspace.greedyImprovement(of: policy, in: flow, tolerance: tolerance, into: next)
    }
  }
}
