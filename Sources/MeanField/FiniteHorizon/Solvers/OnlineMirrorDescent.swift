/// Adds every policy's action values to a running score and plays the softmax of the scores.
///
/// ```swift
/// let search = EquilibriumSearch(
///   PreparedGame(CrowdMotion<Double>()), OnlineMirrorDescent(learningRate: 0.1))
/// let result = search.run(StoppingRule(iterations: 100))
/// ```
///
/// ## Method
/// `y_0 = log π_0`, `y_{i+1} = y_i + η Q^{π_i}(·; L^{π_i})`, `π_{i+1} = softmax(y_{i+1})`
/// - `η`: `learningRate`, per unit of reward.
///
/// - Algorithm: online-mirror-descent | Perolat et al. 2021 | algorithm 2 | exact check passed
/// - Source: Perolat et al. (2021), *Scaling up mean field games with online mirror descent*,
///   arXiv 2103.00623; several populations as in its section 5.
/// - Differs: None known. OpenSpiel's implementation reads values that are still being updated.
/// - Shapes: `y` is `[population][step][action][state]`.
/// - Randomness: none.
/// - Complexity: one forward and one backward sweep and one exponential per state, action and step.
/// - Verified: `FiniteHorizonReferenceTests`.
public struct OnlineMirrorDescent: FiniteHorizonSolver {
  public static let name = "online-mirror-descent"
  /// η > 0, per unit of reward; default 1 (MFGLib's).
  public var learningRate: Double

  public init(learningRate: Double = 1) { self.learningRate = learningRate }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func makeStepper<Scalar: FlowScalar>(
    _ workspace: FlowWorkspace<Scalar>
  ) -> any PolicyStepper<Scalar> {
    let scores = FlatBuffer<Scalar>(count: workspace.layout.tableCount)
    let rate = Scalar(learningRate)
    return FlowStepper(workspace, startingAtLogarithms: scores) { _, policy, flow, next in
      workspace.backward(policy, in: flow, goal: .both) { population, step, states, q, _ in
        workspace.softmaxAscent(
          population, step, states, q, rate: rate, scores: scores, keepsSum: true, into: next)
      }
    }
  }
}
