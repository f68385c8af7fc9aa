/// A finite-horizon game ready for the solvers: shapes, initial laws, transitions in both
/// directions, and the game's reward function behind one closure a population.
///
/// ```swift
/// let game = PreparedGame(LeftOrRight())
/// ```
///
/// The initialiser is generic over the game, so the compiler specialises the reward loop for it;
/// everything else works on numbers alone.
public struct PreparedGame<Scalar: FlowScalar>: Sendable {
  public let name: String
  /// T; steps are 0…T.
  public let lastStep: Int
  public let shapes: [PopulationShape]
  package let readsJointLaw: Bool
  package let rewardsReadOwnStateOnly: Bool
  package let initialLaws: [[Scalar]]
  package let kernels: [TransitionKernel<Scalar>]
  package let masks: [FlatBuffer<Scalar>?]
  package let fillRewards:
    @Sendable (Int, Int, Range<Int>, StepMeanField<Scalar>, RewardWriter<Scalar>) -> Void

  @inlinable
  public init<Game: FiniteHorizonGame<Scalar>>(_ game: Game) {
    self.init(
      name: game.name, lastStep: game.lastStep, shapes: game.populations,
      readsJointLaw: game.readsJointLaw, rewardsReadOwnStateOnly: game.rewardsReadOwnStateOnly,
      initialLaws: game.populations.indices.map { game.initialLaw(of: $0) },
      transitions: game.populations.indices.map { game.transitions(of: $0) }
    ) { step, population, states, meanField, rewards in
      game.fillRewards(
        step: step, population: population, states: states, meanField: meanField, into: rewards)
    }
  }

  /// The same from parts; what the generic initialiser calls.
  public init(
    name: String, lastStep: Int, shapes: [PopulationShape], readsJointLaw: Bool,
    rewardsReadOwnStateOnly: Bool = false, initialLaws: [[Scalar]],
    transitions: [TransitionModel<Scalar>],
    fillRewards:
      @escaping @Sendable (Int, Int, Range<Int>, StepMeanField<Scalar>, RewardWriter<Scalar>) ->
      Void
  ) {
    precondition(lastStep >= 0 && !shapes.isEmpty, "a game needs a step and a population")
    self.name = name
    self.lastStep = lastStep
    self.shapes = shapes
    self.initialLaws = initialLaws
    self.fillRewards = fillRewards
    kernels = zip(shapes, transitions).map { shape, model in
      TransitionKernel(model, shape: shape, lastStep: lastStep)
    }
    masks = shapes.map { shape in shape.available.map { Self.mask(shape, available: $0) } }
    // Rows that depend on the mean field may read either law; the joint law is then provided too.
    self.readsJointLaw = readsJointLaw
    self.rewardsReadOwnStateOnly = rewardsReadOwnStateOnly
  }

  /// The same game from other laws at t = 0, one for each population.
  public func startingFrom(_ laws: [[Scalar]]) -> PreparedGame {
    precondition(
      laws.map(\.count) == shapes.map(\.stateCount), "one law over its states a population")
    return PreparedGame(
      name: name, lastStep: lastStep, shapes: shapes, readsJointLaw: readsJointLaw,
      rewardsReadOwnStateOnly: rewardsReadOwnStateOnly, initialLaws: laws, kernels: kernels,
      masks: masks, fillRewards: fillRewards)
  }

  /// A game from prepared parts.
  init(
    name: String, lastStep: Int, shapes: [PopulationShape], readsJointLaw: Bool,
    rewardsReadOwnStateOnly: Bool = false, initialLaws: [[Scalar]],
    kernels: [TransitionKernel<Scalar>], masks: [FlatBuffer<Scalar>?],
    fillRewards:
      @escaping @Sendable (Int, Int, Range<Int>, StepMeanField<Scalar>, RewardWriter<Scalar>) ->
      Void
  ) {
    self.name = name
    self.lastStep = lastStep
    self.shapes = shapes
    self.readsJointLaw = readsJointLaw
    self.rewardsReadOwnStateOnly = rewardsReadOwnStateOnly
    self.initialLaws = initialLaws
    self.kernels = kernels
    self.masks = masks
    self.fillRewards = fillRewards
  }

  public var stepCount: Int { lastStep + 1 }
  public var populationCount: Int { shapes.count }

  /// Reachable transitions that one backward or forward sweep passes, over all populations.
  public var transitionCount: Int { kernels.reduce(0) { $0 + $1.entriesPerSweep(lastStep) } }

  private static func mask(_ shape: PopulationShape, available: [Bool]) -> FlatBuffer<Scalar> {
    let mask = FlatBuffer<Scalar>(count: shape.pairCount)
    for state in 0..<shape.stateCount {
      let row = state * shape.actionCount..<(state + 1) * shape.actionCount
      precondition(available[row].contains(true), "state \(state) has no available action")
      for action in 0..<shape.actionCount where !available[row.lowerBound + action] {
        mask.base[action * shape.stateCount + state] = -1e30
      }
    }
    return mask
  }
}
