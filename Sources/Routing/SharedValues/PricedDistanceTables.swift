import Foundation
import Networks
import PacketSimulation

/// What the routers know under `priced-distances`, and how a decision follows from it.
///
/// - Shapes: `values` as `DestinationVectors` lays them out; `lossShare[arc]`.
struct PricedDistanceTables: Sendable {
  let network: NetworkArrays
  let vectors: DestinationVectors
  /// Expected ticks and price from the service of a packet to its delivery, as the router told last.
  var values: [Float]
  var prices: RouterPrices
  var queues: QueueCosts
  /// Estimated share of packets lost on an arc.
  var lossShare: [Float]
  /// Own links that a router that masks them saw to be down last.
  var isKnownDown: [Bool]

  private let inverseTemperature: Float
  private let response: Float
  private let lossPenalty: Float
  /// No value is higher: a destination that cannot be reached at all, to which neighbours would otherwise
  /// point each other at ever higher cost. Ways through any queue of the horizon cost less.
  let infinity: Float
  private let masksDeadLinks: Bool
  private let goesDownhill: Bool
  /// How long neighbours' queues are taken to be.
  let sight: QueueSight

  init(scenario: Scenario, configuration: PricedDistancesConfiguration) {
    network = NetworkArrays(scenario)
    let n = network.routerCount
    let distances = scenario.shortestPaths().distances
    switch configuration.aggregation {
    case .none: vectors = DestinationVectors(complete: n)
    case .landmarks:
      vectors = DestinationVectors(
        distances: distances, routerCount: n, share: configuration.landmarkShare,
        vicinity: configuration.vicinity)
    }
    values = [Float](repeating: 0, count: vectors.count)
    for router in 0..<n {
      for place in vectors.first[router]..<vectors.first[router + 1] {
        let distance = distances[router * n + Int(vectors.destinations[place])]
        values[place] = distance.isFinite ? Float(distance) : 0
      }
    }
    prices = RouterPrices(
      network, horizon: scenario.horizon, weight: configuration.priceWeight,
      window: configuration.loadWindow,
      correction: configuration.priceModel == .network ? PriceNetwork() : nil)
    queues = QueueCosts(network)
    lossShare = [Float](repeating: 0, count: network.arcCount)
    isKnownDown = [Bool](repeating: false, count: network.arcCount)
    inverseTemperature = Float(1 / configuration.temperature)
    response = Float(configuration.queueResponse)
    lossPenalty = Float(
      configuration.lossPenalty > 0 ? configuration.lossPenalty : Double(scenario.horizon))
    infinity = 4 * lossPenalty
    masksDeadLinks = configuration.masksDeadLinks
    goesDownhill = configuration.goesDownhill
    var seen = ActorCriticConfiguration()
    seen.countsRecentSends = configuration.countsRecentSends
    seen.countsOthersSends = configuration.countsRecentSends
    sight = QueueSight(network, scenario: scenario, configuration: seen)
  }

  var requirements: WorldRequirements {
    response > 0 ? sight.requirements : WorldRequirements()
  }

  /// Bytes for looking at queues, in a tick.
  var controlBytesPerTick: Int { response > 0 ? sight.controlBytesPerTick : 0 }

  /// What the source of an arc knows of the way from its target to a destination: the target's own
  /// value, or its landmark's.
  @inline(__always)
  private func value(_ arc: Int, _ destination: Int, _ heard: NeighbourMessages?) -> Float {
    let cell = network.targets[arc] * network.routerCount + destination
    let place = Int(vectors.place[cell])
    let told = heard.map { $0.vectors.value(arc: arc, place: place) } ?? values[place]
    return told + vectors.rest(network.targets[arc], destination)
  }

  /// What the value of a neighbour must be below for it to be nearer to the destination.
  @inline(__always)
  private func bound(_ router: Int, _ destination: Int, _ heard: NeighbourMessages?) -> Float {
    let place = Int(vectors.place[router * network.routerCount + destination])
    return (heard.map { $0.vectors.least(place) } ?? values[place])
      + vectors.rest(router, destination)
  }

  /// Fills probabilities, costs (with mean queues) and bins of a router's slots for one decision.
  ///
  /// - Parameter heard: what neighbours told, where it is read late; nil: the tables as they are.
  @inline(__always)
  func evaluate(
    router: Int, destination: Int, replica: Int, world: PacketWorld, heard: NeighbourMessages?,
    into scratch: inout DecisionScratch
  ) {
    let first = network.firstArc[router]
    let degree = network.firstArc[router + 1] - first
    let own = bound(router, destination, heard)
    var (highest, highestUphill) = (-Float.infinity, -Float.infinity)
    for slot in 0..<degree {
      let arc = first + slot
      let target = network.targets[arc]
      var excess: Float = 0
      scratch.bins[slot] = -1
      if target != destination {
        let bin = response > 0 ? QueueBins.bin(sight.length(world, replica: replica, arc: arc)) : 0
        scratch.bins[slot] = Int32(bin)
        if response > 0 {
          excess =
            heard.map { $0.deviation(arc: arc, bin: bin, tick: world.tick) }
            ?? queues.deviation(target, bin: bin)
        }
      }
      let onward = target == destination ? 0 : value(arc, destination, heard)
      let cost = meanCost(arc: arc, onward: onward, destination, world.tick, heard)
      scratch.costs[slot] = cost
      let isDead =
        lossShare[arc] > ActorCriticTables.suspicion
        || (masksDeadLinks && world.hasFailures
          && !world.isUp(replica: replica, link: LinkID(network.links[arc])))
      scratch.isDead[slot] = isDead
      let logit = isDead ? -.infinity : -inverseTemperature * cost - response * excess
      scratch.probabilities[slot] = logit
      if !goesDownhill || leadsDown(router, target, destination, onward: onward, own: own) {
        highest = max(highest, logit)
      } else {
        highestUphill = max(highestUphill, logit)
        scratch.bins[slot] -= Self.uphill
      }
    }
    leaveOutUphill(degree: degree, ways: highest, uphill: &highestUphill, &scratch)
    scratch.normalise(degree: degree, highest: max(highest, highestUphill))
  }

  /// Whether a neighbour is nearer to the destination: one that knows it, from a router that does not; else
  /// one whose value for it, or for its landmark, is lower.
  ///
  /// What remains from a landmark on has no prices, so that values with and without it do not compare; a
  /// packet that came to know its way goes on among routers that know it.
  @inline(__always)
  private func leadsDown(
    _ router: Int, _ target: Int, _ destination: Int, onward: Float, own: Float
  ) -> Bool {
    guard target != destination else { return true }
    let isKnown = vectors.keeps(target, destination)
    return isKnown == vectors.keeps(router, destination) ? onward < own : isKnown
  }

  /// Marks, in `DecisionScratch.bins`, neighbours that are no nearer to the destination.
  private static let uphill: Int32 = 1000

  /// Where a living way leads downhill, no other is taken.
  @inline(__always)
  private func leaveOutUphill(
    degree: Int, ways: Float, uphill: inout Float, _ scratch: inout DecisionScratch
  ) {
    guard goesDownhill else { return }
    for slot in 0..<degree where scratch.bins[slot] < -1 {
      scratch.bins[slot] += Self.uphill
      if ways > -.infinity { scratch.probabilities[slot] = -.infinity }
    }
    if ways > -.infinity { uphill = -.infinity }
  }

  /// The mean cost of going on from a router to a destination that it keeps a value for, queues at their
  /// means, by what it knows at a tick: over neighbours that keep one too, where there are any.
  @inline(__always)
  func meanValue(
    router: Int, destination: Int, tick: Int, heard: NeighbourMessages?,
    _ scratch: inout DecisionScratch
  ) -> Float {
    let first = network.firstArc[router]
    let degree = network.firstArc[router + 1] - first
    var (lowest, lowestOfAll) = (Float.infinity, Float.infinity)
    for slot in 0..<degree {
      let arc = first + slot
      let target = network.targets[arc]
      let onward = target == destination ? 0 : value(arc, destination, heard)
      let cost =
        isKnownDown[arc]
        ? lossPenalty : meanCost(arc: arc, onward: onward, destination, tick, heard)
      scratch.costs[slot] = cost
      scratch.isDead[slot] = !vectors.keeps(target, destination)  // left out
      lowestOfAll = min(lowestOfAll, cost)
      if !scratch.isDead[slot] { lowest = min(lowest, cost) }
    }
    let usesAll = lowest == .infinity
    if usesAll { lowest = lowestOfAll }
    var (sum, weights): (Float, Float) = (0, 0)
    for slot in 0..<degree {
      if scratch.isDead[slot] && !usesAll { continue }
      let excess = (scratch.costs[slot] - lowest) * inverseTemperature
      if excess > 16 { continue }
      let weight = exp(-excess)
      weights += weight
      sum += weight * scratch.costs[slot]
    }
    return weights > 0 ? min(sum / weights, infinity) : 0
  }

  @inline(__always)
  private func meanCost(
    arc: Int, onward: Float, _ destination: Int, _ tick: Int, _ heard: NeighbourMessages?
  ) -> Float {
    let target = network.targets[arc]
    var cost = Float(network.latencies[arc])
    if target != destination {
      cost += 1 + (heard.map { $0.price(arc: arc, tick: tick) } ?? prices.prices[target]) + onward
    }
    return cost + lossShare[arc] * (lossPenalty - cost)
  }

  mutating func mix(_ other: PricedDistanceTables, share: Float) {
    for index in values.indices { values[index] += share * (other.values[index] - values[index]) }
    prices.mix(other.prices, share: share)
    queues.mix(other.queues, share: share)
    lossShare = other.lossShare
    isKnownDown = other.isKnownDown
  }

  func named(_ prefix: String) -> [LearnerState.Table] {
    [
      .init(prefix + "values", values), .init(prefix + "lossShare", lossShare),
      .init(prefix + "knownDown", isKnownDown.map { $0 ? 1 : 0 }),
    ] + prices.named(prefix) + queues.named(prefix)
  }

  mutating func restore(_ state: LearnerState, prefix: String) throws(InputError) {
    values = try state.table(prefix + "values", count: values.count)
    lossShare = try state.table(prefix + "lossShare", count: lossShare.count)
    isKnownDown = try state.table(prefix + "knownDown", count: isKnownDown.count).map { $0 > 0 }
    try prices.restore(state, prefix: prefix)
    try queues.restore(state, prefix: prefix)
  }
}

extension DecisionScratch {
  /// Turns logits into probabilities.
  @inline(__always)
  mutating func normalise(degree: Int, highest: Float) {
    if highest == -.infinity {  // every own link is dead: nothing to choose between
      for slot in 0..<degree { probabilities[slot] = 1 / Float(degree) }
      return
    }
    var sum: Float = 0
    for slot in 0..<degree {
      let weight = exp(probabilities[slot] - highest)
      probabilities[slot] = weight
      sum += weight
    }
    for slot in 0..<degree { probabilities[slot] /= sum }
  }
}
