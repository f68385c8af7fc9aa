/// Turns greedy step by step: each new greedy policy enters an average with falling weight.
///
/// ## Method
/// `π_{i+1} = (1 − w_i) π_i + w_i greedy(Q^{π_i}(·; L^{π_i}))`, `w_i = min(1, β / (i + β))`
/// - `β`: `weightOffset`.
///
/// - Algorithm: smoothed-policy-iteration | Tang & Song 2022 | algorithm SPI1 | exact check passed
/// - Source: Tang, Song (2022), *Learning optimal policies in potential mean field games: smoothed
///   policy iteration algorithms*, arXiv 2212.04791.
/// - Differs: discrete time and states; averages probabilities state by state.
/// - Randomness: none; ties share equally.
/// - Complexity: one forward and one backward sweep.
/// - Verified: `FiniteHorizonSolverTests`.
public struct SmoothedPolicyIteration: FiniteHorizonSolver {
  public static let name = "smoothed-policy-iteration"
  /// β > 0; default 2.
  public var weightOffset: Double
  /// Actions whose value is within this of the best share equally; default 1e−9.
  public var tieTolerance: Double

  public init(weightOffset: Double = 2, tieTolerance: Double = 1e-9) {
    self.weightOffset = weightOffset
    self.tieTolerance = tieTolerance
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func makeStepper<Scalar: FlowScalar>(
    _ workspace: FlowWorkspace<Scalar>
  ) -> any PolicyStepper<Scalar> {
    let tolerance = Scalar(tieTolerance)
    let offset = weightOffset
    return FlowStepper(workspace) { iteration, policy, flow, next in
      let values = workspace.greedyImprovement(
        of: policy, in: flow, tolerance: tolerance, into: next)
      let weight = min(1, offset / (Double(iteration) + offset))
      workspace.mix(policy, into: next, keeping: 1 - Scalar(weight))
      return values
    }
  }
}
