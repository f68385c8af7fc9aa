import Flows
import Foundation
import Networks
import Testing

/// Latency `constant + factor · flow` per arc.
private struct Affine: CongestionLatency {
  var constant: [Double]
  var factor: [Double]
  func integral(arc: Int, flow: Double) -> Double {
    (constant[arc] + factor[arc] * flow / 2) * flow
  }
  func latency(arc: Int, flow: Double) -> Double { constant[arc] + factor[arc] * flow }
  func slope(arc: Int, flow: Double) -> Double { factor[arc] }
  func curvature(arc: Int, flow: Double) -> Double { 0 }
}

@Suite struct ConvexFlowTests {
  /// Braess: s=0, a=1, b=2, t=3. Latencies sa 1+10x, at 51+x, sb 51+x, ab 10+x, bt 1+10x; demand 6.
  /// With p on s-a-t and on s-b-t and q = 6 − 2p on s-a-b-t, the paths cost 112 − 9p and 138 − 22p:
  /// equal at p = q = 2, where each costs 94. At the optimum q = 0 (marginal costs 118 < 132): 85 each.
  @Test func braess() throws {
    let links = [(0, 1), (1, 3), (0, 2), (1, 2), (2, 3)].map {
      Link(RouterID($0.0), RouterID($0.1), isDirected: true)
    }
    let net = try Topology(
      name: "Braess", routers: (0..<4).map { Router(name: "\($0)") }, links: links)
    let constants = [1.0, 51, 51, 10, 1]
    let factors = [10.0, 1, 1, 1, 10]
    let latency = Affine(
      constant: net.arcs.map { constants[$0.link.index] },
      factor: net.arcs.map { factors[$0.link.index] })
    var demands = [Double](repeating: 0, count: 16)
    demands[3] = 6
    let tight = ConvexFlowConfiguration(relativeGap: 1e-13, sweepLimit: 200)

    var selfish = ConvexFlow(FlowNetwork(net), demands: demands, cost: WardropCost(latency))
    #expect(selfish.solve(tight).relativeGap < 1e-12)
    let expected = [4.0, 2, 2, 2, 4]
    for (a, arc) in net.arcs.enumerated() {
      #expect(abs(selfish.flows.arcFlow[a] - expected[arc.link.index]) < 1e-8)
    }
    var best = ConvexFlow(FlowNetwork(net), demands: demands, cost: SystemOptimumCost(latency))
    #expect(abs(best.solve(tight).objective - 510) < 1e-8)
    let total = net.arcs.indices.reduce(0.0) {
      $0 + selfish.flows.arcFlow[$1] * latency.latency(arc: $1, flow: selfish.flows.arcFlow[$1])
    }
    #expect(abs(total / 510 - 564.0 / 510) < 1e-9)
  }

  /// 0 sends to 3 over 1 or over 2, which are alike: half each.
  @Test func delayOptimalSplitOfTwoEqualWays() throws {
    let net = try topology(4, [(0, 1), (1, 3), (0, 2), (2, 3)])
    var demands = [Double](repeating: 0, count: 16)
    demands[3] = 0.8
    let network = FlowNetwork(net)
    var problem = ConvexFlow(
      network, demands: demands,
      cost: DelayCost(latency: [3, 3, 3, 3, 3, 3, 3, 3], backlog: QueueBacklog(horizon: 100)))
    _ = problem.solve(.init(relativeGap: 1e-14, sweepLimit: 50))
    #expect(abs(problem.flows.routerLoad[1] - 0.4) < 1e-7)
    let backlog = QueueBacklog(horizon: 100)
    let expected = 0.8 * 8 + backlog.value(at: 0.8).value + 2 * backlog.value(at: 0.4).value
    #expect(abs(problem.objective - expected) < 1e-10)
  }

  /// Slow and obvious: Bellman–Ford from every source under the slopes at the flow.
  func tangentBound<Cost: FlowCost>(_ problem: ConvexFlow<Cost>) -> Double {
    let net = problem.network
    let n = net.routerCount
    let slopes = (0..<net.arcCount).map { a in
      problem.cost.arc(a, flow: problem.flows.arcFlow[a]).slope
        + problem.cost.router(net.arcSource[a], load: problem.flows.routerLoad[net.arcSource[a]])
        .slope
    }
    var bound = problem.objective
    for a in 0..<net.arcCount { bound -= slopes[a] * problem.flows.arcFlow[a] }
    for d in 0..<n {
      var distance = [Double](repeating: .infinity, count: n)
      distance[d] = 0
      for _ in 0..<n {
        for a in 0..<net.arcCount where net.isUsable[a] {
          distance[net.arcSource[a]] = min(
            distance[net.arcSource[a]], slopes[a] + distance[net.arcTarget[a]])
        }
      }
      for s in 0..<n where s != d && distance[s] < .infinity {
        bound += problem.demands[s * n + d] * distance[s]
      }
    }
    return bound
  }

  @Test(arguments: 0..<12 as Range<UInt64>)
  func reachesTheOptimumOfRandomProblems(seed: UInt64) throws {
    let n = 6 + Int(seed) * 2
    let net = try randomTopology(routers: n, extra: n, seed: seed)
    let network = FlowNetwork(net)
    let load = [0.3, 0.8, 1.5][Int(seed) % 3]
    let demands = randomDemands(routers: n, seed: seed).map { $0 * load * 2 / Double(n) }
    let cost = DelayCost(
      latency: net.arcs.map { Double($0.link.index % 4) }, backlog: QueueBacklog(horizon: 200))
    var problem = ConvexFlow(network, demands: demands, cost: cost)
    let outcome = problem.solve(.init(relativeGap: 1e-9, sweepLimit: 3000))
    #expect(outcome.relativeGap <= 1e-9, "\(outcome)")
    #expect(abs(tangentBound(problem) - problem.lowerBound) < 1e-9 * outcome.objective)
    #expect(problem.flows.largestImbalance(demands) < 1e-12 * Double(n))
    #expect(problem.unreachableDemand == 0)
    // The table realises the same flows.
    let table = SplitTable(problem.flows, latency: net.arcs.map { _ in 3 })
    let again = table.flows(demands: demands)
    for a in 0..<network.arcCount {
      #expect(abs(again.arcFlow[a] - problem.flows.arcFlow[a]) < 1e-7)
    }
    // Started from the optimum it is done at once.
    var warm = ConvexFlow(network, demands: demands, cost: cost, start: problem.flows)
    #expect(warm.solve(.init(relativeGap: 1e-8)).sweeps == 0)
  }

  @Test func failedLinksAndSeparatedRouters() throws {
    // A line 0-1-2-3; without 1-2 the halves are separate: 8 of the 12 pairs have no path.
    let net = try topology(4, [(0, 1), (1, 2), (2, 3)])
    let network = FlowNetwork(net, failedLinks: [LinkID(1)])
    let rates = TrafficMatrix.uniform(routerCount: 4).packetRates(meanPerRouter: 0.3)
    let cost = DelayCost(latency: [3, 3, 3, 3, 3, 3], backlog: QueueBacklog(horizon: 100))
    let whole = ConvexFlow(FlowNetwork(net), demands: rates, cost: cost)
    var problem = ConvexFlow(network, demands: rates, cost: cost, start: whole.flows)
    #expect(problem.solve().relativeGap < 1e-6)
    #expect(abs(problem.unreachableDemand - 0.8) < 1e-12)
    for r in 0..<4 { #expect(abs(problem.flows.routerLoad[r] - 0.1) < 1e-12) }
    let table = SplitTable(problem.flows, latency: [3, 3, 3, 3, 3, 3])
    #expect(table.shares(router: 1, destination: 3).allSatisfy { $0 == 0 })
    #expect(Array(table.shares(router: 1, destination: 0)) == [1, 0])
  }

  @Test func configurationDecodes() throws {
    func decode(_ text: String) throws -> ConvexFlowConfiguration {
      try JSONDecoder().decode(ConvexFlowConfiguration.self, from: Data(text.utf8))
    }
    #expect(try decode("{}") == ConvexFlowConfiguration())
    #expect(try decode("{\"sweepLimit\": 7}").sweepLimit == 7)
    #expect(throws: DecodingError.self) { try decode("{\"sweeps\": 7}") }
  }
}
