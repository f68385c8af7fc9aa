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

  public func makeStepper<Scalar: FlowScalar>(
    _ workspace: FlowWorkspace<Scalar>
  ) -> any PolicyStepper<Scalar> {
    Stepper(workspace, self)
  }

  private final class Stepper<Scalar: FlowScalar>: PolicyStepper {
    private let workspace: FlowWorkspace<Scalar>
    private let solver: PolicyIteration
    private let flow: PopulationFlow<Scalar>

    init(_ workspace: FlowWorkspace<Scalar>, _ solver: PolicyIteration) {
      self.workspace = workspace
      self.solver = solver
      flow = PopulationFlow(workspace.game)
    }

    var carried: [FlatBuffer<Scalar>] { [] }

    func start(from policy: FlatBuffer<Scalar>) {}

    @specialized(where Scalar == Double)
    @specialized(where Scalar == Float)
    func step(
      _ iteration: Int, from policy: FlatBuffer<Scalar>, to next: FlatBuffer<Scalar>
    ) -> [StartValues] {
      workspace.forward(policy, into: flow)
      let values = workspace.greedyImprovement(
        of: policy, in: flow, tolerance: Scalar(solver.tieTolerance), into: next)
      return values
    }
  }
}
