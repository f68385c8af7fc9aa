/// Populations hunt each other in a circle on a grid.
///
/// ## Method
/// Moves stay, (+1, 0), (0, +1), (0, −1), (−1, 0), clamped; then the same five as noise, 1 − p to
/// stay and p/4 each, clamped again.
/// `r_k(s) = −c log(μ_k(s) + 1e−25) + Σ_l M_kl μ_l(s)`. State number x + y · size.
///
/// - Source: Perolat et al. (2021), *Scaling up mean field games with online mirror descent*,
///   section 5; OpenSpiel's `python_mfg_predator_prey`, whose constants are the default.
/// - Differs: decision times t = 0…`lastStep` with a reward at each (OpenSpiel's `horizon` is
///   `lastStep + 1`); only the square geometry.
/// - Verified: `FiniteHorizonReferenceTests`.
public struct PredatorPrey<Scalar: FlowScalar>: FiniteHorizonGame {
  public let name = "predator-prey"
  /// T ≥ 0; default 9 (OpenSpiel's).
  public let lastStep: Int
  /// Cells on a side; default 5 (OpenSpiel's).
  public let size: Int
  /// p, in [0, 1]; default .8 (OpenSpiel's).
  public let noiseProbability: Double
  /// c ≥ 0; default 1 (OpenSpiel's).
  public let crowdAversion: Double
  /// M, row after row; default the circle of three.
  public let interactions: [[Double]]
  /// The cell in which each population starts.
  public let starts: [GridPoint]
  public let populations: [PopulationShape]

  /// - Parameter starts: nil puts the populations into the corners (0, 0), (n, 0), (0, n), (n, n) in
  ///   turn.
  public init(
    lastStep: Int = 9, size: Int = 5, noiseProbability: Double = 0.8, crowdAversion: Double = 1,
    interactions: [[Double]] = [[0, -1, 1], [1, 0, -1], [-1, 1, 0]], starts: [GridPoint]? = nil
  ) {
    precondition(
      interactions.allSatisfy { $0.count == interactions.count }, "interactions form a square")
    self.lastStep = lastStep
    self.size = size
    self.noiseProbability = noiseProbability
    self.crowdAversion = crowdAversion
    self.interactions = interactions
    let far = size - 1
    let corners = [GridPoint(0, 0), GridPoint(far, 0), GridPoint(0, far), GridPoint(far, far)]
    self.starts = starts ?? interactions.indices.map { corners[$0 % 4] }
    precondition(self.starts.count == interactions.count, "one start for each population")
    populations = interactions.indices.map {
      PopulationShape(
        name: "population \($0)", states: size * size, actions: 5, rewardsIgnoreAction: true,
        grid: GridShape(rows: size, columns: size))
    }
  }

  public var rewardsReadOwnStateOnly: Bool { true }

  public func initialLaw(of population: Int) -> [Scalar] {
    var law = [Scalar](repeating: 0, count: size * size)
    law[starts[population].x + starts[population].y * size] = 1
    return law
  }

  public func transitions(of population: Int) -> TransitionModel<Scalar> {
    // The grid's rows are y, its columns x.
    let moves = [(0, 0), (1, 0), (0, 1), (0, -1), (-1, 0)].map { GridPoint($0.1, $0.0) }
    let slip = noiseProbability / 4
    return .moveThenNoise(
      .grid(
        length: size, width: size, moves: moves, noise: moves,
        noiseProbabilities: [1 - noiseProbability, slip, slip, slip, slip], clampsOnce: false))
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func fillRewards(
    step: Int, population: Int, states: Range<Int>, meanField: StepMeanField<Scalar>,
    into rewards: RewardWriter<Scalar>
  ) {
    let out = rewards.base
    CongestionReward.fill(
      states, law: meanField.stateLaw(population), offset: 1e-25, into: out)
    if crowdAversion != 1 {
      let scale = Scalar(crowdAversion)
      for state in states { out[state] *= scale }
    }
    for other in interactions.indices {
      let weight = Scalar(interactions[population][other])
      if weight == 0 { continue }
      let law = meanField.stateLaw(other)
      for state in states { out[state] += weight * law[state] }
    }
  }
}
