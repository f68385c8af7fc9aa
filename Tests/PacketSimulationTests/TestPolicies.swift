import Networks
import PacketSimulation
import Randomness

/// Sends each packet along the slot that a table names; blind decisions take slot 0.
struct TablePolicy: RoutingPolicy {
  let routerCount: Int
  /// `[router * routerCount + destination]`
  let slots: [Int32]
  var requirements = WorldRequirements()

  func decide(_ batch: DecisionBatch, in world: PacketWorld) {
    slots.withUnsafeBufferPointer { slots in
      for k in 0..<batch.count {
        let destination = Int(batch.destinations[k])
        batch.choices[k] =
          destination < 0 ? 0 : slots[Int(batch.routers[k]) * routerCount + destination]
      }
    }
  }

  /// Shortest paths by latency (Bellman–Ford, ties to the lowest neighbour index, then slot).
  static func shortestPath(
    _ topology: Topology, requirements: WorldRequirements = WorldRequirements()
  ) -> TablePolicy {
    let n = topology.routerCount
    var slots = [Int32](repeating: 0, count: n * n)
    for destination in 0..<n {
      var distance = [Int](repeating: 1 << 40, count: n)
      distance[destination] = 0
      for _ in 0..<n {
        for arc in topology.arcs {
          let length = topology.links[arc.link.index].latency ?? 3
          let through = distance[arc.target.index] + length
          if through < distance[arc.source.index] { distance[arc.source.index] = through }
        }
      }
      for router in 0..<n where router != destination {
        var best = (1 << 50, 0)
        for (slot, arc) in topology.outgoing(RouterID(router)).enumerated() {
          let length = topology.links[arc.link.index].latency ?? 3
          let through = distance[arc.target.index] + length
          if (through, arc.target.index) < best {
            best = (through, arc.target.index)
            slots[router * n + destination] = Int32(slot)
          }
        }
      }
    }
    return TablePolicy(routerCount: n, slots: slots, requirements: requirements)
  }
}

/// Uniform over the neighbours, from the policy's own stream.
struct UniformPolicy: RoutingPolicy {
  func decide(_ batch: DecisionBatch, in world: PacketWorld) {
    for k in 0..<batch.count {
      let degree = world.topology.degree(RouterID(Int(batch.routers[k])))
      batch.choices[k] = Int32(
        batch.streams[Int(batch.replicas[k])].integer(below: max(degree, 1)))
    }
  }
}

/// A choice that depends on router, destination and tick in a reproducible, senseless way.
struct ScramblePolicy: RoutingPolicy {
  func decide(_ batch: DecisionBatch, in world: PacketWorld) {
    for k in 0..<batch.count {
      let router = Int(batch.routers[k])
      batch.choices[k] = Int32(
        Self.slot(
          router: router, destination: Int(batch.destinations[k]), tick: world.tick,
          degree: world.topology.degree(RouterID(router))))
    }
  }

  static func slot(router: Int, destination: Int, tick: Int, degree: Int) -> Int {
    destination < 0 ? 0 : (router * 7 + destination * 5 + tick * 3) % max(degree, 1)
  }
}

/// A connected random graph: a ring with chords, latencies 1…5, capacities as asked.
func randomTopology(
  routers n: Int, chords: Int, capacity: Double?, stream: inout RandomStream
) throws -> Topology {
  var pairs = (0..<n).map { ($0, ($0 + 1) % n) }
  for _ in 0..<chords {
    let a = stream.integer(below: n)
    pairs.append((a, (a + 1 + stream.integer(below: n - 1)) % n))
  }
  return try Topology(
    name: "random", routers: (0..<n).map { Router(name: "\($0)") },
    links: pairs.map { a, b in
      Link(
        RouterID(a), RouterID(b), isDirected: false, capacity: capacity,
        latency: 1 + stream.integer(below: 5))
    })
}
