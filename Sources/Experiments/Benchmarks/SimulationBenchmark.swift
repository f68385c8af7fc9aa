import Networks
import PacketSimulation
import Randomness
import Routing

/// The work of the packet simulator's speed measurement: shortest path at half of its own
/// saturation, all measures on. The caller holds the clock.
///
/// Saturation is the load at which the busiest router, under shortest-path routing and uniform
/// demands, forwards one packet per tick.
package struct SimulationBenchmark: Sendable {
  package let scenario: Scenario
  package let saturation: Double
  package let replicas: Int
  private let policy: ShortestPathPolicy

  /// What one measured run moved.
  package struct Work: Sendable, Hashable {
    package var hops: Int
    package var routerTicks: Int
    package var delivered: Int
    package var packets: Int
    package var restrictedMeanDelay: Double
  }

  /// - Parameter load: packets per router and tick; nil: half of saturation; 0: an idle network.
  package init(topology: Topology, load: Double?, ticks: Int, replicas: Int) throws(ScenarioError) {
    let probe = try Scenario(topology: topology, load: 0)
    let saturation = Self.saturation(probe)
    scenario = try Scenario(topology: topology, load: load ?? saturation / 2, horizon: ticks)
    self.saturation = saturation
    self.replicas = replicas
    policy = ShortestPathPolicy(scenario: scenario)
  }

  /// 1 over the busiest router's packets per tick at load 1; 0 on a network without a path.
  static func saturation(_ scenario: Scenario) -> Double {
    let topology = scenario.topology
    let n = topology.routerCount
    let paths = scenario.shortestPaths()
    var forwarded = [Double](repeating: 0, count: n)
    for destination in 0..<n {
      // Farthest first, each router passes on what it has collected.
      let distances = (0..<n).map { paths.distance(from: RouterID($0), to: RouterID(destination)) }
      let reached = (0..<n).filter { $0 != destination && distances[$0].isFinite }
      let order = reached.sorted { a, b in
        distances[a] != distances[b] ? distances[a] > distances[b] : a < b
      }
      var collected = [Double](repeating: 1 / Double(n - 1), count: n)
      for router in order {
        forwarded[router] += collected[router]
        guard let slot = paths.nextSlot(at: RouterID(router), to: RouterID(destination)) else {
          continue
        }
        let target = topology.arcs[topology.firstArc[router] + slot].target.index
        if target != destination { collected[target] += collected[router] }
      }
    }
    let busiest = forwarded.max() ?? 0
    return busiest > 0 ? 1 / busiest : 0
  }

  /// Plays the episode on one thread.
  package func play(seed: UInt64) -> Work {
    let world = PacketWorld(scenario: scenario, replicas: replicas)
    world.reset(seeds: (0..<replicas).map { SeedTree(root: seed).child("episode", $0) })
    while !world.isFinished {
      policy.decide(world.beginTick(), in: world)
      world.finishTick()
    }
    let metrics = (0..<replicas).map { world.metrics(replica: $0) }
    let packets = metrics.map(\.packets).reduce(0, +)
    return Work(
      hops: metrics.map(\.hops).reduce(0, +),
      routerTicks: scenario.horizon * replicas * world.routerCount,
      delivered: metrics.map(\.delivered).reduce(0, +), packets: packets,
      restrictedMeanDelay: packets == 0
        ? 0 : Double(metrics.map(\.restrictedDelaySum).reduce(0, +)) / Double(packets))
  }

  /// The network as the plain C loop of `Benchmarks/packet-simulation` reads it.
  package var plainNetwork: String {
    let topology = scenario.topology
    let n = topology.routerCount
    var lines = ["\(n) \(topology.arcs.count)"]
    for arc in topology.arcs {
      lines.append(
        "\(arc.source.index) \(arc.target.index) \(scenario.latencies[arc.link.index])")
    }
    for router in 0..<n {
      let slots = (0..<n).map { destination in
        destination == router
          ? -1 : policy.slot(at: RouterID(router), to: RouterID(destination))
      }
      lines.append(slots.map(String.init).joined(separator: " "))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
