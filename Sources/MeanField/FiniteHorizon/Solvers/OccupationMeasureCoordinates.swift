import Foundation

/// What Adam moves: the variables of the objective themselves, kept in their sets by projection, or
/// free coordinates of these sets.
final class OccupationMeasureCoordinates<Scalar: FlowScalar> {
  /// L, z and U, or u, v and w.
  let measure, slack, values: FlatBuffer<Scalar>
  let measureGradient, slackGradient, valueGradient: FlatBuffer<Scalar>
  private let workspace: FlowWorkspace<Scalar>
  private let objective: OccupationMeasureObjective<Scalar>
  private let isParametrised: Bool

  init(
    _ workspace: FlowWorkspace<Scalar>, _ objective: OccupationMeasureObjective<Scalar>,
    isParametrised: Bool
  ) {
    self.workspace = workspace
    self.objective = objective
    self.isParametrised = isParametrised
    if isParametrised {
      let populations = workspace.game.populationCount
      func like(_ other: FlatBuffer<Scalar>, more: Int = 0) -> FlatBuffer<Scalar> {
        FlatBuffer(count: other.count + more)
      }
      (measure, values) = (like(objective.measure), like(objective.values))
      (measureGradient, valueGradient) = (like(objective.measure), like(objective.values))
      // One more entry a population: the part of the bound that no slack uses.
      slack = like(objective.slack, more: populations)
      slackGradient = like(objective.slack, more: populations)
    } else {
      (measure, slack, values) = (objective.measure, objective.slack, objective.values)
      (measureGradient, slackGradient, valueGradient) = (
        objective.measureGradient, objective.slackGradient, objective.valueGradient
      )
    }
  }

  private func slackBound(_ population: Int, _ rewardBound: Double) -> Double {
    let (shape, last) = (
      workspace.game.shapes[population], Double(workspace.game.lastStep)
    )
    return Double(shape.pairCount) * (last * last + last + 2) * rewardBound
  }

  /// The bound of ‖y‖₂.
  private func valueBound(_ population: Int, _ rewardBound: Double) -> Double {
    let last = Double(workspace.game.lastStep)
    return Double(workspace.game.shapes[population].stateCount) * (last + 1) * (last + 2)
      * rewardBound / 2
  }

  /// The bound of each |y| in the parametrised form.
  private func valueReach(_ population: Int, _ rewardBound: Double) -> Scalar {
    let count = Double(
      workspace.game.shapes[population].stateCount * workspace.game.stepCount)
    return Scalar(valueBound(population, rewardBound) / count.squareRoot())
  }

  private func tables(_ population: Int) -> Range<Int> {
    let layout = workspace.layout
    return layout.tableStarts[population]..<layout.tableStarts[population + 1]
  }

  private func laws(_ population: Int) -> Range<Int> {
    let layout = workspace.layout
    return layout.lawStarts[population]..<layout.lawStarts[population + 1]
  }

  // MARK: between coordinates and variables

  /// Coordinates of the objective's present variables; `empty`: of zero values and slacks.
  func enter(rewardBound: Double, empty: Bool) {
    if !isParametrised { return }
    measure.setLogarithms(of: objective.measure)
    for population in workspace.game.shapes.indices {
      let start = tables(population).lowerBound + population
      let bound = slackBound(population, rewardBound)
      var used = 0.0
      for i in tables(population) { used += Double(objective.slack.base[i]) / bound }
      for (offset, i) in tables(population).enumerated() {
        let share = empty || used >= 1 ? 1 : max(Double(objective.slack.base[i]) / bound, 1e-8)
        slack.base[start + offset] = Scalar(Foundation.log(share))
      }
      slack.base[start + tables(population).count] =
        empty || used >= 1 ? 0 : Scalar(Foundation.log(1 - used))
      let reach = valueReach(population, rewardBound)
      for i in laws(population) {
        values.base[i] = empty ? 0 : Scalar(asin(Double(objective.values.base[i] / reach)))
      }
    }
  }

  /// Writes the objective's variables.
  func leave(rewardBound: Double) {
    if !isParametrised { return }
    let layout = workspace.layout
    for (population, shape) in workspace.game.shapes.enumerated() {
      for step in 0...workspace.game.lastStep {
        let at = layout.table(population, step)
        softmax(measure.base + at, shape.pairCount, into: objective.measure.base + at)
      }
      // The gradient's buffer serves as scratch: it is written anew before it is read.
      let range = tables(population)
      let start = range.lowerBound + population
      softmax(slack.base + start, range.count + 1, into: slackGradient.base + start)
      let bound = Scalar(slackBound(population, rewardBound))
      for (offset, i) in range.enumerated() {
        objective.slack.base[i] = bound * slackGradient.base[start + offset]
      }
      let reach = valueReach(population, rewardBound)
      for i in laws(population) {
        objective.values.base[i] = reach * Scalar(sin(Double(values.base[i])))
      }
    }
  }

  private func softmax(
    _ x: UnsafeMutablePointer<Scalar>, _ count: Int, into out: UnsafeMutablePointer<Scalar>
  ) {
    var top = -Scalar.infinity
    for i in 0..<count { top = max(top, x[i]) }
    for i in 0..<count { out[i] = x[i] - top }
    Scalar.exp(count, out, out)
    var sum = 0.0
    for i in 0..<count { sum += Double(out[i]) }
    let share = Scalar(1 / sum)
    for i in 0..<count { out[i] *= share }
  }

  /// Turns the objective's gradients into those of the coordinates.
  func formGradients(rewardBound: Double) {
    if !isParametrised { return }
    let layout = workspace.layout
    for (population, shape) in workspace.game.shapes.enumerated() {
      for step in 0...workspace.game.lastStep {
        let at = layout.table(population, step)
        let (law, slope) = (objective.measure.base + at, objective.measureGradient.base + at)
        var mean = 0.0
        for i in 0..<shape.pairCount { mean += Double(law[i]) * Double(slope[i]) }
        for i in 0..<shape.pairCount {
          measureGradient.base[at + i] = law[i] * (slope[i] - Scalar(mean))
        }
      }
      formSlackGradient(population, Scalar(slackBound(population, rewardBound)))
      let reach = valueReach(population, rewardBound)
      for i in laws(population) {
        valueGradient.base[i] =
          objective.valueGradient.base[i] * reach * Scalar(cos(Double(values.base[i])))
      }
    }
  }

  private func formSlackGradient(_ population: Int, _ bound: Scalar) {
    let range = tables(population)
    let start = range.lowerBound + population
    var mean = 0.0
    var used = 0.0
    for i in range {
      mean += Double(objective.slack.base[i]) * Double(objective.slackGradient.base[i])
      used += Double(objective.slack.base[i] / bound)
    }
    for (offset, i) in range.enumerated() {
      slackGradient.base[start + offset] =
        objective.slack.base[i] / bound * (bound * objective.slackGradient.base[i] - Scalar(mean))
    }
    slackGradient.base[start + range.count] = Scalar(-max(0, 1 - used) * mean)
  }

  // MARK: projection

  /// Puts the variables back into their sets.
  func confine(rewardBound: Double) {
    if isParametrised { return }
    let layout = workspace.layout
    for (population, shape) in workspace.game.shapes.enumerated() {
      let mask = workspace.game.masks[population]
      for step in 0...workspace.game.lastStep {
        let base = measure.base + layout.table(population, step)
        if let mask {
          for i in 0..<mask.count where mask.base[i] != 0 { base[i] = -1e30 }
        }
        SimplexProjection.project(base, count: shape.pairCount, total: 1)
      }
      confineSlack(population, slackBound(population, rewardBound))
      confineValues(population, valueBound(population, rewardBound))
    }
  }

  private func confineSlack(_ population: Int, _ bound: Double) {
    let range = tables(population)
    var sum = 0.0
    for i in range {
      slack.base[i] = max(0, slack.base[i])
      sum += Double(slack.base[i])
    }
    if sum > bound {
      // Entries at zero stay there: they would fall further below it.
      SimplexProjection.project(
        slack.base + range.lowerBound, count: range.count, total: bound)
    }
  }

  private func confineValues(_ population: Int, _ bound: Double) {
    var square = 0.0
    for i in laws(population) { square += Double(values.base[i]) * Double(values.base[i]) }
    if square <= bound * bound { return }
    let factor = Scalar(bound / square.squareRoot())
    for i in laws(population) { values.base[i] *= factor }
  }
}
