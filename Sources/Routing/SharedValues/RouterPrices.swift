import Flows
import Foundation
import Networks

/// The price of a stay at each router, from the load that the router counts itself.
///
/// ## Method
/// `u_j ← u_j + α (packets joining j's queue per tick − u_j)`, and the price is `F′(u_j)`: what one
/// packet more per tick adds to the mean backlog F of a slotted queue over an episode
/// (`QueueBacklog`), which is its own wait plus the wait that it causes. A router needs to know its
/// own service, one packet a tick, and nothing else. Prices measured packet by packet
/// (`QueueCosts`) have the same mean in a queue at rest, but in an overload they rise a hundredfold
/// within an episode, and where nothing but prices steers traffic everybody leaves at once, for the
/// next router, and so on; a load is never more than what arrives.
///
/// - Source: Gallager (1977), *A minimum delay routing algorithm using distributed computation*,
///   section III (marginal delays measured or computed by the routers).
/// - Shapes: `[router]`.
struct RouterPrices: Sendable {
  /// Packets per tick, running mean.
  private(set) var loads: [Float]
  /// Ticks of cost for a packet that comes, its own wait and what it makes others wait.
  private(set) var prices: [Float]
  /// Corrects prices where it is used; nil: F′ alone.
  private(set) var correction: PriceNetwork?
  /// Packets per tick that come over each arc.
  private var inflows: [Float]
  private var counts: [Int32]
  private var arcCounts: [Int32]
  /// Cost measured in this episode, and of how many packets.
  private var measured: [Float]
  private var samples: [Float]
  /// Updates of each router's load, for the first steps.
  private var updates: [Int]
  private let network: NetworkArrays
  private let backlog: QueueBacklog
  private let weight: Double
  private let window: Double

  /// - Parameters:
  ///   - weight: of the wait of others.
  ///   - window: ticks that a load is averaged over, in the long run.
  init(
    _ network: NetworkArrays, horizon: Int, weight: Double, window: Double,
    correction: PriceNetwork?
  ) {
    let n = network.routerCount
    self.network = network
    self.correction = correction
    loads = [Float](repeating: 0, count: n)
    prices = loads
    measured = loads
    samples = loads
    updates = [Int](repeating: 0, count: n)
    inflows = [Float](repeating: 0, count: network.arcCount)
    counts = [Int32](repeating: 0, count: n)
    arcCounts = [Int32](repeating: 0, count: network.arcCount)
    backlog = QueueBacklog(horizon: horizon)
    self.weight = weight
    self.window = window
  }

  /// A packet joined the queue of a router, over an arc or (−1) born there.
  @inline(__always)
  mutating func join(_ router: Int, arc: Int) {
    counts[router] += 1
    if arc >= 0 { arcCounts[arc] += 1 }
  }

  /// What one packet's stay came to.
  @inline(__always)
  mutating func note(_ sample: QueueSample) {
    measured[Int(sample.router)] += Float(sample.wait) + Float(weight) * Float(sample.later)
    samples[Int(sample.router)] += 1
  }

  /// Takes up what was counted in so many ticks.
  ///
  /// - Parameter loadUpstream: the load of the router at the start of an arc, as the one at its end
  ///   knows it; nil: as all told it last.
  mutating func update(ticks: Int, loadUpstream: ((Int) -> Float)? = nil) {
    let upstream =
      correction == nil
      ? []
      : inflows.indices.map { arc in
        loadUpstream?(arc) ?? loads[network.sources[arc]]
      }
    for router in loads.indices {
      let rate = rate(router, ticks: ticks)
      loads[router] += rate * (Float(counts[router]) / Float(ticks) - loads[router])
      counts[router] = 0
    }
    for arc in inflows.indices {
      let rate = rate(network.targets[arc], ticks: ticks)
      inflows[arc] += rate * (Float(arcCounts[arc]) / Float(ticks) - inflows[arc])
      arcCounts[arc] = 0
    }
    for router in updates.indices { updates[router] += 1 }
    setPrices(upstream: upstream)
  }

  private func rate(_ router: Int, ticks: Int) -> Float {
    Float(max(Double(ticks) / window, min(0.2, 1 / Double(updates[router] + 1))))
  }

  /// Lets the correction learn from what this episode measured.
  mutating func endEpisode(stepSize: Double) {
    if var network = correction, stepSize > 0 {
      let features = features(upstream: toldLoads)
      let targets = loads.indices.map { router -> Float in
        guard samples[router] > 0 else { return 0 }
        let mean = measured[router] / samples[router]
        return log((mean + 0.05) / (modelled(router) + 0.05))
      }
      network.learn(features, targets: targets, importance: samples, stepSize: stepSize)
      correction = network
    }
    for router in loads.indices { (measured[router], samples[router]) = (0, 0) }
  }

  /// The price of the load alone.
  private func modelled(_ router: Int) -> Float {
    let load = Double(max(loads[router], 1e-6))
    let cost = backlog.value(at: load)
    let wait = cost.value / load
    return Float(wait + weight * (cost.slope - wait))
  }

  /// - Parameter upstream: the load of the router at the start of each arc; unused without correction.
  private mutating func setPrices(upstream: [Float]) {
    for router in prices.indices { prices[router] = modelled(router) }
    guard let correction else { return }
    let factors = correction.factors(features(upstream: upstream))
    for router in prices.indices { prices[router] *= factors[router] }
  }

  /// The load of the router at the start of each arc, as it told it last.
  private var toldLoads: [Float] { network.sources.map { loads[$0] } }

  /// What `PriceNetwork` sees of every router.
  private func features(upstream loadUpstream: [Float]) -> [Float] {
    let n = network.routerCount
    var passing = [Float](repeating: 0, count: n)
    var squares = passing
    var upstream = passing
    for arc in inflows.indices {
      let router = network.targets[arc]
      passing[router] += inflows[arc]
      squares[router] += inflows[arc] * inflows[arc]
      upstream[router] += inflows[arc] * loadUpstream[arc]
    }
    return (0..<n).flatMap { router -> [Float] in
      let load = max(loads[router], 1e-3)
      return [
        load, log(modelled(router) + 0.1) / 3, log(Float(max(network.degree(router), 1))) / 2,
        max(0, load - passing[router]) / load, squares[router] / (load * load),
        upstream[router] / load,
      ]
    }
  }

  /// What a router counted before counts for no more than so many updates.
  mutating func recall(_ router: Int, updates limit: Int) {
    updates[router] = min(updates[router], limit)
  }

  mutating func mix(_ other: RouterPrices, share: Float) {
    for router in loads.indices {
      loads[router] += share * (other.loads[router] - loads[router])
    }
    for arc in inflows.indices { inflows[arc] += share * (other.inflows[arc] - inflows[arc]) }
    updates = other.updates
    correction = other.correction
    setPrices(upstream: toldLoads)
  }

  /// Takes the correction that was learned elsewhere.
  mutating func take(_ network: PriceNetwork) {
    correction = network
    setPrices(upstream: toldLoads)
  }

  func named(_ prefix: String) -> [LearnerState.Table] {
    [
      .init(prefix + "loads", loads), .init(prefix + "inflows", inflows),
      .init(prefix + "routerPrices", prices),
      .init(prefix + "loadUpdates", updates.map(Float.init)),
      .init(prefix + "loadCounts", counts.map(Float.init)),
      .init(prefix + "arcCounts", arcCounts.map(Float.init)),
    ] + (correction.map { [.init(prefix + "priceNetwork", $0.numbers)] } ?? [])
  }

  mutating func restore(_ state: LearnerState, prefix: String) throws(InputError) {
    loads = try state.table(prefix + "loads", count: loads.count)
    inflows = try state.table(prefix + "inflows", count: inflows.count)
    prices = try state.table(prefix + "routerPrices", count: prices.count)
    updates = try state.table(prefix + "loadUpdates", count: updates.count).map(LearnerState.count)
    counts = try state.table(prefix + "loadCounts", count: counts.count).map {
      Int32(LearnerState.count($0))
    }
    arcCounts = try state.table(prefix + "arcCounts", count: arcCounts.count).map {
      Int32(LearnerState.count($0))
    }
    if correction != nil {
      correction?.restore(
        try state.table(prefix + "priceNetwork", count: PriceNetwork.numberCount))
    }
  }
}
