/// Keeping a distance costs, going out may infect.
///
/// ## Method
/// States S, I; actions out, distance. `P(I|S,out) = .81 μ(I)`, `P(I|S,distance) = 0`,
/// `P(S|I,·) = .3`; rewards S,distance −.5; I,out −1; I,distance −1.5; μ_0 = (.4, .6).
///
/// - Source: Cui & Koeppl (2021), *Approximately solving mean field games via entropy-regularized
///   deep reinforcement learning*; constants as in MFGLib.
/// - Differs: None known.
/// - Verified: `FiniteHorizonReferenceTests`.
public struct SusceptibleInfected<Scalar: FlowScalar>: FiniteHorizonGame {
  public let name = "susceptible-infected"
  /// T ≥ 1; default 50 (MFGLib's).
  public let lastStep: Int
  /// The infection probability for a susceptible who goes out when everybody is infected, in
  /// [0, 1]; default .81.
  public let infectionRate: Scalar
  /// The probability of recovery in a step, in [0, 1]; default .3.
  public let recoveryRate: Scalar
  public let populations = [PopulationShape(states: 2, actions: 2)]

  public init(lastStep: Int = 50, infectionRate: Double = 0.9 * 0.9, recoveryRate: Double = 0.3) {
    self.lastStep = lastStep
    self.infectionRate = Scalar(infectionRate)
    self.recoveryRate = Scalar(recoveryRate)
  }

  public var rewardsReadOwnStateOnly: Bool { true }

  public func initialLaw(of population: Int) -> [Scalar] { [0.4, 0.6] }

  public func transitions(of population: Int) -> TransitionModel<Scalar> {
    let infectionRate = infectionRate
    let recoveryRate = recoveryRate
    return .meanField(
      MeanFieldTransitions(outcomesPerRow: 2) { _, meanField, rows in
        let infection = infectionRate * meanField[state: 1]
        for action in 0..<2 {
          let risk = action == 0 ? infection : 0
          rows.set(state: 0, action: action, slot: 0, next: 0, probability: 1 - risk)
          rows.set(state: 0, action: action, slot: 1, next: 1, probability: risk)
          rows.set(state: 1, action: action, slot: 0, next: 0, probability: recoveryRate)
          rows.set(state: 1, action: action, slot: 1, next: 1, probability: 1 - recoveryRate)
        }
      })
  }

  public func fillRewards(
    step: Int, population: Int, states: Range<Int>, meanField: StepMeanField<Scalar>,
    into rewards: RewardWriter<Scalar>
  ) {
    rewards[0, 0] = 0
    rewards[0, 1] = -0.5
    rewards[1, 0] = -1
    rewards[1, 1] = -1.5
  }
}
