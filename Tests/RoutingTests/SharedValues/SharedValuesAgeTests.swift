import Networks
import PacketSimulation
import Randomness
import Routing
import Testing

/// What learners with shared values know of their neighbours is as old as the model says, and what they
/// store and tell can be counted by hand.
@Suite struct SharedValuesAgeTests {
  /// 0–1–2–3 in a row, hardly any packets.
  private func row(age: Int, horizon: Int) throws -> Scenario {
    var model = SimulationModel.standard
    model.observationAge = .ticks(age)
    let topology = try Topology(
      name: "row", routers: (0..<4).map { Router(name: "r\($0)") },
      links: (0..<3).map { Link(RouterID($0), RouterID($0 + 1), latency: 2) })
    return try Scenario(topology: topology, model: model, load: 0.0001, horizon: horizon)
      .with(outages: [LinkOutage(link: LinkID(2))])
  }

  /// The value of a router for router 3 after one episode.
  private func value(router: Int, age: Int, horizon: Int) throws -> Float {
    let scenario = try row(age: age, horizon: horizon)
    var configuration = PricedDistancesConfiguration()
    configuration.masksDeadLinks = true
    configuration.lossPenalty = 400
    var learner = PricedDistances(scenario: scenario, configuration: configuration)
    _ = EpisodeRunner(scenario: scenario).run(&learner, episodes: 1, seeds: SeedTree(root: 1))
    return try learner.state.table("values")[router * 4 + 3]
  }

  /// Router 2 sees in tick 0 that its link to 3 is down, and tells. Its neighbour knows that at the decisions
  /// of tick 1 + age and tells at the end of that tick; two links away it is known, and told, after twice
  /// that, and never sooner: nothing crosses two links in a tick.
  @Test(arguments: [0, 1, 3]) func newsOfAValueTakesTheAgeOfEveryLink(age: Int) throws {
    for router in 0..<3 {
      let hops = 2 - router
      let before = try value(router: router, age: age, horizon: max(1, hops * (1 + age)))
      let after = try value(router: router, age: age, horizon: hops * (1 + age) + 1)
      let distance = Float(2 * (3 - router) + (2 - router))
      // A trace of a price is told in the first ticks.
      if hops > 0 { #expect(abs(before - distance) < 0.01, "router \(router)") }
      #expect(after > distance + 1, "router \(router)")
    }
  }

  private static let names = ["priced-distances", "neural-actor-critic"]

  private func learner(_ name: String, _ scenario: Scenario) throws -> any TrainableLearner {
    guard
      case .learner(let learner) = try RoutingCatalogue.algorithm(name).make(scenario: scenario)
    else { throw TestFailure("\(name) is no learner") }
    return learner
  }

  /// Stopped after three episodes and resumed, a learner ends with the same bytes as without a stop, with
  /// news at once and late.
  @Test(arguments: names, [0, 4]) func resumesWithTheSameBytes(name: String, age: Int) throws {
    var model = SimulationModel.standard
    model.observationAge = .ticks(age)
    let b4 = BuiltInTopology.b4.topology
    let scenario = try Scenario(topology: b4, model: model, load: 0.28, horizon: 130)
      .with(outages: [LinkOutage(link: LinkID(4))])
    var whole = try learner(name, scenario)
    train(&whole, scenario, episodes: 6)
    var half = try learner(name, scenario)
    train(&half, scenario, episodes: 3)
    var resumed = try learner(name, scenario)
    try resumed.restore(half.state)
    train(&resumed, scenario, episodes: 3, first: 3)
    #expect(resumed.state == whole.state)
    #expect(half.state != whole.state)
  }

  /// A ring of three: what each router keeps, number by number.
  @Test func storedBytesAreCounted() throws {
    let ring = try Topology(
      name: "ring", routers: ["a", "b", "c"].map { Router(name: $0) },
      links: [(0, 1), (1, 2), (2, 0)].map { Link(RouterID($0), RouterID($1)) })
    let scenario = try Scenario(topology: ring, load: 0.4, horizon: 40)
    // Own queue: 36 waits, costs and visits, and the averages of waits and costs; five moments; the mean
    // told and the running one, the price line, packets of two episodes; means and line averaged.
    let queue = 5 * 36 + 5 + 2 + 2 + 2 + 4
    // A link: loss share, suspicion, queue length, 64 ticks of sends, bin; 36 costs and their mean.
    let link = 4 + 1 + 2 + 8 + 1 + 4 * 37
    let (n, degree) = (3, 2)
    // Preferences, shares, values and their averages, decisions; values and shares in a byte as told.
    let tables = 4 * queue + degree * link + n * (4 * (4 * degree + 3) + degree * 5)
    #expect(
      try learner("social-actor-critic", scenario).bytesPerRouter
        == [Int](repeating: tables, count: 3))
    // Load, price, count and updates; a link's packets and rate, and the neighbour's price and load.
    let shared = 4 * (queue + 4) + degree * (link + 8 + 4 * 2)
    #expect(
      try learner("priced-distances", scenario).bytesPerRouter
        == [Int](repeating: shared + 4 * n * (2 + degree), count: 3))
    // One hidden layer of 64: destination and ten classes per neighbour to two slots, destination to one.
    let parameters = (n + 10 * degree + 1) * 64 + 65 * degree + (n + 1) * 64 + 65
    // Weights, average and two moments; 28 decisions, three of them imagined: row, goals, destination, return;
    // values, updates without a packet, values as told.
    let numbers = 4 * parameters + 28 * ((1 + degree) + degree + 2) + n * (2 + degree)
    #expect(
      try learner("neural-actor-critic", scenario).bytesPerRouter
        == [Int](repeating: shared + 4 * numbers, count: 3))
  }

  /// The same ring: every router tells its values once, after one, two and three ticks, and as nothing that
  /// matters changes not again; prices at the 50th tick.
  @Test func messagesAreCounted() throws {
    let ring = try Topology(
      name: "ring", routers: ["a", "b", "c"].map { Router(name: $0) },
      links: [(0, 1), (1, 2), (2, 0)].map { Link(RouterID($0), RouterID($1)) })
    let scenario = try Scenario(topology: ring, load: 0.4, horizon: 60)
    var configuration = PricedDistancesConfiguration()
    configuration.exchangeInterval = 1_000_000
    var learner: any TrainableLearner = PricedDistances(
      scenario: scenario, configuration: configuration)
    for (number, metrics) in train(&learner, scenario, episodes: 3).episodes.enumerated() {
      let queues = 60 * 6 * (2 + 1)
      let values = number == 0 ? 3 * 2 * 3 * 4 : 0
      let prices = (1 + 1) * 6 * 4
      let announcements = (1 + 1) * 3 * 2 * 37 * 4
      #expect(
        metrics.controlBytes == queues + metrics.hops + values + prices + announcements,
        "episode \(number)")
    }
  }
}
