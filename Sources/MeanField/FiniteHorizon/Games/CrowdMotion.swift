/// A crowd on a grid wants to be near a point of interest that moves, and not too close together.
///
/// ## Method
/// Moves (1,0), (−1,0), (0,1), (0,−1), stay, and then noise: the same five with (1−p)/4 each and p
/// for staying; move and noise together clamped to the grid. `r = c (1 − |s − b_t|₁/(l + w)) − log(μ(s) + 1e−10)`;
/// μ_0 uniform. State number x · w + y.
///
/// - Source: Perolat et al. (2021), *Scaling up mean field games with online mirror descent*;
///   constants as in MFGLib, whose points of interest for T = 3 are the default.
/// - Differs: further points of interest move on in a fixed pattern where MFGLib draws them.
/// - Complexity: 10 steps of moving and of noise a state and step, where the full table has 25 outcomes.
/// - Verified: `FiniteHorizonReferenceTests`.
public struct CrowdMotion<Scalar: FlowScalar>: FiniteHorizonGame {
  public let name = "crowd-motion"
  /// T ≥ 0; default 3 (MFGLib's).
  public let lastStep: Int
  /// l, w ≥ 1 cells; default 20 each (MFGLib's).
  public let length, width: Int
  /// p, in [0, 1]; default .5 (MFGLib's).
  public let stillProbability: Double
  /// c; default 10 (MFGLib's).
  public let attraction: Double
  /// b_t for t = 0…T.
  public let points: [GridPoint]
  public let populations: [PopulationShape]

  /// - Parameter points: nil starts in the middle and moves by (−1, +1) at every second step
  ///   while that stays on the grid.
  public init(
    lastStep: Int = 3, length: Int = 20, width: Int = 20, stillProbability: Double = 0.5,
    attraction: Double = 10, points: [GridPoint]? = nil
  ) {
    self.lastStep = lastStep
    self.length = length
    self.width = width
    self.stillProbability = stillProbability
    self.attraction = attraction
    self.points = points ?? Self.wandering(lastStep, length, width)
    precondition(self.points.count > lastStep, "one point of interest for each step")
    populations = [
      PopulationShape(
        states: length * width, actions: 5, rewardsIgnoreAction: true,
        grid: GridShape(rows: length, columns: width))
    ]
  }

  private static func wandering(_ lastStep: Int, _ length: Int, _ width: Int) -> [GridPoint] {
    var point = GridPoint(length / 2, width / 2)
    var points = [point]
    for step in 1..<max(lastStep + 1, 2) {
      let moved = GridPoint(point.x - 1, point.y + 1)
      if step % 2 == 0 && moved.x >= 0 && moved.y < width { point = moved }
      points.append(point)
    }
    return points
  }

  public var rewardsReadOwnStateOnly: Bool { true }

  public func initialLaw(of population: Int) -> [Scalar] {
    [Scalar](repeating: 1 / Scalar(length * width), count: length * width)
  }

  public func transitions(of population: Int) -> TransitionModel<Scalar> {
    let slip = (1 - stillProbability) / 4
    return .moveThenNoise(
      .grid(
        length: length, width: width, moves: GridPoint.fiveMoves, noise: GridPoint.fiveMoves,
        noiseProbabilities: [slip, slip, slip, slip, stillProbability], clampsOnce: true))
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func fillRewards(
    step: Int, population: Int, states: Range<Int>, meanField: StepMeanField<Scalar>,
    into rewards: RewardWriter<Scalar>
  ) {
    CongestionReward.fill(states, law: meanField.stateLaw(), offset: 1e-10, into: rewards.base)
    let point = points[step]
    let scale = Scalar(attraction) / Scalar(length + width)
    var state = states.lowerBound
    while state < states.upperBound {
      let row = state / width
      let end = min(states.upperBound, (row + 1) * width)
      let along = Scalar(attraction) - scale * Scalar(abs(row - point.x))
      for s in state..<end {
        rewards.base[s] += along - scale * Scalar(abs(s - row * width - point.y))
      }
      state = end
    }
  }
}
