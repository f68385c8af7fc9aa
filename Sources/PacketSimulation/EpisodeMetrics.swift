/// What one episode came to: counts of packets and sums of delays, all integers.
///
/// The catalogue of measures: definitions stand here once, reports and the command line refer to
/// them.
///
/// - Conservation: `initial + generated = delivered + lost + queued + inFlight`, checked in every
///   episode against a recount of queues and links.
/// - Identity: the restricted sum over packets equals the sum over ticks, after completions, of
///   packets queued, in flight or lost so far (plus the age that packets had at the start), checked
///   in every episode.
public struct EpisodeMetrics: Sendable, Hashable, Codable {
  public var horizon: Int = 0
  /// Packets present at the start of the episode.
  public var initial: Int = 0
  /// Packets born during the episode.
  public var generated: Int = 0
  public var delivered: Int = 0
  public var lostInFlightAtFailure: Int = 0
  public var lostOnFailedLink: Int = 0
  public var lostByCapacity: Int = 0
  public var lostByBuffer: Int = 0
  public var lostByTimeToLive: Int = 0
  /// Packets in queues after the last tick.
  public var queued: Int = 0
  /// Packets on links after the last tick.
  public var inFlight: Int = 0
  /// Σ over delivered packets of delivery tick − creation tick.
  public var deliveryTimeSum: Int = 0
  /// Σ over all packets of min(delivery tick, horizon) − creation tick; a lost packet counts as never
  /// delivered.
  public var restrictedDelaySum: Int = 0
  /// Packets taken from a queue and put on a link.
  public var hops: Int = 0
  /// Bytes of control messages that routers told each other: see `RoutingPolicy.controlBytesPerTick`
  /// and `RoutingLearner.controlBytes`.
  public var controlBytes: Int = 0
  /// `delayHistogram[d]` packets have restricted delay d; the last bin holds all longer ones.
  public var delayHistogram: [Int32] = []

  public init() {}

  /// All packets of the episode.
  public var packets: Int { initial + generated }
  public var lost: Int {
    lostInFlightAtFailure + lostOnFailedLink + lostByCapacity + lostByBuffer + lostByTimeToLive
  }
  /// Delivered packets over all packets of the episode; 1 where there was none.
  public var deliveredShare: Double {
    packets == 0 ? 1 : Double(delivered) / Double(packets)
  }
  /// The published metric: the mean over *delivered* packets only; nil where none was delivered.
  public var meanDeliveryTime: Double? {
    delivered == 0 ? nil : Double(deliveryTimeSum) / Double(delivered)
  }
  /// The sound metric: the restricted mean over *all* packets, in ticks; 0 where there was none.
  public var restrictedMeanDelay: Double {
    packets == 0 ? 0 : Double(restrictedDelaySum) / Double(packets)
  }
  /// Control messages over packets: the price of what routers tell each other; 0 where there was no
  /// packet.
  public var controlBytesPerPacket: Double {
    packets == 0 ? 0 : Double(controlBytes) / Double(packets)
  }
  /// The smallest d such that at least the given share of all packets has restricted delay ≤ d.
  public func delayQuantile(_ share: Double) -> Double {
    let target = share * Double(packets)
    var seen = 0.0
    for (delay, count) in delayHistogram.enumerated() {
      seen += Double(count)
      if seen >= target && count > 0 { return Double(delay) }
    }
    return 0
  }
}

/// Packets per source–destination pair, pooled over episodes: the basis of the fairness guard.
///
/// - Shapes: `[source * routerCount + destination]`.
public struct PairCounts: Sendable, Hashable {
  public let routerCount: Int
  /// Packets that a pair must have to count.
  public static let least: Int32 = 20
  public var packets: [Int32]
  public var delivered: [Int32]

  public init(routerCount: Int) {
    self.routerCount = routerCount
    packets = [Int32](repeating: 0, count: routerCount * routerCount)
    delivered = packets
  }

  public static func += (a: inout PairCounts, b: PairCounts) {
    for index in a.packets.indices {
      a.packets[index] += b.packets[index]
      a.delivered[index] += b.delivered[index]
    }
  }

  /// Delivered shares of the pairs with at least `minimum` packets.
  public func shares(minimum: Int = Int(least)) -> [Double] {
    packets.indices.compactMap {
      packets[$0] >= minimum ? Double(delivered[$0]) / Double(packets[$0]) : nil
    }
  }

  /// The lowest delivered share of a pair with at least 20 packets; nil where there is none.
  public var lowestShare: Double? { shares().min() }

  /// Jain's index of the delivered shares of pairs with at least 20 packets: (Σx)² / (n Σx²), 1 when
  /// all are equal; nil where there is none.
  public var jainIndex: Double? {
    let x = shares()
    guard !x.isEmpty else { return nil }
    let sum = x.reduce(0, +)
    let squares = x.reduce(0) { $0 + $1 * $1 }
    return squares == 0 ? 1 : sum * sum / (Double(x.count) * squares)
  }
}

/// Per-tick totals over the episodes that were added up: the curve around a failure.
public struct TickSeries: Sendable, Hashable {
  /// Number of episodes in the sums.
  public var episodes: Int = 0
  public var generated: [Int]
  public var delivered: [Int]
  public var lost: [Int]
  /// Packets queued or in flight at the end of the tick.
  public var backlog: [Int]
  /// Σ of the delays of the packets delivered in the tick.
  public var deliveryTimeSum: [Int]

  public init(horizon: Int) {
    generated = [Int](repeating: 0, count: horizon)
    delivered = generated
    lost = generated
    backlog = generated
    deliveryTimeSum = generated
  }

  public static func += (a: inout TickSeries, b: TickSeries) {
    a.episodes += b.episodes
    for t in a.delivered.indices {
      a.generated[t] += b.generated[t]
      a.delivered[t] += b.delivered[t]
      a.lost[t] += b.lost[t]
      a.backlog[t] += b.backlog[t]
      a.deliveryTimeSum[t] += b.deliveryTimeSum[t]
    }
  }
}
