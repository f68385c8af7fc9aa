import MeanField
import Randomness
import Testing

@Suite struct MeanFieldControlTests {
  @Test func netsHoldTheirPoints() {
    let net = SimplexNet(dimension: 3, resolution: 10)
    #expect(net.points.count == 66)
    for (index, point) in net.points.enumerated() { #expect(net.nearest(point) == index) }
    #expect(SimplexNet.round([0.34, 0.33, 0.33], resolution: 10) == [0.4, 0.3, 0.3])
  }

  /// CrowdChoice from its team optimum: staying there is optimal, worth −(141/144)/(1 − γ) when the
  /// shares 7/12, 5/12 lie on the net (K = 12) and mixed policies are allowed.
  @Test func valueIterationFindsTheClosedForm() {
    let game = ControlledModel(CrowdChoice())
    var method = NetValueIteration(resolution: 12)
    method.policyResolution = 12
    let solution = method.solve(game)
    let exact = -141.0 / 144 / 0.2
    #expect(abs(solution.value([7.0 / 12, 5.0 / 12]) - exact) < 1e-8)
  }

  /// What the controller of the nearest kernel really earns from the team optimum. Rounding the next
  /// distribution makes every rule that lands within half a spacing (1/24) of (7/12, 5/12) look equally
  /// good, since the reward of the step does not depend on the rule; the first of the equals is played,
  /// and the population strays. By hand: the cost is 3 δ² above its minimum at a distance δ in μ₀ (its
  /// second derivative is 2 + 4), so at most 3/24² a step from the second on is lost.
  @Test func tiesAfterRoundingCostARealisedValue() {
    let game = ControlledModel(CrowdChoice())
    let start = [7.0 / 12, 5.0 / 12]
    let exact = -141.0 / 144 / 0.2
    var nearest = NetValueIteration(resolution: 12)
    nearest.policyResolution = 12
    let rounded = nearest.solve(game)
    let loss = exact - rounded.realisedValue(game, from: start, steps: 400)
    #expect(loss > 1e-4)
    #expect(loss < 3.0 / 576 * 0.8 / 0.2 + 1e-9)
    let values = rounded.actionValues(start)
    let ties = values.indices.filter { values[$0] > (values.max() ?? 0) - 1e-9 }
    let landings = ties.map { game.step(start, policy: rounded.policies[$0]).next[0] }
    #expect(landings.contains { abs($0 - start[0]) < 1e-12 })
    #expect(landings.contains { abs($0 - start[0]) > 0.01 })
    #expect(landings.allSatisfy { abs($0 - start[0]) <= 1.0 / 24 + 1e-12 })
    // Interpolation tells them apart: the same controller then earns the closed form.
    var between = NetValueIteration(resolution: 12, kernel: .simplicial)
    between.policyResolution = 12
    let sharp = between.solve(game)
    #expect(abs(sharp.realisedValue(game, from: start, steps: 400) - exact) < 1e-8)
  }

  /// MFC-K-Q on a model with a closed form: from anywhere the team can move to (7/12, 5/12) in one
  /// step and stay: V(μ) = −cost(μ) + γ (−141/144)/(1 − γ); random play misses it.
  @Test func kernelQLearningFindsTheClosedForm() {
    let game = ControlledModel(CrowdChoice())
    var method = KernelQLearning(resolution: 12, kernel: .simplicial)
    method.policyResolution = 12
    method.startsOnNet = true
    let learned = method.learn(game, seeds: SeedTree(root: 1))
    let later = -141.0 / 144 * 0.8 / 0.2
    for share in [0.0, 0.25, 0.5, 1] {
      let cost = share * (share + 0.5) + 2 * (1 - share) * (1 - share)
      #expect(abs(learned.value([share, 1 - share]) - (later - cost)) < 1e-8)
    }
    #expect(learned.samples == 13 * 169)
    let players = game.simulate(
      { states, time in learned.policy(states, time: time) }, agents: 500, episodes: 20, steps: 60,
      seeds: SeedTree(root: 3))
    #expect(abs(players.mean - (later - 1)) < 0.05)
    let random = StationaryPolicy(deterministic: [0, 0], actionCount: 2)
    let rush = game.simulate(
      { _, _ in random }, agents: 500, episodes: 20, steps: 60, seeds: SeedTree(root: 3))
    #expect(rush.mean < later - 1.5)
  }

  /// Barycentric coordinates: they sum to one, are at most one for each dimension, and reproduce the
  /// point itself (and so every linear function), on the net and off it.
  @Test(arguments: [2, 3, 4, 6]) func simplicialWeightsReproduceThePoint(dimension: Int) {
    var stream = SeedTree(root: 4).stream("points")
    for resolution in [1, 3, 7] {
      let net = SimplexNet(dimension: dimension, resolution: resolution)
      for index in 0..<200 {
        var point = (0..<dimension).map { _ in stream.exponential(rate: 1) }
        if index % 4 == 0 { point[stream.integer(below: dimension)] = 0 }
        let total = point.reduce(0, +)
        point =
          index % 5 == 0
          ? net.points[stream.integer(below: net.points.count)]
          : point.map { $0 / max(total, 1e-9) }
        guard abs(point.reduce(0, +) - 1) < 1e-9 else { continue }
        let values = net.points.map { zip($0, 1...).reduce(0) { $0 + $1.0 * Double($1.1 * $1.1) } }
        let table = KernelRegression.simplicial.interpolate(values, on: net, at: point)
        let exact = zip(point, 1...).reduce(0) { $0 + $1.0 * Double($1.1 * $1.1) }
        #expect(abs(table - exact) < 1e-9, "\(point)")
      }
    }
  }

  /// The bound's slopes against their closed form (congestion: D moves by 1/3 for each unit of ℓ₁, and
  /// |dr/dD| is 2 beyond both bandwidths), and the bound against the error itself.
  @Test func errorStaysBelowItsBound() {
    let game = ControlledModel(CongestionControl())
    let slopes = LiftedErrorBound.measure(game, resolution: 24, threads: 2)
    #expect(abs(slopes.rewardSlope - 2.0 / 3) < 1e-9)
    #expect(abs(slopes.flowSlope - 1) < 1e-9)
    #expect(abs(slopes.actionValueSlope - 10.0 / 3) < 1e-8)
    let fine = NetValueIteration(resolution: 64, kernel: .simplicial).solve(game, threads: 2)
    #expect(LiftedErrorBound.slope(of: fine) < slopes.actionValueSlope)
    var simplicial: [Double] = []
    for kernel in [KernelRegression.nearest, .triangular(width: 1.5), .simplicial] {
      for resolution in [4, 8] {
        var method = KernelQLearning(resolution: resolution, kernel: kernel)
        method.startsOnNet = kernel == .simplicial
        let learned = method.learn(game, seeds: SeedTree(root: 1))
        var error = 0.0
        for (index, point) in fine.net.points.enumerated() {
          for (choice, value) in learned.actionValues(point).enumerated() {
            error = max(error, abs(value - fine.values[0][index * fine.policies.count + choice]))
          }
        }
        #expect(error <= slopes.bound(method, dimension: 3))
        #expect(error > 1e-3)
        if kernel == .simplicial { simplicial.append(error) }
      }
    }
    #expect(simplicial[1] < 0.75 * simplicial[0])
  }

  /// Started on the net, the learner sees exactly what value iteration computes.
  @Test func learningOnTheNetIsValueIteration() {
    let game = ControlledModel(CongestionControl())
    let exact = NetValueIteration(resolution: 5, kernel: .simplicial).solve(game)
    var method = KernelQLearning(resolution: 5, kernel: .simplicial)
    method.startsOnNet = true
    let learned = method.learn(game, seeds: SeedTree(root: 9))
    #expect(learned.values == exact.values)
    #expect(learned.samples == 21 * 27)
  }

  /// A finite horizon of one step: only the immediate reward counts, whatever is done.
  @Test func finiteHorizon() {
    let game = ControlledModel(CrowdChoice(), horizon: 1)
    let solution = NetValueIteration(resolution: 4).solve(game)
    #expect(abs(solution.value([0.5, 0.5]) - -(0.5 * 1.0 + 0.5 * 1.0)) < 1e-12)
    let two = NetValueIteration(resolution: 12).solve(ControlledModel(CrowdChoice(), horizon: 2))
    // From (½, ½) deterministic policies reach (1, 0), (0, 1) and (½, ½): best −1 − γ · 1.
    #expect(abs(two.value([0.5, 0.5]) - -1.8) < 1e-12)
  }

  @Test func kernelsReproduceConstantsAndNetPoints() {
    let game = ControlledModel(CrowdChoice(crowding: [1, 1, 1], toll: [2, 2, 2]))
    for kernel in [
      KernelRegression.nearest, .triangular(width: 1.5), .nearestNeighbours(count: 3),
    ] {
      let solution = NetValueIteration(resolution: 6, kernel: kernel).solve(game)
      #expect(solution.sweeps > 10)
      #expect(solution.value([0.31, 0.33, 0.36]) <= -2 / 0.2)
    }
  }

  /// MFC-K-Q sees every cell about once and comes near exact value iteration on a finer net; the
  /// error falls with the net.
  @Test func kernelQLearningApproachesValueIteration() {
    let game = ControlledModel(CongestionControl())
    let fine = NetValueIteration(resolution: 40).solve(game, threads: 2)
    var last = Double.infinity
    for resolution in [3, 10] {
      let learned = KernelQLearning(resolution: resolution, kernel: .triangular(width: 1.5)).learn(
        game, seeds: SeedTree(root: 1))
      #expect(learned.coverage == 1)
      let error = learned.net.points.reduce(0) {
        max($0, abs(learned.value($1) - fine.value($1)))
      }
      #expect(error < last)
      last = error
    }
    #expect(last < 0.3)
  }

  /// One agent's central controller is the agent itself; and no policy beats the optimum.
  @Test func centralController() {
    let game = Malware(discount: 0.5, cells: 2)
    let two = CentralController(game, agents: 2)
    let optimum = two.optimum().initialValue
    for position in [0.0, 0.5, 1.0, 2.0] {
      #expect(two.value(of: Threshold(position).policy(stateCount: 2)) <= optimum + 1e-12)
    }
    let samples = two.samplesToAccuracy(0.1, seeds: SeedTree(root: 1))
    let more = two.samplesToAccuracy(0.05, seeds: SeedTree(root: 1))
    #expect((samples ?? .max) < (more ?? .max))
  }

  /// Pareto optimality on two agents: the central optimum's mean is at least that of every pair of
  /// deterministic joint rules, so nobody can gain unless the other loses.
  @Test func teamIsParetoOptimalForTwo() {
    let game = CrowdChoice(discount: 0.5)
    let controller = CentralController(game, agents: 2)
    let optimum = controller.optimum().values
    for value in optimum { #expect(value <= 0) }
    for rule in LocalPolicyNet(stateCount: 2, actionCount: 2, resolution: 4).policies {
      #expect(controller.value(of: rule) <= controller.optimum().initialValue + 1e-12)
    }
  }

  /// All 256 joint rules of two agents: none dominates the optimum; a worse rule is dominated, so the
  /// comparison can tell.
  @Test func noJointRuleDominatesTheTeamOptimum() {
    let game = CrowdChoice(discount: 0.5)
    let check = ParetoCheck.measure(
      game, agents: 2, rules: nil, seeds: SeedTree(root: 1), threads: 2)
    #expect(check.isComplete && check.rules == 256)
    #expect(check.dominating == 0)
    #expect(check.bestCommonGain <= 1e-9)
    #expect(check.meanFieldTeam <= check.optimum + 1e-12)
    let controller = CentralController(game, agents: 2)
    // By hand: both at place 1 for ever from the second step on pay 2; the optimum (one each, if 1½ + 1
    // halves …) is at most the mean of .5 · 1 + .5 and 2 · .5, which both agents prefer.
    let rush = controller.agentValues([Int](repeating: 3, count: 4))
    let best = controller.agentValues(controller.optimalRule())
    #expect(zip(best, rush).allSatisfy { $0 > $1 + 0.1 })
    #expect(abs(best.reduce(0, +) / 2 - controller.optimum().initialValue) < 1e-9)
  }

  @Test func dispatch() {
    let game = OrderDispatch()
    let exact = NetValueIteration(resolution: 4).solve(game, threads: 2)
    let learned = KernelQLearning(resolution: 4).learn(game, seeds: SeedTree(root: 1))
    let start = game.initialDistribution
    let value = exact.realisedValue(game, from: start, steps: 300)
    #expect(abs(value - learned.realisedValue(game, from: start, steps: 300)) < 0.1 * abs(value))
    let staying = StationaryPolicy(deterministic: [0, 0, 0, 0], actionCount: 5)
    let rest = game.simulate(
      { _, _ in staying }, agents: 400, episodes: 20, steps: 100, seeds: SeedTree(root: 2))
    #expect(value > rest.mean)
  }
}
