/// Projects a table onto the occupation measures of frozen transitions: non-negative tables d with
/// `Σ_a d_0 = μ_0` and `Σ_a d_{t+1}(s') = Σ_{s,a} P_t(s'|s,a) d_t(s,a)`.
///
/// ## Method
/// The dual of `min ½‖d − v‖²` over y, one number a state and step, is concave with
/// `d = max(0, v_t(s,a) − y_t(s) + Σ_{s'} P_t(s'|s,a) y_{t+1}(s'))` and the constraint's residual as
/// gradient; it is climbed by accelerated gradient steps with restarts, warm from the last call.
///
/// - Source: Nesterov (1983); O'Donoghue & Candès (2015), *Adaptive restart for accelerated gradient
///   schemes*.
/// - Differs: None known.
/// - Complexity: one backward and one forward sweep a step.
/// - Verified: `FiniteHorizonSolverTests` (conditions of optimality).
final class OccupationMeasureProjection<Scalar: FlowScalar> {
  private let workspace: FlowWorkspace<Scalar>
  /// y, `[population][step][state]`.
  let multipliers: FlatBuffer<Scalar>
  private let ahead: FlatBuffer<Scalar>
  private let arrivals: FlatBuffer<Scalar>
  private let expected: FlatBuffer<Scalar>
  private let residual: FlatBuffer<Scalar>

  init(_ workspace: FlowWorkspace<Scalar>) {
    self.workspace = workspace
    let layout = workspace.layout
    multipliers = FlatBuffer(count: layout.lawCount)
    ahead = FlatBuffer(count: layout.lawCount)
    residual = FlatBuffer(count: layout.lawCount)
    let widest = layout.shapes.reduce(0) { max($0, $1.pairCount) }
    arrivals = FlatBuffer(count: widest)
    expected = FlatBuffer(count: widest)
  }

  /// An upper bound of the squared norm of the constraints' matrix.
  private func squaredNorm(_ flow: PopulationFlow<Scalar>) -> Double {
    var bound = 0.0
    for (population, shape) in workspace.game.shapes.enumerated() {
      var largest = 0.0
      let ones = FlatBuffer<Scalar>(count: shape.pairCount, repeating: 1)
      for step in 0..<workspace.game.lastStep {
        workspace.arrivals(population, step, flow, mass: ones.base, into: arrivals.base)
        for state in 0..<shape.stateCount { largest = max(largest, Double(arrivals.base[state])) }
      }
      let sum = Double(shape.actionCount).squareRoot() + largest.squareRoot()
      bound = max(bound, sum * sum)
    }
    return bound
  }

  /// Projects `target` into `measure`.
  ///
  /// - Returns: steps taken, and the largest residual that is left.
  func project(
    _ target: FlatBuffer<Scalar>, in flow: PopulationFlow<Scalar>,
    into measure: FlatBuffer<Scalar>, tolerance: Double, limit: Int
  ) -> (steps: Int, residual: Double) {
    let rate = Scalar(1 / squaredNorm(flow))
    ahead.copy(from: multipliers)
    var momentum = 1.0
    var worst = Double.infinity
    for step in 0..<limit {
      let alignment: Double
      (worst, alignment) = evaluate(target, flow, measure, rate: rate)
      if worst <= tolerance { return (step, worst) }
      let next = (1 + (1 + 4 * momentum * momentum).squareRoot()) / 2
      // Momentum that works against the gradient is dropped.
      let weight = alignment < 0 ? 0 : Scalar((momentum - 1) / next)
      momentum = alignment < 0 ? 1 : next
      for i in 0..<multipliers.count {
        let climbed = ahead.base[i] + rate * residual.base[i]
        ahead.base[i] = climbed + weight * (climbed - multipliers.base[i])
        multipliers.base[i] = climbed
      }
    }
    return (limit, worst)
  }

  /// The primal table at `ahead`, its residual, and whether the last move followed the gradient.
  private func evaluate(
    _ target: FlatBuffer<Scalar>, _ flow: PopulationFlow<Scalar>, _ measure: FlatBuffer<Scalar>,
    rate: Scalar
  ) -> (worst: Double, alignment: Double) {
    let layout = workspace.layout
    let game = workspace.game
    var worst = 0.0
    var alignment = 0.0
    for (population, shape) in game.shapes.enumerated() {
      let mask = game.masks[population]
      for step in 0...game.lastStep {
        let table = layout.table(population, step)
        let law = layout.law(population, step)
        let isLast = step == game.lastStep
        if !isLast {
          workspace.expectations(
            population, step, flow, of: ahead.base + layout.law(population, step + 1),
            into: expected.base)
        }
        for state in 0..<shape.stateCount { residual.base[law + state] = 0 }
        for action in 0..<shape.actionCount {
          for state in 0..<shape.stateCount {
            let entry = action * shape.stateCount + state
            var value = target.base[table + entry] - ahead.base[law + state]
            if !isLast { value += expected.base[entry] }
            if let mask { value += mask.base[entry] }
            value = max(0, value)
            measure.base[table + entry] = value
            residual.base[law + state] += value
          }
        }
        if step == 0 {
          for state in 0..<shape.stateCount {
            residual.base[law + state] -= game.initialLaws[population][state]
          }
        } else {
          workspace.arrivals(
            population, step - 1, flow, mass: measure.base + layout.table(population, step - 1),
            into: arrivals.base)
          for state in 0..<shape.stateCount {
            residual.base[law + state] -= arrivals.base[state]
          }
        }
        for state in 0..<shape.stateCount {
          let gap = residual.base[law + state]
          worst = max(worst, Double(abs(gap)))
          alignment += Double(gap) * Double(ahead.base[law + state] - multipliers.base[law + state])
        }
      }
    }
    return (worst, alignment)
  }
}
