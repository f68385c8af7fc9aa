extension StationaryModel {
  /// The model over finitely many steps, its rewards discounted: what the finite-horizon solvers need
  /// to find equilibria that are not stationary, from any start.
  ///
  /// ```swift
  /// let game = Malware(cells: 21).finiteHorizon(lastStep: 40)
  /// let search = EquilibriumSearch(game, OnlineMirrorDescent())
  /// ```
  ///
  /// The reward of step t is γᵗ r(x, a, L_t); after `lastStep` nothing is paid, which changes values by
  /// at most γ^{lastStep + 1} max|r|/(1 − γ).
  public func finiteHorizon(lastStep: Int, start: [Double]? = nil) -> PreparedGame<Double> {
    let (states, actions, discount) = (stateCount, actionCount, discount)
    let initial = start ?? initialDistribution
    @Sendable func law(_ meanField: StepMeanField<Double>) -> PopulationLaw {
      let joint = meanField.jointLaw()
      var table = [Double](repeating: 0, count: states * actions)
      for state in 0..<states {
        for action in 0..<actions {
          table[state * actions + action] = joint[action * states + state]
        }
      }
      return PopulationLaw(joint: table, stateCount: states, actionCount: actions)
    }
    return PreparedGame(
      name: "stationary-model", lastStep: lastStep,
      shapes: [PopulationShape(states: states, actions: actions)], readsJointLaw: true,
      initialLaws: [initial], transitions: [finiteHorizonTransitions(law: law)]
    ) { step, _, range, meanField, rewards in
      let weight = power(discount, Double(step))
      let now = law(meanField)
      for state in range {
        for action in 0..<actions {
          rewards[state, action] = weight * reward(state: state, action: action, law: now)
        }
      }
    }
  }

  private func finiteHorizonTransitions(
    law: @escaping @Sendable (StepMeanField<Double>) -> PopulationLaw
  ) -> TransitionModel<Double> {
    let (states, actions) = (stateCount, actionCount)
    let somewhere = PopulationLaw(
      states: initialDistribution, policy: .uniform(stateCount: states, actionCount: actions))
    guard transitionsDependOnLaw else {
      let table = SparseTransitions<Double>(states: states, actions: actions) { state, action in
        var row: [(next: Int, Double)] = []
        forEachTransition(state: state, action: action, law: somewhere) { row.append(($0, $1)) }
        return row
      }
      return .fixed(table)
    }
    return .meanField(
      MeanFieldTransitions(outcomesPerRow: states) { _, meanField, rows in
        let now = law(meanField)
        for state in 0..<states {
          for action in 0..<actions {
            var row = [Double](repeating: 0, count: states)
            forEachTransition(state: state, action: action, law: now) { row[$0] += $1 }
            for (next, probability) in row.enumerated() {
              rows.set(
                state: state, action: action, slot: next, next: next, probability: probability)
            }
          }
        }
      })
  }
}
