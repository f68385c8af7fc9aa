import Networks
import PacketSimulation
import Randomness
import Routing
import Testing

/// The weights of section 4.4: hops, link utilisation, queue length, and the raw observation.
struct FurtherObjectiveTests {
  /// From A to E over B (two long links) or over C and D (three short ones, 8 ticks sooner).
  func twoWays() throws -> Topology {
    try Topology(
      name: "two ways", routers: ["A", "B", "C", "D", "E"].map { Router(name: $0) },
      links: [(0, 1, 8), (1, 4, 8), (0, 2, 2), (2, 3, 2), (3, 4, 2)].map {
        Link(RouterID($0.0), RouterID($0.1), latency: $0.2)
      })
  }

  func trained(
    _ topology: Topology, _ pairs: [(Int, Int)], load: Double,
    _ change: (inout MAMRLConfiguration) -> Void
  ) throws -> (policies: RouterNetworks, scenario: Scenario) {
    var values = [Double](repeating: 0, count: topology.routerCount * topology.routerCount)
    for (a, b) in pairs { values[a * topology.routerCount + b] = 1 }
    let scenario = try Scenario(
      topology: topology, load: load,
      traffic: try TrafficMatrix(routerCount: topology.routerCount, values: values), horizon: 120)
    var settings = smallSettings()
    settings.innerSteps = 0
    settings.iterations = 30
    change(&settings)
    var trainer = MetaTrainer(scenario: scenario, settings: settings, seeds: SeedTree(root: 3))
    while !trainer.isFinished { _ = trainer.iterate() }
    return (trainer.policies, scenario)
  }

  /// The share of A's packets that go to its first neighbour, B.
  func shareOverB(_ policies: RouterNetworks, _ scenario: Scenario) -> Double {
    let world = PacketWorld(
      scenario: scenario, replicas: 20, requirements: policies.layout.requirements)
    world.reset(seeds: (0..<20).map { SeedTree(root: 8).child("episode", $0) })
    let policy = NeuralRoutingPolicy(policies)
    while !world.isFinished {
      policy.decide(world.beginTick(), in: world)
      world.finishTick()
    }
    let counts = world.arcForwarded
    return Double(counts[0]) / Double(counts[0] + counts[1])
  }

  @Test func hopsCanBeMadeToMatter() throws {
    let plain = try trained(try twoWays(), [(0, 4)], load: 0.05) { _ in }
    let weighted = try trained(try twoWays(), [(0, 4)], load: 0.05) { $0.hopWeight = 40 }
    #expect(shareOverB(plain.policies, plain.scenario) < 0.1)
    #expect(shareOverB(weighted.policies, weighted.scenario) > 0.9)
  }

  /// Two ways alike but for one tick: without the weight the shorter takes all, with it packets
  /// spread over the links.
  @Test func utilisationCanBeMadeToMatter() throws {
    let topology = try Topology(
      name: "alike", routers: ["A", "B", "C", "D"].map { Router(name: $0) },
      links: [(0, 1, 10), (1, 3, 1), (0, 2, 11), (2, 3, 1)].map {
        Link(RouterID($0.0), RouterID($0.1), latency: $0.2)
      })
    let plain = try trained(topology, [(0, 3)], load: 0.15) { _ in }
    let weighted = try trained(topology, [(0, 3)], load: 0.15) { $0.utilisationWeight = 8 }
    #expect(shareOverB(plain.policies, plain.scenario) > 0.85)
    #expect((0.2...0.8).contains(shareOverB(weighted.policies, weighted.scenario)))
  }

  /// B carries traffic of its own to D, C has none but is farther: the weight of queues sends A's
  /// packets round B.
  @Test func queuesCanBeMadeToMatter() throws {
    let topology = try Topology(
      name: "busy", routers: ["A", "B", "C", "D"].map { Router(name: $0) },
      links: [(0, 1, 1), (1, 3, 1), (0, 2, 5), (2, 3, 5)].map {
        Link(RouterID($0.0), RouterID($0.1), latency: $0.2)
      })
    let pairs = [(0, 3), (1, 3), (1, 3), (1, 3), (1, 3)]
    let plain = try trained(topology, pairs, load: 0.16) { _ in }
    let weighted = try trained(topology, pairs, load: 0.16) { $0.queueWeight = 100 }
    #expect(
      shareOverB(weighted.policies, weighted.scenario)
        < shareOverB(plain.policies, plain.scenario) - 0.3)
  }

  @Test func theRawIntegersCanBeLearnedFrom() throws {
    let raw = try trained(try twoWays(), [(0, 4)], load: 0.05) { $0.observation = .rawIntegers }
    #expect(shareOverB(raw.policies, raw.scenario) < 0.3)
  }
}
