import Flows
import Networks
import Testing

struct WardropEquilibriumTests {
  private static func network(_ n: Int, _ arcs: [(Int, Int)]) throws -> FlowNetwork {
    try FlowNetwork(
      Topology(
        name: "test", routers: (0..<n).map { Router(name: "\($0)") },
        links: arcs.map { Link(RouterID($0.0), RouterID($0.1), isDirected: true) }))
  }

  /// `free + slope · flow` for arcs in the order of `FlowNetwork`.
  private static func affine(_ pairs: [(free: Double, slope: Double)]) -> PublicRoadsLatency {
    PublicRoadsLatency(
      free: pairs.map(\.free), factor: pairs.map { $0.slope / $0.free },
      capacity: pairs.map { _ in 1 }, power: pairs.map { _ in 1 })
  }

  /// Braess: latencies x, 1 and their mirror image, joined by a free shortcut, demand 1. Selfish: all
  /// over the shortcut, time 2; optimum: half and half, time 3/2; the ratio is 4/3.
  @Test
  func braess() throws {
    // Arcs sorted by source: 0→1 (x), 0→2 (1), 1→2 (0), 1→3 (1), 2→3 (x).
    let network = try Self.network(4, [(0, 1), (0, 2), (1, 2), (1, 3), (2, 3)])
    let tiny = 1e-12
    let latency = Self.affine([(tiny, 1), (1, 0), (tiny, 0), (1, 0), (tiny, 1)])
    var demands = [Double](repeating: 0, count: 16)
    demands[3] = 1
    let game = WardropEquilibrium(network, demands: demands, latency: latency)
    #expect(abs(game.equilibrium.totalTime - 2) < 1e-9)
    #expect(abs(game.optimum.totalTime - 1.5) < 1e-9)
    #expect(abs(game.priceOfAnarchy - 4.0 / 3) < 1e-9)
    #expect(game.equilibrium.certificate.largestPathGap < 1e-6)
  }

  /// Pigou: one arc takes 1, the other x^p, demand 1: selfish time 1; optimum x = (p + 1)^(−1/p).
  @Test(arguments: [1.0, 2, 4, 8])
  func pigou(power p: Double) throws {
    let network = try Self.network(3, [(0, 1), (0, 2), (2, 1)])
    let tiny = 1e-12
    let latency = PublicRoadsLatency(
      free: [1, 1e-6, tiny], factor: [0, 1e6, 0], capacity: [1, 1, 1], power: [1, p, 1])
    var demands = [Double](repeating: 0, count: 9)
    demands[1] = 1
    let game = WardropEquilibrium(network, demands: demands, latency: latency)
    let x = 1 / realRoot(p + 1, p)
    let optimum = 1 - x + x / (p + 1)
    #expect(abs(game.equilibrium.totalTime - 1) < 1e-5)
    #expect(abs(game.optimum.totalTime - optimum) < 1e-5)
  }

  private func realRoot(_ value: Double, _ p: Double) -> Double {
    // p is a power of two here.
    var result = value
    var rest = p
    while rest > 1 {
      result = result.squareRoot()
      rest /= 2
    }
    return result
  }

  @Test(arguments: ["b4", "geant", "abilene", "nsfnet"])
  func wideAreaNetworks(name: String) throws {
    let loaded = try TopologyCatalogue.load(name)
    let network = FlowNetwork(loaded.topology)
    let arcs = network.arcCount
    let latency = PublicRoadsLatency(
      free: (0..<arcs).map { 1 + Double($0 * 7 % 5) },
      factor: [Double](repeating: 0.15, count: arcs),
      capacity: (0..<arcs).map { 4 + Double($0 * 5 % 7) },
      power: [Double](repeating: 4, count: arcs))
    let n = network.routerCount
    let demands = (0..<n * n).map { $0 / n == $0 % n ? 0 : 0.5 + Double($0 * 13 % 11) / 10 }
    let game = WardropEquilibrium(network, demands: demands, latency: latency)
    #expect(game.equilibrium.certificate.largestPathGap <= 1e-6)
    #expect(game.optimum.certificate.largestPathGap <= 1e-6)
    #expect(game.priceOfAnarchy >= 1 && game.priceOfAnarchy < 2.2)
    #expect(game.equilibrium.flows.largestImbalance(demands) < 1e-9)
  }

  /// Two routers in front of the same destination, one a longer way: with the queue of the simulator
  /// the waits settle so that both ways take equally long.
  @Test
  func queuesAtRouters() throws {
    let network = try Self.network(4, [(0, 1), (0, 2), (1, 3), (2, 3)])
    let queues = RouterQueueLatency(
      latency: [1, 3, 1, 1], backlog: QueueBacklog(horizon: 500))
    var demands = [Double](repeating: 0, count: 16)
    demands[3] = 0.5
    demands[7] = 0.45
    let game = WardropEquilibrium(network, demands: demands, queues: queues)
    let flow = game.equilibrium.flows
    // Ways 0→1→3 and 0→2→3, both after router 0: wait(load 1) = 2 + wait(load 2).
    let gap = queues.wait(flow.routerLoad[1]) - queues.wait(flow.routerLoad[2]) - 2
    #expect(flow.arcFlow[1] > 0.01)
    #expect(abs(gap) < 1e-6, "\(gap)")
    #expect(game.equilibrium.totalTime > game.optimum.totalTime)
    // The optimum has the same split as the delay-optimal solver of this room.
    let split = DelayOptimalSplit(
      network, demands: demands, latency: queues.latency, backlog: queues.backlog)
    #expect(abs(split.delay - game.optimum.meanTime) < 1e-5)
  }
}
