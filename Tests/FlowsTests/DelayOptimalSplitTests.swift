import Flows
import Networks
import Testing

@Suite struct DelayOptimalSplitTests {
  func problem(_ builtIn: BuiltInTopology, rate: Double) -> (FlowNetwork, [Double], [Double]) {
    let net = builtIn.topology
    let rates = TrafficMatrix.uniform(routerCount: net.routerCount).packetRates(meanPerRouter: rate)
    return (FlowNetwork(net), rates, net.arcs.map { Double(net.links[$0.link.index].latency ?? 3) })
  }

  /// Below the optimum of the split lies nothing: neither lp-split nor the shortest paths; in overload
  /// as well.
  @Test(arguments: [BuiltInTopology.b4, .geant, .att])
  func nothingIsBetter(builtIn: BuiltInTopology) {
    let backlog = QueueBacklog(horizon: 500)
    for rate in [0.1, 0.25, 0.5] {
      let (network, rates, latency) = problem(builtIn, rate: rate)
      let cost = DelayCost(latency: latency, backlog: backlog)
      let best = DelayOptimalSplit(network, demands: rates, latency: latency, backlog: backlog)
      #expect(best.outcome.relativeGap <= 1e-6)
      let lp = LeastLoadSplit(network, demands: rates, latency: latency)
      let shortest = ConvexFlow(
        network, demands: rates,
        cost: DelayCost(
          latency: latency, backlog: QueueBacklog(horizon: 1)))
      for flows in [lp.flows, shortest.flows] {
        var sum = 0.0
        for a in 0..<network.arcCount { sum += cost.arc(a, flow: flows.arcFlow[a]).value }
        for r in 0..<network.routerCount { sum += cost.router(r, load: flows.routerLoad[r]).value }
        #expect(sum >= best.outcome.lowerBound)
      }
    }
  }

  /// The optimum does not depend on where the search starts: not on earlier demands, not on a failure.
  @Test func startsFromEarlierDemandsAndFailures() {
    let net = BuiltInTopology.geant.topology
    let (network, rates, latency) = problem(.geant, rate: 0.18)
    let backlog = QueueBacklog(horizon: 500)
    let whole = DelayOptimalSplit(network, demands: rates, latency: latency, backlog: backlog)
    for link in [0, 7, 19] {
      let failed = FlowNetwork(net, failedLinks: [LinkID(link)])
      let cold = DelayOptimalSplit(failed, demands: rates, latency: latency, backlog: backlog)
      let warm = DelayOptimalSplit(
        failed, demands: rates, latency: latency, backlog: backlog, start: whole.flows)
      #expect(abs(cold.delay - warm.delay) < 3e-6 * cold.delay)
      #expect(warm.delay > whole.delay)
      for (a, arc) in net.arcs.enumerated() where arc.link.index == link {
        #expect(warm.flows.arcFlow[a] == 0)
      }
    }
    let more = rates.map { $0 * 1.2 }
    let cold = DelayOptimalSplit(network, demands: more, latency: latency, backlog: backlog)
    let warm = DelayOptimalSplit(
      network, demands: more, latency: latency, backlog: backlog, start: whole.flows)
    #expect(abs(cold.delay - warm.delay) < 3e-6 * cold.delay)
    #expect(warm.outcome.sweeps <= cold.outcome.sweeps)
  }
}
