import Foundation

/// Agents on a line are drawn to the population's mean.
///
/// ## Method
/// States −L…L, actions −M…M, m = E s.
/// `s' = clamp(round(s + (K (m − s) + a) δ + σ e √δ))`, e = σ·{−3…3} with weights ∝ exp(−e²/2);
/// ties of the rounding go to the even number.
/// `r_t = δ (−a²/2 + q a (m − s) − κ/2 (m − s)²)`, `r_T = −c/2 (m − s)²`; μ_0 uniform.
///
/// - Source: Perrin et al. (2020), *Fictitious play for mean field games*; constants as in MFGLib
///   (σ enters twice there: in the noise and in its grid).
/// - Differs: None known.
/// - Verified: `FiniteHorizonReferenceTests`.
public struct LinearQuadratic<Scalar: FlowScalar>: FiniteHorizonGame {
  /// The constants, with MFGLib's defaults.
  public struct Parameters: Sendable, Hashable {
    /// T ≥ 1; default 3.
    public var lastStep = 3
    /// L ≥ 1; default 5.
    public var stateLimit = 5
    /// M ≥ 0; default 2.
    public var actionLimit = 2
    /// σ ≥ 0; default 3.
    public var volatility = 3.0
    /// δ > 0; default .1.
    public var timeStep = 0.1
    /// K ≥ 0; default 1.
    public var attraction = 1.0
    /// q; default .01.
    public var actionCoupling = 0.01
    /// κ ≥ 0; default .5.
    public var distanceCost = 0.5
    /// c ≥ 0; default 1.
    public var terminalCost = 1.0
    public init() {}
  }

  public let name = "linear-quadratic"
  public let parameters: Parameters
  public var lastStep: Int { parameters.lastStep }
  public let populations: [PopulationShape]
  private let noise: [(shift: Double, probability: Scalar)]

  public init(_ parameters: Parameters = Parameters()) {
    self.parameters = parameters
    populations = [
      PopulationShape(
        states: 2 * parameters.stateLimit + 1, actions: 2 * parameters.actionLimit + 1)
    ]
    let outcomes = (-3...3).map { Double($0) * parameters.volatility }
    let weights = outcomes.map { exp(-0.5 * $0 * $0) / (2 * Double.pi).squareRoot() }
    let total = weights.reduce(0, +)
    noise = zip(outcomes, weights).map {
      (parameters.volatility * $0 * parameters.timeStep.squareRoot(), Scalar($1 / total))
    }
  }

  public func initialLaw(of population: Int) -> [Scalar] {
    let states = populations[0].stateCount
    return [Scalar](repeating: 1 / Scalar(states), count: states)
  }

  private func mean(_ law: UnsafePointer<Scalar>) -> Double {
    var sum = 0.0
    for state in 0..<populations[0].stateCount {
      sum += Double(state - parameters.stateLimit) * Double(law[state])
    }
    return sum
  }

  public func transitions(of population: Int) -> TransitionModel<Scalar> {
    let game = self
    return .meanField(
      MeanFieldTransitions(outcomesPerRow: noise.count) { _, meanField, rows in
        let mean = game.mean(meanField.stateLaw())
        // A flow that is no number (of a search that diverged) still needs next states.
        game.fillRows(mean: mean.isFinite ? mean : 0, rows)
      })
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  private func fillRows(mean: Double, _ rows: TransitionWriter<Scalar>) {
    let limit = parameters.stateLimit
    let states = rows.stateCount
    for (slot, outcome) in noise.enumerated() {
      for action in 0..<populations[0].actionCount {
        let pull = Double(action - parameters.actionLimit)
        let row = slot * rows.slotStride + action * states
        for index in 0..<states {
          let state = Double(index - limit)
          let drift = (parameters.attraction * (mean - state) + pull) * parameters.timeStep
          let target = (state + drift + outcome.shift).rounded(.toNearestOrEven)
          let clamped = min(max(target, Double(-limit)), Double(limit))
          rows.next[row + index] = Int32(truncatingIfNeeded: Int(clamped) + limit)
          rows.probabilities[row + index] = outcome.probability
        }
      }
    }
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func fillRewards(
    step: Int, population: Int, states: Range<Int>, meanField: StepMeanField<Scalar>,
    into rewards: RewardWriter<Scalar>
  ) {
    let mean = Scalar(mean(meanField.stateLaw()))
    let isLast = step == lastStep
    let scale = Scalar(parameters.timeStep)
    let distanceCost = Scalar(parameters.distanceCost) / 2
    let terminalCost = Scalar(parameters.terminalCost) / 2
    let coupling = Scalar(parameters.actionCoupling)
    for action in 0..<populations[0].actionCount {
      let pull = Scalar(action - parameters.actionLimit)
      for state in states {
        let gap = mean - Scalar(state - parameters.stateLimit)
        rewards[state, action] =
          isLast
          ? -terminalCost * gap * gap
          : scale * (coupling * pull * gap - pull * pull / 2 - distanceCost * gap * gap)
      }
    }
  }
}
