/// Hunters dig where the others are; the more the population differs from "all here", the less a
/// move succeeds and the less a treasure pays.
///
/// ## Method
/// `D_s = ‖L_t − e_s e_sᵀ‖²`. t = 0: next = a, r = 0. t > 0:
/// `P(s'|s,a) = [c_t D_s + 1{s' = a}] / (1 + n c_t D_s)`, `r = 1{a = s} r_s (1 − D_s/2)`.
///
/// - Source: Guo, Hu, Zhang (2022), *MF-OMO*, arXiv 2206.09608, section 6; constants as in MFGLib.
/// - Differs: None known.
/// - Verified: `FiniteHorizonReferenceTests`.
public struct ConservativeTreasureHunting<Scalar: FlowScalar>: FiniteHorizonGame {
  public let name = "conservative-treasure-hunting"
  /// T ≥ 1; default 5 (MFGLib's).
  public let lastStep: Int
  /// r_s, one entry a place; default three of 1 (MFGLib's).
  public let treasures: [Double]
  /// c_t ≥ 0 for all t > 0; default 1 (MFGLib's).
  public let conservatism: Double
  public let populations: [PopulationShape]
  public let readsJointLaw = true
  private var places: Int { treasures.count }

  public init(lastStep: Int = 5, treasures: [Double] = [1, 1, 1], conservatism: Double = 1) {
    precondition(!treasures.isEmpty, "at least one place")
    self.lastStep = lastStep
    self.treasures = treasures
    self.conservatism = conservatism
    populations = [PopulationShape(states: treasures.count, actions: treasures.count)]
  }

  public func initialLaw(of population: Int) -> [Scalar] {
    [Scalar](repeating: 1 / Scalar(places), count: places)
  }

  /// D_s for one place.
  private func distance(_ joint: UnsafePointer<Scalar>, _ place: Int) -> Scalar {
    var sum: Scalar = 0
    for action in 0..<places {
      for state in 0..<places {
        let target: Scalar = action == place && state == place ? 1 : 0
        let gap = joint[action * places + state] - target
        sum += gap * gap
      }
    }
    return sum
  }

  public func transitions(of population: Int) -> TransitionModel<Scalar> {
    let game = self
    return .meanField(
      MeanFieldTransitions(outcomesPerRow: places) { step, meanField, rows in
        game.fillRows(step, meanField.jointLaw(), rows)
      })
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  private func fillRows(
    _ step: Int, _ joint: UnsafePointer<Scalar>, _ rows: TransitionWriter<Scalar>
  ) {
    for state in 0..<places {
      let spread = step == 0 ? 0 : Scalar(conservatism) * distance(joint, state)
      let scale = 1 / (1 + Scalar(places) * spread)
      for action in 0..<places {
        for target in 0..<places {
          rows.set(
            state: state, action: action, slot: target, next: target,
            probability: (spread + (target == action ? 1 : 0)) * scale)
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
    for state in states {
      rewards[state] = 0
      if step > 0 {
        rewards[state, state] =
          Scalar(treasures[state]) * (1 - distance(meanField.jointLaw(), state) / 2)
      }
    }
  }
}
