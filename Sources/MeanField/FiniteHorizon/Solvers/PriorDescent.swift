/// Plays a softmax of the optimal action values around a prior policy, and moves the prior now and
/// then.
///
/// ```swift
/// let solver = PriorDescent(temperature: 1, priorUpdateInterval: 5)
/// ```
///
/// ## Method
/// `π_{i+1} ∝ prior · exp(Q*(·; L^{π_i}) / η)`; `prior ← π_{i+1}` when (i + 2) mod n = 0.
/// - `η`: `temperature`; `n`: `priorUpdateInterval`.
///
/// - Algorithm: prior-descent | Cui & Koeppl 2021 | section 5 | exact check passed
/// - Source: Cui, Koeppl (2021), *Approximately solving mean field games via entropy-regularized
///   deep reinforcement learning*, AISTATS; the interval's phase is MFGLib's.
/// - Differs: the prior is kept as unnormalised logarithms, so that large Q/η do not overflow.
/// - Randomness: none.
/// - Complexity: as online mirror descent.
/// - Verified: `FiniteHorizonReferenceTests`.
public struct PriorDescent: FiniteHorizonSolver {
  public static let name = "prior-descent"
  /// η > 0, in units of reward; default 1 (MFGLib's).
  public var temperature: Double
  /// n ≥ 1 iterations; nil keeps the first policy as prior for ever. Default nil (MFGLib's).
  public var priorUpdateInterval: Int?

  public init(temperature: Double = 1, priorUpdateInterval: Int? = nil) {
    self.temperature = temperature
    self.priorUpdateInterval = priorUpdateInterval
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func makeStepper<Scalar: FlowScalar>(
    _ workspace: FlowWorkspace<Scalar>
  ) -> any PolicyStepper<Scalar> {
    let prior = FlatBuffer<Scalar>(count: workspace.layout.tableCount)
    let rate = Scalar(1 / temperature)
    let interval = priorUpdateInterval
    return FlowStepper(workspace, startingAtLogarithms: prior) { iteration, policy, flow, next in
      let moves = interval.map { (iteration + 2) % $0 == 0 } ?? false
      return workspace.backward(policy, in: flow, goal: .both) { population, step, states, _, q in
        workspace.softmaxAscent(
          population, step, states, q, rate: rate, scores: prior, keepsSum: moves, into: next)
      }
    }
  }
}
