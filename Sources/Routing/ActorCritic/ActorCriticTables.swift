import Foundation
import Networks
import PacketSimulation
import Randomness

/// What the routers know: preferences, values and queue costs, and how a decision follows from them.
///
/// - Shapes: `logits[offset(router, destination) + slot]`; `onward[router * n + destination]`;
///   `queueCost[router * QueueBins.count + bin]`; `meanQueueCost[router]`; `lossShare[arc]`.
struct ActorCriticTables: QueueCostTables, Sendable {
  let network: NetworkArrays
  var logits: [Float]
  /// Running mean of the probabilities, in the layout of `logits`: what a router tells each neighbour of
  /// its own share.
  var shares: [Float]
  /// Expected cost from the service of a packet at a router to its delivery.
  var onward: [Float]
  /// Expected ticks waited at a router, by the queue seen by the sender.
  var queueWait: [Float]
  /// Expected cost of a queue, own wait and price for others, by the queue seen by the sender.
  var queueCost: [Float]
  /// The mean of `queueCost` over the packets that came, as neighbours were told last.
  var meanQueueCost: [Float]
  /// Intercept and slope of the price, weighted, by router.
  var priceLine: [Float]
  /// Estimated share of packets lost on an arc.
  var lossShare: [Float]

  /// A link whose share of losses is higher is held to be dead: two losses in a row are enough, one
  /// is not (at the default `lossRate` of .5).
  static let suspicion: Float = 0.55

  let responseFactor: Float
  let avoidsReturns: Bool
  let lossPenalty: Float
  let masksDeadLinks: Bool
  let sight: QueueSight

  init(scenario: Scenario, configuration: ActorCriticConfiguration) {
    network = NetworkArrays(scenario)
    let n = network.routerCount
    logits = [Float](repeating: 0, count: network.tableSize)
    onward =
      configuration.startsWithDistances
      ? scenario.shortestPaths().distances.map { $0.isFinite ? Float($0) : 0 }
      : [Float](repeating: 0, count: n * n)
    queueWait = (0..<n * QueueBins.count).map { QueueBins.middle($0 % QueueBins.count) }
    queueCost = queueWait
    meanQueueCost = [Float](repeating: 0, count: n)
    priceLine = [Float](repeating: 0, count: 2 * n)
    lossShare = [Float](repeating: 0, count: network.arcCount)
    responseFactor = Float(configuration.queueResponse)
    avoidsReturns = configuration.avoidsReturns
    shares = (0..<n).flatMap { [network] router in
      let degree = network.degree(router)
      return [Float](repeating: 1 / Float(max(degree, 1)), count: degree * n)
    }
    lossPenalty = Float(
      configuration.lossPenalty > 0 ? configuration.lossPenalty : Double(scenario.horizon))
    masksDeadLinks = configuration.masksDeadLinks
    sight = QueueSight(network, scenario: scenario, configuration: configuration)
  }

  /// Fills probabilities, costs and bins of a router's slots for one decision.
  ///
  /// - Parameter heard: what neighbours told, where it is read late; nil: the tables as they are.
  @inline(__always)
  func evaluate(
    router: Int, destination: Int, replica: Int, world: PacketWorld, heard: HeardMessages?,
    into scratch: inout DecisionScratch
  ) {
    let first = network.firstArc[router]
    let degree = network.firstArc[router + 1] - first
    let start = network.offset(router: router, destination: destination)
    for slot in 0..<degree {
      let arc = first + slot
      let target = network.targets[arc]
      var meanCost = Float(network.latencies[arc])
      var deviation: Float = 0
      scratch.bins[slot] = -1
      if target != destination {
        let bin = QueueBins.bin(sight.length(world, replica: replica, arc: arc))
        scratch.bins[slot] = Int32(bin)
        let told = told(arc: arc, bin: bin, destination: destination, tick: world.tick, heard)
        meanCost += 1 + told.meanQueue + told.onward
        deviation = told.queue - told.meanQueue
      }
      let loss = lossShare[arc]
      scratch.meanCosts[slot] = meanCost + loss * (lossPenalty - meanCost)
      scratch.costs[slot] = scratch.meanCosts[slot] + (1 - loss) * deviation
      let isDead =
        loss > Self.suspicion
        || (masksDeadLinks && world.hasFailures
          && !world.isUp(replica: replica, link: LinkID(network.links[arc])))
      scratch.isDead[slot] = isDead
      scratch.probabilities[slot] =
        isDead ? -.infinity : logits[start + slot] - responseFactor * deviation
    }
    if avoidsReturns {
      leaveOutReturns(
        router: router, destination: destination, tick: world.tick, heard: heard, &scratch)
    }
    Self.normalise(&scratch.probabilities, degree: degree)
  }

  /// What a router knows of the neighbour at the end of an arc.
  @inline(__always)
  private func told(
    arc: Int, bin: Int, destination: Int, tick: Int, _ heard: HeardMessages?
  ) -> (queue: Float, meanQueue: Float, onward: Float) {
    let target = network.targets[arc]
    let onward = onward[target * network.routerCount + destination]
    guard let heard else {
      return (queueCost[target * QueueBins.count + bin], meanQueueCost[target], onward)
    }
    let version = heard.queues.version(tick: tick, age: heard.values.ages[arc])
    return (
      heard.queues.cost(version: version, router: target, bin: bin),
      heard.queues.mean(version: version, router: target),
      heard.values.value(
        now: onward, arc: arc, router: target, destination: destination, tick: tick)
    )
  }

  /// The same with mean queues instead of those of the moment, and without the mask.
  func evaluateMean(
    router: Int, destination: Int, isKnownDown: [Bool], into scratch: inout DecisionScratch
  ) {
    let first = network.firstArc[router]
    let degree = network.firstArc[router + 1] - first
    let start = network.offset(router: router, destination: destination)
    for slot in 0..<degree {
      let arc = first + slot
      let target = network.targets[arc]
      var cost = Float(network.latencies[arc])
      if target != destination {
        cost += 1 + meanQueueCost[target] + onward[target * network.routerCount + destination]
      }
      let loss = lossShare[arc]
      scratch.meanCosts[slot] = cost + loss * (lossPenalty - cost)
      scratch.costs[slot] = scratch.meanCosts[slot]
      scratch.isDead[slot] = loss > Self.suspicion || isKnownDown[arc]
      scratch.probabilities[slot] = scratch.isDead[slot] ? -.infinity : logits[start + slot]
    }
    Self.normalise(&scratch.probabilities, degree: degree)
  }

  /// What a packet costs from here on the mean: neighbours' costs with their queues at the means,
  /// weighed by the running mean of the split.
  ///
  /// Both are means, so that a step towards it may be whole. A value that averaged the costs of the
  /// moment instead would have to move slowly, and lag behind its neighbours' where a price rises:
  /// they would seem nearer than they are, and packets would wander between them.
  @inline(__always)
  func value(start: Int, degree: Int, _ scratch: DecisionScratch) -> Float {
    var weight: Float = 0
    var sum: Float = 0
    for slot in 0..<degree where !scratch.isDead[slot] {
      weight += shares[start + slot]
      sum += shares[start + slot] * scratch.meanCosts[slot]
    }
    if weight > 0.001 { return sum / weight }
    // The links that carried nearly all have just died: what the router does now.
    return (0..<degree).reduce(0) { $0 + scratch.probabilities[$1] * scratch.meanCosts[$1] }
  }

  /// Turns logits into probabilities.
  @inline(__always)
  private static func normalise(_ values: inout [Float], degree: Int) {
    var highest = -Float.infinity
    for slot in 0..<degree { highest = max(highest, values[slot]) }
    if highest == -.infinity {  // every own link is dead: nothing to choose between
      for slot in 0..<degree { values[slot] = 1 / Float(degree) }
      return
    }
    var sum: Float = 0
    for slot in 0..<degree {
      let weight = exp(values[slot] - highest)
      values[slot] = weight
      sum += weight
    }
    let scale = 1 / sum
    for slot in 0..<degree { values[slot] *= scale }
  }
}

extension ActorCriticTables {
  /// Moves every table by a share of the way towards another's; losses are taken over.
  mutating func mix(_ other: ActorCriticTables, share: Float) {
    Self.mix(&logits, other.logits, share)
    Self.mix(&shares, other.shares, share)
    Self.mix(&onward, other.onward, share)
    Self.mix(&queueWait, other.queueWait, share)
    Self.mix(&queueCost, other.queueCost, share)
    Self.mix(&meanQueueCost, other.meanQueueCost, share)
    priceLine = other.priceLine
    lossShare = other.lossShare
  }

  private static func mix(_ average: inout [Float], _ values: [Float], _ share: Float) {
    for index in values.indices { average[index] += share * (values[index] - average[index]) }
  }

  func named(_ prefix: String) -> [LearnerState.Table] {
    [
      .init(prefix + "logits", logits), .init(prefix + "shares", shares),
      .init(prefix + "onward", onward),
      .init(prefix + "queueWait", queueWait), .init(prefix + "queueCost", queueCost),
      .init(prefix + "meanQueueCost", meanQueueCost), .init(prefix + "priceLine", priceLine),
      .init(prefix + "lossShare", lossShare),
    ]
  }

  mutating func restore(_ state: LearnerState, prefix: String) throws(InputError) {
    logits = try state.table(prefix + "logits", count: logits.count)
    shares = try state.table(prefix + "shares", count: shares.count)
    onward = try state.table(prefix + "onward", count: onward.count)
    queueWait = try state.table(prefix + "queueWait", count: queueWait.count)
    queueCost = try state.table(prefix + "queueCost", count: queueCost.count)
    meanQueueCost = try state.table(prefix + "meanQueueCost", count: meanQueueCost.count)
    priceLine = try state.table(prefix + "priceLine", count: priceLine.count)
    lossShare = try state.table(prefix + "lossShare", count: lossShare.count)
  }
}
