import Networks
import PacketSimulation
import Randomness

/// Learns stochastic next hops from what neighbours tell, for the good of all packets: `actor-critic`
/// without the price and blind to queues, `social-actor-critic` with both.
///
/// ```swift
/// var learner = SocialActorCritic(scenario: scenario)
/// let training = EpisodeRunner(scenario: scenario).run(&learner, episodes: 300, seeds: seeds)
/// let policy = learner.frozenPolicy()
/// ```
///
/// ## Method
/// Router i sends a packet for d over slot a (latency L) to j, whose queue it sees to be x:
/// ```
/// c_a = L + 1 + W_j(x_j) + V_j(d)            (L alone where j = d)
/// c_a ← (1 − ℓ_a) c_a + ℓ_a · penalty        ℓ_a: running share of losses on the link
/// π_a ∝ exp(θ_a − κ (W_j(x_j) − W̄_j))       for neighbours with r_a ≤ 1/4, else 0
/// θ_a ← θ_a − η (c_a − Σ_b π_b c_b + τ θ_a)   natural gradient, all slots at every decision
/// V_i(d) ← V_i(d) + β (Σ_b π̄_b c̄_b − V_i(d))      c̄: c with the mean W̄_j instead of W_j(x_j)
/// ```
/// - `W_j(x)`: expected wait at j of a packet whose sender saw x, plus the **social price**: the
///   packets that will come later in the same busy period of j, each of which it delays by a tick. j
///   counts both itself (`BusyPeriods`) and tells its neighbours.
/// - Whatever j tells (`x_j`, `W_j`, `V_j`, news of a dead link) is read as late as the model says
///   (`SimulationModel.ObservationAge`).
/// - `x`: the queue length, plus the packets that i itself sent over the link and that the length
///   cannot show yet (i knows them), plus those under way from others, as far as j was told of them
///   (`QueueSight`): without these senders overshoot.
/// - `π̄`: the running mean of π; `r_a`: the share of packets for d that j sends back to i, which j
///   tells (`ActorCriticTables.leaveOutReturns`).
/// - `η`: `stepVisits` over the decisions so far, between `lowestStep` and `highestStep`; `β`:
///   `criticRate`, by default 1: V follows from what neighbours tell, as in a distance-vector
///   protocol; `τ`: `temperature`; `κ`: `queueResponse`.
///
/// With the price a packet's cost is its marginal cost to the whole network, so that the selfish
/// equilibrium under it is the optimum (see the article *Why a price makes selfish routers optimal*).
/// W is measured under the routers' own response to x: where all neighbours rush to a short queue,
/// W says that it will not be short, and the rush ends.
///
/// - Source: Kakade (2002), *A natural policy gradient*, NIPS 14 (the step, exact for a softmax
///   table); Pigou (1920) and Beckmann, McGuire, Winsten (1956) for the price; Littman and Boyan's
///   exchange of values between neighbours (1994).
/// - Differs: the combination is Wayfield's own; there is no paper to compare with.
/// - Shapes: `θ` is `[router][destination][slot]`, `V` `[router][destination]`, `W` `[router][bin]`.
/// - Randomness: one number per decision.
/// - Complexity: O(degree) a decision; memory O(arcs × routers).
/// - Verified: `SocialActorCriticTests`, `BusyPeriodsTests`; Documentation/RoutingResults.md.
/// - Algorithm: social-actor-critic | Wayfield (natural gradient: Kakade, 2002) | section 4 | exact check passed
public struct SocialActorCritic: TrainableLearner {
  public let requirements: WorldRequirements
  private let configuration: ActorCriticConfiguration
  private var tables: ActorCriticTables
  private var average: ActorCriticTables
  private var queues: QueueLearner
  private var suspicion: LinkSuspicion
  private var scratch: DecisionScratch
  /// Decisions by router and destination: steps fall with them.
  private var decisions: [Float]
  /// Own links that a router that masks them saw to be down last.
  private var isKnownDown: [Bool]
  /// Whether a packet came by in this episode, by router and destination.
  private var wasVisited: [Bool]
  /// Per arc: the bin seen at the last decision.
  private var binOfArc: [Int32]
  /// What neighbours know, where they hear it late.
  private var heard: HeardMessages?
  private var news: NewsFlood
  private let ages: [Int]
  /// The least step of the shares that neighbours are told: a mean over about twenty decisions. Where
  /// preferences take larger steps, so do shares.
  private static let leastShareStep: Float = 0.05
  private var episode = 0
  public private(set) var controlBytes = 0

  public init(scenario: Scenario, configuration: ActorCriticConfiguration = .init()) {
    self.configuration = configuration
    tables = ActorCriticTables(scenario: scenario, configuration: configuration)
    average = tables
    let network = tables.network
    queues = QueueLearner(
      tables, rate: configuration.queueRate, priceWeight: configuration.priceWeight)
    suspicion = LinkSuspicion(
      arcCount: network.arcCount, rate: configuration.lossRate, memory: configuration.lossMemory)
    scratch = DecisionScratch(network)
    decisions = [Float](repeating: 0, count: tables.onward.count)
    isKnownDown = [Bool](repeating: false, count: network.arcCount)
    wasVisited = [Bool](repeating: false, count: tables.onward.count)
    binOfArc = [Int32](repeating: -1, count: network.arcCount)
    let messages = HeardMessages(network, scenario.model.observationAge)
    heard = messages.values.isDelayed ? messages : nil
    ages = messages.values.ages
    news = NewsFlood(routerCount: network.routerCount)
    var requirements = tables.sight.requirements
    requirements.events = true
    self.requirements = requirements
  }

  public mutating func beginEpisode(in world: PacketWorld) {
    queues.beginEpisode()
    heard?.beginEpisode(tables)
  }

  // MARK: Actor and critic

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
      let degree = network.firstArc[router + 1] - first
      let slot = scratch.draw(degree: degree, &batch.streams[0])
      batch.choices[index] = Int32(slot)
      binOfArc[first + slot] = scratch.bins[slot]
      wasVisited[router * network.routerCount + destination] = true
      controlBytes += 1  // the bin, with the packet
      learn(router: router, destination: destination, degree: degree, tick: world.tick)
    }
  }

  @inline(__always)
  private mutating func learn(
    router: Int, destination: Int, degree: Int, isVisit: Bool = true, tick: Int
  ) {
    let temperature = Float(configuration.temperature)
    let cell = router * tables.network.routerCount + destination
    let count = decisions[cell] + 1
    decisions[cell] = min(count, 1_048_576)
    let share = min(
      Float(configuration.highestStep),
      max(Float(configuration.lowestStep), Float(configuration.stepVisits) / count))
    let step = share / temperature
    var mean: Float = 0
    for slot in 0..<degree { mean += scratch.probabilities[slot] * scratch.costs[slot] }
    let start = tables.network.offset(router: router, destination: destination)
    // A dead link keeps its preference for the day when it is repaired.
    for slot in 0..<degree where !scratch.isDead[slot] {
      let logit = tables.logits[start + slot]
      tables.logits[start + slot] -= step * (scratch.costs[slot] - mean + temperature * logit)
    }
    tellShares(
      router: router, start: start, degree: degree,
      step: isVisit ? max(Self.leastShareStep, share) : 1, tick: tick)
    heard?.values.note(
      router: router, destination: destination, old: tables.onward[cell], tick: tick)
    tables.onward[cell] +=
      Float(configuration.criticRate)
      * (tables.value(start: start, degree: degree, scratch) - tables.onward[cell])
    controlBytes += (ControlMessage.router + ControlMessage.number) * degree
  }

  /// Each neighbour hears the share of packets for the destination that it gets, a byte, with the value.
  @inline(__always)
  private mutating func tellShares(
    router: Int, start: Int, degree: Int, step: Float, tick: Int
  ) {
    let base = tables.network.firstArc[router] * tables.network.routerCount
    for slot in 0..<degree {
      let old = tables.shares[start + slot]
      heard?.shares.note(router: router, destination: start + slot - base, old: old, tick: tick)
      tables.shares[start + slot] = old + step * (scratch.probabilities[slot] - old)
    }
    if tables.avoidsReturns { controlBytes += ControlMessage.share * degree }
  }

  // MARK: Queues and losses

  public mutating func observe(tick: Int, in world: PacketWorld) {
    for event in world.events {
      switch event.kind {
      case .generated: queues.join(event, tick: tick)
      case .received: queues.join(event, tick: tick + 1)
      case .forwarded: leave(event, lost: 0, tick: tick, in: world)
      case .lost where event.isSending: leave(event, lost: 1, tick: tick, in: world)
      default: break
      }
    }
    queues.learn(&tables)
    if configuration.masksDeadLinks { noticeOwnLinks(tick: tick, in: world) }
    hastenLearning(news.arrived(by: tick))
    controlBytes += tables.sight.controlBytesPerTick
    if (tick + 1) % ToldQueues.interval == 0 { announce(tick: tick) }
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

  /// A router that sees its own links tells of one that died or came back at once.
  private mutating func noticeOwnLinks(tick: Int, in world: PacketWorld) {
    let network = tables.network
    for arc in isKnownDown.indices {
      let isDown = !world.isUp(replica: 0, link: LinkID(network.links[arc]))
      guard isDown != isKnownDown[arc] else { continue }
      isKnownDown[arc] = isDown
      spreadNews(from: network.sources[arc], tick: tick, in: world)
    }
  }

  /// Tells neighbours what queues cost, where it has changed.
  private mutating func announce(tick: Int) {
    suspicion.fade(&tables.lossShare, ticks: ToldQueues.interval)
    controlBytes += queues.announce(&tables)
    heard?.queues.announce(costs: tables.queueCost, means: tables.meanQueueCost, tick: tick)
  }

  public mutating func endEpisode(in world: PacketWorld) {
    queues.endEpisode(horizon: world.scenario.horizon, &tables)
    hastenLearning(news.arrived(by: .max))
    announce(tick: world.scenario.horizon - 1)
    refreshUnvisited(tick: world.scenario.horizon)
    episode += 1
    average.mix(tables, share: min(1, 3 / Float(episode + 2)))
  }

  /// Updates preferences and values where no packet came by in this episode.
  ///
  /// Values told by neighbours change also where a router sees no packets; without this a router that
  /// looked bad once would be avoided, and so look bad, for ever. Queues enter by their means.
  private mutating func refreshUnvisited(tick: Int) {
    let network = tables.network
    for router in 0..<network.routerCount {
      let degree = network.degree(router)
      for destination in 0..<network.routerCount where destination != router {
        let cell = router * network.routerCount + destination
        if !wasVisited[cell] {
          tables.evaluateMean(
            router: router, destination: destination, isKnownDown: isKnownDown, into: &scratch)
          learn(
            router: router, destination: destination, degree: degree, isVisit: false, tick: tick)
        }
        wasVisited[cell] = false
      }
    }
  }

  /// A router that lost packets on a link, or got one through again, tells all: one byte over every
  /// link, passed on.
  private mutating func spreadNews(from router: Int, tick: Int, in world: PacketWorld) {
    let network = tables.network
    news.start(at: router, tick: tick, network: network, ages: ages) { arc in
      world.isUp(replica: 0, link: LinkID(network.links[arc]))
    }
    episode = min(episode, 2)
    controlBytes += network.arcCount
  }

  /// What these routers learned long ago may no longer hold: their steps become large again.
  private mutating func hastenLearning(_ routers: [Int]) {
    let limit = Float(configuration.recallVisits)
    let n = tables.network.routerCount
    for router in routers {
      for cell in router * n..<(router + 1) * n { decisions[cell] = min(decisions[cell], limit) }
      queues.recall(router, packets: configuration.recallPackets)
    }
  }

  // MARK: Freezing and storing

  /// The average of the tables over roughly the last third of the episodes (Polyak averaging).
  public func frozenPolicy() -> any RoutingPolicy { ActorCriticPolicy(tables: average) }

  public func settled() -> SocialActorCritic {
    var copy = self
    copy.tables = average
    return copy
  }

  /// Preferences, shares, values and counts per destination, running averages of all but the counts,
  /// what each neighbour told of every destination, and what `StoredBytes` says.
  public var bytesPerRouter: [Int] {
    let network = tables.network
    let heard = ControlMessage.number + (tables.avoidsReturns ? ControlMessage.share : 0)
    return (0..<network.routerCount).map { router in
      let degree = network.degree(router)
      let own = 4 * (2 * (2 * degree + 1) + 1)
      return network.routerCount * (own + degree * heard)
        + StoredBytes.ofRouter(network, router, countsLoad: false)
    }
  }

  public var state: LearnerState {
    LearnerState(
      tables.named("") + average.named("average-") + queues.named + [
        .init("decisions", decisions), .init("episode", [Float(episode)]), suspicion.table,
        .init("knownDown", isKnownDown.map { $0 ? 1 : 0 }),
      ])
  }

  public mutating func restore(_ state: LearnerState) throws(InputError) {
    try tables.restore(state, prefix: "")
    try average.restore(state, prefix: "average-")
    try queues.restore(state)
    try suspicion.restore(state)
    decisions = try state.table("decisions", count: decisions.count)
    isKnownDown = try state.table("knownDown", count: isKnownDown.count).map { $0 > 0 }
    episode = try state.wholeNumber("episode")
  }
}
