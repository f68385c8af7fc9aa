import Networks
import PacketSimulation
import Randomness
import Testing

@Suite struct RoutingEnvironmentTests {
  private func scenario(_ model: SimulationModel, horizon: Int = 120) throws -> Scenario {
    var stream = RandomStream(seed: 31)
    let topology = try randomTopology(routers: 9, chords: 5, capacity: 6, stream: &stream)
    var model = model
    model.packetSize = .unit
    return try Scenario(
      topology: topology, model: model, load: 0.15, horizon: horizon,
      outages: [LinkOutage(link: LinkID(2), from: 30, until: 70)])
  }

  @Test(arguments: AgentReward.allCases) func keepsItsContract(reward: AgentReward) throws {
    for model in [SimulationModel.standard, .published] {
      var aged = model
      aged.observationAge = .linkLatency
      for model in [model, aged] {
        let options = AgentObservation.Options(
          pastActions: 4, neighbourQueues: true, ownLinkState: true)
        #expect(try checkEnvironment(scenario(model), observation: options, reward: reward) == [])
      }
    }
  }

  /// The same actions through the environment and through the world itself.
  @Test func agreesWithTheWorld() throws {
    let scenario = try scenario(.standard)
    let seeds = SeedTree(root: 5)
    let world = PacketWorld(scenario: scenario, replicas: 1)
    world.reset(seeds: [seeds])
    while !world.isFinished {
      ScramblePolicy().decide(world.beginTick(), in: world)
      world.finishTick()
    }
    let environment = RoutingEnvironment(scenario: scenario)
    var observations = environment.reset(seeds: [seeds])
    while !environment.isTruncated {
      let actions = scenario.topology.routerIDs.map { router in
        Int32(
          ScramblePolicy.slot(
            router: router.index,
            destination: Int(observations[environment.layout.offsets[router.index]]),
            tick: environment.world.tick, degree: scenario.topology.degree(router)))
      }
      observations = environment.step(actions: actions).observations
    }
    #expect(environment.world.metrics(replica: 0) == world.metrics(replica: 0))
  }

  /// Two routers, one link of three ticks, every packet from 0 to 1: read it line by line. Queue
  /// lengths and rewards follow by hand from the arrivals: one packet leaves per tick, so the
  /// backlog after the tick is what arrived beyond that.
  @Test func transcriptOfTwoRouters() throws {
    let topology = try Topology(
      name: "pair", routers: [Router(name: "A"), Router(name: "B")],
      links: [Link(RouterID(0), RouterID(1), latency: 3)])
    let traffic = try TrafficMatrix(routerCount: 2, values: [0, 1, 0, 0])
    let scenario = try Scenario(topology: topology, load: 0.4, traffic: traffic, horizon: 12)
    let environment = RoutingEnvironment(
      scenario: scenario, observation: .init(pastActions: 1, neighbourQueues: false))
    _ = environment.reset(seeds: [SeedTree(root: 2)])
    var expectedBacklog = 0
    var sent: [Int] = []
    var delivered = 0
    for tick in 0..<12 {
      let queue = environment.world.queueLength(replica: 0, router: 0)
      let arrived = queue - expectedBacklog
      #expect(arrived >= 0)
      expectedBacklog = max(queue - 1, 0)
      if queue > 0 { sent.append(tick) }
      let step = environment.step(actions: [0, 0])
      #expect(step.rewards[0] == -Float(expectedBacklog))
      #expect(step.isTruncated == (tick == 11))
      delivered = sent.filter { $0 + 3 <= tick }.count
    }
    #expect(environment.world.metrics(replica: 0).delivered == delivered)
    #expect(delivered > 2)
  }
}
