import Networks
import PacketSimulation

/// What a packet's stay at each router costs, as the router itself measures it: the ticks that it
/// waits, and the packets that it delays by a tick each (its social price).
///
/// A constant count of numbers per router, whatever the size of the network: the mean, the wait by
/// the queue that the sender saw, and a line for the price.
///
/// - Shapes: `wait`, `cost` are `[router * QueueBins.count + bin]`, the rest `[router]`.
struct QueueCosts: Sendable {
  /// Expected ticks waited, by the queue that the sender saw.
  private(set) var wait: [Float]
  /// Expected cost, wait and price, as neighbours were told last.
  private(set) var cost: [Float]
  /// The mean cost over the packets that came.
  private(set) var mean: [Float]
  private var prices: [PriceEstimate]
  private var visits: [Float]
  private var isStale: [Bool]
  private let priceWeight: Float
  private let rate: Float

  /// - Parameters:
  ///   - priceWeight: 0 the own wait only, 1 what others wait too.
  ///   - rate: the largest step of a running mean.
  init(routerCount n: Int, priceWeight: Double, rate: Double) {
    wait = (0..<n * QueueBins.count).map { QueueBins.middle($0 % QueueBins.count) }
    cost = wait
    mean = [Float](repeating: 0, count: n)
    prices = [PriceEstimate](repeating: PriceEstimate(), count: n)
    visits = [Float](repeating: 0, count: n * QueueBins.count)
    isStale = [Bool](repeating: false, count: n)
    self.priceWeight = Float(priceWeight)
    self.rate = Float(rate)
  }

  /// Numbers that one router keeps.
  static let numbersPerRouter = 3 * QueueBins.count + PriceEstimate.size + 1

  @inline(__always)
  mutating func learn(_ sample: QueueSample) {
    let router = Int(sample.router)
    let waited = Float(sample.wait)
    let step = min(rate, max(rate * 0.05, 30 / (prices[router].count + 1)))
    prices[router].note(wait: waited, later: Float(sample.later), rate: step)
    isStale[router] = true
    mean[router] += step * (waited + priceWeight * Float(sample.later) - mean[router])
    guard sample.bin >= 0 else { return }
    let entry = router * QueueBins.count + Int(sample.bin)
    visits[entry] = min(visits[entry] + 1, 1_048_576)
    wait[entry] += max(step, 1 / visits[entry]) * (waited - wait[entry])
  }

  /// Tells neighbours what queues cost, where it has changed; `told` gets each router that did.
  mutating func announce(_ told: (Int) -> Void) {
    for router in isStale.indices where isStale[router] {
      isStale[router] = false
      let line = prices[router].line
      for entry in router * QueueBins.count..<(router + 1) * QueueBins.count {
        cost[entry] = priceWeight * line.intercept + (1 + priceWeight * line.slope) * wait[entry]
      }
      told(router)
    }
  }

  /// What was learned long ago counts for no more than so many packets.
  mutating func recall(_ packets: Float) {
    for router in prices.indices { prices[router].recall(packets) }
  }

  /// Moves costs by a share of the way towards another's.
  mutating func mix(_ other: QueueCosts, share: Float) {
    for index in wait.indices {
      wait[index] += share * (other.wait[index] - wait[index])
      cost[index] += share * (other.cost[index] - cost[index])
    }
    for index in mean.indices { mean[index] += share * (other.mean[index] - mean[index]) }
    prices = other.prices
    visits = other.visits
  }

  func named(_ prefix: String) -> [LearnerState.Table] {
    [
      .init(prefix + "queueWait", wait), .init(prefix + "queueCost", cost),
      .init(prefix + "meanQueueCost", mean), .init(prefix + "queueVisits", visits),
      .init(prefix + "prices", prices.flatMap(\.moments)),
    ]
  }

  mutating func restore(_ state: LearnerState, prefix: String) throws(InputError) {
    wait = try state.table(prefix + "queueWait", count: wait.count)
    cost = try state.table(prefix + "queueCost", count: cost.count)
    mean = try state.table(prefix + "meanQueueCost", count: mean.count)
    visits = try state.table(prefix + "queueVisits", count: visits.count)
    let size = PriceEstimate.size
    let moments = try state.table(prefix + "prices", count: prices.count * size)
    prices = prices.indices.map {
      PriceEstimate(moments: moments[$0 * size..<($0 + 1) * size])
    }
  }
}
