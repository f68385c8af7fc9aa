/// Climbs the rewards in the space of occupation measures and projects back onto it.
///
/// ```swift
/// let search = EquilibriumSearch(
///   PreparedGame(CrowdMotion<Double>()), OccupationMeasureInclusion(stepSize: 1e-3))
/// ```
///
/// ## Method
/// `d_{i+1} = Proj_{D(P)}(d_i + α (r(d_i) − η d_i))`, D(P) the occupation measures of the transitions
/// (frozen at d_i where they depend on the mean field); π = d / Σ_a d.
/// - `α`: `stepSize`; `η`: `perturbation`.
///
/// - Algorithm: occupation-measure-inclusion | Hu & Zhang 2024 | algorithm MF-OMI-FBS | exact check passed
/// - Source: Hu, Zhang (2024), *MF-OML: Online mean-field reinforcement learning with occupation
///   measures for large population games*, arXiv 2405.00282.
/// - Differs: the projection is computed by sweeps (`OccupationMeasureProjection`), not by a general
///   quadratic program; d_i is made exactly feasible by running its policy.
/// - Randomness: none.
/// - Complexity: some tens of sweeps an iteration, fewer near the end.
/// - Verified: `FiniteHorizonSolverTests`.
public struct OccupationMeasureInclusion: FiniteHorizonSolver {
  public static let name = "occupation-measure-inclusion"
  /// α > 0, mass per unit of reward; default 1e−3 (MFGLib's).
  public var stepSize: Double
  /// η ≥ 0; default 0 (MFGLib's).
  public var perturbation: Double
  /// Largest residual of the projection, in mass; default 1e−10.
  public var projectionTolerance: Double
  /// Steps of one projection at most; default 500.
  public var projectionLimit: Int

  public init(
    stepSize: Double = 1e-3, perturbation: Double = 0, projectionTolerance: Double = 1e-10,
    projectionLimit: Int = 500
  ) {
    self.stepSize = stepSize
    self.perturbation = perturbation
    self.projectionTolerance = projectionTolerance
    self.projectionLimit = projectionLimit
  }

  public func makeStepper<Scalar: FlowScalar>(
    _ workspace: FlowWorkspace<Scalar>
  ) -> any PolicyStepper<Scalar> {
    Stepper(workspace, self)
  }

  private final class Stepper<Scalar: FlowScalar>: PolicyStepper {
    private let workspace: FlowWorkspace<Scalar>
    private let solver: OccupationMeasureInclusion
    private let flow: PopulationFlow<Scalar>
    private let projection: OccupationMeasureProjection<Scalar>
    private let target: FlatBuffer<Scalar>
    private let unvisited: FlatBuffer<Scalar>

    init(_ workspace: FlowWorkspace<Scalar>, _ solver: OccupationMeasureInclusion) {
      self.workspace = workspace
      self.solver = solver
      flow = PopulationFlow(workspace.game)
      projection = OccupationMeasureProjection(workspace)
      target = FlatBuffer(count: workspace.layout.tableCount)
      unvisited = FlatBuffer(FiniteHorizonPolicy.uniform(workspace.game).values)
    }

    var carried: [FlatBuffer<Scalar>] { [projection.multipliers] }

    func start(from policy: FlatBuffer<Scalar>) {}

    @specialized(where Scalar == Double)
    @specialized(where Scalar == Float)
    func step(
      _ iteration: Int, from policy: FlatBuffer<Scalar>, to next: FlatBuffer<Scalar>
    ) -> [StartValues] {
      workspace.forward(policy, into: flow)
      let values = workspace.backward(policy, in: flow, goal: .both)
      climb(policy)
      let floor = max(solver.projectionTolerance, Double(Scalar.ulpOfOne) * 8)
      _ = projection.project(
        target, in: flow, into: next, tolerance: floor, limit: solver.projectionLimit)
      workspace.normalise(next, unvisited: unvisited, below: Scalar(10 * floor))
      return values
    }

    /// `target = d + α (r − η d)`.
    private func climb(_ policy: FlatBuffer<Scalar>) {
      let layout = workspace.layout
      let keep = Scalar(1 - solver.stepSize * solver.perturbation)
      let rate = Scalar(solver.stepSize)
      for (population, shape) in workspace.game.shapes.enumerated() {
        for step in 0...workspace.game.lastStep {
          let table = target.base + layout.table(population, step)
          workspace.rewards(population, step, flow, into: table)
          let pi = policy.base + layout.table(population, step)
          let law = flow.laws.base + layout.law(population, step)
          for action in 0..<shape.actionCount {
            for state in 0..<shape.stateCount {
              let entry = action * shape.stateCount + state
              table[entry] = keep * law[state] * pi[entry] + rate * table[entry]
            }
          }
        }
      }
    }
  }
}
