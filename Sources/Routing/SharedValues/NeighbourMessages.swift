import Networks
import PacketSimulation

/// What routers know of their neighbours' values, prices and queue costs where they hear it late.
///
/// Nil in a learner whose model reads everything at once: then what was told last is in its tables.
struct NeighbourMessages: Sendable {
  private(set) var vectors: ToldVectors
  private var queues: ToldQueues
  private let network: NetworkArrays
  private let ages: [Int]

  /// Numbers that a router tells beside its queue's costs: its price and its load.
  private static let furtherNumbers = 2

  /// - Parameter first: where the values of each router begin; routers + 1 of them.
  init?(_ network: NetworkArrays, _ age: SimulationModel.ObservationAge, first: [Int]) {
    let ages = network.latencies.map { age.age(latency: $0) }
    let greatest = ages.max() ?? 0
    guard greatest > 0 else { return nil }
    self.network = network
    self.ages = ages
    vectors = ToldVectors(first: first, targets: network.targets, ages: ages)
    queues = ToldQueues(
      routerCount: network.routerCount, greatestAge: greatest,
      furtherNumbers: Self.furtherNumbers)
  }

  /// All that was learned before is known to all.
  mutating func beginEpisode(values: [Float], costs: QueueCosts, prices: RouterPrices) {
    vectors.begin(values)
    announce(costs, prices, tick: -1)
  }

  /// Routers tell what queues cost, their prices and loads, at the end of a tick.
  mutating func announce(_ costs: QueueCosts, _ prices: RouterPrices, tick: Int) {
    queues.announce(
      costs: costs.queueCost, means: costs.meanQueueCost,
      further: zip(prices.prices, prices.loads).flatMap { [$0, $1] }, tick: tick)
  }

  /// A router tells its values at the end of a tick.
  mutating func tell(router: Int, _ values: [Float], change: Float = 0, tick: Int) {
    vectors.tell(router: router, values, change: change, tick: tick)
  }

  /// Takes up the values that arrive by the decisions after a tick.
  ///
  /// - Returns: the arcs whose sources heard something, and by how much it changed.
  @discardableResult
  mutating func deliver(tick: Int) -> [(arc: Int, change: Float)] { vectors.deliver(tick: tick) }

  /// How much dearer the queue at the end of an arc is than usual, seen at a bin.
  @inline(__always)
  func deviation(arc: Int, bin: Int, tick: Int) -> Float {
    let version = queues.version(tick: tick, age: ages[arc])
    let router = network.targets[arc]
    return queues.cost(version: version, router: router, bin: bin)
      - queues.mean(version: version, router: router)
  }

  /// The price of the router at the end of an arc.
  @inline(__always)
  func price(arc: Int, tick: Int) -> Float {
    let version = queues.version(tick: tick, age: ages[arc])
    return queues.further[
      (version * network.routerCount + network.targets[arc]) * Self.furtherNumbers]
  }

  /// The load of the router at the start of an arc, as the one at its end knows it.
  @inline(__always)
  func loadUpstream(arc: Int, tick: Int) -> Float {
    let version = queues.version(tick: tick, age: ages[arc])
    return queues.further[
      (version * network.routerCount + network.sources[arc]) * Self.furtherNumbers + 1]
  }
}
