import Foundation
import MeanField
import Networks
import Randomness
import Testing

@Suite struct MeanFieldLearningTests {
  private let game = CrowdChoice()

  /// The equilibrium of CrowdChoice at softmax sharpness c solves μ₀ = 1/(1 + exp(−cγ(r₀ − r₁))), by
  /// bisection on a decreasing function: the answer that GMF-Q must find.
  private func logitShare(_ c: Double) -> Double {
    var (low, high) = (0.0, 1.0)
    for _ in 0..<100 {
      let share = (low + high) / 2
      let gain = -(share + 0.5) + 2 * (1 - share)
      let response = 1 / (1 + power(2.718281828459045, -c * 0.8 * gain))
      if response > share { low = share } else { high = share }
    }
    return low
  }

  private func power(_ base: Double, _ exponent: Double) -> Double {
    // exp by repeated squaring of a short series: no Foundation needed for a test oracle.
    let x = exponent / 1024
    var value = 1 + x + x * x / 2 + x * x * x / 6
    for _ in 0..<10 { value *= value }
    return value
  }

  @Test func gmfQFindsTheLogitEquilibrium() {
    var method = MeanFieldLearning.gmfQ(sharpness: 1, QLearning(steps: 20_000))
    method.iterations = 40
    let result = method.run(game, seeds: SeedTree(root: 1))
    let share = result.laws[40].states[0]
    #expect(abs(share - logitShare(1)) < 0.03)
    #expect(abs(logitShare(1) - 0.5) < 0.1)
  }

  /// The three-step fixed point of a known model, where it contracts: everybody's best place is the
  /// same wherever they are, and with a toll of 5 it is place 1 for all.
  @Test func threeStepFindsTheFixedPoint() {
    let tolled = CrowdChoice(crowding: [1, 1], toll: [5, 0])
    var method = MeanFieldLearning.threeStep()
    method.iterations = 5
    let result = method.run(tolled, seeds: SeedTree(root: 1))
    #expect(result.laws[5].states == [0, 1])
    #expect(tolled.equilibriumShares == [0, 1])
    #expect(result.totalChanges[4] == 0)
    #expect(result.totalChanges[0] > 0.5)
  }

  /// The auction's normalised exploitability of a known best response is zero, of the worst bid not.
  @Test func normalisedExploitabilityOfAnAuction() {
    let auction = RepeatedAuction()
    let worst = StationaryPolicy(
      deterministic: [Int](repeating: 9, count: 10), actionCount: 10)
    #expect(NormalisedExploitability.measure(auction, policies: [worst]) > 0.2)
    let law = NormalisedExploitability.profileLaw(auction, policies: [worst])
    #expect(abs(law.actions[9] - 1) < 1e-12)
    #expect(abs(law.states.reduce(0, +) - 1) < 1e-12)
  }

  /// With argmax-e all rush to the cheaper place: the law jumps by a whole population each step;
  /// softmax keeps the change small.
  @Test func naiveFluctuatesAndGmfQDoesNot() {
    let unequal = CrowdChoice(crowding: [1, 2], toll: [0, 0])
    var naive = MeanFieldLearning.naive(QLearning(steps: 5000))
    naive.iterations = 20
    var smooth = MeanFieldLearning.gmfQ(sharpness: 1, QLearning(steps: 20_000))
    smooth.iterations = 20
    let jumps = naive.run(unequal, seeds: SeedTree(root: 2)).totalChanges.suffix(10)
    let moves = smooth.run(unequal, seeds: SeedTree(root: 2)).totalChanges.suffix(10)
    #expect(jumps.reduce(0, +) / 10 > 0.8)
    #expect(moves.reduce(0, +) / 10 < 0.2)
  }

  @Test func qLearningFindsTheOptimum() {
    let auction = RepeatedAuction()
    let law = PopulationLaw(
      states: auction.initialDistribution, policy: .uniform(stateCount: 10, actionCount: 10))
    let exact = DynamicProgramming.optimum(FrozenModel(auction, law: law)).actionValues
    var stream = SeedTree(root: 1).stream("learning")
    let q = QLearning(steps: 2_000_000, exploration: 1).actionValues(
      auction, law: law, using: &stream)
    for (a, b) in zip(q, exact) { #expect(abs(a - b) < 0.08) }
  }

  /// The auction's sampler against its enumerated transitions and expected rewards.
  @Test func auctionSamplesMatchItsModel() {
    let auction = RepeatedAuction()
    var stream = SeedTree(root: 5).stream("auction")
    let policy = StationaryPolicy.softmax(
      (0..<100).map { Double($0 % 7) * 0.3 }, sharpness: 1, stateCount: 10, actionCount: 10)
    let law = PopulationLaw(states: auction.initialDistribution, policy: policy)
    for (state, action) in [(9, 5), (3, 7), (0, 0), (5, 9)] {
      var expected = [Double](repeating: 0, count: 10)
      auction.forEachTransition(state: state, action: action, law: law) { expected[$0] += $1 }
      #expect(abs(expected.reduce(0, +) - 1) < 1e-12)
      var counts = [Double](repeating: 0, count: 10)
      var reward = 0.0
      let draws = 100_000
      for _ in 0..<draws {
        let next = auction.sample(state: state, action: action, law: law, using: &stream)
        counts[next.state] += 1 / Double(draws)
        reward += next.reward / Double(draws)
      }
      for (a, b) in zip(counts, expected) { #expect(abs(a - b) < 0.008) }
      #expect(abs(reward - auction.reward(state: state, action: action, law: law)) < 0.01)
    }
  }

  @Test func fictitiousPlayFindsTheClosedForm() {
    let skewed = CrowdChoice(crowding: [1, 2, 4], toll: [0.5, 0, 0.1])
    let (best, trace) = StationaryFictitiousPlay(iterations: 3000).run(skewed)
    for (share, exact) in zip(best.meanField.states, skewed.equilibriumShares) {
      #expect(abs(share - exact) < 0.01)
    }
    #expect(trace[0] > 0.1)
    #expect(best.exploitability < 0.02)
  }

  /// The team equalises marginal costs; by hand for crowding (1, 2), toll (½, 0): 7/12 and 5/12.
  @Test func teamSearchFindsTheClosedForm() {
    #expect(abs(game.teamShares[0] - 7.0 / 12) < 1e-12)
    let team = StationaryTeamSearch().run(game)
    #expect(abs(team.meanField.states[0] - 7.0 / 12) < 1e-3)
    let equilibrium = StationaryFictitiousPlay().run(game).best
    // Costs 1 in equilibrium, 47/48 for the team: 7/12 · 13/12 + 5/12 · 10/12 = 141/144.
    #expect(abs(team.stationaryValue - -141.0 / 144 / 0.2) < 1e-5)
    #expect(abs(equilibrium.stationaryValue - -5) < 1e-2)
  }

  /// Every inner solver improves to the optimum of a fixed problem.
  @Test func innerSolversReachTheOptimum() {
    let fixed = Malware(cells: 11)
    let law = fixed.stationaryLaw(Threshold(5))
    let best = fixed.exactOptimum(law: law).values.reduce(0, +) / 11
    for (inner, iterations) in [
      (InnerSolver.valueIteration, 1), (.trustRegion(steps: 5, maximumDivergence: 0.05), 60),
      (.proximal(steps: 5, epochs: 20, clip: 0.2, stepSize: 0.1), 40),
      (.conservative(steps: 500), 40),
    ] {
      let value = learnedValue(fixed, law, inner, iterations)
      #expect(value > best - 0.02, "\(inner): \(value) against \(best)")
    }
    let uniform = StationaryPolicy.uniform(stateCount: 11, actionCount: 2)
    #expect(fixed.exactValues(uniform, law: law).reduce(0, +) / 11 < best - 0.1)
  }

  /// With momentum almost 1 the law stands still, so the inner solver faces one problem.
  private func learnedValue(
    _ model: Malware, _ law: PopulationLaw, _ inner: InnerSolver, _ iterations: Int
  ) -> Double {
    var method = MeanFieldLearning()
    method.inner = inner
    method.smoothing = inner == .valueIteration ? .argmaxEqual(tolerance: 1e-9) : nil
    method.momentum = 1 - 1e-12
    method.iterations = iterations
    let result = method.run(model, start: law, seeds: SeedTree(root: 1))
    let policy = result.policies[iterations - 1]
    return model.exactValues(policy, law: law).reduce(0, +) / 11
  }

  /// The policy's mean action value is MM_c(Q), by definition; equal values give equal shares.
  @Test func mellowMaxMeansWhatItSays() {
    let row = [0.3, -1.2, 2.5, 2.4]
    let policy = PolicySmoothing.mellowMax(sharpness: 3).policy(
      row, stateCount: 1, actionCount: 4)
    let mean = zip(row, policy.probabilities).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(mean - PolicySmoothing.mellowMax(row, sharpness: 3)) < 1e-9)
    let flat = PolicySmoothing.mellowMax(sharpness: 3).policy(
      [1, 1], stateCount: 1, actionCount: 2)
    #expect(flat.probabilities == [0.5, 0.5])
  }

  /// CrowdChoice: the next place is the chosen one. Γ₂ gives the joint law of next place and next
  /// action: its total variation is at most that of the places (≤ D) plus that of the actions given
  /// the place (≤ D), so d₂ ≤ 2. With sharpness ½ d₁ is small, with sharpness 50 it is not.
  @Test func contractionOfAKnownMap() {
    let gentle = ContractionEstimate.measure(
      game, smoothing: .softmax(sharpness: 0.5), pairs: 200, seeds: SeedTree(root: 1))
    let sharp = ContractionEstimate.measure(
      game, smoothing: .softmax(sharpness: 50), pairs: 200, seeds: SeedTree(root: 1))
    #expect(gentle.d1 < 0.5)
    #expect(sharp.d1 > 2)
    #expect(gentle.d2 > 0 && gentle.d2 <= 2 + 1e-9)
  }

  @Test func schedule() {
    let coarse = GMFQSchedule(epsilon: 0.3, delta: 0.1, contraction: 0.5, gap: 0.2, pairs: 4)
    let fine = GMFQSchedule(epsilon: 0.1, delta: 0.1, contraction: 0.5, gap: 0.2, pairs: 4)
    #expect(fine.outerIterations > coarse.outerIterations)
    #expect(coarse.innerIterations(3) > coarse.innerIterations(0))
    #expect(fine.sharpness > coarse.sharpness)
    #expect(coarse.learning(longestInner: 100).iterations == coarse.outerIterations)
    // By hand: K = ⌈2 max{1/.3, ln .3/ln .5 + 1}⌉ = ⌈2 · 3.333…⌉ = 7; c = ln(1/.3)/.2.
    #expect(coarse.outerIterations == 7)
    #expect(abs(coarse.sharpness - 6.019864) < 1e-6)
    // Every T_k is taken, up to the cap; they grow with k.
    let run = coarse.learning(longestInner: 5000).run(game, seeds: SeedTree(root: 1))
    #expect(run.innerSteps.count == 7)
    #expect(run.innerSteps == (0..<7).map { Int(min(5000, coarse.innerIterations($0))) })
    #expect(run.samples == run.innerSteps.reduce(0, +))
  }

  /// Two equal parallel ways of a square: half of the packets take each, in equilibrium.
  @Test func dataRouting() throws {
    let square = try Topology(
      name: "square", routers: ["A", "B", "C", "D"].map { Router(name: $0) },
      links: [(0, 1), (1, 3), (0, 2), (2, 3)].map { Link(RouterID($0.0), RouterID($0.1)) })
    let routing = try DataRouting(square, destination: RouterID(3), congestion: 5)
    let (best, _) = StationaryFictitiousPlay(iterations: 800).run(routing)
    #expect(abs(best.policy[0, 0] - 0.5) < 0.05)
    #expect(best.exploitability < 0.05)
  }

  /// A network file as a user has it (SNDlib's native format): fictitious play comes near an equilibrium
  /// from a uniform policy that is far from one, and every router's packets do leave it.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: polskaFile)))
  func dataRoutingOnANetworkFile() throws {
    let instance = try MeanFieldCatalogue.make(
      game: "data-routing", settings: ["topology": polskaFile])
    let routing = try #require(instance as? DataRouting)
    #expect(routing.stateCount == 12)
    let (best, trace) = StationaryFictitiousPlay(iterations: 200).run(routing)
    #expect(trace[0] > 1)
    #expect(best.exploitability < 0.02)
    #expect(abs(best.meanField.states.reduce(0, +) - 1) < 1e-9)
  }
}

private let polskaFile = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appendingPathComponent("shared/data/sndlib/native/polska.txt").path
