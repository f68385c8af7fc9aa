import Networks
import PacketSimulation
import Randomness
import Testing

/// The standard model against queueing theory, over a million ticks after warm-up.
@Suite struct QueueingTheoryTests {
  /// Mean wait in the queues of the given routers, by ticks in them, after a warm-up.
  private func meanWaits(_ scenario: Scenario, routers: [Int]) -> (waits: [Double], rates: [Double])
  {
    let world = PacketWorld(
      scenario: scenario, replicas: 1, requirements: WorldRequirements(events: true))
    world.reset(seeds: [SeedTree(root: 4)])
    let policy = TablePolicy.shortestPath(scenario.topology)
    let warmUp = 20_000
    var sums = [Double](repeating: 0, count: scenario.topology.routerCount)
    var counts = sums
    while !world.isFinished {
      policy.decide(world.beginTick(), in: world)
      world.finishTick()
      guard world.tick > warmUp else { continue }
      for event in world.events where event.kind == .forwarded {
        sums[Int(event.router)] += Double(event.wait)
        counts[Int(event.router)] += 1
      }
    }
    _ = world.metrics(replica: 0)  // checks conservation and the restricted-mean identity
    let ticks = Double(scenario.horizon - warmUp)
    return (routers.map { sums[$0] / counts[$0] }, routers.map { counts[$0] / ticks })
  }

  private func line(_ count: Int) throws -> Topology {
    try Topology(
      name: "line", routers: (0..<count).map { Router(name: "\($0)") },
      links: (1..<count).map { Link(RouterID($0 - 1), RouterID($0), latency: 3) })
  }

  /// One slotted queue with Poisson arrivals: mean wait λ/(2(1−λ)).
  ///
  /// The tolerance is four standard errors of a mean over a million ticks: the relaxation time of
  /// the queue is about λ/(1−λ)² ticks, its standard deviation about its mean plus one half.
  @Test(arguments: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
  func oneQueueMatchesSlottedMD1(rate: Double) throws {
    let traffic = try TrafficMatrix(routerCount: 2, values: [0, 1, 0, 0])
    let scenario = try Scenario(
      topology: line(2), load: rate / 2, traffic: traffic, horizon: 1_220_000)
    let result = meanWaits(scenario, routers: [0])
    let expected = rate / (2 * (1 - rate))
    let relaxation = 1 + 2 * rate / ((1 - rate) * (1 - rate))
    let tolerance = 4 * (expected + 0.5) * (relaxation / 1_200_000).squareRoot()
    #expect(abs(result.waits[0] - expected) < tolerance)
    #expect(tolerance < 0.15 * expected + 0.02)
  }

  /// A feeds B: mean backlog at B after service is λ²/(2(1−λ)) − λ_A²/(2(1−λ_A)).
  @Test(arguments: [(0.3, 0.4), (0.5, 0.3), (0.2, 0.7)])
  func tandemMatchesFormula(rates: (a: Double, b: Double)) throws {
    let (a, b) = rates
    let traffic = try TrafficMatrix(
      routerCount: 3, values: [0, 0, a, 0, 0, b, 0, 0, 0])
    let scenario = try Scenario(
      topology: line(3), load: (a + b) / 3, traffic: traffic, horizon: 1_220_000)
    let result = meanWaits(scenario, routers: [1])
    let total = a + b
    let expected = total * total / (2 * (1 - total)) - a * a / (2 * (1 - a))
    let backlog = result.waits[0] * result.rates[0]
    let relaxation = 1 + 2 * total / ((1 - total) * (1 - total))
    #expect(abs(backlog - expected) < 4 * (expected + 0.5) * (relaxation / 1_200_000).squareRoot())
  }
}
