/// A crowd on a ring or a torus wants to be at the middle, not too close together, and to move
/// little.
///
/// ## Method
/// One dimension: moves −1, 0, +1 on a ring of n places, then noise −1, 0, +1 with 1/3 each.
/// Two dimensions: moves (0,−1), (−1,0), (0,0), (1,0), (0,1) on a torus, then the same five as
/// noise with p/5 each and the rest to staying. In each dimension
/// `r = 1 − |x − n/2| / (n/2)`, summed, minus `|move|/n` for a move that is followed by another step,
/// minus `c log(μ(s) + 1e−25)`. A move into a forbidden place fails. μ_0 uniform, or one place.
///
/// - Source: OpenSpiel's `mfg_crowd_modelling` and `mfg_crowd_modelling_2d`; Perrin et al. (2020)
///   and Perolat et al. (2021).
/// - Differs: OpenSpiel charges a move at the step after it; here it is charged at once, which is
///   the same sum. `lastStep` is OpenSpiel's `horizon` − 1.
/// - Verified: `FiniteHorizonGameTests` (uniform exploitability over OpenSpiel's own states).
public struct CrowdModelling<Scalar: FlowScalar>: FiniteHorizonGame {
  public var name: String { dimensions == 1 ? "crowd-modelling" : "crowd-modelling-2d" }
  /// T ≥ 0; default 9 (OpenSpiel's).
  public let lastStep: Int
  /// n ≥ 2 places in each dimension; default 10 (OpenSpiel's).
  public let size: Int
  /// 1 or 2.
  public let dimensions: Int
  /// p in [0, 1]; default 1 (OpenSpiel's). One dimension always has full noise.
  public let noiseProbability: Double
  /// c ≥ 0; default 1 (OpenSpiel's).
  public let crowdAversion: Double
  public let populations: [PopulationShape]
  private let start: Int?
  private let allowed: [Int]
  private let indexOfPlace: [Int]
  private let fixedRewards: [Scalar]

  /// - Parameters:
  ///   - forbidden: places (x + y · size) that cannot be entered.
  ///   - start: the place where everybody starts; nil: all allowed places alike.
  public init(
    dimensions: Int = 1, lastStep: Int = 9, size: Int = 10, noiseProbability: Double = 1,
    crowdAversion: Double = 1, forbidden: Set<Int> = [], start: Int? = nil
  ) {
    precondition(dimensions == 1 || dimensions == 2, "one or two dimensions")
    self.dimensions = dimensions
    self.lastStep = lastStep
    self.size = size
    self.noiseProbability = noiseProbability
    self.crowdAversion = crowdAversion
    let places = dimensions == 1 ? size : size * size
    let allowed = (0..<places).filter { !forbidden.contains($0) }
    var indexOfPlace = [Int](repeating: -1, count: places)
    for (index, place) in allowed.enumerated() { indexOfPlace[place] = index }
    precondition(
      !allowed.isEmpty && start.map { indexOfPlace[$0] >= 0 } ?? true, "the start is allowed")
    self.allowed = allowed
    self.indexOfPlace = indexOfPlace
    self.start = start.map { indexOfPlace[$0] }
    let moves = Self.moves(dimensions)
    populations = [
      PopulationShape(
        states: allowed.count, actions: moves.count,
        grid: dimensions == 1 ? nil : GridShape(rows: size, columns: size, cells: allowed))
    ]
    let half = size / 2
    let comfort = allowed.map { place -> Double in
      let coordinates = dimensions == 1 ? [place] : [place % size, place / size]
      return coordinates.reduce(0) { $0 + 1 - Double(abs($1 - half)) / Double(half) }
    }
    fixedRewards =
      moves.flatMap { move in
        comfort.map { Scalar($0 - Double(abs(move.x) + abs(move.y)) / Double(size)) }
      } + comfort.map { Scalar($0) }
  }

  private static func moves(_ dimensions: Int) -> [GridPoint] {
    dimensions == 1
      ? [GridPoint(-1, 0), GridPoint(0, 0), GridPoint(1, 0)]
      : [(0, -1), (-1, 0), (0, 0), (1, 0), (0, 1)].map { GridPoint($0.0, $0.1) }
  }

  public var rewardsReadOwnStateOnly: Bool { true }

  public func initialLaw(of population: Int) -> [Scalar] {
    guard let start else {
      return [Scalar](repeating: 1 / Scalar(allowed.count), count: allowed.count)
    }
    return allowed.indices.map { $0 == start ? 1 : 0 }
  }

  private func target(_ index: Int, _ move: GridPoint) -> Int {
    let place = allowed[index]
    let x = (place % size + move.x + size) % size
    if dimensions == 1 { return indexOfPlace[x] >= 0 ? indexOfPlace[x] : index }
    let y = (place / size + move.y + size) % size
    let next = indexOfPlace[x + y * size]
    return next >= 0 ? next : index
  }

  public func transitions(of population: Int) -> TransitionModel<Scalar> {
    let moves = Self.moves(dimensions)
    let share = (dimensions == 1 ? 1 : noiseProbability) / Double(moves.count)
    return .moveThenNoise(
      MoveThenNoise(
        states: allowed.count, actions: moves.count,
        noiseProbabilities: moves.map { move in
          move.x == 0 && move.y == 0 ? 1 - share * Double(moves.count - 1) : share
        },
        move: { target($0, moves[$1]) }, noise: { target($0, moves[$1]) }))
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func fillRewards(
    step: Int, population: Int, states: Range<Int>, meanField: StepMeanField<Scalar>,
    into rewards: RewardWriter<Scalar>
  ) {
    let count = allowed.count
    let actions = populations[0].actionCount
    // The last row serves as scratch until its own turn comes.
    let crowd = rewards.base + (actions - 1) * count
    CongestionReward.fill(states, law: meanField.stateLaw(), offset: 1e-25, into: crowd)
    let scale = Scalar(crowdAversion)
    fixedRewards.withUnsafeBufferPointer { fixed in
      for action in 0..<actions {
        let row = (step == lastStep ? actions : action) * count
        for state in states {
          rewards[state, action] = fixed[row + state] + scale * crowd[state]
        }
      }
    }
  }

  /// OpenSpiel's four rooms: a 13 × 13 torus with walls and doors, everybody starting in a corner,
  /// T = 39.
  public static func fourRooms() -> CrowdModelling {
    let size = 13
    var walls: Set<Int> = []
    for i in 0..<size {
      for (x, y) in [(i, 0), (i, size - 1), (0, i), (size - 1, i), (i, 6), (6, i)] {
        walls.insert(x + y * size)
      }
    }
    for (x, y) in [(6, 3), (6, 9), (3, 6), (9, 6)] { walls.remove(x + y * size) }
    return CrowdModelling(
      dimensions: 2, lastStep: 39, size: size, forbidden: walls, start: 1 + size)
  }
}
