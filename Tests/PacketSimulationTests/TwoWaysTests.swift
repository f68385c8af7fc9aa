import Networks
import PacketSimulation
import Randomness
import Testing

/// The fast world against the slow obvious one, exactly, over random networks and rules.
@Suite struct TwoWaysTests {
  @Test(arguments: 0..<60) func fastEqualsSlow(seed: Int) throws {
    var stream = SeedTree(root: 99).stream("two ways", seed)
    let limits = stream.bernoulli(0.5)
    let topology = try randomTopology(
      routers: 3 + stream.integer(below: 80), chords: stream.integer(below: 30),
      capacity: limits ? 4 : nil, stream: &stream)
    var model: SimulationModel = stream.bernoulli(0.5) ? .standard : .published
    model.limitsLinks = limits
    model.packetSize = stream.bernoulli(0.5) ? .unit : .lognormal
    model.bufferLimit = stream.bernoulli(0.5) ? 3 + stream.integer(below: 20) : nil
    model.timeToLive = stream.bernoulli(0.5) ? 2 + stream.integer(below: 10) : nil
    let n = topology.routerCount
    let scenario = try Scenario(
      topology: topology, model: model, load: 0.02 + 0.4 * stream.uniform(), horizon: 300,
      outages: [
        LinkOutage(link: LinkID(0), from: 0),
        LinkOutage(link: LinkID(1), from: 50, until: 120),
        LinkOutage(link: LinkID(1), from: 100, until: 140),
        LinkOutage(link: LinkID(2), from: 20, until: 21),
      ],
      packetSizes: .lognormal(
        mu: [Float](repeating: -0.5, count: n * n), sigma: [Float](repeating: 0.7, count: n * n)))
    let seeds = SeedTree(root: UInt64(seed))
    let world = PacketWorld(scenario: scenario, replicas: 3)
    // The middle replica is compared: the others must not disturb it.
    world.reset(seeds: [seeds.child("a"), seeds, seeds.child("b")])
    while !world.isFinished {
      ScramblePolicy().decide(world.beginTick(), in: world)
      world.finishTick()
    }
    var slow = SlowSimulator(scenario, seeds: seeds)
    let expected = slow.run { router, destination, tick, degree in
      ScramblePolicy.slot(router: router, destination: destination, tick: tick, degree: degree)
    }
    #expect(world.metrics(replica: 1) == expected)
    #expect(expected.delivered > 0)
  }
}
