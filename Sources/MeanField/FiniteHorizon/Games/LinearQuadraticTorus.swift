import Foundation

/// OpenSpiel's linear–quadratic game: a ring, noise on the action's scale, and a cost that is paid
/// where the action has led.
///
/// ## Method
/// Place x on a ring of n, m = Σ x μ(x). `x' = round(x + round(δ (a + K (m − x))) + σ √δ e)` on the ring, e ∈ −A…A
/// with the normal law of scale σ rounded to integers. At each step the *last* action a⁻ counts:
/// `r = δ/2 (−a⁻² + 2 q a⁻ (m − x) − κ (m − x)²)`, so the state is (a⁻, x), number a⁻ · n + x.
///
/// - Source: OpenSpiel 2.0.2, `mean_field_lin_quad`; Perrin et al. (2020), section 5.
/// - Differs: OpenSpiel's terminal cost is never paid there (its last node is not a decision node),
///   nor here. `lastStep` is `horizon/dt − 1`.
/// - Verified: `FiniteHorizonGameTests` (uniform exploitability over OpenSpiel's own states).
public struct LinearQuadraticTorus<Scalar: FlowScalar>: FiniteHorizonGame {
  public let name = "linear-quadratic-torus"
  /// T ≥ 0; default 9 (OpenSpiel's).
  public let lastStep: Int
  /// n ≥ 2; default 10 (OpenSpiel's).
  public let size: Int
  /// A ≥ 0; default 3 (OpenSpiel's).
  public let actionLimit: Int
  /// δ, σ, K, q, κ; defaults 1, 1, 0, .01, .5 (OpenSpiel's).
  public let timeStep, volatility, attraction, actionCoupling, distanceCost: Double
  public let populations: [PopulationShape]
  private let noise: [Double]

  public init(
    lastStep: Int = 9, size: Int = 10, actionLimit: Int = 3, timeStep: Double = 1,
    volatility: Double = 1, attraction: Double = 0, actionCoupling: Double = 0.01,
    distanceCost: Double = 0.5
  ) {
    self.lastStep = lastStep
    self.size = size
    self.actionLimit = actionLimit
    self.timeStep = timeStep
    self.volatility = volatility
    self.attraction = attraction
    self.actionCoupling = actionCoupling
    self.distanceCost = distanceCost
    let actions = 2 * actionLimit + 1
    populations = [
      PopulationShape(states: actions * size, actions: actions, rewardsIgnoreAction: true)
    ]
    func cumulative(_ x: Double) -> Double { 0.5 * erfc(-x / volatility / 2.0.squareRoot()) }
    noise = (-actionLimit...actionLimit).map { e in
      let (low, high) = (Double(e) - 0.5, Double(e) + 0.5)
      let from = e == -actionLimit ? 0 : cumulative(low)
      return (e == actionLimit ? 1 : cumulative(high)) - from
    }
  }

  public func initialLaw(of population: Int) -> [Scalar] {
    let actions = 2 * actionLimit + 1
    return (0..<actions * size).map { $0 / size == actionLimit ? 1 / Scalar(size) : 0 }
  }

  /// The places' mean over all last actions.
  private func mean(_ law: UnsafePointer<Scalar>) -> Double {
    var sum = 0.0
    for state in 0..<populations[0].stateCount { sum += Double(state % size) * Double(law[state]) }
    return sum
  }

  private func onRing(_ x: Double) -> Int {
    let rest = Int(x.rounded(.toNearestOrEven)) % size
    return rest < 0 ? rest + size : rest
  }

  private func target(_ state: Int, _ action: Int, _ outcome: Int, mean: Double) -> Int {
    let x = Double(state % size)
    let drift = timeStep * (Double(action - actionLimit) + attraction * (mean - x))
    let moved = onRing(x + drift.rounded(.toNearestOrEven))
    let shock = Double(outcome - actionLimit) * timeStep.squareRoot() * volatility
    return action * size + onRing(Double(moved) + shock)
  }

  public func transitions(of population: Int) -> TransitionModel<Scalar> {
    let shape = populations[0]
    if attraction == 0 {
      return .fixed(
        SparseTransitions(states: shape.stateCount, actions: shape.actionCount) { state, action in
          noise.indices.map { (target(state, action, $0, mean: 0), noise[$0]) }
        })
    }
    let game = self
    return .meanField(
      MeanFieldTransitions(outcomesPerRow: noise.count) { _, meanField, rows in
        let found = game.mean(meanField.stateLaw())
        // A flow that is no number (of a search that diverged) still needs next states.
        let mean = found.isFinite ? found : 0
        for state in 0..<shape.stateCount {
          for action in 0..<shape.actionCount {
            for slot in game.noise.indices {
              rows.set(
                state: state, action: action, slot: slot,
                next: game.target(state, action, slot, mean: mean),
                probability: Scalar(game.noise[slot]))
            }
          }
        }
      })
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func fillRewards(
    step: Int, population: Int, states: Range<Int>, meanField: StepMeanField<Scalar>,
    into rewards: RewardWriter<Scalar>
  ) {
    let mean = mean(meanField.stateLaw())
    for state in states {
      let gap = mean - Double(state % size)
      let last = Double(state / size - actionLimit)
      let cost = last * last - 2 * actionCoupling * last * gap + distanceCost * gap * gap
      rewards[state] = Scalar(-timeStep / 2 * cost)
    }
  }
}
