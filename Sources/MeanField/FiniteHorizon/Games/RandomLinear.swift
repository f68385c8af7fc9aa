import Randomness

/// Rewards and transition logits are random affine functions of the joint law.
///
/// ## Method
/// `r = R_1 L + R_2`, `P(s'|s,a) = softmax_{s'}((P_1[s'] L)[s,a] + P_2[s'][s,a])`, L as a matrix
/// states × actions; entries uniform in [−m, m]; μ_0 uniform.
///
/// - Source: MFGLib's random-linear environment (Guo et al. 2024, arXiv 2304.08630).
/// - Differs: matrices from our own generator (MFGLib's depend on torch's); number of actions free.
/// - Shapes: `R_1[s][j]`, `R_2[s][a]`, `P_1[s'][s][j]`, `P_2[s'][s][a]`, drawn in this order, each row
///   by row.
/// - Randomness: one stream, `SeedTree(root: seed).stream("random-linear")`.
/// - Verified: `FiniteHorizonReferenceTests`.
public struct RandomLinear<Scalar: FlowScalar>: FiniteHorizonGame {
  public let name = "random-linear"
  /// T ≥ 0; default 3 (MFGLib's).
  public let lastStep: Int
  /// Default 5 states and 5 actions (MFGLib's).
  public let states, actions: Int
  public let populations: [PopulationShape]
  public let readsJointLaw = true
  private let rewardSlope: [Scalar]
  private let rewardOffset: [Scalar]
  private let logitSlope: [Scalar]
  private let logitOffset: [Scalar]

  /// - Parameter magnitude: m > 0; default 10 (MFGLib's).
  public init(
    lastStep: Int = 3, states: Int = 5, actions: Int = 5, magnitude: Double = 10, seed: UInt64 = 0
  ) {
    self.lastStep = lastStep
    self.states = states
    self.actions = actions
    populations = [PopulationShape(states: states, actions: actions)]
    var stream = SeedTree(root: seed).stream("random-linear")
    func draw(_ count: Int) -> [Scalar] {
      (0..<count).map { _ in Scalar(magnitude * (2 * stream.uniform() - 1)) }
    }
    rewardSlope = draw(states * states)
    rewardOffset = draw(states * actions)
    logitSlope = draw(states * states * states)
    logitOffset = draw(states * states * actions)
  }

  public func initialLaw(of population: Int) -> [Scalar] {
    [Scalar](repeating: 1 / Scalar(states), count: states)
  }

  public func transitions(of population: Int) -> TransitionModel<Scalar> {
    let game = self
    return .meanField(
      MeanFieldTransitions(outcomesPerRow: states) { _, meanField, rows in
        game.fillRows(meanField.jointLaw(), rows)
      })
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  private func fillRows(_ joint: UnsafePointer<Scalar>, _ rows: TransitionWriter<Scalar>) {
    logitSlope.withUnsafeBufferPointer { slope in
      logitOffset.withUnsafeBufferPointer { offset in
        for target in 0..<states {
          for action in 0..<actions {
            for state in 0..<states {
              var logit = offset[(target * states + state) * actions + action]
              let row = (target * states + state) * states
              for other in 0..<states {
                logit += slope[row + other] * joint[action * states + other]
              }
              rows.set(
                state: state, action: action, slot: target, next: target, probability: logit)
            }
          }
        }
      }
    }
    // Slots of a row are what the softmax runs over: the kernel's "actions".
    let p = rows.probabilities
    Scalar.softmax(rows.slotStride, rows.slotStride, states, UnsafePointer(p), p)
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func fillRewards(
    step: Int, population: Int, states range: Range<Int>, meanField: StepMeanField<Scalar>,
    into rewards: RewardWriter<Scalar>
  ) {
    let joint = meanField.jointLaw()
    for action in 0..<actions {
      for state in range {
        var sum = rewardOffset[state * actions + action]
        for other in 0..<states {
          sum += rewardSlope[state * states + other] * joint[action * states + other]
        }
        rewards[state, action] = sum
      }
    }
  }
}
