import Networks
import PacketSimulation

/// Turns what happens in a world into what every router is paid, tick by tick.
///
/// ## Method
/// Per replica, router i and tick: `r̃ᵢ = −lossWeight·(packets lost at i)` and the weighted further
/// objectives of the paper's section 4.4; the local number `r̂ᵢ` is minus the mean delivery time of
/// the packets delivered to i so far (0 before the first), or minus the packets queued at i or under
/// way from i. The network mean of r̂ is estimated by `Consensus`, taken exactly, or left out, as the
/// reward's form says; what is paid is `e = r̃ + mean` (Eq. 6).
///
/// With the backlog, Σ over ticks of the mean is −(Σ packets present)/n: by the identity of the
/// restricted mean delay that is minus the total restricted delay over n, so a policy that is paid by
/// it gains nothing by delivering less.
///
/// - Source: the MAMRL paper, Eq. 6 and section 3.3; Little (1961) for the backlog.
/// - Shapes: `paid[(replica * routerCount + router) * horizon + tick]`.
/// - Verified: `RewardSignalTests` (every form by hand, and against slow books on random traffic).
struct RewardSignals {
  private let form: RewardForm
  private let settings: MAMRLConfiguration
  private let n: Int
  private let horizon: Int
  private var consensus: [Consensus]
  private var deliveredCount: [Int]
  private var deliveryTimes: [Int]
  private var underWay: [Int]
  private var lost: [Int]
  private var extra: [Double]
  private(set) var paid: [Float]

  init(world: PacketWorld, settings: MAMRLConfiguration) {
    form = settings.reward
    self.settings = settings
    n = world.routerCount
    horizon = world.scenario.horizon
    let cells = world.replicaCount * n
    let one = Consensus(
      topology: world.topology, form: settings.consensus, gain: settings.consensusGain)
    consensus = [Consensus](repeating: one, count: world.replicaCount)
    deliveredCount = [Int](repeating: 0, count: cells)
    deliveryTimes = deliveredCount
    // Packets under way at the start count for nobody: no router has sent them.
    underWay = [Int](repeating: 0, count: world.replicaCount * world.topology.arcs.count)
    lost = deliveredCount
    extra = [Double](repeating: 0, count: cells)
    paid = [Float](repeating: 0, count: cells * horizon)
  }

  /// Books the tick just finished.
  mutating func observe(tick: Int, in world: PacketWorld) {
    for cell in lost.indices {
      lost[cell] = 0
      extra[cell] = 0
    }
    for event in world.events { book(event, tick: tick, in: world) }
    for replica in 0..<world.replicaCount { pay(replica, tick: tick, in: world) }
  }

  private mutating func book(_ event: PacketEvent, tick: Int, in world: PacketWorld) {
    let cell = Int(event.replica) * n + Int(event.router)
    let arcs = world.topology.arcs.count
    let place = event.arc < 0 ? -1 : Int(event.replica) * arcs + Int(event.arc)
    switch event.kind {
    case .generated: break
    case .forwarded:
      if form != .packetDelay { extra[cell] -= arcPrice(place) }
      underWay[place] += 1
    case .received: underWay[place] = max(underWay[place] - 1, 0)
    case .delivered:
      if place >= 0 { underWay[place] = max(underWay[place] - 1, 0) }
      deliveredCount[cell] += 1
      deliveryTimes[cell] += tick - Int(event.created)
    case .lost:
      lost[cell] += 1
      if event.lossCause == .inFlightAtFailure, place >= 0 {
        underWay[place] = max(underWay[place] - 1, 0)
      }
    }
  }

  /// What sending a packet over an arc costs by the weights of hops and utilisation.
  private func arcPrice(_ place: Int) -> Double {
    settings.hopWeight + settings.utilisationWeight * Double(underWay[place])
  }

  /// What a decision costs beside its delay where packets carry the credit: the weights of hops, of
  /// the packets that it meets on the arc (itself left out), and of those left behind it in the queue.
  func price(of event: PacketEvent, in world: PacketWorld) -> Double {
    let weights = settings.hopWeight + settings.utilisationWeight + settings.queueWeight
    guard weights > 0 else { return 0 }
    var price = settings.hopWeight
    if event.arc >= 0 {
      let arcs = world.topology.arcs.count
      let here = underWay[Int(event.replica) * arcs + Int(event.arc)]
      price += settings.utilisationWeight * Double(max(here - 1, 0))
    }
    let queue = world.queueLength(replica: Int(event.replica), router: Int(event.router))
    return price + settings.queueWeight * Double(queue)
  }

  private mutating func pay(_ replica: Int, tick: Int, in world: PacketWorld) {
    let means = networkMeans(replica, in: world)
    for router in 0..<n {
      let cell = replica * n + router
      let queue =
        form == .packetDelay
        ? 0
        : settings.queueWeight * Double(world.queueLength(replica: replica, router: router))
      var reward = extra[cell] - settings.lossWeight * Double(lost[cell]) - queue
      if form != .publishedAtEnd || tick + 1 == horizon { reward += means[router] }
      paid[cell * horizon + tick] = Float(reward)
    }
  }

  /// What each router is paid of the network mean, by the reward's form.
  private mutating func networkMeans(_ replica: Int, in world: PacketWorld) -> [Double] {
    switch form {
    case .lossOnly, .packetDelay: return [Double](repeating: 0, count: n)
    case .publishedEachTick, .publishedAtEnd:
      return estimate(deliveryTimes(replica), replica, in: world)
    case .publishedExactMean: return exactMean(deliveryTimes(replica))
    case .backlogShare: return estimate(backlogs(replica, in: world), replica, in: world)
    case .globalBacklog: return exactMean(backlogs(replica, in: world))
    case .localBacklog: return backlogs(replica, in: world)
    }
  }

  private mutating func estimate(
    _ measured: [Double], _ replica: Int, in world: PacketWorld
  ) -> [Double] {
    consensus[replica].step(measured) { world.isUp(replica: replica, link: $0) }
    return consensus[replica].estimates
  }

  private func exactMean(_ measured: [Double]) -> [Double] {
    [Double](repeating: measured.reduce(0, +) / Double(n), count: n)
  }

  private func deliveryTimes(_ replica: Int) -> [Double] {
    (replica * n..<(replica + 1) * n).map {
      deliveredCount[$0] == 0 ? 0 : -Double(deliveryTimes[$0]) / Double(deliveredCount[$0])
    }
  }

  private func backlogs(_ replica: Int, in world: PacketWorld) -> [Double] {
    let first = replica * world.topology.arcs.count
    return (0..<n).map { router in
      var count = world.queueLength(replica: replica, router: router)
      for arc in world.topology.firstArc[router]..<world.topology.firstArc[router + 1] {
        count += underWay[first + arc]
      }
      return -Double(count)
    }
  }
}

/// Per-packet credit: pays every decision minus the ticks until its packet was delivered.
///
/// A packet that is lost or still present at the horizon counts as delivered then, as in the
/// restricted mean delay. Decisions without a packet (the published order) are paid 0.
/// Further objectives are booked the same way: a decision answers for what its packet costs from then
/// on, its own sending included.
struct PacketCredit {
  /// A decision that a packet went through.
  struct Decision {
    var router: Int
    var row: Int
    /// What the packet cost from this decision on, beside its delay.
    var costs: Double
  }
  /// Open decisions of each packet, by packet number.
  private var open: [[Decision]] = []

  mutating func decided(packet: Int, router: Int, row: Int, cost: Double) {
    while open.count <= packet { open.append([]) }
    open[packet].append(Decision(router: router, row: row, costs: 0))
    guard cost > 0 else { return }
    for index in open[packet].indices { open[packet][index].costs += cost }
  }

  /// The decisions of a packet that was delivered or lost.
  mutating func close(packet: Int) -> [Decision] {
    guard open.indices.contains(packet) else { return [] }
    defer { open[packet].removeAll(keepingCapacity: true) }
    return open[packet]
  }

  /// All decisions whose packets are still present.
  mutating func closeAll() -> [Decision] {
    defer { open.removeAll() }
    return open.flatMap { $0 }
  }
}
