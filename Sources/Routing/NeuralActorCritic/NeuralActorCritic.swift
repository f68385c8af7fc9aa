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
/// g is where a natural-gradient step of size s/τ on the entropy-regularised cost leads from π when
/// preferences are free; the KL projects it onto what the network can represent. All slots count at
/// every decision, because the neighbours tell what each would have cost: no sampled advantage, and
/// so none of its variance. The networks see only the router's own observation; the costs come from
/// its neighbours, at training as at playing.
/// - `p_j`: the social price of a stay at j (`RouterPrices`); `W_j(x)`: cost of a queue seen at length x
///   (`QueueCosts`); `ℓ` as in `SocialActorCritic`: a few numbers per router.
/// - `V_i(d)`: the latency distance plus the critic's output; a router tells its neighbours a running
///   mean of its values, which the jitter of a network in training does not shake.
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
  private let configuration: NeuralActorCriticConfiguration
  private let view: NeuralView
  private var routers: [RouterLearner]
  /// Weights averaged over roughly the last third of the episodes, actor then critic, by router.
  private var averages: [[Float]]
  private var prices: RouterPrices
  private var queues: QueueCosts
  private var lossShare: [Float]
  private var suspicion: LinkSuspicion
  private var binOfArc: [Int32]
  /// What routers told last, `[router * n + destination]`.
  private var values: [Float]
  private let distances: [Float]
  private let lossPenalty: Float
  private let valueScale: Float
  private var busy: BusyPeriods
  private var scratch: DecisionScratch
  private var lengths: [Int]
  private var episode = 0
  public private(set) var controlBytes = 0

  static let announcementInterval = 50

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
    queues = QueueCosts(
      routerCount: n, priceWeight: configuration.priceWeight, rate: configuration.queueRate)
    lossShare = [Float](repeating: 0, count: network.arcCount)
    suspicion = LinkSuspicion(
      arcCount: network.arcCount, rate: configuration.lossRate, memory: configuration.lossMemory)
    binOfArc = [Int32](repeating: -1, count: network.arcCount)
    distances = scenario.shortestPaths().distances.map { $0.isFinite ? Float($0) : 0 }
    values = distances
    lossPenalty = Float(
      configuration.lossPenalty > 0 ? configuration.lossPenalty : Double(scenario.horizon))
    valueScale = max(1, (distances.max() ?? 1) / 2)
    busy = BusyPeriods(routerCount: n)
    scratch = DecisionScratch(network)
    lengths = [Int](repeating: 0, count: scratch.costs.count)
    var requirements = view.requirements
    requirements.events = true
    self.requirements = requirements
  }

  public mutating func beginEpisode(in world: PacketWorld) { busy.begin() }

  // MARK: Deciding

  public mutating func decide(_ batch: DecisionBatch, in world: PacketWorld) {
    for index in 0..<batch.count {
      let destination = Int(batch.destinations[index])
      guard destination >= 0 else { continue }  // blind: slot 0, as the batch starts with
      let router = Int(batch.routers[index])
      let degree = view.network.degree(router)
      let active = view.observation.activePerRow[router]
      view.append(
        router: router, destination: destination, replica: 0, world: world, lengths: &lengths,
        to: &routers[router].observations)
      let row = Array(routers[router].observations.suffix(active))
      var probabilities = routers[router].actor.outputs(
        routers[router].actorWeights, .oneHot(indices: row, activePerRow: active))
      learn(router: router, destination: destination, degree: degree, logits: probabilities)
      view.choose(
        router: router, degree: degree, logits: &probabilities, isDead: scratch.isDead,
        into: &scratch)
      let slot = scratch.draw(degree: degree, &batch.streams[0])
      batch.choices[index] = Int32(slot)
      binOfArc[view.network.firstArc[router] + slot] = scratch.bins[slot]
      controlBytes += 1  // the bin, with the packet
      var mean: Float = 0
      for slot in 0..<degree { mean += scratch.probabilities[slot] * scratch.costs[slot] }
      routers[router].destinations.append(Int32(destination))
      routers[router].returns.append(
        mean - distances[router * view.network.routerCount + destination])
    }
  }

  /// Costs of all slots, and the goal that follows from them.
  @inline(__always)
  private mutating func learn(router: Int, destination: Int, degree: Int, logits: [Float]) {
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
        excess = queues.cost[target * QueueBins.count + bin] - queues.mean[target]
        cost += 1 + prices.prices[target] + values[target * network.routerCount + destination]
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

  // MARK: Learning

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
    controlBytes += view.sight.controlBytesPerTick
    if (tick + 1) % Self.announcementInterval == 0 {
      prices.update(ticks: Self.announcementInterval)
      announce()
    }
    if (tick + 1) % configuration.updateInterval == 0 { updateNetworks() }
  }

  @inline(__always)
  private mutating func join(_ event: PacketEvent, tick: Int) {
    busy.join(event, tick: tick)
    prices.join(Int(event.router), arc: event.kind == .received ? Int(event.arc) : -1)
  }

  @inline(__always)
  private mutating func leave(_ event: PacketEvent, lost: Float) {
    let arc = Int(event.arc)
    if suspicion.note(arc, lost: lost, shares: &lossShare) {
      queues.recall(200)
      prices.recall(20)
      episode = min(episode, 2)
      controlBytes += view.network.arcCount
    }
    busy.serve(event, nextBin: binOfArc[arc])
  }

  private mutating func learnQueues() {
    guard !busy.completed.isEmpty else { return }
    for sample in busy.completed { queues.learn(sample) }
    busy.completed.removeAll(keepingCapacity: true)
  }

  private mutating func announce() {
    suspicion.fade(&lossShare, ticks: Self.announcementInterval)
    let network = view.network
    var bytes = ControlMessage.number * network.arcCount
    queues.announce {
      bytes += ControlMessage.number * (QueueBins.count + 1) * network.degree($0)
    }
    controlBytes += bytes
  }

  private mutating func updateNetworks() {
    let n = view.network.routerCount
    let decay = 1 / (1 + Double(episode) / configuration.annealEpisodes)
    let stepSize = configuration.learningRate * max(0.1, decay)
    for router in 0..<n where !routers[router].destinations.isEmpty {
      routers[router].update(
        activePerRow: view.observation.activePerRow[router], scale: valueScale,
        stepSize: stepSize)
      refreshValues(router)
    }
  }

  private mutating func refreshValues(_ router: Int) {
    let n = view.network.routerCount
    let corrections = routers[router].corrections(routerCount: n)
    let rate = Float(configuration.valueRate)
    controlBytes += ControlMessage.number * n * view.network.degree(router)
    for d in 0..<n where d != router {
      let cell = router * n + d
      values[cell] += rate * (distances[cell] + valueScale * corrections[d] - values[cell])
    }
  }

  public mutating func endEpisode(in world: PacketWorld) {
    busy.finish(horizon: world.scenario.horizon)
    learnQueues()
    announce()
    updateNetworks()
    episode += 1
    let share = min(1, 3 / Float(episode + 2))
    for router in routers.indices {
      let current = routers[router].actorWeights + routers[router].criticWeights
      for index in current.indices {
        averages[router][index] += share * (current[index] - averages[router][index])
      }
    }
  }

  // MARK: Freezing and storing

  public func frozenPolicy() -> any RoutingPolicy {
    NeuralActorCriticPolicy(
      view: view, actors: routers.map(\.actor),
      weights: routers.indices.map {
        Array(averages[$0].prefix(routers[$0].actor.parameterCount))
      }, isDead: lossShare.map { $0 > ActorCriticTables.suspicion })
  }

  public func settled() -> NeuralActorCritic {
    var copy = self
    for router in routers.indices {
      let count = routers[router].actor.parameterCount
      copy.routers[router].actorWeights = Array(averages[router].prefix(count))
      copy.routers[router].criticWeights = Array(averages[router].dropFirst(count))
    }
    return copy
  }

  public var bytesPerRouter: [Int] {
    routers.indices.map { router in
      4 * (averages[router].count + QueueCosts.numbersPerRouter)
        + view.network.degree(router) * 4 * (QueueBins.count + 2)
    }
  }

  public var state: LearnerState {
    LearnerState(
      [
        .init("networks", routers.flatMap(\.numbers)), .init("averages", averages.flatMap { $0 }),
        .init("values", values), .init("lossShare", lossShare),
        .init("episode", [Float(episode)]),
        suspicion.table,
      ] + prices.named("") + queues.named(""))
  }

  public mutating func restore(_ state: LearnerState) throws(InputError) {
    let total = routers.reduce(0) { $0 + $1.numberCount }
    let numbers = try state.table("networks", count: total)
    let mixed = try state.table("averages", count: averages.reduce(0) { $0 + $1.count })
    var (next, nextMean) = (0, 0)
    for router in routers.indices {
      routers[router].restore(numbers[next..<next + routers[router].numberCount])
      next += routers[router].numberCount
      averages[router] = Array(mixed[nextMean..<nextMean + averages[router].count])
      nextMean += averages[router].count
    }
    values = try state.table("values", count: values.count)
    lossShare = try state.table("lossShare", count: lossShare.count)
    try suspicion.restore(state)
    episode = try state.wholeNumber("episode")
    try prices.restore(state, prefix: "")
    try queues.restore(state, prefix: "")
  }
}
