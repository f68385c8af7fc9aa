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
