import PacketSimulation

/// A number per episode that results report with an interval over episodes.
public struct EpisodeMeasure: Sendable {
  /// Its key in `--json` and `results.json`.
  public let name: String
  /// Its column in `metrics.csv`.
  public let column: String
  public let value: @Sendable (EpisodeMetrics) -> Double?

  private init(
    _ name: String, _ column: String, _ value: @escaping @Sendable (EpisodeMetrics) -> Double?
  ) {
    self.name = name
    self.column = column
    self.value = value
  }

  /// The catalogue, in the order of the output. Definitions: `EpisodeMetrics`.
  public static let all: [EpisodeMeasure] = [
    EpisodeMeasure("generated", "generated") { Double($0.generated) },
    EpisodeMeasure("initial", "initial") { Double($0.initial) },
    EpisodeMeasure("delivered", "delivered") { Double($0.delivered) },
    EpisodeMeasure("lost", "lost") { Double($0.lost) },
    EpisodeMeasure("queued", "queued") { Double($0.queued) },
    EpisodeMeasure("inFlight", "in_flight") { Double($0.inFlight) },
    EpisodeMeasure("deliveredShare", "delivered_share") { $0.deliveredShare },
    EpisodeMeasure("meanDeliveryTime", "mean_delivery_time") { $0.meanDeliveryTime },
    restrictedMeanDelay,
    EpisodeMeasure("delayP50", "delay_p50") { $0.delayQuantile(0.50) },
    EpisodeMeasure("delayP95", "delay_p95") { $0.delayQuantile(0.95) },
    EpisodeMeasure("delayP99", "delay_p99") { $0.delayQuantile(0.99) },
    controlBytesPerPacket,
  ]

  /// Where packets were lost, and how far they went.
  public static let causes: [EpisodeMeasure] = [
    EpisodeMeasure("lostInFlightAtFailure", "lost_in_flight_at_failure") {
      Double($0.lostInFlightAtFailure)
    },
    EpisodeMeasure("lostOnFailedLink", "lost_on_failed_link") { Double($0.lostOnFailedLink) },
    EpisodeMeasure("lostByCapacity", "lost_by_capacity") { Double($0.lostByCapacity) },
    EpisodeMeasure("lostByBuffer", "lost_by_buffer") { Double($0.lostByBuffer) },
    EpisodeMeasure("lostByTimeToLive", "lost_by_time_to_live") { Double($0.lostByTimeToLive) },
    EpisodeMeasure("hops", "hops") { Double($0.hops) },
  ]

  /// What routers tell each other, over all packets.
  public static let controlBytesPerPacket = EpisodeMeasure(
    "controlBytesPerPacket", "control_bytes_per_packet"
  ) { $0.controlBytesPerPacket }

  /// The measure that algorithms are compared by.
  public static let restrictedMeanDelay = EpisodeMeasure(
    "restrictedMeanDelay", "restricted_mean_delay"
  ) { $0.restrictedMeanDelay }
}

/// What one algorithm did at one load in one state of the network.
public struct RoutingResult: Sendable {
  public let entry: RoutingEntry
  /// λ as the source counts it.
  public let load: Double
  public let failure: FailureState
  /// One for each training seed.
  public let seeds: [EpisodeResults]
  public let scenario: Scenario

  package init(
    entry: RoutingEntry, load: Double, failure: FailureState, seeds: [EpisodeResults],
    scenario: Scenario
  ) {
    self.entry = entry
    self.load = load
    self.failure = failure
    self.seeds = seeds
    self.scenario = scenario
  }

  /// A measure by training seed and episode; episodes without a value for any seed are left out.
  public func sample(_ measure: EpisodeMeasure) -> CrossedSample {
    let values = seeds.map { $0.episodes.map(measure.value) }
    let complete = (values.first?.indices ?? 0..<0).filter { episode in
      values.allSatisfy { $0[episode] != nil }
    }
    return CrossedSample(values.map { row in complete.compactMap { row[$0] } })
  }

  /// A measure's mean with its interval; nil where no episode has one.
  public func interval(_ measure: EpisodeMeasure) -> Interval? { sample(measure).interval }

  /// Restricted mean delay over a reference's on the same arrivals.
  public func ratio(to reference: RoutingResult) -> Interval? {
    sample(.restrictedMeanDelay).ratio(to: reference.sample(.restrictedMeanDelay))
  }

  /// Packets per tick put on each arc, mean over episodes and training seeds.
  public var packetsPerTickOnArcs: [Double] {
    let ticks = Double(seeds.reduce(0) { $0 + $1.episodes.count } * scenario.horizon)
    let arcs = scenario.topology.arcs.count
    guard ticks > 0 else { return Array(repeating: 0, count: arcs) }
    return (0..<arcs).map { arc in
      Double(seeds.reduce(0) { $0 + $1.arcForwarded[arc] }) / ticks
    }
  }

  /// Per-tick totals over all episodes and training seeds.
  public var series: TickSeries? {
    var sum: TickSeries?
    for part in seeds.compactMap(\.series) {
      if sum == nil { sum = part } else { sum? += part }
    }
    return sum
  }
}
