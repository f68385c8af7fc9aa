import Flows
import Networks
import Testing

@Suite struct CapacityTests {
  func uniformCapacity(_ net: Topology) -> ExactStage {
    let rates = TrafficMatrix.uniform(routerCount: net.routerCount).packetRates(meanPerRouter: 1)
    let network = FlowNetwork(net)
    return ExactCapacity(network, demands: rates, limits: .routers(network)).leastUtilisation()
  }

  /// Line 0-1-2: the middle sends its own λ and 2 · λ/2 of the ends. Star of 3 leaves: the hub sends λ
  /// and all 6 · λ/3 between leaves. Ring of 4: own λ and 4 · λ/3 between opposite routers, over 4.
  @Test func byHand() throws {
    #expect(abs(1 / uniformCapacity(try topology(3, [(0, 1), (1, 2)])).value - 0.5) < 1e-12)
    #expect(
      abs(1 / uniformCapacity(try topology(4, [(0, 1), (0, 2), (0, 3)])).value - 1.0 / 3) < 1e-12)
    let ring = try topology(4, [(0, 1), (1, 2), (2, 3), (3, 0)])
    #expect(abs(1 / uniformCapacity(ring).value - 0.75) < 1e-12)
  }

  /// Triangle, every arc carries 1, 0 sends 3 to 1: two ways carry 2, so utilisation 1.5.
  @Test func linksThatLimit() throws {
    let net = try topology(3, [(0, 1), (1, 2), (2, 0)])
    let network = FlowNetwork(net)
    var demands = [Double](repeating: 0, count: 9)
    demands[1] = 3
    let limits = CapacityLimits.arcs(network, [Double](repeating: 1, count: 6))
    let stage = ExactCapacity(network, demands: demands, limits: limits).leastUtilisation()
    #expect(abs(stage.value - 1.5) < 1e-9)
    #expect(abs(stage.lowerBound - 1.5) < 1e-9)
    // Routers that send at most 2 in all: router 0 sends all 3.
    let both = CapacityLimits.routers(network, rate: 2).adding(arcs: limits.arc)
    let tighter = ExactCapacity(network, demands: demands, limits: both).leastUtilisation()
    #expect(abs(tighter.value - 1.5) < 1e-9)
    let routers = ExactCapacity(network, demands: demands, limits: .routers(network, rate: 2))
    #expect(abs(routers.leastUtilisation().value - 1.5) < 1e-9)
  }

  @Test(arguments: [
    (BuiltInTopology.b4, 0.3143), (.geant, 0.2274), (.att, 0.2727),
  ])
  func publishedValues(network: BuiltInTopology, capacity: Double) {
    let stage = uniformCapacity(network.topology)
    #expect(abs(1 / stage.value - capacity) < 5e-5)
    #expect(stage.relativeGap < 1e-9)
  }

  /// Three methods, three answers: all arcs at once, sifting, smoothing; the second stage as well.
  @Test(arguments: 0..<10 as Range<UInt64>)
  func methodsAgree(seed: UInt64) throws {
    let n = 5 + Int(seed) * 2
    let net = try randomTopology(routers: n, extra: n, seed: seed)
    let network = FlowNetwork(net)
    let demands = randomDemands(routers: n, seed: seed)
    let arcs = (0..<network.arcCount).map {
      Double(($0 * 7919 + Int(seed)) % 5 + 2) * Double(n) / 8
    }
    let limits =
      seed % 3 == 0
      ? CapacityLimits.routers(network)
      : seed % 3 == 1
        ? CapacityLimits.arcs(network, arcs)
        : CapacityLimits.routers(network, rate: 3).adding(arcs: arcs)
    let hopCost = net.arcs.map { Double($0.link.index % 5 + 1) }
    let complete = ExactCapacity(network, demands: demands, limits: limits, usesAllArcs: true)
    let sifting = ExactCapacity(network, demands: demands, limits: limits)
    let first = complete.leastUtilisation()
    let second = sifting.leastUtilisation()
    #expect(abs(first.value - second.value) < 1e-7 * first.value)
    #expect(second.relativeGap < 1e-7)
    var smooth = SmoothedCapacity(network, demands: demands, limits: limits)
    let outcome = smooth.solve(relativeGap: 0.01)
    #expect(outcome.relativeGap <= 0.01)
    #expect(outcome.upperBound >= first.value * (1 - 1e-7))
    #expect(outcome.lowerBound <= first.value * (1 + 1e-7))
    #expect(smooth.flows.largestImbalance(demands) < 1e-9)

    let cheapest = complete.leastCost(hopCost: hopCost, utilisation: first)
    let sifted = sifting.leastCost(hopCost: hopCost, utilisation: second)
    #expect(abs(cheapest.value - sifted.value) < 1e-6 * cheapest.value)
    #expect(sifted.relativeGap < 1e-7)
    #expect(limits.largestUtilisation(sifted.flows) < first.value * (1 + 1e-7))
    #expect(sifted.flows.largestImbalance(demands) < 1e-7)
    var penalised = SmoothedLeastCost(
      network, demands: demands, limits: limits, hopCost: hopCost,
      ceiling: outcome.upperBound * 1.001,
      prices: smooth.prices, start: smooth.flows)
    let approximate = penalised.solve(tolerance: 0.005)
    #expect(approximate.error <= 0.02)  // what 300 sweeps are sure to reach
    #expect(approximate.lowerBound <= cheapest.value * (1 + 1e-5))
  }

  /// Flow that cannot be smaller: a table from lp-split loads no router more than the optimum, and its
  /// time is that of the second stage.
  @Test func leastLoadSplitIsRealisable() throws {
    for builtIn in [BuiltInTopology.b4, .geant, .att] {
      let net = builtIn.topology
      let network = FlowNetwork(net)
      let rates = TrafficMatrix.uniform(routerCount: net.routerCount).packetRates(
        meanPerRouter: 0.2)
      let latency = net.arcs.map { Double(net.links[$0.link.index].latency ?? 0) }
      let split = LeastLoadSplit(network, demands: rates, latency: latency)
      let flows = split.table.flows(demands: rates)
      #expect(flows.largestImbalance(rates) < 1e-9)
      #expect((flows.routerLoad.max() ?? 0) < split.utilisationBound * (1 + 1e-6))
      #expect(abs(flows.total(latency.map { $0 + 1 }) - split.costBound) < 1e-6 * split.cost)
      let certified = LeastLoadSplit(network, demands: rates, latency: latency, method: .certified)
      #expect(certified.utilisation < split.utilisation * 1.004)
      #expect(certified.cost < split.cost * 1.005)
      for r in 0..<net.routerCount {
        for d in 0..<net.routerCount {
          let sum = split.table.shares(router: r, destination: d).reduce(0, +)
          #expect(abs(sum - (r == d ? 0 : 1)) < 1e-9)
        }
      }
    }
  }

  @Test func separatedRoutersAreLeftOut() throws {
    let net = try topology(4, [(0, 1), (1, 2), (2, 3)])
    let network = FlowNetwork(net, failedLinks: [LinkID(1)])
    let rates = TrafficMatrix.uniform(routerCount: 4).packetRates(meanPerRouter: 0.3)
    let split = LeastLoadSplit(network, demands: rates, latency: [3, 3, 3, 3, 3, 3])
    #expect(abs(split.utilisation - 0.1) < 1e-9)
    #expect(abs(split.unreachableDemand - 0.8) < 1e-12)
    let nothing = LeastLoadSplit(
      network, demands: [Double](repeating: 0, count: 16), latency: [3, 3, 3, 3, 3, 3])
    #expect(nothing.utilisation == 0)
    #expect(Array(nothing.table.shares(router: 0, destination: 1)) == [1])
  }
}
