/// Plays the softmax of the action values in the last policy's flow.
///
/// ## Method
/// `π_{i+1} = softmax(Q(·; L^{π_i}) / τ)`, Q the optimal values or those of π_i
/// - `τ`: `temperature`, in units of reward.
///
/// - Algorithm: boltzmann-iteration | Cui & Koeppl 2021 | section 4 | exact check passed
/// - Source: Cui, Koeppl (2021), *Approximately solving mean field games via entropy-regularized
///   deep reinforcement learning*, AISTATS (optimal values); Guo et al. (2019), *Learning
///   mean-field games* (GMF-V); OpenSpiel's Boltzmann policy iteration (the policy's values).
/// - Differs: None known. A small τ need not converge; a large one converges to a point that is
///   not an equilibrium.
/// - Randomness: none.
/// - Complexity: one forward and one backward sweep.
/// - Verified: `FiniteHorizonSolverTests`.
public struct BoltzmannIteration: FiniteHorizonSolver {
  /// Which values the softmax is taken of.
  public enum Values: String, Codable, Sendable, CaseIterable {
    case optimal
    case policy
  }

  public static let name = "boltzmann-iteration"
  /// τ > 0; default 1.
  public var temperature: Double
  /// Default optimal.
  public var values: Values

  public init(temperature: Double = 1, values: Values = .optimal) {
    self.temperature = temperature
    self.values = values
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func makeStepper<Scalar: FlowScalar>(
    _ workspace: FlowWorkspace<Scalar>
  ) -> any PolicyStepper<Scalar> {
    // Logarithms of equal probabilities: where no action is excluded they change nothing.
    let base = FlatBuffer(FiniteHorizonPolicy.uniform(workspace.game).values)
    Scalar.log(base.count, UnsafePointer(base.base), base.base)
    let rate = Scalar(1 / temperature)
    let usesPolicy = values == .policy
    return FlowStepper(workspace) { _, policy, flow, next in
      workspace.backward(policy, in: flow, goal: .both) { population, step, states, q, best in
        workspace.softmaxAscent(
          population, step, states, usesPolicy ? q : best, rate: rate, scores: base,
          keepsSum: false, into: next)
      }
    }
  }
}
