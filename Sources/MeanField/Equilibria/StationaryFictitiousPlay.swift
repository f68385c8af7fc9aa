/// Averages best responses to the stationary population of the average policy.
///
/// ## Method
/// From the uniform policy π_0: `z_k` is the stationary mean field of π_k, b_k the best response to
/// z_k ⊙ π_k (ties within 1e−9 shared); each state's row of π_{k+1} is the average of π_k and b_k
/// weighted by (1 − w) z_k and w z(b_k), w = 1/(k + 2), with z(b_k) one agent's stationary law when
/// it alone follows b_k; states that neither visits take b_k.
///
/// - Algorithm: stationary-fictitious-play | Perrin et al., 2020 | equation 4, stationary form | exact check passed
/// - Source: Perrin, Pérolat, Laurière, Geist, Elie, Pietquin (2020), *Fictitious play for mean field
///   games*, NeurIPS; the same averaging at a stationary law.
/// - Differs: stationary laws take the place of flows.
/// - Complexity: a best response and two stationary laws an iteration.
/// - Verified: `MeanFieldLearningTests`.
public struct StationaryFictitiousPlay: Hashable, Sendable, Codable {
  /// ≥ 1.
  public var iterations: Int

  public init(iterations: Int = 500) { self.iterations = iterations }

  /// The least exploitable policy of the run, and the exploitability of every one.
  public func run(
    _ model: some StationaryModel
  ) -> (best: StationaryMeasures, trace: [Double]) {
    var policy = StationaryPolicy.uniform(
      stateCount: model.stateCount, actionCount: model.actionCount)
    var best = StationaryMeasures(model, policy: policy)
    var now = best
    var trace = [best.exploitability]
    for iteration in 0..<iterations {
      let frozen = FrozenModel(model, law: now.law)
      let response = now.bestResponse.greedyPolicy()
      let deviator = StationaryMeanField.find(
        frozen, policy: response, start: now.meanField.states
      ).states
      let weight = 1 / Double(iteration + 2)
      for state in 0..<model.stateCount {
        let old = (1 - weight) * now.meanField.states[state]
        let new = weight * deviator[state]
        let share = old + new > 0 ? new / (old + new) : 1
        for action in 0..<model.actionCount {
          policy[state, action] += share * (response[state, action] - policy[state, action])
        }
      }
      now = StationaryMeasures(model, policy: policy, start: now.meanField.states)
      trace.append(now.exploitability)
      if now.exploitability < best.exploitability { best = now }
    }
    return (best, trace)
  }
}
