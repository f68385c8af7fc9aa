import Foundation
import Learning
import Networks
import PacketSimulation
import Randomness
import Routing
import Testing

/// Appendix A by enumeration: two routers, two ticks, two actions each. All 16 trajectories are
/// written down with their probabilities, so the estimators' expectations are exact sums.
struct EstimatorTests {
  let layout: ObservationLayout
  let policies: RouterNetworks

  init() throws {
    // A ring of four: every router has two neighbours.
    let ring = try Topology(
      name: "ring", routers: ["A", "B", "C", "D"].map { Router(name: $0) },
      links: [(0, 1), (1, 2), (2, 3), (3, 0)].map {
        Link(RouterID($0.0), RouterID($0.1), latency: 1)
      })
    layout = ObservationLayout(
      scenario: try Scenario(topology: ring, load: 0.1, horizon: 2), form: .oneHot, pastActions: 0)
    // Without hidden layers: the differences below meet no kink of ReLU.
    policies = RouterNetworks(layout: layout, hidden: [], seeds: SeedTree(root: 3))
  }

  /// What is paid at each tick: depends on all actions up to then, differently per router.
  func reward(_ router: Int, _ tick: Int, _ a: [[Int]]) -> Double {
    if tick == 0 { return 1.5 * Double(a[0][0]) - 0.7 * Double(a[1][0]) + Double(router) }
    return 2 * Double(a[0][0] * a[1][1]) - 1.1 * Double(a[0][1]) + 0.4 * Double(router * a[1][0])
  }

  /// The second observation depends on the first actions: the world has a state.
  func observation(_ router: Int, _ tick: Int, _ a: [[Int]]) -> [Int32] {
    let destination = tick == 0 ? 2 : (a[0][0] + a[1][0]) % 3
    return [Int32(destination), Int32(5 + a[1 - router][0] * tick)]
  }

  func probability(_ router: Int, _ tick: Int, _ a: [[Int]], _ parameters: [[Float]]) -> Double {
    let input = NetworkInput<Float>.oneHot(
      indices: observation(router, tick, a), activePerRow: layout.activePerRow)
    let logits = policies.networks[router].outputs(parameters[router], input)
    let p = PolicyEvaluation<Float>.softmax(logits, mask: nil, rows: 1, width: 2).probabilities
    return Double(p[a[router][tick]])
  }

  var allActions: [[[Int]]] {
    (0..<16).map { [[$0 & 1, $0 >> 1 & 1], [$0 >> 2 & 1, $0 >> 3 & 1]] }
  }

  func likelihood(_ a: [[Int]], _ parameters: [[Float]]) -> Double {
    var p = 1.0
    for router in 0..<2 { for tick in 0..<2 { p *= probability(router, tick, a, parameters) } }
    return p
  }

  func trajectories(_ a: [[Int]]) -> RouterTrajectories {
    var routers = [RouterTrajectories.RouterTrajectory](repeating: .init(), count: 4)
    var paid = [Float](repeating: 0, count: 8)
    for router in 0..<2 {
      for tick in 0..<2 {
        routers[router].observations += observation(router, tick, a)
        routers[router].actions.append(Int32(a[router][tick]))
        routers[router].ticks.append(Int32(tick))
        routers[router].replicas.append(0)
        routers[router].packetReturns.append(0)
        paid[router * 2 + tick] = Float(reward(router, tick, a))
      }
    }
    return RouterTrajectories(routers: routers, paid: paid, horizon: 2, replicaCount: 1)
  }

  /// E[R] of one router under all routers' policies.
  func objective(_ router: Int, _ parameters: [[Float]]) -> Double {
    allActions.reduce(0) { sum, a in
      sum + likelihood(a, parameters) * (reward(router, 0, a) + reward(router, 1, a))
    }
  }

  @Test(arguments: [EstimatorForm.wholeTrajectory, .rewardToGo], [0, 1])
  func theEstimatorIsUnbiased(_ form: EstimatorForm, _ router: Int) {
    var settings = MAMRLConfiguration()
    settings.estimator = form
    let network = policies.networks[router]
    var expected = [Double](repeating: 0, count: network.parameterCount)
    for a in allActions {
      let batch = DecisionWeights.weighted(
        trajectories(a), router: router, layout: layout, settings: settings)
      let gradient = PolicyEvaluation(network, policies.parameters[router], batch)
        .logLikelihoodGradient()
      expected.add(likelihood(a, policies.parameters), gradient.map(Double.init))
    }
    // Central differences of the enumerated objective, along coordinates and the gradient itself.
    var draws = RandomStream(seed: 1)
    for _ in 0..<6 {
      let u = (0..<expected.count).map { _ in draws.normal() }
      var (up, down) = (policies.parameters, policies.parameters)
      let step = 2e-3
      up[router] = up[router].adding(step, u.map { Float($0) })
      down[router] = down[router].adding(-step, u.map { Float($0) })
      let slope = (objective(router, up) - objective(router, down)) / (2 * step)
      #expect(abs(expected.dot(u) - slope) < 1e-3 * max(1, abs(slope)))
    }
  }

  /// Leaving the past out lowers the variance, not the mean.
  @Test func rewardToGoVariesLess() {
    func variance(_ form: EstimatorForm) -> Double {
      var settings = MAMRLConfiguration()
      settings.estimator = form
      let network = policies.networks[1]
      return allActions.reduce(0) { sum, a in
        let batch = DecisionWeights.weighted(
          trajectories(a), router: 1, layout: layout, settings: settings)
        let g = PolicyEvaluation(network, policies.parameters[1], batch).logLikelihoodGradient()
        return sum + likelihood(a, policies.parameters) * g.dot(g)
      }
    }
    #expect(variance(.rewardToGo) < variance(.wholeTrajectory))
  }
}
