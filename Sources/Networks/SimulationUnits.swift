/// The one rule by which capacities and distances of a real network become packets and ticks.
///
/// ```swift
/// let network = try TopologyCatalogue.load("abilene").topology
/// let units = SimulationUnits()
/// let links = units.links(of: network)
/// links.latencyTicks        // 6 for New York–Chicago: 1145 km at 200 km/ms, in ticks of 1 ms
/// links.packetsPerTick      // 1 for the fastest link
/// links.explanation         // what a tick and a packet stand for, in words
/// ```
///
/// ## Method
/// - A tick lasts `tickMicroseconds`. In one tick a router forwards at most one packet.
/// - **Latency** of a link, in ticks: the file's own whole ticks where it gives them; else its delay,
///   else the great-circle distance of its ends × `routeFactor` / `kilometresPerMillisecond`, divided
///   by the tick, rounded to the nearest whole number and at least 1; else `defaultLatencyTicks`.
/// - **Packet**: `packetBits` bits; where that is not set, what the fastest link sends in one tick,
///   so that one packet a tick is the rate of the fastest link.
/// - **Rate** of a link, in packets per tick: capacity × tick / packet. A link without a capacity
///   takes that of the fastest link. Where the unit of the capacities is not known they count
///   relative to the fastest link (that is, `packetBits` is ignored), and where there are none at all
///   links do not limit.
/// - **Pool** of a link: the packets that may be on one direction at once, rate × (latency + 1),
///   because a packet sent at tick t is on the link in the ticks t … t + latency; at least 1.
///
/// - Differs: a tick in the millisecond range makes a packet of this model a train of real packets
///   (10 Gbit/s × 1 ms = 1.25 MB): queues and loads keep their meaning, single frames do not.
public struct SimulationUnits: Codable, Hashable, Sendable {
  /// Length of a tick in microseconds, > 0. Default 1000: latencies of wide-area links are then a few
  /// ticks, as in the published networks.
  public var tickMicroseconds: Double
  /// Bits in a packet, > 0. Default nil: what the fastest link sends in one tick.
  public var packetBits: Double?
  /// Speed of light in fibre, kilometres per millisecond, > 0. Default 200 (refractive index 1.5).
  public var kilometresPerMillisecond: Double
  /// Length of a fibre over the great-circle distance, ≥ 1. Default 1.
  public var routeFactor: Double
  /// Ticks of a link of which nothing is known, ≥ 1. Default 3, as in the published networks.
  public var defaultLatencyTicks: Int
  /// The unit of capacities where the file names none, such as `Mbit/s`. Default nil: not known.
  public var capacityUnit: String?

  public init(
    tickMicroseconds: Double = 1000, packetBits: Double? = nil,
    kilometresPerMillisecond: Double = 200, routeFactor: Double = 1, defaultLatencyTicks: Int = 3,
    capacityUnit: String? = nil
  ) {
    self.tickMicroseconds = tickMicroseconds
    self.packetBits = packetBits
    self.kilometresPerMillisecond = kilometresPerMillisecond
    self.routeFactor = routeFactor
    self.defaultLatencyTicks = defaultLatencyTicks
    self.capacityUnit = capacityUnit
  }

  private enum CodingKeys: String, CodingKey {
    case tickMicroseconds, packetBits, kilometresPerMillisecond, routeFactor, defaultLatencyTicks
    case capacityUnit
  }

  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    tickMicroseconds = try values.value(.tickMicroseconds, default: tickMicroseconds)
    packetBits = try values.decodeIfPresent(Double.self, forKey: .packetBits)
    kilometresPerMillisecond = try values.value(
      .kilometresPerMillisecond, default: kilometresPerMillisecond)
    routeFactor = try values.value(.routeFactor, default: routeFactor)
    defaultLatencyTicks = try values.value(.defaultLatencyTicks, default: defaultLatencyTicks)
    capacityUnit = try values.decodeIfPresent(String.self, forKey: .capacityUnit)
  }

  /// - Throws: `InputError` naming the field that is out of its range.
  public func validate() throws(InputError) {
    try require(tickMicroseconds > 0 && tickMicroseconds.isFinite, "tickMicroseconds", "> 0")
    try require(packetBits.map { $0 > 0 && $0.isFinite } ?? true, "packetBits", "> 0")
    try require(
      kilometresPerMillisecond > 0 && kilometresPerMillisecond <= 300, "kilometresPerMillisecond",
      "above 0 and at most 300, the speed of light")
    try require(routeFactor >= 1 && routeFactor.isFinite, "routeFactor", "≥ 1")
    try require(
      (1...1_000_000).contains(defaultLatencyTicks), "defaultLatencyTicks", "from 1 to 1000000")
    if let capacityUnit {
      try require(
        CapacityUnit.bitsPerSecond(capacityUnit) != nil, "capacityUnit", "a unit such as Mbit/s")
    }
  }

  private func require(_ holds: Bool, _ field: String, _ range: String) throws(InputError) {
    guard holds else {
      throw InputError(file: "simulation units", field: field, expected: "it must be \(range)")
    }
  }

  /// Latency, rate and pool of every link.
  public func links(of topology: Topology) -> SimulatedLinks {
    let latencies = topology.links.map { latency(of: $0, in: topology) }
    let unit = (topology.capacityUnit ?? capacityUnit).flatMap(CapacityUnit.bitsPerSecond)
    let fastest = topology.links.compactMap(\.capacity).max().flatMap { $0 > 0 ? $0 : nil }
    let tickSeconds = tickMicroseconds / 1e6
    let bits: Double?
    let rates: [Double]
    if let fastest {
      // Capacity that one packet a tick takes, in the file's own unit.
      let perPacket = unit.flatMap { unit in packetBits.map { $0 / tickSeconds / unit } } ?? fastest
      rates = topology.links.map { ($0.capacity ?? fastest) / perPacket }
      bits = unit.map { perPacket * $0 * tickSeconds }
    } else {
      rates = topology.links.map { _ in .infinity }
      bits = packetBits
    }
    return SimulatedLinks(
      latencyTicks: latencies.map(\.ticks), latencyOrigins: latencies.map(\.origin),
      packetsPerTick: rates, tickMicroseconds: tickMicroseconds, packetBits: bits,
      hasCapacities: fastest != nil, isUnitKnown: unit != nil)
  }

  private func latency(of link: Link, in topology: Topology) -> (ticks: Int, origin: LatencyOrigin)
  {
    if let ticks = link.latency { return (max(1, ticks), .ticks) }
    if let delay = link.delayMilliseconds { return (ticks(milliseconds: delay), .delay) }
    if let a = topology.routers[link.source.index].coordinate,
      let b = topology.routers[link.target.index].coordinate
    {
      let delay = a.kilometres(to: b) * routeFactor / kilometresPerMillisecond
      return (ticks(milliseconds: delay), .distance)
    }
    return (defaultLatencyTicks, .unknown)
  }

  private func ticks(milliseconds: Double) -> Int {
    Int(min(1_000_000, max(1, (milliseconds * 1000 / tickMicroseconds).rounded())))
  }
}

/// What a link's latency was taken from.
public enum LatencyOrigin: String, Sendable, Hashable, CaseIterable {
  /// Whole ticks in the file.
  case ticks
  /// A delay in the file.
  case delay
  /// The distance between the coordinates of its ends.
  case distance
  /// Nothing is known: the default.
  case unknown
}

/// The links of a network in packets and ticks; see `SimulationUnits` for the rule.
public struct SimulatedLinks: Sendable, Hashable {
  /// Per link, at least 1.
  public let latencyTicks: [Int]
  /// Per link: what the latency was taken from.
  public let latencyOrigins: [LatencyOrigin]
  /// Per link and direction; infinite where the network has no capacities at all.
  public let packetsPerTick: [Double]
  public let tickMicroseconds: Double
  /// Bits in a packet; nil where the unit of the capacities is not known.
  public let packetBits: Double?
  /// Whether any link has a capacity.
  public let hasCapacities: Bool
  /// Whether the unit of the capacities is known.
  public let isUnitKnown: Bool

  /// Per link and direction: the packets that may be on it at once, at least 1.
  public var poolPackets: [Double] {
    zip(packetsPerTick, latencyTicks).map { rate, latency in max(1, rate * Double(latency + 1)) }
  }

  /// What a tick and a packet stand for, one sentence a line.
  public var explanation: [String] {
    var lines = [
      "One tick is \(NumberText.short(tickMicroseconds)) µs; a router forwards at most one packet in it."
    ]
    if let packetBits, hasCapacities {
      let rate = packetBits / tickMicroseconds
      lines.append(
        "A packet is \(NumberText.short(packetBits)) bits, so one packet a tick is "
          + "\(NumberText.short(rate)) Mbit/s.")
    } else if hasCapacities {
      lines.append(
        "The unit of the capacities is not known: one packet a tick is the fastest link's rate.")
    } else {
      lines.append("The file gives no capacities: links do not limit.")
    }
    for (origin, text) in [
      (LatencyOrigin.ticks, "given in ticks"), (.delay, "from given delays"),
      (.distance, "from distances"), (.unknown, "by default, as nothing is known"),
    ] {
      let count = latencyOrigins.count { $0 == origin }
      if count > 0 { lines.append("Latency of \(count) links \(text).") }
    }
    return lines
  }
}
