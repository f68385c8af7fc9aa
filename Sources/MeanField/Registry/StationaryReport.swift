import Randomness

/// Turns the results of the stationary solvers into the answer of `meanfield solve`.
enum StationaryReport {
  static func threshold(_ model: some ThresholdModel, isTeam: Bool) -> MeanFieldSolution {
    let equilibrium = ThresholdEquilibrium.find(model)
    let team = ThresholdTeamOptimum.find(model)
    let chosen = isTeam ? team : equilibrium
    var solution = MeanFieldSolution(iterations: 1, status: status(chosen, model, isTeam: isTeam))
    let uniform = StationaryPolicy.uniform(stateCount: model.stateCount, actionCount: 2)
    solution.exploitability = .init(
      trace: [exploitability(model, uniform), chosen.exploitability])
    fill(&solution, chosen.law, value: chosen.value)
    solution.parameters = ["threshold": chosen.position]
    if let malware = model as? Malware {
      solution.parameters["meanState"] = malware.meanState(chosen.law.states)
    }
    solution.priceOfAnarchy = team.value - equilibrium.value
    return solution
  }

  private static func status(
    _ chosen: ThresholdEvaluation, _ model: some ThresholdModel, isTeam: Bool
  ) -> String {
    let state = chosen.threshold.position
    if state >= Double(model.stateCount) { return "exact: action 1 is never chosen" }
    if state == 0 { return "exact: action 1 is always chosen" }
    if chosen.threshold.isPure { return "exact" }
    return "exact: no equilibrium lies on the grid; the state below the threshold mixes"
  }

  private static func exploitability(
    _ model: some ThresholdModel, _ policy: StationaryPolicy
  ) -> Double {
    let law = PopulationLaw(states: model.exactMeanField(policy), policy: policy)
    let values = model.exactValues(policy, law: law)
    let best = model.exactOptimum(law: law).values
    return model.initialDistribution.enumerated().reduce(0) {
      $0 + $1.element * (best[$1.offset] - values[$1.offset])
    }
  }

  private static func fill(
    _ solution: inout MeanFieldSolution, _ law: PopulationLaw, value: Double
  ) {
    solution.value = value
    solution.meanField = NestedNumbers(law.states)
    let rows = (0..<law.stateCount).map { state -> [Double] in
      let row = law.joint[state * law.actionCount..<(state + 1) * law.actionCount]
      let total = row.reduce(0, +)
      return row.map { total > 0 ? $0 / total : 1 / Double(law.actionCount) }
    }
    solution.policy = NestedNumbers(rows)
  }

  static func team(_ model: some StationaryModel) -> MeanFieldSolution {
    let team = StationaryTeamSearch().run(model)
    let equilibrium = StationaryFictitiousPlay().run(model)
    var solution = MeanFieldSolution(iterations: 1, status: "local optimum of the pattern search")
    fill(&solution, team)
    solution.exploitability = .init(trace: [equilibrium.trace[0], team.exploitability])
    solution.priceOfAnarchy = team.stationaryValue - equilibrium.best.stationaryValue
    return solution
  }

  private static func fill(_ solution: inout MeanFieldSolution, _ measures: StationaryMeasures) {
    solution.value = measures.value
    solution.meanField = NestedNumbers(measures.meanField.states)
    solution.policy = NestedNumbers(measures.policy.rows)
    solution.parameters["largestGain"] = measures.largestGain
    solution.parameters["stationaryValue"] = measures.stationaryValue
  }

  static func fictitiousPlay(
    _ model: some StationaryModel, iterations: Int, team: Bool
  ) -> MeanFieldSolution {
    let (best, trace) = StationaryFictitiousPlay(iterations: iterations).run(model)
    var solution = MeanFieldSolution(iterations: iterations, status: "iteration limit reached")
    fill(&solution, best)
    solution.exploitability = .init(trace: trace)
    solution.exploitability?.final = best.exploitability
    if team {
      solution.priceOfAnarchy =
        StationaryTeamSearch().run(model).stationaryValue - best.stationaryValue
    }
    return solution
  }

  static func search(
    _ result: PolicySearchResult, _ model: Malware, average: Int = 0
  ) -> MeanFieldSolution {
    let theta = result.averagedParameters(last: average)[0]
    let family = HardThreshold(stateCount: model.stateCount)
    let policy = family.policy([theta])
    var solution = MeanFieldSolution(
      iterations: result.values.count, status: "iteration limit reached")
    let first = model.evaluate(threshold(result.parameters[0][0], family))
    let last = model.evaluate(threshold(theta, family))
    solution.exploitability = .init(trace: [first.exploitability, last.exploitability])
    solution.value = last.value
    solution.meanField = NestedNumbers(result.meanField)
    solution.policy = NestedNumbers(policy.rows)
    solution.parameters = ["threshold": theta, "meanState": result.meanStates.last ?? 0]
    solution.traces = [
      "threshold": result.parameters.map { $0[0] }, "estimatedValue": result.values,
      "meanState": result.meanStates, "samples": result.samples.map(Double.init),
    ]
    solution.samples = result.samples.last ?? 0
    return solution
  }

  static func threshold(_ theta: Double, _ family: HardThreshold) -> Threshold {
    Threshold(Double(family.first([theta])))
  }

  static func learning(
    _ model: some StationaryModel, _ method: MeanFieldLearning, _ request: SolveRequest
  ) -> MeanFieldSolution {
    let result = method.run(model, seeds: SeedTree(root: request.seed))
    let demanded = method.schedule.map { schedule in
      result.innerSteps.indices.map { schedule.innerIterations($0) }
    }
    let uniform = StationaryPolicy.uniform(
      stateCount: model.stateCount, actionCount: model.actionCount)
    let policies = [uniform] + result.policies
    let trace = concurrentMap(count: policies.count, threads: request.threads) {
      StationaryMeasures(model, policy: policies[$0]).exploitability
    }
    var solution = MeanFieldSolution(
      iterations: result.policies.count, status: "iteration limit reached")
    fill(&solution, StationaryMeasures(model, policy: policies[policies.count - 1]))
    solution.exploitability = .init(trace: trace)
    solution.traces = [
      "maximumChange": result.maximumChanges, "totalChange": result.totalChanges,
    ]
    if let demanded {
      solution.traces["innerStepsOfTheTheorem"] = demanded
      solution.traces["innerSteps"] = result.innerSteps.map(Double.init)
    }
    solution.samples = result.samples
    return solution
  }

  static func control(
    _ population: some ControlledPopulation, _ lifted: LiftedSolution
  ) -> MeanFieldSolution {
    let start = population.initialDistribution
    var solution = MeanFieldSolution(
      iterations: lifted.sweeps,
      status: lifted.coverage == 1
        ? "converged" : "converged; some cells of the net were never visited")
    solution.value = lifted.realisedValue(population, from: start, steps: 1000)
    solution.parameters = [
      "netValue": lifted.value(start), "coverage": lifted.coverage,
      "netPoints": Double(lifted.net.points.count),
    ]
    var states = start
    var flow = [start]
    var rules: [[[Double]]] = []
    for time in 0..<(population.horizon ?? 4 * max(5, population.period)) {
      let phase = population.horizon == nil ? time % population.period : time
      let policy = lifted.policy(states, time: phase)
      rules.append(policy.rows)
      states = population.step(states, policy: policy, time: time).next
      flow.append(states)
    }
    solution.meanField = NestedNumbers(flow)
    solution.policy = NestedNumbers(rules)
    solution.samples = lifted.samples
    return solution
  }
}
