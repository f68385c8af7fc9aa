/// Solves the entropy-regularised control problem in the last policy's flow.
///
/// ## Method
/// `V_t(s) = τ log Σ_a π_0(a|s) exp(Q_t(s,a)/τ)`, `Q_t = r_t + P_t V_{t+1}`,
/// `π_{i+1}(a|s) = π_0(a|s) exp((Q_t(s,a) − V_t(s))/τ)`, all in the flow of π_i
/// - `τ`: `temperature`; `π_0`: the first policy, the reference of the relative entropy.
///
/// - Algorithm: entropy-regularised-iteration | Cui & Koeppl 2021 | section 4, RelEnt | exact check passed
/// - Source: Cui, Koeppl (2021), *Approximately solving mean field games via entropy-regularized
///   deep reinforcement learning*, AISTATS.
/// - Differs: None known. The trace holds the exploitability without the entropy.
/// - Randomness: none.
/// - Complexity: one forward and two backward sweeps.
/// - Verified: `FiniteHorizonSolverTests`.
public struct EntropyRegularisedIteration: FiniteHorizonSolver {
  public static let name = "entropy-regularised-iteration"
  /// τ > 0, in units of reward; default 1.
  public var temperature: Double

  public init(temperature: Double = 1) { self.temperature = temperature }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func makeStepper<Scalar: FlowScalar>(
    _ workspace: FlowWorkspace<Scalar>
  ) -> any PolicyStepper<Scalar> {
    let prior = FlatBuffer<Scalar>(count: workspace.layout.tableCount)
    let temperature = Scalar(temperature)
    return FlowStepper(workspace, startingAtLogarithms: prior) { _, policy, flow, next in
      let values = workspace.backward(policy, in: flow, goal: .both)
      workspace.backward(
        policy, in: flow, goal: .best, regularisation: .init(softness: (temperature, prior))
      ) { population, step, states, _, q in
        workspace.softmaxAscent(
          population, step, states, q, rate: 1 / temperature, scores: prior, keepsSum: false,
          into: next)
      }
      return values
    }
  }
}
