import Networks
import PacketSimulation
import Randomness

/// Learns what a stay at each router costs all packets, and routes by distances under these prices:
/// `priced-distances`, for networks that are too large to learn every destination from its packets.
///
/// ```swift
/// var learner = PricedDistances(scenario: scenario)
/// let training = EpisodeRunner(scenario: scenario).run(&learner, episodes: 40, seeds: seeds)
/// let policy = learner.frozenPolicy()
/// ```
///
/// ## Method
/// Router i sends a packet for d over slot a (latency L) to j, whose queue it sees to be x:
/// ```
/// c_a = L + 1 + p_j + V_j(d)                            (L alone where j = d)
/// c_a ← (1 − ℓ_a) c_a + ℓ_a · penalty                    ℓ_a: running share of losses on the link
/// π_a ∝ exp(−c_a / τ − κ (W_j(x) − mean W_j))
/// V_i(d) ← Σ_b π_b c_b                                   at an exchange, for all d, queues at their means
/// ```
/// Only neighbours with `V_j(d) < V_i(d)` are taken while one of them is alive: queues of the moment
/// decide between ways that lead downhill, and never send a packet round in circles, which in a
/// large network ends in a collapse. `V_j` is what i knows of j, `V_i` the lowest value of its own that a
/// neighbour may still go by (`ToldVectors`): that rules out circles however old the news is.
/// - `p_j`: the **social price** of a stay at j, from the load that j counts itself (`RouterPrices`).
/// - `W_j(x)`: cost of a queue seen at length x, measured by j (`QueueLearner`).
/// - `V_i`: a distance vector in which links cost their latency and routers their price. Each router
///   works it out from what its neighbours told before this tick and tells it, at times that follow its
///   own changes (`ExchangePace`); nothing crosses two links in a tick.
/// - Whatever j tells (`x_j`, `W_j`, `p_j`, `V_j`, news of a dead link) is read as late as the model says
///   (`SimulationModel.ObservationAge`); news of a link is passed on from router to router (`NewsFlood`).
///
/// Learning is in p alone: one number per router, fed by *every* packet that passes, instead of one
/// per router, destination and neighbour fed by the packets for that destination. On a network of
/// 754 routers the latter would see less than one packet in an episode of 3,000 ticks. At rest
/// `π_a ∝ exp(−c_a/τ)` is also the natural-gradient fixed point of `social-actor-critic`, whose
/// preferences converge to −c_a/τ: the two learn the same equilibrium, which with the price is the
/// optimum of the split (article *Why a price makes selfish routers optimal*) up to τ.
///
/// - Source: Bertsekas, Gallager (1992), *Data Networks*, section 5.2.4 (distance vectors with
///   learned lengths); Beckmann, McGuire, Winsten (1956) for the price; for aggregation see
///   `DestinationVectors`.
/// - Differs: the combination is Wayfield's own; there is no paper to compare with.
/// - Shapes: `V` as `DestinationVectors` says, `W̄` `[router]`, `W` `[router][bin]`.
/// - Randomness: one number per decision.
/// - Complexity: O(degree) a decision; an exchange O(arcs · values per router). A router keeps its
///   values and those that each neighbour told (n, or with landmarks about √n), and a constant count of
///   numbers on its queue and on each link.
/// - Verified: `PricedDistancesTests`; Documentation/RoutingAtScale.md.
/// - Algorithm: priced-distances | Wayfield (distance vectors: Bertsekas and Gallager, 1992) | section 5.2.4 | exact check passed
public struct PricedDistances: TrainableLearner {
  public let requirements: WorldRequirements
  private let configuration: PricedDistancesConfiguration
  var tables: PricedDistanceTables
  private var average: PricedDistanceTables
  var queues: QueueLearner
  var scratch: DecisionScratch
  var suspicion: LinkSuspicion
  /// Per arc: the bin seen at the last decision.
  private var binOfArc: [Int32]
  var pace: ExchangePace
  /// What neighbours know, where they hear it late.
  var heard: NeighbourMessages?
  var news: NewsFlood
  let ages: [Int]
  /// Who hears what a router tells.
  let listeners: [[Int]]
  /// Values that routers work out in this tick, before anybody tells his.
  var drafts: [Float] = []
  var drafted: [(router: Int, change: Float)] = []
  /// By arc: the price that its source heard last.
  var seenPrices: [Float]
  /// The mean of each router's values at its last exchange.
  var meanValues: [Float]
  let temperature: Float
  private var episode = 0
  public internal(set) var controlBytes = 0

  /// Packets and load updates that still count for a router when it hears of a link.
  static let recalled = (packets: 200.0, updates: 20)

  public init(scenario: Scenario, configuration: PricedDistancesConfiguration = .init()) {
    self.configuration = configuration
    tables = PricedDistanceTables(scenario: scenario, configuration: configuration)
    average = tables
    let network = tables.network
    queues = QueueLearner(
      tables.queues, rate: configuration.queueRate, priceWeight: configuration.priceWeight)
    scratch = DecisionScratch(network)
    suspicion = LinkSuspicion(
      arcCount: network.arcCount, rate: configuration.lossRate, memory: configuration.lossMemory)
    binOfArc = [Int32](repeating: -1, count: network.arcCount)
    heard = NeighbourMessages(
      network, scenario.model.observationAge, first: tables.vectors.first)
    news = NewsFlood(routerCount: network.routerCount)
    ages = network.latencies.map { scenario.model.observationAge.age(latency: $0) }
    listeners = network.incoming.map { $0.map { network.sources[$0] } }
    pace = ExchangePace(
      routerCount: network.routerCount, interval: configuration.exchangeInterval,
      greatestAge: ages.max() ?? 0)
    seenPrices = [Float](repeating: 0, count: network.arcCount)
    meanValues = [Float](repeating: 1, count: network.routerCount)
    temperature = Float(configuration.temperature)
    var requirements = tables.requirements
    requirements.events = true
    self.requirements = requirements
  }

  public mutating func beginEpisode(in world: PacketWorld) {
    queues.beginEpisode()
    heard?.beginEpisode(values: tables.values, costs: tables.queues, prices: tables.prices)
  }

  public mutating func decide(_ batch: DecisionBatch, in world: PacketWorld) {
    let network = tables.network
    for index in 0..<batch.count {
      let destination = Int(batch.destinations[index])
      guard destination >= 0 else { continue }  // blind: slot 0, as the batch starts with
      let router = Int(batch.routers[index])
      tables.evaluate(
        router: router, destination: destination, replica: 0, world: world, heard: heard,
        into: &scratch)
      let first = network.firstArc[router]
      let slot = scratch.draw(degree: network.degree(router), &batch.streams[0])
      batch.choices[index] = Int32(slot)
      binOfArc[first + slot] = scratch.bins[slot]
      controlBytes += 1  // the bin, with the packet
    }
  }

  // MARK: What routers see themselves

  public mutating func observe(tick: Int, in world: PacketWorld) {
    for event in world.events {
      switch event.kind {
      case .generated: join(event, tick: tick)
      case .received: join(event, tick: tick + 1)
      case .forwarded: leave(event, lost: 0, tick: tick, in: world)
      case .lost where event.isSending: leave(event, lost: 1, tick: tick, in: world)
      default: break
      }
    }
    learnQueues()
    if configuration.masksDeadLinks { noticeOwnLinks(tick: tick, in: world) }
    takeUp(news.arrived(by: tick))
    controlBytes += tables.controlBytesPerTick
    // By what was known at the decisions of this tick; what is told now is known at the next.
    exchange(tick: tick)
    if (tick + 1) % ToldQueues.interval == 0 { announce(tick: tick) }
    for (arc, change) in heard?.deliver(tick: tick) ?? [] {
      pace.hear(tables.network.sources[arc], change: change)
    }
  }

  @inline(__always)
  private mutating func join(_ event: PacketEvent, tick: Int) {
    queues.join(event, tick: tick)
    tables.prices.join(Int(event.router), arc: event.kind == .received ? Int(event.arc) : -1)
  }

  @inline(__always)
  private mutating func leave(
    _ event: PacketEvent, lost: Float, tick: Int, in world: PacketWorld
  ) {
    let arc = Int(event.arc)
    if suspicion.note(arc, lost: lost, shares: &tables.lossShare) {
      spreadNews(from: Int(event.router), tick: tick, in: world)
    }
    queues.serve(event, nextBin: binOfArc[arc])
  }

  private mutating func learnQueues() {
    if tables.prices.correction != nil {
      for sample in queues.completed { tables.prices.note(sample) }
    }
    queues.learn(&tables.queues)
  }

  /// A router that sees its own links tells of one that died or came back at once.
  private mutating func noticeOwnLinks(tick: Int, in world: PacketWorld) {
    let network = tables.network
    for arc in tables.isKnownDown.indices {
      let isDown = !world.isUp(replica: 0, link: LinkID(network.links[arc]))
      guard isDown != tables.isKnownDown[arc] else { continue }
      tables.isKnownDown[arc] = isDown
      spreadNews(from: network.sources[arc], tick: tick, in: world)
    }
  }

  public mutating func endEpisode(in world: PacketWorld) {
    queues.closePeriods(horizon: world.scenario.horizon)
    learnQueues()
    queues.endEpisode(horizon: world.scenario.horizon, &tables.queues)
    takeUp(news.arrived(by: .max))
    announceQueues(tick: world.scenario.horizon - 1)
    tables.prices.endEpisode(stepSize: configuration.priceNetworkRate)
    episode += 1
    average.mix(tables, share: min(1, 3 / Float(episode + 2)))
  }

  /// What routers of all networks share: the numbers of the price network; empty without one.
  public var sharedParameters: [Float] {
    get { tables.prices.correction?.numbers ?? [] }
    set {
      guard newValue.count == PriceNetwork.numberCount else { return }
      var network = PriceNetwork()
      network.restore(newValue)
      tables.prices.take(network)
    }
  }

  // MARK: Freezing and storing

  /// The average of the values over roughly the last third of the episodes (Polyak averaging).
  public func frozenPolicy() -> any RoutingPolicy { PricedDistancesPolicy(tables: average) }

  public func settled() -> PricedDistances {
    var copy = self
    copy.tables = average
    return copy
  }

  public var bytesPerRouter: [Int] {
    let (network, vectors) = (tables.network, tables.vectors)
    let counts = (0..<network.routerCount).map { vectors.first[$0 + 1] - vectors.first[$0] }
    // With landmarks a value carries the name of the router that it is for.
    let value =
      ControlMessage.number + (vectors.landmarks.isEmpty ? 0 : ControlMessage.router)
    return (0..<network.routerCount).map { router in
      var bytes = StoredBytes.ofRouter(network, router) + 2 * value * counts[router]
      for arc in network.firstArc[router]..<network.firstArc[router + 1] {
        bytes += value * counts[network.targets[arc]]
      }
      return bytes
    }
  }

  public var state: LearnerState {
    LearnerState(
      tables.named("") + average.named("average-") + queues.named + pace.named + [
        .init("episode", [Float(episode)]), suspicion.table,
        .init("seenPrices", seenPrices), .init("meanValues", meanValues),
      ])
  }

  public mutating func restore(_ state: LearnerState) throws(InputError) {
    try tables.restore(state, prefix: "")
    try average.restore(state, prefix: "average-")
    try queues.restore(state)
    try pace.restore(state)
    try suspicion.restore(state)
    seenPrices = try state.table("seenPrices", count: seenPrices.count)
    meanValues = try state.table("meanValues", count: meanValues.count)
    episode = try state.wholeNumber("episode")
  }
}
