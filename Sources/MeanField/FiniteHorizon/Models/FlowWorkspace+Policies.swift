// Whole-table operations that several solvers share.
extension FlowWorkspace {
  /// Writes the best response in a frozen flow, actions within `tolerance` of the best sharing
  /// equally, and returns what the given policy gets and how exploitable it is.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package func bestResponse(
    to policy: FlatBuffer<Scalar>, in flow: PopulationFlow<Scalar>, tolerance: Scalar,
    into response: FlatBuffer<Scalar>
  ) -> [StartValues] {
    backward(policy, in: flow, goal: .both) { population, step, states, _, q in
      let shape = game.shapes[population]
      let table = layout.table(population, step) + states.lowerBound
      Scalar.greedy(
        states.count, shape.stateCount, shape.actionCount, tolerance, q + states.lowerBound,
        game.masks[population].map { UnsafePointer($0.base + states.lowerBound) },
        response.base + table)
    }
  }

  /// Writes the greedy policy with respect to the values of the given one.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package func greedyImprovement(
    of policy: FlatBuffer<Scalar>, in flow: PopulationFlow<Scalar>, tolerance: Scalar,
    into improved: FlatBuffer<Scalar>
  ) -> [StartValues] {
    backward(policy, in: flow, goal: .both) { population, step, states, q, _ in
      let shape = game.shapes[population]
      let table = layout.table(population, step) + states.lowerBound
      Scalar.greedy(
        states.count, shape.stateCount, shape.actionCount, tolerance, q + states.lowerBound,
        game.masks[population].map { UnsafePointer($0.base + states.lowerBound) },
        improved.base + table)
    }
  }

  /// `policy = share · old + (1 − share) · policy`, number by number.
  package func mix(
    _ old: FlatBuffer<Scalar>, into policy: FlatBuffer<Scalar>, keeping share: Scalar
  ) {
    if share == 0 { return }
    forPieces(policy.count) { piece in
      let at = piece.lowerBound
      Scalar.combine(
        piece.count, share, old.base + at, 1 - share, policy.base + at, policy.base + at)
    }
  }

  /// For one piece of one step's states: `out = softmax(scores + rate · q)`; with `keepsSum` the
  /// scores become that sum.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package func softmaxAscent(
    _ population: Int, _ step: Int, _ states: Range<Int>, _ q: UnsafeMutablePointer<Scalar>,
    rate: Scalar, scores: FlatBuffer<Scalar>, keepsSum: Bool, into out: FlatBuffer<Scalar>
  ) {
    let shape = game.shapes[population]
    let at = layout.table(population, step) + states.lowerBound
    Scalar.ascend(
      states.count, shape.stateCount, shape.actionCount, rate, q + states.lowerBound,
      scores.base + at, keepsSum, out.base + at)
  }

  /// Writes the policy of the mixture `(1 − weight) · first + weight · second` of two flows.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package func average(
    _ first: (policy: FlatBuffer<Scalar>, flow: PopulationFlow<Scalar>),
    _ second: (policy: FlatBuffer<Scalar>, flow: PopulationFlow<Scalar>), weight: Scalar,
    unvisited: FlatBuffer<Scalar>, into out: FlatBuffer<Scalar>
  ) {
    for (population, shape) in game.shapes.enumerated() {
      for step in 0...game.lastStep {
        let table = layout.table(population, step)
        let law = layout.law(population, step)
        forPieces(shape.stateCount) { states in
          let at = states.lowerBound
          Scalar.average(
            states.count, shape.stateCount, shape.actionCount, weight,
            first.flow.laws.base + law + at, first.policy.base + table + at,
            second.flow.laws.base + law + at, second.policy.base + table + at,
            unvisited.base + table + at, out.base + table + at)
        }
      }
    }
  }

  /// Turns masses over states and actions into probabilities; states with less mass than the limit
  /// get the unvisited policy.
  package func normalise(
    _ table: FlatBuffer<Scalar>, unvisited: FlatBuffer<Scalar>, below limit: Scalar
  ) {
    for (population, shape) in game.shapes.enumerated() {
      for step in 0...game.lastStep {
        let base = table.base + layout.table(population, step)
        let rest = unvisited.base + layout.table(population, step)
        for state in 0..<shape.stateCount {
          var mass: Scalar = 0
          for action in 0..<shape.actionCount { mass += base[action * shape.stateCount + state] }
          for action in 0..<shape.actionCount {
            let entry = action * shape.stateCount + state
            base[entry] = mass > limit ? base[entry] / mass : rest[entry]
          }
        }
      }
    }
  }

  /// Writes `μ_t(s) π_t(a|s)` for all steps.
  package func joint(
    _ policy: FlatBuffer<Scalar>, _ flow: PopulationFlow<Scalar>,
    into out: UnsafeMutablePointer<Scalar>
  ) {
    for (population, shape) in game.shapes.enumerated() {
      for step in 0...game.lastStep {
        let table = layout.table(population, step)
        Scalar.joint(
          shape.stateCount, shape.stateCount, shape.actionCount,
          flow.laws.base + layout.law(population, step), policy.base + table, out + table)
      }
    }
  }
}
