import MeanField
import Randomness
import Testing

@Suite struct NPlayerTests {
  /// Malware is linear in the mean state, so the agent's averaged reward is
  /// −(k + x/N + (N − 1) m/N) x − λ 1{repair}: the gap can be computed without sampling.
  @Test func malwareGapAgreesWithItsExactForm() {
    let game = Malware(cells: 21)
    let found = ThresholdEquilibrium.find(game)
    let policy = found.threshold.policy(stateCount: 21)
    let mean = game.meanState(found.law.states)
    let rows = NPlayerGap.measure(
      game, policy: policy, agents: [5, 20], draws: 4000, seeds: SeedTree(root: 1), threads: 2)
    for row in rows {
      let share = 1 / Double(row.agents)
      var rewards: [Double] = []
      var matrix: [[Double]] = []
      for state in 0..<21 {
        for action in 0..<2 {
          let x = game.position(state)
          let seen = share * x + (1 - share) * mean
          rewards.append(-(0.2 + seen) * x - (action == 1 ? 0.5 : 0))
          var next = [Double](repeating: 0, count: 21)
          game.forEachTransition(state: state, action: action, law: found.law) { next[$0] += $1 }
          matrix.append(next)
        }
      }
      let exact = TableModel(
        stateCount: 21, actionCount: 2, discount: 0.9,
        initialDistribution: game.initialDistribution,
        rewards: rewards, matrix: matrix)
      let measures = StationaryMeasures(exact, policy: policy)
      // Linear in the law, so the hypercube leaves next to no scatter.
      #expect(abs(row.value - measures.value) < 1e-4)
      #expect(abs(row.gap - measures.exploitability) < 1e-5)
    }
  }

  /// Crowd choice by hand: with shares ½, ½ a place costs w (1/N + (N − 1)/(2N)) + b, so place 0 is
  /// cheaper by (2 − 1)/(2N); half of the time the equilibrium policy misses that, from the second step
  /// on: γ/(1 − γ) · ½ · 1/(2N) = 1/N for γ = .8.
  @Test func crowdGapIsOneOverN() {
    let game = CrowdChoice()
    let shares = game.equilibriumShares
    let policy = StationaryPolicy(probabilities: shares + shares, stateCount: 2, actionCount: 2)
    let rows = NPlayerGap.measure(
      game, policy: policy, agents: [5, 20, 80, 320], draws: 800, seeds: SeedTree(root: 2),
      threads: 2)
    for row in rows {
      #expect(abs(row.gap * Double(row.agents) - 1) < 0.02, "\(row)")
    }
    let fit = PowerLaw.fit(rows.map { (Double($0.agents), $0.gap) })
    #expect(abs(fit.exponent - -1) < 0.01)
    #expect(fit.exponentMargin < 0.02)
  }

  @Test func powerLaw() {
    let points = (1...8).map { (x: Double($0), y: 3 / Double($0 * $0)) }
    let fit = PowerLaw.fit(points)
    #expect(abs(fit.exponent - -2) < 1e-12)
    #expect(abs(fit.factor - 3) < 1e-12)
    #expect(fit.exponentMargin < 1e-9)
  }

  /// In the limit of many agents the population's value is the mean-field one.
  @Test func manyPlayersApproachTheMeanField() {
    let game = Malware(cells: 21)
    let law = game.stationaryLaw(Threshold(8))
    let policy = Threshold(8).policy(stateCount: 21)
    let players = NPlayerPopulation(game, agentCount: 400)
    let values = players.simulate(
      policies: [policy], episodes: 40, horizon: 150, initial: law.states, seeds: SeedTree(root: 1),
      threads: 2)
    let exact = zip(law.states, game.exactValues(policy, law: law)).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(values.mean - exact) < 5 * values.standardError + 0.01)
  }

  @Test func exploitabilityOfTheEquilibriumIsZero() {
    let game = CrowdChoice()
    let shares = game.equilibriumShares
    let policy = StationaryPolicy(
      probabilities: shares + shares, stateCount: 2, actionCount: 2)
    #expect(NormalisedExploitability.measure(game, policies: [policy]) < 1e-9)
    let rush = StationaryPolicy(deterministic: [0, 0], actionCount: 2)
    #expect(NormalisedExploitability.measure(game, policies: [rush]) > 0.05)
  }

  /// Two places of crowding 1 and 3: 3/4 and 1/4 of the players, in closed form; players who choose at
  /// random split evenly and miss the mark by far more than the learners are allowed to.
  @Test(arguments: ["MF-Q", "MF-AC", "independent"])
  func learnersFindTheEquilibrium(name: String) {
    let game = CrowdChoice(crowding: [1, 3], toll: [0, 0])
    #expect(game.equilibriumShares == [0.75, 0.25])
    let players = NPlayerPopulation(game, agentCount: 20)
    let policies: [StationaryPolicy]
    if name == "independent" {
      var learner = IndependentQLearning()
      learner.steps = 20_000
      policies = learner.run(players, seeds: SeedTree(root: 1))
    } else {
      var learner = MeanFieldQLearning()
      learner.steps = 20_000
      learner.isActorCritic = name == "MF-AC"
      policies = learner.run(players, seeds: SeedTree(root: 1))
    }
    let law = NormalisedExploitability.profileLaw(game, policies: policies)
    #expect(abs(law.states[0] - 0.75) < 0.1, "\(law.states)")
    let random = StationaryPolicy.uniform(stateCount: 2, actionCount: 2)
    let even = NormalisedExploitability.profileLaw(game, policies: [random])
    #expect(abs(even.states[0] - 0.5) < 1e-9)
  }
}
