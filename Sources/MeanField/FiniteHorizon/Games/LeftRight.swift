/// Everybody starts in the centre and goes left or right, where a crowd costs once or twice.
///
/// ## Method
/// T = 1; states C, L, R; actions l, r; the next state is 1 + a from anywhere; μ_0 = C;
/// `r(L) = −μ(L)`, `r(R) = −2 μ(R)`, `r(C) = 0`. Equilibrium: left with probability 2/3; value −2/3.
///
/// - Source: Guo et al. (2024), *MFGLib*, arXiv 2304.08630, left–right environment.
/// - Differs: None known.
/// - Verified: `FiniteHorizonReferenceTests`, `ClosedFormGameTests`.
public struct LeftRight<Scalar: FlowScalar>: FiniteHorizonGame {
  public init() {}
  public let name = "left-right"
  public let lastStep = 1
  public let populations = [
    PopulationShape(states: 3, actions: 2, rewardsIgnoreAction: true)
  ]

  public var rewardsReadOwnStateOnly: Bool { true }

  public func initialLaw(of population: Int) -> [Scalar] { [1, 0, 0] }

  public func transitions(of population: Int) -> TransitionModel<Scalar> {
    .fixed(SparseTransitions(states: 3, actions: 2) { _, action in [(1 + action, 1)] })
  }

  public func fillRewards(
    step: Int, population: Int, states: Range<Int>, meanField: StepMeanField<Scalar>,
    into rewards: RewardWriter<Scalar>
  ) {
    for state in states { rewards[state] = -Scalar(state) * meanField[state: state] }
  }
}
