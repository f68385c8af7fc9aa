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
  /// its own share. Kept only where `weighsReturns`.
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
  let weighsReturns: Bool
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
    weighsReturns = configuration.weighsReturns && configuration.queueResponse > 0
    shares = weighsReturns ? logits : []
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
    var highest = -Float.infinity
    for slot in 0..<degree {
      let arc = first + slot
      let target = network.targets[arc]
      var cost = Float(network.latencies[arc])
      var logit = logits[start + slot]
      scratch.bins[slot] = -1
      scratch.deviations[slot] = 0
      if target != destination {
        let bin = QueueBins.bin(sight.length(world, replica: replica, arc: arc))
        scratch.bins[slot] = Int32(bin)
        let told = told(arc: arc, bin: bin, destination: destination, tick: world.tick, heard)
        cost += 1 + told.queue + told.onward
        scratch.deviations[slot] = told.queue - told.meanQueue
        logit -= responseFactor * scratch.deviations[slot]
      }
      let loss = lossShare[arc]
      scratch.costs[slot] = cost + loss * (lossPenalty - cost)
      let isDead =
        loss > Self.suspicion
        || (masksDeadLinks && world.hasFailures
          && !world.isUp(replica: replica, link: LinkID(network.links[arc])))
      scratch.isDead[slot] = isDead
      scratch.probabilities[slot] = isDead ? -.infinity : logit
      highest = max(highest, scratch.probabilities[slot])
    }
    if weighsReturns {
      highest = weighReturns(
        router: router, destination: destination, replica: replica, world: world, heard: heard,
        &scratch)
    }
    normalise(degree: degree, highest: highest, &scratch)
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
  func evaluateMean(router: Int, destination: Int, into scratch: inout DecisionScratch) {
    let first = network.firstArc[router]
    let degree = network.firstArc[router + 1] - first
    let start = network.offset(router: router, destination: destination)
    var highest = -Float.infinity
    for slot in 0..<degree {
      let arc = first + slot
      let target = network.targets[arc]
      var cost = Float(network.latencies[arc])
      if target != destination {
        cost += 1 + meanQueueCost[target] + onward[target * network.routerCount + destination]
      }
      let loss = lossShare[arc]
      scratch.costs[slot] = cost + loss * (lossPenalty - cost)
      scratch.isDead[slot] = loss > Self.suspicion
      scratch.probabilities[slot] = loss > Self.suspicion ? -.infinity : logits[start + slot]
      highest = max(highest, scratch.probabilities[slot])
    }
    normalise(degree: degree, highest: highest, &scratch)
  }

  /// Turns logits into probabilities.
  @inline(__always)
  private func normalise(degree: Int, highest: Float, _ scratch: inout DecisionScratch) {
    if highest == -.infinity {  // every own link is dead: nothing to choose between
      for slot in 0..<degree { scratch.probabilities[slot] = 1 / Float(degree) }
      return
    }
    var sum: Float = 0
    for slot in 0..<degree {
      let weight = exp(scratch.probabilities[slot] - highest)
      scratch.probabilities[slot] = weight
      sum += weight
    }
    let scale = 1 / sum
    for slot in 0..<degree { scratch.probabilities[slot] *= scale }
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
