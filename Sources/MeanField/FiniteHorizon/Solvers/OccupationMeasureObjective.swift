/// The objective of occupation-measure optimisation and its gradient, by sparse sweeps.
///
/// ## Method
/// For measures L, values U and slacks z, with `U_{T+1} = 0`:
/// - flow residual: `F_0 = μ_0 − Σ_a L_0`, `F_{t+1} = P_tᵀ L_t − Σ_a L_{t+1}`;
/// - value residual: `R_t(s,a) = r_t(s,a; L_t) + Σ_{s'} P_t(s'|s,a; L_t) U_{t+1}(s') − U_t(s) + z_t(s,a)`;
/// - objective: `c1 ‖F‖ + c2 ‖R‖ + c3 ⟨z, L⟩`, norms as the loss says.
///
/// At zero U are the optimal values in the flow, z what an action loses, and `⟨z, L⟩` is the
/// exploitability. In the source's notation `y_t = U_{t+1}`, `y_T = −U_0`.
///
/// - Shapes: L, z, R as a policy table; U, F as a table of laws.
final class OccupationMeasureObjective<Scalar: FlowScalar> {
  /// The three sums, without their weights.
  struct Terms {
    var flow = 0.0
    var value = 0.0
    var complementarity = 0.0
  }

  let measure, slack: FlatBuffer<Scalar>
  let values: FlatBuffer<Scalar>
  let measureGradient, slackGradient: FlatBuffer<Scalar>
  let valueGradient: FlatBuffer<Scalar>
  private let workspace: FlowWorkspace<Scalar>
  private let slopes: MeanFieldSlopes<Scalar>
  /// What `measure` says about the laws; not a flow of any policy.
  private let flow: PopulationFlow<Scalar>
  private let flowResidual: FlatBuffer<Scalar>
  private let valueResidual: FlatBuffer<Scalar>
  private let expected: FlatBuffer<Scalar>

  init(_ workspace: FlowWorkspace<Scalar>) {
    self.workspace = workspace
    let layout = workspace.layout
    func table() -> FlatBuffer<Scalar> { FlatBuffer(count: layout.tableCount) }
    func laws() -> FlatBuffer<Scalar> { FlatBuffer(count: layout.lawCount) }
    (measure, slack, values) = (table(), table(), laws())
    (measureGradient, slackGradient, valueGradient) = (table(), table(), laws())
    (flowResidual, valueResidual) = (laws(), table())
    expected = FlatBuffer(count: layout.shapes.reduce(0) { max($0, $1.pairCount) })
    slopes = MeanFieldSlopes(workspace)
    flow = PopulationFlow(workspace.game)
  }

  private func eachStep(_ body: (_ population: Int, _ step: Int) -> Void) {
    for step in 0...workspace.game.lastStep {
      for population in workspace.game.shapes.indices { body(population, step) }
    }
  }

  /// Sets U and z to the optimal values in the laws of `measure` and to what actions lose there.
  func fitValuesAndSlack() {
    loadFlow()
    workspace.backward(measure, in: flow, goal: .best) { population, step, states, _, q in
      let (layout, shape) = (workspace.layout, workspace.game.shapes[population])
      let (table, law) = (layout.table(population, step), layout.law(population, step))
      let mask = workspace.game.masks[population]
      for state in states {
        var top = -Scalar.infinity
        for action in 0..<shape.actionCount {
          let entry = action * shape.stateCount + state
          if (mask?.base[entry] ?? 0) == 0 { top = max(top, q[entry]) }
        }
        values.base[law + state] = top
        for action in 0..<shape.actionCount {
          let entry = action * shape.stateCount + state
          slack.base[table + entry] = max(0, top - q[entry])
        }
      }
    }
  }

  /// The largest reward in size in the laws of `measure`.
  func largestReward() -> Double {
    loadFlow()
    var largest = 0.0
    eachStep { population, step in
      workspace.rewards(population, step, flow, into: expected.base)
      for entry in 0..<workspace.game.shapes[population].pairCount {
        largest = max(largest, Double(abs(expected.base[entry])))
      }
    }
    return largest
  }

  /// Evaluates the residuals at the present variables; without gradients.
  func evaluate(_ loss: OccupationMeasureOptimisation.Loss) -> Terms {
    loadFlow()
    formResiduals()
    var terms = Terms()
    for i in 0..<flowResidual.count { terms.flow += loss.size(flowResidual.base[i]) }
    for i in 0..<valueResidual.count { terms.value += loss.size(valueResidual.base[i]) }
    for i in 0..<measure.count {
      terms.complementarity += Double(slack.base[i]) * Double(measure.base[i])
    }
    return terms
  }

  /// Writes the gradients of `c1 ‖F‖ + c2 ‖R‖ + c3 ⟨z, L⟩` (its square under `squared`) at the variables
  /// that `evaluate` saw last.
  func formGradients(_ loss: OccupationMeasureOptimisation.Loss, _ weights: Terms, _ terms: Terms) {
    for i in 0..<flowResidual.count {
      flowResidual.base[i] = Scalar(weights.flow) * loss.slope(flowResidual.base[i])
    }
    for i in 0..<valueResidual.count {
      valueResidual.base[i] = Scalar(weights.value) * loss.slope(valueResidual.base[i])
    }
    let pull =
      weights.complementarity * (loss == .squared ? 2 * terms.complementarity : 1)
    for i in 0..<measure.count {
      slackGradient.base[i] = valueResidual.base[i] + Scalar(pull) * measure.base[i]
    }
    eachStep { population, step in formValueGradient(population, step) }
    eachStep { population, step in formMeasureGradient(population, step, pull: Scalar(pull)) }
    for step in 0...workspace.game.lastStep { addSlopes(step) }
    clearUnavailable(measureGradient)
    clearUnavailable(slackGradient)
  }

  // MARK: parts

  private func loadFlow() {
    let layout = workspace.layout
    eachStep { population, step in
      let shape = workspace.game.shapes[population]
      let (law, table) = (
        flow.laws.base + layout.law(population, step),
        measure.base + layout.table(population, step)
      )
      law.update(from: table, count: shape.stateCount)
      for action in 1..<max(1, shape.actionCount) {
        Scalar.combine(
          shape.stateCount, 1, law, 1, table + action * shape.stateCount, law)
      }
    }
    if flow.keepsJoint { flow.joint.copy(from: measure) }
    for step in 0..<workspace.game.lastStep { workspace.fillRows(flow, step) }
  }

  private func formResiduals() {
    let layout = workspace.layout
    eachStep { population, step in
      let shape = workspace.game.shapes[population]
      let residual = flowResidual.base + layout.law(population, step)
      if step == 0 {
        for state in 0..<shape.stateCount {
          residual[state] = workspace.game.initialLaws[population][state]
        }
      } else {
        workspace.arrivals(
          population, step - 1, flow, mass: measure.base + layout.table(population, step - 1),
          into: residual)
      }
      Scalar.combine(
        shape.stateCount, 1, residual, -1, flow.laws.base + layout.law(population, step), residual)
      formValueResidual(population, step)
    }
    clearUnavailable(valueResidual)
  }

  private func formValueResidual(_ population: Int, _ step: Int) {
    let (layout, shape) = (workspace.layout, workspace.game.shapes[population])
    let table = layout.table(population, step)
    let residual = valueResidual.base + table
    workspace.rewards(population, step, flow, into: residual)
    expectAhead(population, step, of: values)
    Scalar.combine(shape.pairCount, 1, residual, 1, expected.base, residual)
    Scalar.combine(shape.pairCount, 1, residual, 1, slack.base + table, residual)
    let own = values.base + layout.law(population, step)
    for action in 0..<shape.actionCount {
      let row = residual + action * shape.stateCount
      Scalar.combine(shape.stateCount, 1, row, -1, own, row)
    }
  }

  /// `expected = Σ_{s'} P_t(s'|s,a) laws_{t+1}(s')`, zero at the last step.
  private func expectAhead(_ population: Int, _ step: Int, of laws: FlatBuffer<Scalar>) {
    if step == workspace.game.lastStep {
      expected.base.update(repeating: 0, count: workspace.game.shapes[population].pairCount)
    } else {
      workspace.expectations(
        population, step, flow, of: laws.base + workspace.layout.law(population, step + 1),
        into: expected.base)
    }
  }

  /// `∂/∂U_t = P_{t−1}ᵀ R_{t−1} − Σ_a R_t`.
  private func formValueGradient(_ population: Int, _ step: Int) {
    let (layout, shape) = (workspace.layout, workspace.game.shapes[population])
    let gradient = valueGradient.base + layout.law(population, step)
    if step == 0 {
      gradient.update(repeating: 0, count: shape.stateCount)
    } else {
      workspace.arrivals(
        population, step - 1, flow,
        mass: valueResidual.base + layout.table(population, step - 1), into: gradient)
    }
    let own = valueResidual.base + layout.table(population, step)
    for action in 0..<shape.actionCount {
      Scalar.combine(
        shape.stateCount, 1, gradient, -1, own + action * shape.stateCount, gradient)
    }
  }

  /// `∂/∂L_t = P_t F_{t+1} − F_t + c3 z`, without what rewards and rows contribute.
  private func formMeasureGradient(_ population: Int, _ step: Int, pull: Scalar) {
    let (layout, shape) = (workspace.layout, workspace.game.shapes[population])
    expectAhead(population, step, of: flowResidual)
    let table = layout.table(population, step)
    let gradient = measureGradient.base + table
    Scalar.combine(shape.pairCount, 1, expected.base, pull, slack.base + table, gradient)
    let own = flowResidual.base + layout.law(population, step)
    for action in 0..<shape.actionCount {
      let row = gradient + action * shape.stateCount
      Scalar.combine(shape.stateCount, 1, row, -1, own, row)
    }
  }

  private func addSlopes(_ step: Int) {
    let layout = workspace.layout
    let populations = workspace.game.shapes.indices
    func tables(_ buffer: FlatBuffer<Scalar>) -> [UnsafePointer<Scalar>] {
      populations.map { UnsafePointer(buffer.base + layout.table($0, step)) }
    }
    func ahead(_ buffer: FlatBuffer<Scalar>) -> [UnsafePointer<Scalar>]? {
      step == workspace.game.lastStep
        ? nil : populations.map { UnsafePointer(buffer.base + layout.law($0, step + 1)) }
    }
    slopes.add(
      step, flow,
      .init(
        pairs: tables(valueResidual), masses: tables(measure), arrivals: ahead(flowResidual),
        values: ahead(values)),
      to: populations.map { measureGradient.base + layout.table($0, step) })
  }

  /// Actions that are not available take no part.
  private func clearUnavailable(_ table: FlatBuffer<Scalar>) {
    for (population, mask) in workspace.game.masks.enumerated() {
      guard let mask else { continue }
      for step in 0...workspace.game.lastStep {
        let base = table.base + workspace.layout.table(population, step)
        for entry in 0..<mask.count where mask.base[entry] != 0 { base[entry] = 0 }
      }
    }
  }
}
