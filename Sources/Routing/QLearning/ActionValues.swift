import Networks
import PacketSimulation

/// The table of Q-routing and its relatives: estimated ticks to delivery by router, destination and
/// neighbour slot.
struct ActionValues: Sendable {
  let network: NetworkArrays
  var values: [Float]
  /// The lowest estimates that routers told lately, where neighbours hear them late.
  private var heard: HeardValues

  init(_ scenario: Scenario) {
    network = NetworkArrays(scenario)
    values = [Float](repeating: 0, count: network.tableSize)
    heard = HeardValues(network, scenario.model.observationAge)
  }

  mutating func beginEpisode() { heard.beginEpisode() }

  /// Writes an estimate; neighbours that hear late go on seeing the old one for a while.
  @inline(__always)
  mutating func set(_ entry: Int, to value: Float, router: Int, destination: Int, tick: Int) {
    if heard.isDelayed {
      heard.note(
        router: router, destination: destination,
        old: lowest(router: router, destination: destination), tick: tick)
    }
    values[entry] = value
  }

  /// The lowest estimate of the router at the end of an arc, as the arc's source knows it.
  @inline(__always)
  func heardLowest(arc: Int, destination: Int, tick: Int) -> Float {
    let router = network.targets[arc]
    return heard.value(
      now: lowest(router: router, destination: destination), arc: arc, router: router,
      destination: destination, tick: tick)
  }

  /// The lowest estimate of a router for a destination; 0 at the destination.
  @inline(__always)
  func lowest(router: Int, destination: Int) -> Float {
    if router == destination { return 0 }
    let start = network.offset(router: router, destination: destination)
    var best = Float.infinity
    for slot in 0..<network.degree(router) { best = min(best, values[start + slot]) }
    return best.isFinite ? best : 0
  }

  /// The slot with the lowest estimate, the lowest slot among equals.
  @inline(__always)
  func greedySlot(router: Int, destination: Int) -> Int {
    let start = network.offset(router: router, destination: destination)
    var best = 0
    for slot in 0..<network.degree(router) where values[start + slot] < values[start + best] {
      best = slot
    }
    return best
  }

  /// The greedy choice for every decision; a blind one (no destination) is slot 0.
  func decideGreedily(_ batch: DecisionBatch) {
    for index in 0..<batch.count {
      let destination = Int(batch.destinations[index])
      guard destination >= 0 else { continue }
      batch.choices[index] = Int32(
        greedySlot(router: Int(batch.routers[index]), destination: destination))
    }
  }

  /// What a router finds out by sending a packet over an arc: ticks waited, ticks on the link, the
  /// neighbour's own estimate, and the penalty where the packet was lost.
  @inline(__always)
  func target(_ event: PacketEvent, penalty: Double, tick: Int) -> Float {
    let arc = Int(event.arc)
    let onward = heardLowest(arc: arc, destination: Int(event.destination), tick: tick)
    let loss: Float = event.kind == .lost ? Float(penalty) : 0
    return Float(event.wait) + Float(network.latencies[arc]) + onward + loss
  }

  /// The index of the entry that an event's decision came from.
  @inline(__always)
  func entry(_ event: PacketEvent) -> Int {
    let router = Int(event.router)
    return network.offset(router: router, destination: Int(event.destination)) + Int(event.arc)
      - network.firstArc[router]
  }

  /// The greedy choices as a frozen policy.
  var greedyPolicy: GreedyTablePolicy {
    let n = network.routerCount
    return GreedyTablePolicy(
      table: NextHopTable(
        routerCount: n,
        slots: (0..<n * n).map { Int32(greedySlot(router: $0 / n, destination: $0 % n)) }))
  }
}

extension PacketEvent {
  /// Whether a router sent a packet over an arc in this event, with or without success; what was
  /// lost on the way, at the moment of a failure, was reported as sent before.
  @inline(__always)
  var isSending: Bool {
    kind == .forwarded || (kind == .lost && arc >= 0 && lossCause != .inFlightAtFailure)
  }
}

/// One fixed neighbour per router and destination: what a greedy learner comes to when frozen.
struct GreedyTablePolicy: RoutingPolicy {
  let table: NextHopTable
  func decide(_ batch: DecisionBatch, in world: PacketWorld) { table.decide(batch) }
}
