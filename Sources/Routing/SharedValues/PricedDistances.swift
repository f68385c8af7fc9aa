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
/// V_i(d) ← Σ_b π_b c_b                                   at every exchange, for all d; in part at decisions
/// ```
/// Only neighbours with `V_j(d) < V_i(d)` are taken while one of them is alive: queues of the moment
/// decide between ways that lead downhill, and never send a packet round in circles, which in a
/// large network ends in a collapse.
/// - `p_j`: the **social price** of a stay at j, from the load that j counts itself (`RouterPrices`).
/// - `W_j(x)`: cost of a queue seen at length x, measured by j (`QueueCosts`).
/// - `V_i`: a distance vector in which links cost their latency and routers their price, kept up to
///   date as distance-vector protocols do, by exchange between neighbours.
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
///   values (n, or with landmarks about √n) and a constant count of numbers on its queue and links.
/// - Verified: `PricedDistancesTests`; Documentation/RoutingAtScale.md.
/// - Algorithm: priced-distances | Wayfield (distance vectors: Bertsekas and Gallager, 1992) | section 5.2.4 | exact check passed
public struct PricedDistances: TrainableLearner {
  public let requirements: WorldRequirements
  private let configuration: PricedDistancesConfiguration
  private var tables: PricedDistanceTables
  private var average: PricedDistanceTables
  private var busy: BusyPeriods
  private var scratch: DecisionScratch
  private var suspicion: LinkSuspicion
  /// Per arc: the bin seen at the last decision.
  private var binOfArc: [Int32]
  private var episode = 0
  /// A link died or came back: neighbours exchange values at the end of each of so many ticks.
  private var urgentExchanges = 0
  private var sinceExchange = 0
  /// Ticks until the next exchange: fewer where the last one changed much.
  private var interval: Int
  private var exchanges = 0
  public private(set) var controlBytes = 0

  /// Ticks between two announcements of a router's queue cost to its neighbours.
  static let announcementInterval = 50
  /// While values still change, exchanges come up to so many times as often.
  static let hurry = 20
  /// The mean relative change of values above which they do.
  static let restless: Float = 0.005

  public init(scenario: Scenario, configuration: PricedDistancesConfiguration = .init()) {
    self.configuration = configuration
    interval = max(1, configuration.exchangeInterval / Self.hurry)
    tables = PricedDistanceTables(scenario: scenario, configuration: configuration)
    average = tables
    let network = tables.network
    busy = BusyPeriods(routerCount: network.routerCount)
    scratch = DecisionScratch(network)
    suspicion = LinkSuspicion(
      arcCount: network.arcCount, rate: configuration.lossRate, memory: configuration.lossMemory)
    binOfArc = [Int32](repeating: -1, count: network.arcCount)
    var requirements = tables.requirements
    requirements.events = true
    self.requirements = requirements
  }

  public mutating func beginEpisode(in world: PacketWorld) { busy.begin() }

  public mutating func decide(_ batch: DecisionBatch, in world: PacketWorld) {
    let network = tables.network
    let rate = Float(configuration.criticRate)
    for index in 0..<batch.count {
      let destination = Int(batch.destinations[index])
      guard destination >= 0 else { continue }  // blind: slot 0, as the batch starts with
      let router = Int(batch.routers[index])
      tables.evaluate(
        router: router, destination: destination, replica: 0, world: world, into: &scratch)
      let first = network.firstArc[router]
      let degree = network.firstArc[router + 1] - first
      let slot = scratch.draw(degree: degree, &batch.streams[0])
      batch.choices[index] = Int32(slot)
      binOfArc[first + slot] = scratch.bins[slot]
      controlBytes += 1  // the bin, with the packet
      guard tables.vectors.keeps(router, destination) else { continue }
      var mean: Float = 0
      for slot in 0..<degree { mean += scratch.probabilities[slot] * scratch.costs[slot] }
      let place = Int(tables.vectors.place[router * network.routerCount + destination])
      tables.values[place] += rate * (mean - tables.values[place])
      controlBytes += (ControlMessage.router + ControlMessage.number) * degree
    }
  }

  public mutating func observe(tick: Int, in world: PacketWorld) {
    for event in world.events {
      switch event.kind {
      case .generated: join(event, tick: tick)
      case .received: join(event, tick: tick + 1)
      case .forwarded: leave(event, lost: 0)
      case .lost where event.isSending: leave(event, lost: 1)
      default: break
      }
    }
    learnQueues()
    controlBytes += tables.controlBytesPerTick
    if (tick + 1) % Self.announcementInterval == 0 {
      tables.prices.update(ticks: Self.announcementInterval)
      announce()
    }
    sinceExchange += 1
    if urgentExchanges > 0 || sinceExchange >= interval { exchange() }
  }

  @inline(__always)
  private mutating func join(_ event: PacketEvent, tick: Int) {
    busy.join(event, tick: tick)
    tables.prices.join(Int(event.router), arc: event.kind == .received ? Int(event.arc) : -1)
  }

  @inline(__always)
  private mutating func leave(_ event: PacketEvent, lost: Float) {
    let arc = Int(event.arc)
    if suspicion.note(arc, lost: lost, shares: &tables.lossShare) {
      tables.queues.recall(200)
      tables.prices.recall(20)
      urgentExchanges = 4
      controlBytes += tables.network.arcCount
    }
    busy.serve(event, nextBin: binOfArc[arc])
  }

  private mutating func learnQueues() {
    guard !busy.completed.isEmpty else { return }
    for sample in busy.completed {
      tables.queues.learn(sample)
      tables.prices.note(sample)
    }
    busy.completed.removeAll(keepingCapacity: true)
  }

  private mutating func announce() {
    suspicion.fade(&tables.lossShare, ticks: Self.announcementInterval)
    let network = tables.network
    // A price a neighbour, and what queues cost where it has changed.
    var bytes = ControlMessage.number * network.arcCount
    tables.queues.announce {
      bytes += ControlMessage.number * (QueueBins.count + 1) * network.degree($0)
    }
    controlBytes += bytes
  }

  /// Every router sets its values from those of its neighbours, in the order of routers, once up and
  /// the next time down, so that news travel both ways.
  private mutating func exchange() {
    urgentExchanges = max(0, urgentExchanges - 1)
    sinceExchange = 0
    exchanges += 1
    let n = tables.network.routerCount
    var (change, total): (Float, Float) = (0, 1)
    for index in 0..<n {
      let router = exchanges % 2 == 0 ? index : n - 1 - index
      for place in tables.vectors.first[router]..<tables.vectors.first[router + 1] {
        let destination = Int(tables.vectors.destinations[place])
        guard destination != router else { continue }
        let value = tables.meanValue(router: router, destination: destination, &scratch)
        change += abs(value - tables.values[place])
        total += value
        tables.values[place] = value
      }
      let count = tables.vectors.first[router + 1] - tables.vectors.first[router]
      controlBytes += ControlMessage.number * count * tables.network.degree(router)
    }
    let pace = min(1, Self.restless / max(change / total, 1e-9))
    interval = max(
      1,
      max(
        configuration.exchangeInterval / Self.hurry,
        Int(Float(configuration.exchangeInterval) * pace)))
  }

  public mutating func endEpisode(in world: PacketWorld) {
    busy.finish(horizon: world.scenario.horizon)
    learnQueues()
    announce()
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
    return (0..<network.routerCount).map { router in
      4 * (vectors.first[router + 1] - vectors.first[router] + QueueCosts.numbersPerRouter)
        + network.degree(router) * 4 * (QueueBins.count + 2)
    }
  }

  public var state: LearnerState {
    LearnerState(
      tables.named("") + average.named("average-") + [
        .init(
          "episode",
          [
            Float(episode), Float(sinceExchange), Float(exchanges % 2), Float(urgentExchanges),
            Float(interval),
          ]),
        suspicion.table,
      ])
  }

  public mutating func restore(_ state: LearnerState) throws(InputError) {
    try tables.restore(state, prefix: "")
    try average.restore(state, prefix: "average-")
    try suspicion.restore(state)
    let counts = try state.table("episode", count: 5).map(LearnerState.count)
    (episode, sinceExchange) = (counts[0], counts[1])
    (exchanges, urgentExchanges) = (counts[2], counts[3])
    interval = counts[4]
  }
}

/// The learned values, frozen.
struct PricedDistancesPolicy: RoutingPolicy {
  let tables: PricedDistanceTables
  var requirements: WorldRequirements { tables.requirements }
  var controlBytesPerTick: Int { tables.controlBytesPerTick }

  func decide(_ batch: DecisionBatch, in world: PacketWorld) {
    var scratch = DecisionScratch(tables.network)
    for index in 0..<batch.count {
      let destination = Int(batch.destinations[index])
      guard destination >= 0 else { continue }
      let router = Int(batch.routers[index])
      let replica = Int(batch.replicas[index])
      tables.evaluate(
        router: router, destination: destination, replica: replica, world: world, into: &scratch)
      batch.choices[index] = Int32(
        scratch.draw(degree: tables.network.degree(router), &batch.streams[replica]))
    }
  }
}
