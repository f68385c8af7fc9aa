/// People leave a building by the stairs and avoid crowds.
///
/// ## Method
/// Floors of l × w cells; actions l + 1, l − 1, w − 1, w + 1 (clamped), down (moves at cell (0, 0)
/// only), up (at the opposite corner only). `r = −η log(max(μ(s), ε)) + 10 · 1{floor 0}`; μ_0 uniform.
/// State number (floor · l + x) · w + y.
///
/// - Source: Perolat et al. (2021), *Scaling up mean field games with online mirror descent*;
///   constants as in MFGLib.
/// - Differs: None known.
/// - Verified: `FiniteHorizonReferenceTests`.
public struct BuildingEvacuation<Scalar: FlowScalar>: FiniteHorizonGame {
  public let name = "building-evacuation"
  /// T ≥ 0; default 3 (MFGLib's).
  public let lastStep: Int
  /// Default 5 floors of 10 × 10 (MFGLib's).
  public let floors, length, width: Int
  /// η ≥ 0; default 1 (MFGLib's).
  public let crowdAversion: Double
  /// What the ground floor pays; default 10 (MFGLib's).
  public let groundReward: Double
  public let populations: [PopulationShape]

  public init(
    lastStep: Int = 3, floors: Int = 5, length: Int = 10, width: Int = 10,
    crowdAversion: Double = 1, groundReward: Double = 10
  ) {
    self.lastStep = lastStep
    self.floors = floors
    self.length = length
    self.width = width
    self.crowdAversion = crowdAversion
    self.groundReward = groundReward
    populations = [
      // The floors stand below each other, the ground floor on top.
      PopulationShape(
        states: floors * length * width, actions: 6, rewardsIgnoreAction: true,
        grid: GridShape(rows: floors * length, columns: width))
    ]
  }

  public var rewardsReadOwnStateOnly: Bool { true }

  public func initialLaw(of population: Int) -> [Scalar] {
    let states = populations[0].stateCount
    return [Scalar](repeating: 1 / Scalar(states), count: states)
  }

  public func transitions(of population: Int) -> TransitionModel<Scalar> {
    .fixed(
      SparseTransitions(states: populations[0].stateCount, actions: 6) { state, action in
        var (floor, x, y) = (state / (length * width), state / width % length, state % width)
        switch action {
        case 0: x = min(x + 1, length - 1)
        case 1: x = max(x - 1, 0)
        case 2: y = max(y - 1, 0)
        case 3: y = min(y + 1, width - 1)
        case 4: floor = x == 0 && y == 0 ? max(floor - 1, 0) : floor
        default: floor = x == length - 1 && y == width - 1 ? min(floor + 1, floors - 1) : floor
        }
        return [((floor * length + x) * width + y, 1)]
      })
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func fillRewards(
    step: Int, population: Int, states: Range<Int>, meanField: StepMeanField<Scalar>,
    into rewards: RewardWriter<Scalar>
  ) {
    let law = meanField.stateLaw()
    let out = rewards.base
    for state in states { out[state] = max(law[state], 1e-20) }
    CongestionReward.fill(states, law: out, offset: 0, into: out)
    if crowdAversion != 1 {
      let scale = Scalar(crowdAversion)
      for state in states { out[state] *= scale }
    }
    let bonus = Scalar(groundReward)
    for state in states.clamped(to: 0..<length * width) { out[state] += bonus }
  }
}
