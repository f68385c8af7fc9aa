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

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func makeStepper<Scalar: FlowScalar>(
    _ workspace: FlowWorkspace<Scalar>
  ) -> any PolicyStepper<Scalar> {
    let projection = OccupationMeasureProjection(workspace)
    let target = FlatBuffer<Scalar>(count: workspace.layout.tableCount)
    let unvisited = FlatBuffer(FiniteHorizonPolicy.uniform(workspace.game).values)
    let floor = max(projectionTolerance, Double(Scalar.ulpOfOne) * 8)
    let (keep, rate) = (Scalar(1 - stepSize * perturbation), Scalar(stepSize))
    let limit = projectionLimit
    return FlowStepper(workspace, carried: [projection.multipliers]) { _, policy, flow, next in
      let values = workspace.backward(policy, in: flow, goal: .both)
      workspace.climb(policy, flow, keeping: keep, rate: rate, into: target)
      _ = projection.project(target, in: flow, into: next, tolerance: floor, limit: limit)
      workspace.normalise(next, unvisited: unvisited, below: Scalar(10 * floor))
      return values
    }
  }
}

extension FlowWorkspace {
  /// `target = keep · d + rate · r` with d the joint law of the policy.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  fileprivate func climb(
    _ policy: FlatBuffer<Scalar>, _ flow: PopulationFlow<Scalar>, keeping keep: Scalar,
    rate: Scalar, into target: FlatBuffer<Scalar>
  ) {
    for (population, shape) in game.shapes.enumerated() {
      for step in 0...game.lastStep {
        let table = target.base + layout.table(population, step)
        rewards(population, step, flow, into: table)
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
