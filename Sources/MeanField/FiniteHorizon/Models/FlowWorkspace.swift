/// The two sweeps that every solver is made of: forward, the flow that a policy induces; backward,
/// the values of that policy and of a best response in a frozen flow.
///
/// ## Method
/// - Forward: `μ_{t+1}(s') = Σ_{s,a} μ_t(s) π_t(a|s) P_t(s'|s,a; L_t)`.
/// - Backward: `Q_T = r_T`, `Q_t(s,a) = r_t(s,a; L_t) + Σ_{s'} P_t(s'|s,a; L_t) V_{t+1}(s')`, once
///   with `V = Σ_a π Q` and once with `V = max_a Q`.
/// - Exploitability of a population: `Σ_s μ_0(s) [max_a Q*_0(s,a) − Σ_a π_0 Q^π_0]`.
///
/// - Source: Perolat et al. (2021), *Scaling up mean field games with online mirror descent*,
///   arXiv 2103.00623, section 2.
/// - Differs: None known.
/// - Shapes: see `TableLayout`.
/// - Complexity: time proportional to reachable transitions; memory to states × actions × steps.
/// - Verified: `FiniteHorizonReferenceTests`.
public final class FlowWorkspace<Scalar: FlowScalar>: @unchecked Sendable {
  package let game: PreparedGame<Scalar>
  package let layout: TableLayout
  package let threads: Int

  private let rewards: [FlatBuffer<Scalar>]
  private let policyQ: [FlatBuffer<Scalar>]
  private let bestQ: [FlatBuffer<Scalar>]
  /// Values of the step above and of the current one, in turn.
  private let policyValues: [[FlatBuffer<Scalar>]]
  private let bestValues: [[FlatBuffer<Scalar>]]
  /// Values after the noise of a move-then-noise model; mass after its move.
  private let smoothed: [FlatBuffer<Scalar>]
  private let smoothedBest: [FlatBuffer<Scalar>]

  package init(_ game: PreparedGame<Scalar>, threads: Int = 1) {
    self.game = game
    self.threads = max(1, threads)
    layout = TableLayout(shapes: game.shapes, stepCount: game.stepCount)
    let shapes = game.shapes
    rewards = shapes.map {
      FlatBuffer(count: $0.rewardsIgnoreAction ? $0.stateCount : $0.pairCount)
    }
    policyQ = shapes.map { FlatBuffer(count: $0.pairCount) }
    bestQ = shapes.map { FlatBuffer(count: $0.pairCount) }
    policyValues = shapes.map { shape in (0..<2).map { _ in FlatBuffer(count: shape.stateCount) } }
    bestValues = shapes.map { shape in (0..<2).map { _ in FlatBuffer(count: shape.stateCount) } }
    let places = game.kernels.map { kernel in
      if case .moveThenNoise(let parts) = kernel { parts.intermediateCount } else { 0 }
    }
    smoothed = places.map { FlatBuffer(count: $0) }
    smoothedBest = places.map { FlatBuffer(count: $0) }
  }

  /// Calls `body` for consecutive pieces of the state space, on all threads.
  package func forPieces(_ count: Int, _ body: (Range<Int>) -> Void) {
    PieceWork.run(count, threads: threads, body)
  }

  // MARK: forward

  /// Writes the flow of a policy, rows of mean-field-dependent transitions included.
  ///
  /// - Parameter choose: called at each step once its laws of states are known, before the policy of
  ///   that step is read: a policy that sees the population writes itself there.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package func forward(
    _ policy: FlatBuffer<Scalar>, into flow: PopulationFlow<Scalar>,
    choosing choose: (_ step: Int) -> Void = { _ in }
  ) {
    for population in game.shapes.indices {
      game.initialLaws[population].withUnsafeBufferPointer { law in
        guard let start = law.baseAddress else { return }
        (flow.laws.base + layout.law(population, 0)).update(from: start, count: law.count)
      }
    }
    for step in 0...game.lastStep {
      choose(step)
      if step == game.lastStep && !flow.keepsJoint { return }
      formJoint(policy, flow, step)
      if step == game.lastStep { return }
      fillRows(flow, step)
      for population in game.shapes.indices { advance(population, step, flow) }
    }
  }

  /// The start of one population's joint law at a step.
  private func jointBase(
    _ flow: PopulationFlow<Scalar>, _ population: Int, _ step: Int
  ) -> UnsafeMutablePointer<Scalar> {
    flow.joint.base
      + (flow.keepsJoint
        ? layout.table(population, step) : layout.tableStarts[population] / layout.stepCount)
  }

  private func formJoint(
    _ policy: FlatBuffer<Scalar>, _ flow: PopulationFlow<Scalar>, _ step: Int
  ) {
    for (population, shape) in game.shapes.enumerated() {
      let law = flow.laws.base + layout.law(population, step)
      let pi = policy.base + layout.table(population, step)
      let joint = jointBase(flow, population, step)
      forPieces(shape.stateCount) { states in
        let at = states.lowerBound
        Scalar.joint(
          states.count, shape.stateCount, shape.actionCount, law + at, pi + at, joint + at)
      }
    }
  }

  /// Writes the rows of mean-field-dependent transitions at one step, from the laws in `flow`.
  package func fillRows(_ flow: PopulationFlow<Scalar>, _ step: Int) {
    for (population, kernel) in game.kernels.enumerated() {
      guard case .meanField(let rows) = kernel else { continue }
      let shape = game.shapes[population]
      rows.fill(
        step, flow.meanFields[step],
        TransitionWriter(
          next: flow.rowTargets[population][step],
          probabilities: flow.rowProbabilities[population][step],
          stateCount: shape.stateCount, slotStride: shape.pairCount))
    }
  }

  private func advance(_ population: Int, _ step: Int, _ flow: PopulationFlow<Scalar>) {
    arrivals(
      population, step, flow, mass: UnsafePointer(jointBase(flow, population, step)),
      into: flow.laws.base + layout.law(population, step + 1))
  }

  /// `out[s'] = Σ_{s,a} P_t(s'|s,a) mass[a, s]`, with the transitions of `flow`.
  package func arrivals(
    _ population: Int, _ step: Int, _ flow: PopulationFlow<Scalar>, mass: UnsafePointer<Scalar>,
    into out: UnsafeMutablePointer<Scalar>
  ) {
    let shape = game.shapes[population]
    switch game.kernels[population] {
    case .tables(let tables):
      let table = tables[tables.count == 1 ? 0 : step]
      forPieces(shape.stateCount) { table.arrivals($0, mass: mass, into: out) }
    case .moveThenNoise(let parts):
      let between = smoothed[population].base
      forPieces(parts.intermediateCount) {
        parts.moves.arrivals($0, mass: mass, into: between)
      }
      forPieces(shape.stateCount) { parts.noise.arrivals($0, mass: between, into: out) }
    case .meanField(let rows):
      out.update(repeating: 0, count: shape.stateCount)
      Scalar.push(
        shape.pairCount, rows.outcomesPerRow, shape.pairCount, flow.rowTargets[population][step],
        flow.rowProbabilities[population][step], mass, out)
    }
  }

  // MARK: backward

  /// What a backward sweep computes.
  package enum Goal: Sendable {
    case policy, best, both
    var wantsPolicy: Bool { self != .best }
    var wantsBest: Bool { self != .policy }
  }

  /// Entropy in the values of a backward sweep.
  package struct Regularisation {
    /// V^π gains this weight times the entropy of the policy.
    package var entropyWeight: Scalar = 0
    /// V* becomes `τ log Σ_a exp(prior + Q/τ)` with these logarithms of a prior policy.
    package var softness: (temperature: Scalar, prior: FlatBuffer<Scalar>)?

    package init(
      entropyWeight: Scalar = 0, softness: (temperature: Scalar, prior: FlatBuffer<Scalar>)? = nil
    ) {
      self.entropyWeight = entropyWeight
      self.softness = softness
    }
  }

  /// Called for each population, step (from the last to the first) and piece of the state space,
  /// with the step's tables Q^π and Q* (entry (a, s) at a · stateCount + s). Pieces of one step
  /// may run at the same time.
  package typealias Visit = (
    _ population: Int, _ step: Int, _ states: Range<Int>, _ policyQ: UnsafeMutablePointer<Scalar>,
    _ bestQ: UnsafeMutablePointer<Scalar>
  ) -> Void

  /// Values in a frozen flow; `visit` sees every Q before it is overwritten, and may change the
  /// policy of that step (its value has been formed already).
  ///
  /// - Returns: for each population the value of the policy and of a best response, from μ_0.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  @discardableResult
  package func backward(
    _ policy: FlatBuffer<Scalar>, in flow: PopulationFlow<Scalar>, goal: Goal,
    regularisation: Regularisation = Regularisation(),
    visit: Visit = { _, _, _, _, _ in }
  ) -> [StartValues] {
    for step in stride(from: game.lastStep, through: 0, by: -1) {
      for population in game.shapes.indices {
        if step < game.lastStep { smooth(population, step, goal) }
        sweep(population, step, policy, flow, goal, regularisation, visit)
      }
    }
    return game.shapes.indices.map { startValues($0) }
  }

  private func current(_ values: [FlatBuffer<Scalar>], _ step: Int) -> UnsafeMutablePointer<Scalar>
  {
    values[step & 1].base
  }

  /// The values that rows of transitions are applied to: those of the step above, after the noise
  /// of a move-then-noise model.
  private func above(
    _ values: [FlatBuffer<Scalar>], _ smoothed: FlatBuffer<Scalar>, _ step: Int
  ) -> UnsafePointer<Scalar> {
    UnsafePointer(smoothed.count > 0 ? smoothed.base : current(values, step + 1))
  }

  /// The noise of a move-then-noise model applied to the values of the step above.
  private func smooth(_ population: Int, _ step: Int, _ goal: Goal) {
    guard case .moveThenNoise(let parts) = game.kernels[population] else { return }
    forPieces(parts.intermediateCount) { places in
      if goal.wantsPolicy {
        parts.noise.expectations(
          places, actions: 1, of: current(policyValues[population], step + 1),
          into: smoothed[population].base)
      }
      if goal.wantsBest {
        parts.noise.expectations(
          places, actions: 1, of: current(bestValues[population], step + 1),
          into: smoothedBest[population].base)
      }
    }
  }

  private func sweep(
    _ population: Int, _ step: Int, _ policy: FlatBuffer<Scalar>, _ flow: PopulationFlow<Scalar>,
    _ goal: Goal, _ regularisation: Regularisation, _ visit: Visit
  ) {
    let shape = game.shapes[population]
    let count = shape.stateCount
    let writer = RewardWriter(
      base: rewards[population].base, stateCount: count,
      rowCount: shape.rewardsIgnoreAction ? 1 : shape.actionCount)
    let rewardStride = shape.rewardsIgnoreAction ? 0 : count
    let pi = policy.base + layout.table(population, step)
    let qPolicy = policyQ[population].base
    let qBest = bestQ[population].base
    let mask = game.masks[population].map { UnsafePointer($0.base) }
    forPieces(count) { states in
      let at = states.lowerBound
      game.fillRewards(step, population, states, flow.meanFields[step], writer)
      if goal.wantsPolicy {
        expectations(
          population, step, states, flow,
          above(policyValues[population], smoothed[population], step), qPolicy)
        Scalar.backup(
          states.count, count, shape.actionCount, writer.base + at, rewardStride, pi + at,
          qPolicy + at, current(policyValues[population], step) + at)
        if regularisation.entropyWeight != 0 {
          Scalar.entropy(
            states.count, count, shape.actionCount, regularisation.entropyWeight, pi + at,
            current(policyValues[population], step) + at)
        }
      }
      if goal.wantsBest {
        expectations(
          population, step, states, flow,
          above(bestValues[population], smoothedBest[population], step), qBest)
        Scalar.backupBest(
          states.count, count, shape.actionCount, writer.base + at, rewardStride,
          mask.map { $0 + at }, qBest + at, current(bestValues[population], step) + at)
        if let softness = regularisation.softness {
          Scalar.softValue(
            states.count, count, shape.actionCount, softness.temperature, qBest + at,
            softness.prior.base + layout.table(population, step) + at,
            current(bestValues[population], step) + at)
        }
      }
      visit(population, step, states, qPolicy, qBest)
    }
  }

  private func expectations(
    _ population: Int, _ step: Int, _ states: Range<Int>, _ flow: PopulationFlow<Scalar>,
    _ values: UnsafePointer<Scalar>, _ out: UnsafeMutablePointer<Scalar>
  ) {
    let shape = game.shapes[population]
    if step == game.lastStep {
      for action in 0..<shape.actionCount {
        (out + action * shape.stateCount + states.lowerBound).update(
          repeating: 0, count: states.count)
      }
      return
    }
    switch game.kernels[population] {
    case .tables(let tables):
      tables[tables.count == 1 ? 0 : step].expectations(
        states, actions: shape.actionCount, of: values, into: out)
    case .moveThenNoise(let parts):
      parts.moves.expectations(states, actions: shape.actionCount, of: values, into: out)
    case .meanField(let rows):
      let next = flow.rowTargets[population][step]
      let p = flow.rowProbabilities[population][step]
      if states.count == shape.stateCount {
        Scalar.rows(
          shape.pairCount, rows.outcomesPerRow, shape.pairCount, next, p, values, out)
      } else {
        for action in 0..<shape.actionCount {
          let first = action * shape.stateCount + states.lowerBound
          Scalar.rows(
            states.count, rows.outcomesPerRow, shape.pairCount, next + first, p + first, values,
            out + first)
        }
      }
    }
  }

  /// `out[a, s] = Σ_{s'} P_t(s'|s,a) values[s']`, with the transitions of `flow`.
  package func expectations(
    _ population: Int, _ step: Int, _ flow: PopulationFlow<Scalar>,
    of values: UnsafePointer<Scalar>,
    into out: UnsafeMutablePointer<Scalar>
  ) {
    let count = game.shapes[population].stateCount
    if case .moveThenNoise(let parts) = game.kernels[population] {
      let between = smoothed[population].base
      forPieces(parts.intermediateCount) {
        parts.noise.expectations($0, actions: 1, of: values, into: between)
      }
      forPieces(count) { expectations(population, step, $0, flow, UnsafePointer(between), out) }
    } else {
      forPieces(count) { expectations(population, step, $0, flow, values, out) }
    }
  }

  /// Writes the rewards at one step for every action, also where they ignore it.
  package func rewards(
    _ population: Int, _ step: Int, _ flow: PopulationFlow<Scalar>,
    into out: UnsafeMutablePointer<Scalar>
  ) {
    let shape = game.shapes[population]
    let writer = RewardWriter(
      base: out, stateCount: shape.stateCount,
      rowCount: shape.rewardsIgnoreAction ? 1 : shape.actionCount)
    forPieces(shape.stateCount) {
      game.fillRewards(step, population, $0, flow.meanFields[step], writer)
    }
    guard shape.rewardsIgnoreAction else { return }
    for action in 1..<max(1, shape.actionCount) {
      (out + action * shape.stateCount).update(from: out, count: shape.stateCount)
    }
  }

  private func startValues(_ population: Int) -> StartValues {
    let law = game.initialLaws[population]
    let best = current(bestValues[population], 0)
    let value = current(policyValues[population], 0)
    var gap = 0.0
    var worth = 0.0
    law.withUnsafeBufferPointer { law in
      guard let start = law.baseAddress else { return }
      var from = 0
      while from < law.count {
        let n = min(PieceWork.size, law.count - from)
        gap += Scalar.gap(n, start + from, best + from, value + from)
        for s in from..<from + n { worth += Double(start[s]) * Double(value[s]) }
        from += n
      }
    }
    return StartValues(policy: worth, exploitability: gap)
  }
}
