import Networks
import PacketSimulation
import Randomness
import Routing
import Testing

/// What routers are paid, tick by tick: by hand on a line of three, and against books kept the slow
/// way.
///
/// On the line A–B–C (latency 1) one packet a tick goes from A to C. Packet k is born in tick k and
/// sent at once, is at B at the end of tick k + 1, is sent on in tick k + 2 and delivered at the
/// end of tick k + 3. So at the end of tick t
/// - A has one packet under way (number t);
/// - B has one queued from t = 1 on (t − 1), and one under way from t = 2 on (t − 2);
/// - C has got those up to t − 3, each after 3 ticks.
///
/// In the case *cut* the link B–C goes down at tick 4. B loses packet 1, which is under way then,
/// and packet 2, which it sends into the dead link, in tick 4; packet 3 in tick 5.
///
/// The consensus (Metropolis) has weights ⅓ on both links, and ½ on A–B once B–C is down. Below are
/// its corrections y before each tick; what is told is `x = r − y`:
///
///     backlog, in 1/81:   y(1) = (−27, 27, 0)   y(2) = (−9, −27, 36)   y(3) = (12, −81, 69)
///                         y(4) = (8, −81, 73);  cut, after tick 4: y(5) = (−36.5, −36.5, 73)
///     delivery time, cut: y(4) = (0, 1, −1)     y(5) = (½, ½, −1);     before: 0
struct RewardSignalTests {
  func played(
    _ form: RewardForm, horizon: Int, outages: [LinkOutage]
  ) throws -> RouterTrajectories {
    let topology = try SmallNetworks.line()
    // The gap of the growing hazard is the least k ≥ 1 with λk(k + 1)/2 ≥ an exponential number of
    // mean 1. λ is 3,000 at A: a packet in every tick, since from 53 random bits no exponential
    // number exceeds 37.
    var model = SimulationModel.standard
    model.arrivals = .growingHazard
    let scenario = try Scenario(
      topology: topology, model: model, load: 1000,
      traffic: try SmallNetworks.single(topology, from: 0, to: 2), horizon: horizon)
    let layout = ObservationLayout(scenario: scenario, form: .oneHot, pastActions: 0)
    var policies = RouterNetworks(layout: layout, hidden: [], seeds: SeedTree(root: 1))
    // B sends everything to C, its second neighbour: only the bias is not zero.
    let bias = policies.networks[1].layers[0].biasOffset
    policies.parameters[1] = [Float](repeating: 0, count: policies.networks[1].parameterCount)
    policies.parameters[1][bias + 1] = 200
    var settings = smallSettings()
    settings.reward = form
    return RouterTrajectories.collect(
      policies, scenario: scenario, seeds: [SeedTree(root: 2)], outages: outages,
      settings: settings, threads: 1)
  }

  func intact(_ form: RewardForm) throws -> RouterTrajectories {
    try played(form, horizon: 5, outages: [])
  }

  func cut(_ form: RewardForm) throws -> RouterTrajectories {
    try played(form, horizon: 6, outages: [LinkOutage(link: LinkID(1), from: 4)])
  }

  /// Checks all that the three routers were paid, given in units of one over `parts`.
  func check(_ played: RouterTrajectories, _ expected: [[Int]], over parts: Double = 1) {
    for (router, row) in expected.enumerated() {
      #expect(row.count == played.horizon)
      for (tick, value) in row.enumerated() {
        let paid = Double(played.paid[router * played.horizon + tick])
        #expect(abs(paid - Double(value) / parts) < 1e-6, "router \(router), tick \(tick)")
      }
    }
  }

  @Test func localBacklogByHand() throws {
    check(
      try intact(.localBacklog), [[-1, -1, -1, -1, -1], [0, -1, -2, -2, -2], [0, 0, 0, 0, 0]])
    // In tick 4 B is paid −2 for its losses and −1 for the packet that has just come.
    check(
      try cut(.localBacklog),
      [[-1, -1, -1, -1, -1, -1], [0, -1, -2, -2, -3, -2], [0, 0, 0, 0, 0, 0]])
  }

  @Test func globalBacklogByHand() throws {
    let all = [-1, -2, -3, -3, -3]
    let played = try intact(.globalBacklog)
    check(played, [all, all, all], over: 3)
    // Two packets took 3 ticks; those of ticks 2, 3 and 4 count to the horizon: 3, 2 and 1.
    let paid = played.paid.reduce(0.0) { $0 + Double($1) }
    #expect(played.metrics[0].restrictedDelaySum == 12)
    #expect(abs(paid + 12) < 1e-5)
    // B is paid for its losses as well, −6/3 and −3/3.
    let others = [-1, -2, -3, -3, -2, -2]
    check(try cut(.globalBacklog), [others, [-1, -2, -3, -3, -8, -5], others], over: 3)
  }

  @Test func backlogShareByHand() throws {
    check(
      try intact(.backlogShare),
      [[-81, -54, -72, -93, -89], [0, -108, -135, -81, -81], [0, 0, -36, -69, -73]], over: 81)
    // From tick 4 on C hears nobody: it keeps −73/81, while A and B go on to agree. B's losses are
    // in its last two numbers: −324 = 0 − 2·162 and −251 = −89 − 162.
    check(
      try cut(.backlogShare),
      [
        [-162, -108, -144, -186, -178, -89],
        [0, -216, -270, -162, -324, -251],
        [0, 0, -72, -138, -146, -146],
      ], over: 162)
  }

  @Test func deliveryTimesByHand() throws {
    // C measures −3 from tick 3 on, the others 0. With B's losses it is −6/2 = −1 − 2 and
    // −3/2 = −½ − 1; where the estimate is paid at the end only, −4/2 = −2.
    check(
      try cut(.publishedEachTick),
      [[0, 0, 0, 0, 0, -1], [0, 0, 0, 0, -6, -3], [0, 0, 0, -6, -4, -4]], over: 2)
    check(
      try cut(.publishedAtEnd),
      [[0, 0, 0, 0, 0, -1], [0, 0, 0, 0, -4, -3], [0, 0, 0, 0, 0, -4]], over: 2)
    check(
      try cut(.publishedExactMean),
      [[0, 0, 0, -1, -1, -1], [0, 0, 0, -1, -3, -2], [0, 0, 0, -1, -1, -1]])
    check(
      try cut(.lossOnly), [[0, 0, 0, 0, 0, 0], [0, 0, 0, 0, -2, -1], [0, 0, 0, 0, 0, 0]])
  }

  /// A's packets 0 … 4: two delivered after 3 ticks, the others count to the horizon. B decides on
  /// packet k in tick k + 2, one tick before its delivery. A lost packet counts to the horizon.
  @Test func packetCreditByHand() throws {
    let whole = try intact(.packetDelay).routers
    #expect(whole[0].packetReturns == [-3, -3, -3, -2, -1])
    #expect(whole[1].packetReturns == [-1, -1, -1])
    #expect(whole[1].ticks == [2, 3, 4])
    let broken = try cut(.packetDelay).routers
    #expect(broken[0].packetReturns == [-3, -5, -4, -3, -2, -1])
    #expect(broken[1].packetReturns == [-1, -3, -2, -1])
  }

  /// Every form against the slow books, in a world with random packets, walks, losses and a link
  /// that is down for a while.
  @Test(arguments: RewardForm.allCases)
  func theSlowBooksAgree(_ form: RewardForm) throws {
    let topology = try SmallNetworks.twoRoutes()
    let scenario = try Scenario(topology: topology, load: 0.15, horizon: 80)
    let outages = [LinkOutage(link: LinkID(3), from: 20, until: 50)]
    let layout = ObservationLayout(scenario: scenario, form: .oneHot, pastActions: 0)
    let policies = RouterNetworks(layout: layout, hidden: [8], seeds: SeedTree(root: 1))
    var settings = smallSettings()
    settings.reward = form
    settings.lossWeight = SlowBooks.lossWeight
    let seeds = (0..<2).map { SeedTree(root: 2).child("episode", $0) }
    let played = RouterTrajectories.collect(
      policies, scenario: scenario, seeds: seeds, outages: outages, settings: settings, threads: 1)
    #expect(played.metrics.allSatisfy { $0.lost > 0 && $0.delivered > 0 })

    // The same episodes again, for their events.
    var requirements = layout.requirements
    requirements.events = true
    let world = PacketWorld(scenario: scenario, replicas: 2, requirements: requirements)
    world.reset(seeds: seeds, outages: [outages, outages])
    let policy = NeuralRoutingPolicy(policies)
    var books = [SlowBooks(topology), SlowBooks(topology)]
    while !world.isFinished {
      let tick = world.tick
      policy.decide(world.beginTick(), in: world)
      world.finishTick()
      for event in world.events { books[Int(event.replica)].note(event, tick: tick) }
      let up = topology.linkIDs.map { $0 != LinkID(3) || !outages[0].isDown(at: tick) }
      for replica in 0..<2 {
        let expected = books[replica].pay(form, up: up, isLast: tick == 79)
        for router in 0..<5 {
          let paid = Double(played.paid[(replica * 5 + router) * 80 + tick])
          #expect(abs(paid - expected[router]) < 1e-4, "router \(router), tick \(tick)")
        }
      }
    }
  }
}

/// One replica's pay, the slow way: from where each packet is, and with the consensus as
/// `x(t) = W(t−1) x(t−1) + r(t) − r(t−1)`, the Metropolis matrix W written out.
private struct SlowBooks {
  static let lossWeight = 2.5
  let topology: Topology
  /// Who answers for each packet present: the router where it is queued, or that sent it last.
  var holders: [Int32: Int] = [:]
  /// The delivery times of the packets delivered to each router.
  var times: [[Int]]
  /// Packets lost at each router in this tick.
  var lost: [Int]
  var measured: [Double]
  /// The last estimates, mixed by the matrix.
  var mixed: [Double]

  init(_ topology: Topology) {
    self.topology = topology
    times = [[Int]](repeating: [], count: topology.routerCount)
    lost = [Int](repeating: 0, count: topology.routerCount)
    measured = [Double](repeating: 0, count: topology.routerCount)
    mixed = measured
  }

  mutating func note(_ event: PacketEvent, tick: Int) {
    let router = Int(event.router)
    switch event.kind {
    case .generated, .forwarded, .received: holders[event.packet] = router
    case .delivered:
      holders[event.packet] = nil
      times[router].append(tick - Int(event.created))
    case .lost:
      holders[event.packet] = nil
      lost[router] += 1
    }
  }

  /// What every router is paid for the tick, once its events are noted.
  mutating func pay(_ form: RewardForm, up: [Bool], isLast: Bool) -> [Double] {
    let n = topology.routerCount
    let none = [Double](repeating: 0, count: n)
    let deliveries = times.map { own -> Double in
      own.isEmpty ? 0 : -Double(own.reduce(0, +)) / Double(own.count)
    }
    let backlogs = (0..<n).map { router -> Double in
      -Double(holders.values.filter { $0 == router }.count)
    }
    let means: [Double]
    switch form {
    case .packetDelay, .lossOnly: means = none
    case .publishedEachTick: means = estimate(deliveries, up)
    case .publishedAtEnd:
      let here = estimate(deliveries, up)
      means = isLast ? here : none
    case .publishedExactMean: means = mean(deliveries)
    case .backlogShare: means = estimate(backlogs, up)
    case .globalBacklog: means = mean(backlogs)
    case .localBacklog: means = backlogs
    }
    let losses = lost
    lost = [Int](repeating: 0, count: n)
    return (0..<n).map { means[$0] - Self.lossWeight * Double(losses[$0]) }
  }

  private func mean(_ values: [Double]) -> [Double] {
    [Double](repeating: values.reduce(0, +) / Double(values.count), count: values.count)
  }

  private mutating func estimate(_ own: [Double], _ up: [Bool]) -> [Double] {
    var here = own
    for i in own.indices { here[i] = mixed[i] + own[i] - measured[i] }
    measured = own
    let weights = metropolis(up)
    for i in own.indices {
      mixed[i] = 0
      for j in own.indices { mixed[i] += weights[i][j] * here[j] }
    }
    return here
  }

  /// The weights over the links that are up.
  private func metropolis(_ up: [Bool]) -> [[Double]] {
    let n = topology.routerCount
    var degrees = [Double](repeating: 0, count: n)
    for (link, isUp) in zip(topology.links, up) where isUp {
      degrees[link.source.index] += 1
      degrees[link.target.index] += 1
    }
    var matrix = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for i in 0..<n { matrix[i][i] = 1 }
    for (link, isUp) in zip(topology.links, up) where isUp {
      let (a, b) = (link.source.index, link.target.index)
      let weight = 1 / (1 + max(degrees[a], degrees[b]))
      matrix[a][b] += weight
      matrix[b][a] += weight
      matrix[a][a] -= weight
      matrix[b][b] -= weight
    }
    return matrix
  }
}
