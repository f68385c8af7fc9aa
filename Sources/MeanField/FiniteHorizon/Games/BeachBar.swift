/// People on a beach choose a place near the bar and away from the crowd.
///
/// ## Method
/// `s' = clamp(s + a − 1 + e)`, e ∈ {−1, 0, 1} with (1−p)/2, p, (1−p)/2;
/// `r = −dist(s, bar) − 1{a ≠ 1}/n − log(μ(s) + 1e−20)`; μ_0 uniform. `dist` counts
/// round the beach where that is shorter.
///
/// - Source: Perrin et al. (2020), *Fictitious play for mean field games*; constants as in MFGLib.
/// - Differs: None known.
/// - Verified: `FiniteHorizonReferenceTests`.
public struct BeachBar<Scalar: FlowScalar>: FiniteHorizonGame {
  public let name = "beach-bar"
  /// T ≥ 0; default 2 (MFGLib's).
  public let lastStep: Int
  /// n ≥ 1 places; default 4 (MFGLib's).
  public let places: Int
  /// The bar's place, 0…n − 1; default 2 (MFGLib's).
  public let bar: Int
  /// p, in [0, 1]; default .5 (MFGLib's).
  public let stillProbability: Double
  public let populations: [PopulationShape]
  private let fixedRewards: [Scalar]

  public init(lastStep: Int = 2, places: Int = 4, bar: Int = 2, stillProbability: Double = 0.5) {
    precondition((0..<places).contains(bar), "the bar stands at one of the places")
    self.lastStep = lastStep
    self.places = places
    self.bar = bar
    self.stillProbability = stillProbability
    populations = [PopulationShape(states: places, actions: 3)]
    // The distance counts round the beach where that is shorter, as MFGLib's does.
    fixedRewards = (0..<3).flatMap { action in
      (0..<places).map { place in
        let distance = min(abs(place - bar), places - abs(place - bar))
        return -Scalar(distance) - (action == 1 ? 0 : 1 / Scalar(places))
      }
    }
  }

  public var rewardsReadOwnStateOnly: Bool { true }

  public func initialLaw(of population: Int) -> [Scalar] {
    [Scalar](repeating: 1 / Scalar(places), count: places)
  }

  public func transitions(of population: Int) -> TransitionModel<Scalar> {
    let slip = (1 - stillProbability) / 2
    return .fixed(
      SparseTransitions(states: places, actions: 3) { state, action in
        [(-1, slip), (0, stillProbability), (1, slip)].map { noise, probability in
          (min(max(state + action - 1 + noise, 0), places - 1), probability)
        }
      })
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func fillRewards(
    step: Int, population: Int, states: Range<Int>, meanField: StepMeanField<Scalar>,
    into rewards: RewardWriter<Scalar>
  ) {
    CongestionReward.fill(
      states, law: meanField.stateLaw(), offset: 1e-20, into: rewards.base)
    fixedRewards.withUnsafeBufferPointer { fixed in
      for action in stride(from: 2, through: 0, by: -1) {
        for s in states { rewards[s, action] = fixed[action * places + s] + rewards.base[s] }
      }
    }
  }
}
