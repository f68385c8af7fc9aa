import Networks
import PacketSimulation

/// What routers learn of their own queues: how long packets wait there, and what one more packet costs
/// the others.
///
/// Waits go to `queueWait` of the learner's tables at once; costs are told to neighbours from time to
/// time (`announce`), and only then stand in `queueCost` and `meanQueueCost`.
///
/// - Shapes: one estimate, count and mean per router; `visits[router * QueueBins.count + bin]`.
struct QueueLearner: Sendable {
  private var busy: BusyPeriods
  private var prices: [PriceEstimate]
  /// Visits of each bin of `queueWait`, for the first steps.
  private var visits: [Float]
  /// Packets that each router measured in this episode and in the one before.
  private var samples: [Int]
  private var formerSamples: [Int]
  /// Routers whose queue cost has changed since neighbours were told.
  private var isStale: [Bool]
  /// The mean cost of each router's queue, which it tells with the next announcement.
  private var runningMean: [Float]
  private let rate: Float
  private let priceWeight: Float

  /// A router remembers its queues for at most so many episodes: one that was crowded once, and is
  /// avoided since, would otherwise measure too few packets to find out that it is empty.
  private static let rememberedEpisodes = 20
  /// Packets in an episode beyond which memory is by packets alone.
  private static let manySamples = 1_000_000

  /// - Parameters:
  ///   - rate: the largest step of a running mean.
  ///   - priceWeight: 0 the own wait only, 1 what others wait too.
  init(_ tables: some QueueCostTables, rate: Double, priceWeight: Double) {
    let n = tables.network.routerCount
    busy = BusyPeriods(routerCount: n)
    prices = [PriceEstimate](repeating: PriceEstimate(), count: n)
    visits = [Float](repeating: 0, count: tables.queueWait.count)
    samples = [Int](repeating: 0, count: n)
    formerSamples = [Int](repeating: Self.manySamples, count: n)
    isStale = [Bool](repeating: false, count: n)
    runningMean = tables.meanQueueCost
    self.rate = Float(rate)
    self.priceWeight = Float(priceWeight)
  }

  /// Numbers that one router keeps of its queue, those that it tells among them.
  static let numbersPerRouter = 3 * QueueBins.count + PriceEstimate.size + 6
  /// Numbers that one router tells another of its queue.
  static let numbersTold = QueueBins.count + 1

  mutating func beginEpisode() { busy.begin() }

  /// A packet joined the queue of a router.
  @inline(__always)
  mutating func join(_ event: PacketEvent, tick: Int) { busy.join(event, tick: tick) }

  /// A router served a packet, which saw the given bin at the next router.
  @inline(__always)
  mutating func serve(_ event: PacketEvent, nextBin: Int32) {
    busy.serve(event, nextBin: nextBin)
  }

  /// What packets cost in busy periods that have ended since the last call of `learn`.
  var completed: [QueueSample] { busy.completed }

  /// Ends the busy periods that the horizon cuts off.
  mutating func closePeriods(horizon: Int) { busy.finish(horizon: horizon) }

  /// Learns from the busy periods that have ended.
  @inline(__always)
  mutating func learn(_ tables: inout some QueueCostTables) {
    guard !busy.completed.isEmpty else { return }
    for sample in busy.completed { learn(sample, &tables) }
    busy.completed.removeAll(keepingCapacity: true)
  }

  private mutating func learn(_ sample: QueueSample, _ tables: inout some QueueCostTables) {
    let router = Int(sample.router)
    let wait = Float(sample.wait)
    samples[router] += 1
    let usual = min(rate, max(rate * 0.05, 30 / (prices[router].count + 1)))
    let step = max(usual, leastStep(router))
    prices[router].note(wait: wait, later: Float(sample.later), rate: step)
    isStale[router] = true
    runningMean[router] += step * (tables.cost(ofWait: wait, router: router) - runningMean[router])
    guard sample.bin >= 0 else { return }
    let entry = router * QueueBins.count + Int(sample.bin)
    visits[entry] = min(visits[entry] + 1, 1_048_576)
    tables.queueWait[entry] += max(step, 1 / visits[entry]) * (wait - tables.queueWait[entry])
  }

  private func leastStep(_ router: Int) -> Float {
    1 / Float(Self.rememberedEpisodes * max(formerSamples[router], 1))
  }

  /// Ends an episode: busy periods that the horizon cuts off, and routers that saw no packet at all.
  mutating func endEpisode(horizon: Int, _ tables: inout some QueueCostTables) {
    closePeriods(horizon: horizon)
    learn(&tables)
    for router in samples.indices {
      formerSamples[router] = samples[router]
      samples[router] = 0
      guard formerSamples[router] == 0 else { continue }
      // Nobody waited there or was delayed.
      let step = leastStep(router)
      prices[router].note(wait: 0, later: 0, rate: step)
      runningMean[router] -= step * runningMean[router]
      isStale[router] = true
    }
  }

  /// Tells neighbours what queues cost, where it has changed.
  ///
  /// - Returns: the bytes of the messages.
  mutating func announce(_ tables: inout some QueueCostTables) -> Int {
    var bytes = 0
    for router in isStale.indices where isStale[router] {
      isStale[router] = false
      tables.setQueueCost(router, line: prices[router].line, weight: priceWeight)
      tables.meanQueueCost[router] = runningMean[router]
      bytes += ControlMessage.number * Self.numbersTold * tables.network.degree(router)
    }
    return bytes
  }

  /// What a router learned long ago counts for no more than so many packets.
  mutating func recall(_ router: Int, packets: Double) { prices[router].recall(Float(packets)) }

  var named: [LearnerState.Table] {
    [
      .init("prices", prices.flatMap(\.moments)), .init("visits", visits),
      .init("formerSamples", formerSamples.map(Float.init)), .init("runningMean", runningMean),
    ]
  }

  mutating func restore(_ state: LearnerState) throws(InputError) {
    let size = PriceEstimate.size
    let moments = try state.table("prices", count: prices.count * size)
    prices = prices.indices.map { PriceEstimate(moments: moments[$0 * size..<($0 + 1) * size]) }
    visits = try state.table("visits", count: visits.count)
    formerSamples = try state.table("formerSamples", count: formerSamples.count)
      .map(LearnerState.count)
    runningMean = try state.table("runningMean", count: runningMean.count)
  }
}
