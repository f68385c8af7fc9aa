extension PreparedGame {
  /// The game in which every agent also bears what it does to all others: its equilibria satisfy the
  /// first-order conditions of the team optimum of this game.
  ///
  /// ```swift
  /// let team = EquilibriumSearch(game.withExternalities(), OnlineMirrorDescent()).run(rule)
  /// let teamValue = PolicyMeasures.evaluate(team.policy, in: game).values
  /// ```
  ///
  /// ## Method
  /// `r̃_k(s,a) = r_k(s,a) + Σ_l Σ_{s',a'} L_l(s',a') ∂r_l(s',a')/∂L_k(s,a)`: with it the derivative of
  /// `Σ_t Σ_k ⟨L_k, r_k(L)⟩` by the flow is `r̃`. Derivatives are central differences. Transitions must
  /// not depend on the mean field.
  ///
  /// - Source: Pigou (1920); Carmona, Graves, Tan (2019), *Price of anarchy for mean field games*.
  /// - Differs: None known.
  /// - Complexity: two reward fills for each state (state–action pair where the game reads the joint
  ///   law) and step: for small games.
  /// - Verified: `FiniteHorizonMeasureTests` (closed forms).
  public func withExternalities() -> PreparedGame {
    precondition(!hasMeanFieldTransitions, "externalities through transitions are not covered")
    let original = self
    return PreparedGame(
      self, name: name + "-team", rewardsIgnoreAction: false, readsJointLaw: true
    ) { step, population, states, meanField, rewards in
      original.fillWithExternalities(step, population, states, meanField, rewards)
    }
  }

  /// Whether any population's transitions depend on the mean field.
  public var hasMeanFieldTransitions: Bool {
    kernels.contains { if case .meanField = $0 { true } else { false } }
  }

  private init(
    _ other: PreparedGame, name: String, rewardsIgnoreAction: Bool, readsJointLaw: Bool,
    fillRewards:
      @escaping @Sendable (Int, Int, Range<Int>, StepMeanField<Scalar>, RewardWriter<Scalar>) ->
      Void
  ) {
    self.init(
      name: name, lastStep: other.lastStep,
      shapes: other.shapes.map {
        var shape = $0
        shape.rewardsIgnoreAction = rewardsIgnoreAction
        return shape
      }, readsJointLaw: readsJointLaw, initialLaws: other.initialLaws, kernels: other.kernels,
      masks: other.masks, fillRewards: fillRewards)
  }

  private func fillWithExternalities(
    _ step: Int, _ population: Int, _ states: Range<Int>, _ meanField: StepMeanField<Scalar>,
    _ rewards: RewardWriter<Scalar>
  ) {
    let point = MeanFieldPoint(meanField, joint: readsJointLaw)
    let weights = shapes.indices.map { k in
      (0..<shapes[k].pairCount).map { meanField.jointLaw(k)[$0] }
    }
    let own = rewardTable(step, population, point)
    let count = shapes[population].stateCount
    for action in 0..<shapes[population].actionCount {
      for state in states {
        rewards[state, action] = own[action * count + state]
      }
    }
    let entries = readsJointLaw ? shapes[population].actionCount : 1
    for row in 0..<entries {
      for state in states {
        let effect = externality(
          step, population, entry: row * count + state, point, weights)
        for action in 0..<shapes[population].actionCount where !readsJointLaw || action == row {
          rewards[state, action] += effect
        }
      }
    }
  }

  /// `Σ_l ⟨weights_l, ∂r_l/∂(one entry of a population's law)⟩`.
  private func externality(
    _ step: Int, _ population: Int, entry: Int, _ point: MeanFieldPoint<Scalar>,
    _ weights: [[Scalar]]
  ) -> Scalar {
    let law = readsJointLaw ? point.joint[population] : point.laws[population]
    let original = law.base[entry]
    let state = entry % shapes[population].stateCount
    let marginal = point.laws[population].base[state]
    // Small against the entry itself: congestion rewards have a logarithm there.
    let width = max(original * Scalar(1e-4), Scalar(1e-9))
    func total(_ change: Scalar) -> Scalar {
      law.base[entry] = original + change
      if readsJointLaw { point.laws[population].base[state] = marginal + change }
      var sum: Scalar = 0
      for other in shapes.indices {
        let table = rewardTable(step, other, point)
        for i in table.indices where weights[other][i] != 0 { sum += weights[other][i] * table[i] }
      }
      return sum
    }
    let slope = (total(width) - total(-width)) / (2 * width)
    law.base[entry] = original
    point.laws[population].base[state] = marginal
    return slope
  }

  /// The game's own rewards at a point, for every action.
  private func rewardTable(
    _ step: Int, _ population: Int, _ point: MeanFieldPoint<Scalar>
  ) -> [Scalar] {
    let shape = shapes[population]
    let out = FlatBuffer<Scalar>(count: shape.pairCount)
    let rows = shape.rewardsIgnoreAction ? 1 : shape.actionCount
    fillRewards(
      step, population, 0..<shape.stateCount, point.field,
      RewardWriter(base: out.base, stateCount: shape.stateCount, rowCount: rows))
    for action in rows..<max(rows, shape.actionCount) {
      (out.base + action * shape.stateCount).update(from: out.base, count: shape.stateCount)
    }
    return out.array
  }
}

/// A copy of the laws at one step that may be changed.
struct MeanFieldPoint<Scalar: FlowScalar> {
  let laws: [FlatBuffer<Scalar>]
  let joint: [FlatBuffer<Scalar>]
  let field: StepMeanField<Scalar>

  init(_ meanField: StepMeanField<Scalar>, joint keepsJoint: Bool) {
    let shapes = meanField.shapes
    laws = shapes.indices.map { k in
      FlatBuffer((0..<shapes[k].stateCount).map { meanField.stateLaw(k)[$0] })
    }
    joint =
      keepsJoint
      ? shapes.indices.map { k in
        FlatBuffer((0..<shapes[k].pairCount).map { meanField.jointLaw(k)[$0] })
      } : []
    field = StepMeanField(
      stateLaws: laws.map { UnsafePointer($0.base) },
      jointLaws: joint.map { UnsafePointer($0.base) }, shapes: shapes)
  }
}
