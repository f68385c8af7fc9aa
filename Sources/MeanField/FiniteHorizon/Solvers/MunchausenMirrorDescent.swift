/// Mirror descent without a running sum: the last policy's logarithm carries the past.
///
/// ## Method
/// `G = r + P [Σ_a π_i (G − (1 − α) τ log π_i)]`, `π_{i+1} ∝ π_i^α exp(G/τ)`
/// - `α`: `munchausen`; `τ`: `temperature`. α = 1 is online mirror descent with rate 1/τ; α < 1
///   forgets, and its fixed points are equilibria of the game with (1 − α) τ times the entropy.
///
/// - Algorithm: munchausen-mirror-descent | Laurière et al. 2022 | section 4.2, algorithm D-MOMD in tables | exact check passed
/// - Source: Laurière, Perrin, Girgin et al. (2022), *Scalable deep reinforcement learning
///   algorithms for mean field games*, ICML, arXiv 2203.11973.
/// - Differs: exact evaluation in tables; `G = Q̃ − ατ log π_i` is carried instead of Q̃.
/// - Randomness: none.
/// - Complexity: one forward and one backward sweep for α = 1, else two backward ones.
/// - Verified: `FiniteHorizonSolverTests` (α = 1 against online mirror descent).
public struct MunchausenMirrorDescent: FiniteHorizonSolver {
  public static let name = "munchausen-mirror-descent"
  /// τ > 0, in units of reward; default 1.
  public var temperature: Double
  /// α in [0, 1]; default 1.
  public var munchausen: Double

  public init(temperature: Double = 1, munchausen: Double = 1) {
    self.temperature = temperature
    self.munchausen = munchausen
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func makeStepper<Scalar: FlowScalar>(
    _ workspace: FlowWorkspace<Scalar>
  ) -> any PolicyStepper<Scalar> {
    let scores = FlatBuffer<Scalar>(count: workspace.layout.tableCount)
    let temperature = Scalar(temperature)
    let munchausen = Scalar(munchausen)
    return FlowStepper(workspace) { _, policy, flow, next in
      Scalar.log(policy.count, policy.base, scores.base)
      if munchausen != 1 {
        // −∞ stays −∞: what is not available never becomes so, not even with α = 0.
        for i in 0..<scores.count where scores.base[i] > -.infinity {
          scores.base[i] *= munchausen
        }
      }
      let ascend: FlowWorkspace<Scalar>.Visit = { population, step, states, q, _ in
        workspace.softmaxAscent(
          population, step, states, q, rate: 1 / temperature, scores: scores, keepsSum: false,
          into: next)
      }
      if munchausen == 1 { return workspace.backward(policy, in: flow, goal: .both, visit: ascend) }
      let values = workspace.backward(policy, in: flow, goal: .both)
      workspace.backward(
        policy, in: flow, goal: .policy,
        regularisation: .init(entropyWeight: (1 - munchausen) * temperature), visit: ascend)
      return values
    }
  }
}
