/// The variables of occupation-measure optimisation and their steps.
final class OccupationMeasureDescent<Scalar: FlowScalar> {
  private let workspace: FlowWorkspace<Scalar>
  private let solver: OccupationMeasureOptimisation
  private let objective: OccupationMeasureObjective<Scalar>
  private let coordinates: OccupationMeasureCoordinates<Scalar>
  private let unvisited: FlatBuffer<Scalar>
  private let measureMoments, slackMoments, valueMoments: AdaptiveMoments<Scalar>
  /// c1, c2 and r_max of each population: what changes or is found at the start.
  private let settings: FlatBuffer<Scalar>

  init(_ workspace: FlowWorkspace<Scalar>, _ solver: OccupationMeasureOptimisation) {
    self.workspace = workspace
    self.solver = solver
    objective = OccupationMeasureObjective(workspace)
    coordinates = OccupationMeasureCoordinates(
      workspace, objective, isParametrised: solver.isParametrised)
    unvisited = FlatBuffer(FiniteHorizonPolicy.uniform(workspace.game).values)
    measureMoments = AdaptiveMoments(count: coordinates.measure.count)
    slackMoments = AdaptiveMoments(count: coordinates.slack.count)
    valueMoments = AdaptiveMoments(count: coordinates.values.count)
    settings = FlatBuffer(count: 3)
  }

  var carried: [FlatBuffer<Scalar>] {
    [coordinates.measure, coordinates.slack, coordinates.values]
      + [measureMoments, slackMoments, valueMoments].flatMap { [$0.first, $0.second] }
      + [settings]
  }

  func start(from policy: FlatBuffer<Scalar>) {
    settings.base[0] = Scalar(solver.flowWeight)
    settings.base[1] = Scalar(solver.valueWeight)
    startMeasure(policy)
    settings.base[2] = Scalar(solver.rewardBound ?? max(objective.largestReward(), 1e-9))
    if solver.startsAtValues { objective.fitValuesAndSlack() }
    coordinates.enter(rewardBound: Double(settings.base[2]), empty: !solver.startsAtValues)
  }

  private func startMeasure(_ policy: FlatBuffer<Scalar>) {
    let layout = workspace.layout
    if solver.start == .flow {
      let flow = PopulationFlow(workspace.game)
      workspace.forward(policy, into: flow)
      return workspace.joint(policy, flow, into: objective.measure.base)
    }
    for (population, shape) in workspace.game.shapes.enumerated() {
      let share = 1 / Scalar(shape.stateCount)
      for i in layout.tableStarts[population]..<layout.tableStarts[population + 1] {
        objective.measure.base[i] = policy.base[i] * share
      }
    }
  }

  /// One step of Adam; writes the policy of the new measure.
  func step(_ iteration: Int, to next: FlatBuffer<Scalar>) {
    let bound = Double(settings.base[2])
    coordinates.leave(rewardBound: bound)
    let terms = objective.evaluate(solver.loss)
    if let interval = solver.balancing, (iteration + 2) % interval == 0 { balance(terms) }
    var weights = OccupationMeasureObjective<Scalar>.Terms()
    weights.flow = Double(settings.base[0])
    weights.value = Double(settings.base[1])
    weights.complementarity = solver.complementarityWeight
    objective.formGradients(solver.loss, weights, terms)
    coordinates.formGradients(rewardBound: bound)
    let rate = solver.stepSize
    measureMoments.descend(
      coordinates.measure, coordinates.measureGradient, step: iteration + 1, rate: rate)
    slackMoments.descend(
      coordinates.slack, coordinates.slackGradient, step: iteration + 1, rate: rate)
    valueMoments.descend(
      coordinates.values, coordinates.valueGradient, step: iteration + 1, rate: rate)
    coordinates.confine(rewardBound: bound)
    coordinates.leave(rewardBound: bound)
    next.copy(from: objective.measure)
    workspace.normalise(next, unvisited: unvisited, below: 0)
  }

  /// Residual balancing: a term that is more than ten times the larger other one gets twice the
  /// weight, one that is less than a tenth of the smaller other one half; at most 1,000.
  private func balance(_ terms: OccupationMeasureObjective<Scalar>.Terms) {
    let third =
      solver.loss == .squared
      ? terms.complementarity * terms.complementarity : terms.complementarity
    func adjusted(_ weight: Scalar, _ own: Double, _ other: Double) -> Scalar {
      var result = weight
      let (low, high) = (min(other, third), max(other, third))
      if high != 0 && own / high > 10 { result = weight * 2 }
      if low != 0 && own / low < 0.1 { result = weight / 2 }
      return min(result, 1000)
    }
    let (flow, value) = (settings.base[0], settings.base[1])
    settings.base[0] = adjusted(flow, terms.flow, terms.value)
    settings.base[1] = adjusted(value, terms.value, terms.flow)
  }
}
