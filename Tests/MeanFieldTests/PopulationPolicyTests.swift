import MeanField
import Randomness
import Testing

@Suite struct PopulationPolicyTests {
  /// Crowd choice in closed form: from any μ everybody can be where the equilibrium has them after one
  /// step, ¾ and ¼ of them, so V(s, μ) = −w_s μ_s − γ · ¾/(1 − γ) with cost ¾ in both places.
  @Test func masterPolicyFindsTheClosedForm() {
    let game = CrowdChoice(crowding: [1, 3], toll: [0, 0])
    var method = MasterMirrorDescent(resolution: 6)
    method.iterations = 400
    let result = method.run(game, threads: 2)
    for (point, values) in zip(result.policy.net.points, result.values) {
      for state in 0..<2 {
        let now = game.crowding[state] * point[state]
        #expect(abs(values[state] - (-now - 3)) < 0.02, "\(point)")
      }
    }
    #expect(result.trace.count == 401)
    for start in [[1.0, 0], [0.3, 0.7], [0.45, 0.55]] {
      let own = PopulationPolicyMeasures(game, result.policy, from: start)
      #expect(own.exploitability < 0.02)
      #expect(abs(own.flow[1][0] - 0.75) < 0.02)
      let rush = PopulationPolicyMeasures(
        game, .blind(StationaryPolicy(deterministic: [0, 0], actionCount: 2)), from: start)
      #expect(rush.exploitability > 0.3)
      let uniform = PopulationPolicyMeasures(
        game, .blind(.uniform(stateCount: 2, actionCount: 2)), from: start)
      #expect(uniform.exploitability > 0.3)
    }
  }

  /// Congestion control from a full link: a policy that sees the population reacts, the equilibrium
  /// that is right only in the steady state does not.
  @Test func seeingThePopulationPaysAwayFromTheSteadyState() {
    let game = CongestionControl()
    let steady = StationaryFictitiousPlay(iterations: 2000).run(game).best
    let blind = PopulationPolicy.blind(steady.policy)
    var method = MasterMirrorDescent(resolution: 6)
    method.iterations = 300
    let master = method.run(game, threads: 2).policy
    var (seeing, notSeeing) = (0.0, 0.0)
    for start in [[1.0, 0, 0], [0, 0, 1.0], [0, 1, 0], [0.5, 0, 0.5]] {
      seeing += PopulationPolicyMeasures(game, master, from: start).exploitability
      notSeeing += PopulationPolicyMeasures(game, blind, from: start).exploitability
    }
    #expect(seeing < 0.6 * notSeeing, "\(seeing) against \(notSeeing)")
    // In its own steady state the blind policy is hard to exploit: the measure agrees with the stationary one.
    let there = PopulationPolicyMeasures(game, blind, from: steady.meanField.states)
    #expect(there.exploitability < 0.05)
  }

  /// The stationary policy's value along a flow that does not move is its stationary value.
  @Test func measuresAgreeWithTheStationaryOnes() {
    let game = Malware(cells: 11)
    let policy = Threshold(5).policy(stateCount: 11)
    let exact = StationaryMeasures(game, policy: policy)
    let along = PopulationPolicyMeasures(
      game, .blind(policy), from: exact.meanField.states, precision: 1e-12)
    #expect(abs(along.value - exact.stationaryValue) < 1e-9)
  }

  /// The team controller of a net as a population-dependent policy plays as the controller does.
  @Test func controllersArePopulationPolicies() {
    let game = ControlledModel(CongestionControl())
    let solution = NetValueIteration(resolution: 6).solve(game)
    let policy = solution.populationPolicy()
    for point in solution.net.points {
      #expect(policy(point) == solution.policy(point))
    }
  }

  /// From (1, 0) all pay 1 at once and ¾ in each later step, in closed form; from the stationary law the
  /// equilibrium in time is the stationary one.
  @Test func nonStationaryEquilibrium() {
    let game = CrowdChoice(crowding: [1, 3], toll: [0, 0])
    let search = EquilibriumSearch(
      game.finiteHorizon(lastStep: 12, start: [1, 0]), OnlineMirrorDescent(learningRate: 1))
    let result = search.run(StoppingRule(iterations: 400))
    let exact =
      -1
      - (1...12).reduce(0.0) { sum, step in
        sum + 0.75 * (0..<step).reduce(1.0) { weight, _ in weight * 0.8 }
      }
    let measures = PolicyMeasures.evaluate(
      result.bestPolicy ?? result.policy, in: result.game)
    #expect(abs(measures.values[0] - exact) < 0.02, "\(measures.values)")
    #expect(measures.exploitability < 0.01)
    #expect(result.exploitabilities[0] > 0.05)
    #expect(abs(measures.laws[0][3][0] - 0.75) < 0.02)
    let malware = Malware(cells: 11)
    let found = ThresholdEquilibrium.find(malware)
    let steady = EquilibriumSearch(
      malware.finiteHorizon(lastStep: 60, start: found.law.states),
      OnlineMirrorDescent(learningRate: 1)
    ).run(StoppingRule(iterations: 300))
    let value = zip(
      found.law.states,
      malware.exactValues(
        found.threshold.policy(stateCount: 11), law: found.law)
    ).reduce(0) { $0 + $1.0 * $1.1 }
    let own = PolicyMeasures.evaluate(steady.bestPolicy ?? steady.policy, in: steady.game)
    // γ^61 · 1.2 / (1 − γ) < .02 is cut off.
    #expect(abs(own.values[0] - value) < 0.05)
  }
}
