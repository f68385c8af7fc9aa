/// Rock, paper, scissors against the population, with unequal stakes.
///
/// ## Method
/// T = 1; states 0, R, P, S; the next state is 1 + a; μ_0 = 0; `r(R) = 2 μ_S − μ_P`,
/// `r(P) = 4 μ_R − 2 μ_S`, `r(S) = 6 μ_P − 3 μ_R`. Equilibrium (26, 20, 31)/77; value 6/11.
///
/// - Source: Guo et al. (2024), *MFGLib*, arXiv 2304.08630; after Shapley (1964).
/// - Differs: None known.
/// - Verified: `FiniteHorizonReferenceTests`, `ClosedFormGameTests`.
public struct RockPaperScissors<Scalar: FlowScalar>: FiniteHorizonGame {
  public init() {}
  public let name = "rock-paper-scissors"
  public let lastStep = 1
  public let populations = [
    PopulationShape(states: 4, actions: 3, rewardsIgnoreAction: true)
  ]

  public func initialLaw(of population: Int) -> [Scalar] { [1, 0, 0, 0] }

  public func transitions(of population: Int) -> TransitionModel<Scalar> {
    .fixed(SparseTransitions(states: 4, actions: 3) { _, action in [(1 + action, 1)] })
  }

  public func fillRewards(
    step: Int, population: Int, states: Range<Int>, meanField: StepMeanField<Scalar>,
    into rewards: RewardWriter<Scalar>
  ) {
    let (rock, paper, scissors) = (meanField[state: 1], meanField[state: 2], meanField[state: 3])
    rewards[0] = 0
    rewards[1] = 2 * scissors - paper
    rewards[2] = 4 * rock - 2 * scissors
    rewards[3] = 6 * paper - 3 * rock
  }
}
