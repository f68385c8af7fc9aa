import Foundation
import Learning
import Networks
import PacketSimulation
import Randomness

/// `social-actor-critic` with one policy network and one value network per router instead of tables:
/// `neural-actor-critic`.
///
/// ```swift
/// var learner = NeuralActorCritic(scenario: scenario, seeds: seeds)
/// let training = EpisodeRunner(scenario: scenario).run(&learner, episodes: 300, seeds: seeds)
/// let policy = learner.frozenPolicy()
/// ```
///
/// ## Method
/// Router i sees o (see `RouterObservation`) and sends a packet for d over slot a (latency L) to j:
/// ```
/// c_a = L + 1 + p_j + V_j(d)                      (L alone where j = d; losses as in the tables)
/// g_a ∝ π_a(o)^(1−s) · exp(−s c_a / τ) · exp(−κ (W_j(x_j) − mean W_j))
/// actor:  descend KL(g ‖ π(o)), mean over the decisions since the last update
/// critic: descend (V_i(d) − Σ_a π_a c_a)²
/// ```
/// Each update also learns from three packets that did not come, for the destinations that none came for
/// longest.
/// g is where a natural-gradient step of size s/τ on the entropy-regularised cost leads from π when
/// preferences are free; the KL projects it onto what the network can represent. All slots count at
/// every decision, because the neighbours tell what each would have cost: no sampled advantage, and
/// so none of its variance. The networks see only the router's own observation; the costs come from
/// its neighbours, at training as at playing.
/// - `p_j`: the social price of a stay at j (`RouterPrices`); `W_j(x)`: cost of a queue seen at length x
///   (`QueueLearner`); `ℓ` as in `SocialActorCritic`: a few numbers per router.
/// - `V_i(d)`: the latency distance plus the critic's output; a router tells its neighbours a running
///   mean of its values, which the jitter of a network in training does not shake.
/// - Whatever j tells (`x_j`, `W_j`, `p_j`, `V_j`, news of a dead link) is read as late as the model says
///   (`SimulationModel.ObservationAge`).
///
/// - Source: Kakade (2002), *A natural policy gradient*, NIPS 14; Abdolmaleki et al. (2018), *Maximum
///   a posteriori policy optimisation*, ICLR (goal and projection); Sun, Kiran, Ren (2021) for the
///   observation.
/// - Differs: all actions instead of sampled ones; the combination is Wayfield's own.
/// - Shapes: one pair of networks per router; goals `[decision][slot]`.
/// - Randomness: weights from `seeds`; one number per decision.
/// - Complexity: a forward pass a decision, forward and backward for both networks once more.
/// - Verified: `NeuralActorCriticTests`; Documentation/RoutingAtScale.md.
/// - Algorithm: neural-actor-critic | Wayfield (Kakade 2002; Abdolmaleki et al. 2018) | equations 4 and 9 | unverified
public struct NeuralActorCritic: TrainableLearner {
  public let requirements: WorldRequirements
  let configuration: NeuralActorCriticConfiguration
  let view: NeuralView
  var routers: [RouterLearner]
  /// Weights averaged over roughly the last third of the episodes, actor then critic, by router.
  var averages: [[Float]]
  var prices: RouterPrices
  var costs: QueueCosts
  var queues: QueueLearner
  var lossShare: [Float]
  var suspicion: LinkSuspicion
  var binOfArc: [Int32]
  /// What routers told last, `[router * n + destination]`.
  var values: [Float]
  private let distances: [Float]
  private let lossPenalty: Float
  private let valueScale: Float
  var scratch: DecisionScratch
  var lengths: [Int]
  /// What neighbours know, where they hear it late.
  var heard: NeighbourMessages?
  var news: NewsFlood
  private let ages: [Int]
  private let listeners: [Int]
  /// Updates since a packet for a destination came by, `[router * n + destination]`.
  var unseen: [Int]
  /// Episodes that each router counts for its steps: few after it heard of a link.
  var episodes: [Int]
  /// Episodes for the running averages.
  var episode = 0
  public private(set) var controlBytes = 0

  /// Packets that did not come and that an update learns from. On Polska at .9 of λ*, with a demand in one
  /// direction of each pair only, delay over the tables' was 1.097 with none, 1.036 with one, 1.027 with three.
  static let imagined = 3
  /// Packets and load updates that still count for a router when it hears of a link.
  private static let recalled = (packets: 200.0, updates: 20)

  public init(
    scenario: Scenario, configuration: NeuralActorCriticConfiguration = .init(),
    seeds: SeedTree = SeedTree(root: 0)
  ) {
    self.configuration = configuration
    let view = NeuralView(scenario, configuration)
    self.view = view
    let network = view.network
    let n = network.routerCount
    let routers = (0..<n).map { router in
      RouterLearner(
        inputs: view.observation.inputs[router], routerCount: n, degree: network.degree(router),
        configuration: configuration, seeds: seeds.child("router", router))
    }
    self.routers = routers
    averages = routers.map { $0.actorWeights + $0.criticWeights }
    prices = RouterPrices(
      network, horizon: scenario.horizon, weight: configuration.priceWeight,
      window: configuration.loadWindow, correction: nil)
    costs = QueueCosts(network)
    queues = QueueLearner(
      costs, rate: configuration.queueRate, priceWeight: configuration.priceWeight)
    lossShare = [Float](repeating: 0, count: network.arcCount)
    suspicion = LinkSuspicion(
      arcCount: network.arcCount, rate: configuration.lossRate, memory: configuration.lossMemory)
    binOfArc = [Int32](repeating: -1, count: network.arcCount)
    distances = scenario.shortestPaths().distances.map { $0.isFinite ? Float($0) : 0 }
    values = distances
    lossPenalty = Float(
      configuration.lossPenalty > 0 ? configuration.lossPenalty : Double(scenario.horizon))
    valueScale = max(1, (distances.max() ?? 1) / 2)
    let age = scenario.model.observationAge
    heard = NeighbourMessages(network, age, first: (0...n).map { $0 * n })
    news = NewsFlood(routerCount: n)
    ages = network.latencies.map { age.age(latency: $0) }
    listeners = network.incoming.map(\.count)
    episodes = [Int](repeating: 0, count: n)
    unseen = [Int](repeating: 0, count: n * n)
    scratch = DecisionScratch(network)
    lengths = [Int](repeating: 0, count: scratch.costs.count)
    var requirements = view.requirements
    requirements.events = true
    self.requirements = requirements
  }

  public mutating func beginEpisode(in world: PacketWorld) {
    queues.beginEpisode()
    heard?.beginEpisode(values: values, costs: costs, prices: prices)
  }

  // MARK: Deciding

  public mutating func decide(_ batch: DecisionBatch, in world: PacketWorld) {
    for index in 0..<batch.count {
      let destination = Int(batch.destinations[index])
      guard destination >= 0 else { continue }  // blind: slot 0, as the batch starts with
      let router = Int(batch.routers[index])
      teach(router: router, destination: destination, tick: world.tick, in: world)
      let slot = scratch.draw(degree: view.network.degree(router), &batch.streams[0])
      batch.choices[index] = Int32(slot)
      binOfArc[view.network.firstArc[router] + slot] = scratch.bins[slot]
      controlBytes += 1  // the bin, with the packet
    }
  }

  /// Weighs a packet's ways, leaves them in `scratch`, and notes what both networks are to learn of it.
  @inline(__always)
  private mutating func teach(router: Int, destination: Int, tick: Int, in world: PacketWorld) {
    let n = view.network.routerCount
    let degree = view.network.degree(router)
    let active = view.observation.activePerRow[router]
    view.append(
      router: router, destination: destination, replica: 0, world: world, lengths: &lengths,
      to: &routers[router].observations)
    let row = Array(routers[router].observations.suffix(active))
    var probabilities = routers[router].actor.outputs(
      routers[router].actorWeights, .oneHot(indices: row, activePerRow: active))
    learn(
      router: router, destination: destination, degree: degree, logits: probabilities, tick: tick)
    view.choose(
      router: router, degree: degree, logits: &probabilities, isDead: scratch.isDead,
      into: &scratch)
    var mean: Float = 0
    for slot in 0..<degree { mean += scratch.probabilities[slot] * scratch.costs[slot] }
    let cell = router * n + destination
    routers[router].destinations.append(Int32(destination))
    routers[router].returns.append(mean - distances[cell])
    unseen[cell] = 0
  }

  /// Costs of all slots, and the goal that follows from them.
  @inline(__always)
  private mutating func learn(
    router: Int, destination: Int, degree: Int, logits: [Float], tick: Int
  ) {
    let network = view.network
    let step = Float(configuration.naturalStep)
    let inverse = Float(1 / configuration.temperature)
    let response = Float(configuration.queueResponse)
    var highest = -Float.infinity
    let start = routers[router].goals.count
    for slot in 0..<degree {
      let arc = network.firstArc[router] + slot
      let target = network.targets[arc]
      var cost = Float(network.latencies[arc])
      var excess: Float = 0
      scratch.bins[slot] = -1
      if target != destination {
        let bin = QueueBins.bin(lengths[slot])
        scratch.bins[slot] = Int32(bin)
        let told = told(arc: arc, bin: bin, destination: destination, tick: tick)
        excess = told.deviation
        cost += 1 + told.price + told.value
      }
      cost += lossShare[arc] * (lossPenalty - cost)
      scratch.costs[slot] = cost
      scratch.isDead[slot] = lossShare[arc] > ActorCriticTables.suspicion
      let goal = (1 - step) * logits[slot] - step * inverse * cost - response * excess
      routers[router].goals.append(goal)
      highest = max(highest, goal)
    }
    routers[router].softmax(&routers[router].goals, start..<start + degree)
  }

  /// What a router knows of the neighbour at the end of an arc.
  @inline(__always)
  private func told(arc: Int, bin: Int, destination: Int, tick: Int)
    -> (deviation: Float, price: Float, value: Float)
  {
    let target = view.network.targets[arc]
    let place = target * view.network.routerCount + destination
    guard let heard else {
      return (costs.deviation(target, bin: bin), prices.prices[target], values[place])
    }
    return (
      heard.deviation(arc: arc, bin: bin, tick: tick), heard.price(arc: arc, tick: tick),
      heard.vectors.value(arc: arc, place: place)
    )
  }

  // MARK: Learning

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
    queues.learn(&costs)
    takeUp(news.arrived(by: tick))
    controlBytes += view.sight.controlBytesPerTick
    // By what was known at the decisions of this tick; what is told now is known at the next.
    if (tick + 1) % configuration.updateInterval == 0 { updateNetworks(tick: tick, in: world) }
    if (tick + 1) % ToldQueues.interval == 0 {
      prices.update(ticks: ToldQueues.interval)
      announce(tick: tick)
    }
    heard?.deliver(tick: tick)
  }

  @inline(__always)
  private mutating func join(_ event: PacketEvent, tick: Int) {
    queues.join(event, tick: tick)
    prices.join(Int(event.router), arc: event.kind == .received ? Int(event.arc) : -1)
  }

  @inline(__always)
  private mutating func leave(
    _ event: PacketEvent, lost: Float, tick: Int, in world: PacketWorld
  ) {
    let arc = Int(event.arc)
    if suspicion.note(arc, lost: lost, shares: &lossShare) {
      spreadNews(from: Int(event.router), tick: tick, in: world)
    }
    queues.serve(event, nextBin: binOfArc[arc])
  }

  /// A router that lost packets on a link, or got one through again, tells all: one byte over every
  /// link, passed on.
  private mutating func spreadNews(from router: Int, tick: Int, in world: PacketWorld) {
    let network = view.network
    news.start(at: router, tick: tick, network: network, ages: ages) { arc in
      world.isUp(replica: 0, link: LinkID(network.links[arc]))
    }
    episode = min(episode, 2)
    controlBytes += network.arcCount
  }

  /// What these routers learned long ago may no longer hold.
  private mutating func takeUp(_ routers: [Int]) {
    for router in routers {
      queues.recall(router, packets: Self.recalled.packets)
      prices.recall(router, updates: Self.recalled.updates)
      episodes[router] = min(episodes[router], 2)
    }
  }

  /// Tells neighbours the price, and what queues cost where it has changed.
  private mutating func announce(tick: Int) {
    suspicion.fade(&lossShare, ticks: ToldQueues.interval)
    controlBytes += ControlMessage.number * view.network.arcCount
    controlBytes += queues.announce(&costs)
    heard?.announce(costs, prices, tick: tick)
  }

  private mutating func updateNetworks(tick: Int, in world: PacketWorld) {
    for router in routers.indices {
      for _ in 0..<Self.imagined { imagine(router, tick: tick, in: world) }
      let decay = 1 / (1 + Double(episodes[router]) / configuration.annealEpisodes)
      let stepSize = configuration.learningRate * max(0.1, decay)
      routers[router].update(
        activePerRow: view.observation.activePerRow[router], scale: valueScale,
        stepSize: stepSize)
    }
    // Told only when all have learned: nothing crosses two links in a tick.
    for router in routers.indices { refreshValues(router, tick: tick) }
  }

  /// Learns from a packet that did not come, for the destination that none came for longest.
  ///
  /// What neighbours tell changes also where a router sees no packets; without this its networks' outputs
  /// for such destinations would follow those for others, and a router that looks bad for one would be
  /// avoided, and so look bad, for ever.
  private mutating func imagine(_ router: Int, tick: Int, in world: PacketWorld) {
    let n = view.network.routerCount
    var longest = router == 0 ? min(1, n - 1) : 0
    for destination in 0..<n where destination != router {
      let cell = router * n + destination
      unseen[cell] = min(unseen[cell] + 1, 1_000_000)
      if unseen[cell] > unseen[router * n + longest] { longest = destination }
    }
    guard view.network.degree(router) > 0, longest != router else { return }
    teach(router: router, destination: longest, tick: tick, in: world)
  }

  /// A router tells its neighbours a running mean of its values.
  private mutating func refreshValues(_ router: Int, tick: Int) {
    let n = view.network.routerCount
    let corrections = routers[router].corrections(routerCount: n)
    let rate = Float(configuration.valueRate)
    controlBytes += ControlMessage.number * n * listeners[router]
    for d in 0..<n where d != router {
      let cell = router * n + d
      values[cell] += rate * (distances[cell] + valueScale * corrections[d] - values[cell])
    }
    heard?.tell(router: router, values, tick: tick)
  }

  public mutating func endEpisode(in world: PacketWorld) {
    let horizon = world.scenario.horizon
    queues.endEpisode(horizon: horizon, &costs)
    takeUp(news.arrived(by: .max))
    announce(tick: horizon - 1)
    if horizon % configuration.updateInterval != 0 { updateNetworks(tick: horizon - 1, in: world) }
    episode += 1
    for router in episodes.indices { episodes[router] += 1 }
    let share = min(1, 3 / Float(episode + 2))
    for router in routers.indices {
      let current = routers[router].actorWeights + routers[router].criticWeights
      for index in current.indices {
        averages[router][index] += share * (current[index] - averages[router][index])
      }
    }
  }
}
