import Networks

/// Everything that an episode is played on: network, demand, load, failures, horizon and rules.
///
/// ```swift
/// let scenario = try Scenario(topology: b4, load: 0.25)
/// ```
public struct Scenario: Sendable {
  public let topology: Topology
  public let model: SimulationModel
  /// Packets per router and tick, as the source counts it: the parameter λ of the arrival law. With
  /// a traffic matrix it is the mean over routers.
  public let load: Double
  /// nil: every router sends at rate `load`, destinations uniform over the other routers.
  public let traffic: TrafficMatrix?
  /// Ticks in an episode.
  public let horizon: Int
  public let outages: [LinkOutage]
  /// Ticks per link, at least 1 each.
  public let latencies: [Int]
  /// Pool of each link, in the unit of packet sizes; infinite where links do not limit.
  public let capacities: [Double]
  /// What `PacketSizeLaw` draws from, where it is not `unit`.
  public let packetSizes: PacketSizes

  /// - Parameters:
  ///   - latencies: ticks per link; by default each link's own `latency`, and 3 where it has none.
  ///   - capacities: pool per link; by default each link's own `capacity`, infinite where it has
  ///     none. Used only if `model.limitsLinks`.
  /// - Throws: `ScenarioError` for a load that is negative or not finite, a horizon below 1, a
  ///   matrix of another size, or an outage of a link that does not exist.
  public init(
    topology: Topology, model: SimulationModel = .standard, load: Double,
    traffic: TrafficMatrix? = nil, horizon: Int = 500, outages: [LinkOutage] = [],
    latencies: [Int]? = nil, capacities: [Double]? = nil, packetSizes: PacketSizes = .unit
  ) throws(ScenarioError) {
    let links = topology.links
    let latencies = latencies ?? links.map { max($0.latency ?? 3, 1) }
    let capacities = capacities ?? links.map { $0.capacity ?? .infinity }
    guard load.isFinite, load >= 0, load <= 1000 else { throw .badLoad(load) }
    guard horizon >= 1, horizon <= 1 << 28 else { throw .badHorizon(horizon) }
    guard topology.routerCount >= 2, topology.routerCount <= 65_535 else {
      throw .badRouterCount(topology.routerCount)
    }
    if let traffic, traffic.routerCount != topology.routerCount {
      throw .wrongMatrix(found: traffic.routerCount, expected: topology.routerCount)
    }
    if let traffic, traffic.total <= 0 { throw .emptyMatrix }
    if let bad = outages.first(where: { !links.indices.contains($0.link.index) }) {
      throw .unknownLink(bad.link.index)
    }
    guard latencies.count == links.count, capacities.count == links.count,
      latencies.allSatisfy({ $0 >= 1 && $0 <= 1_000_000 }),
      capacities.allSatisfy({ $0 >= 0 })
    else { throw .badLinkNumbers }
    self.topology = topology
    self.model = model
    self.load = load
    self.traffic = traffic
    self.horizon = horizon
    self.outages = outages
    self.latencies = latencies
    self.capacities =
      model.limitsLinks ? capacities : [Double](repeating: .infinity, count: links.count)
    self.packetSizes = packetSizes
  }

  /// The same scenario with other outages.
  public func with(outages: [LinkOutage]) throws(ScenarioError) -> Scenario {
    try Scenario(
      topology: topology, model: model, load: load, traffic: traffic, horizon: horizon,
      outages: outages, latencies: latencies, capacities: capacities, packetSizes: packetSizes)
  }

  /// Mean packets per router and tick that really arrive at load `load`.
  ///
  /// For `growingHazard` the gap k has survival exp(−λk(k+1)/2), so the rate is one over the sum of
  /// the survival function from k = 0.
  public var effectiveRate: Double {
    Self.effectiveRate(load: load, law: model.arrivals)
  }

  /// Mean packets per router and tick for a parameter λ under an arrival law.
  public static func effectiveRate(load: Double, law: SimulationModel.ArrivalLaw) -> Double {
    guard law == .growingHazard else { return load }
    guard load > 0 else { return 0 }
    var meanGap = 0.0
    var k = 0.0
    while true {
      let survival = exponential(-load * k * (k + 1) / 2)
      meanGap += survival
      if survival < 1e-18 { return 1 / meanGap }
      k += 1
    }
  }

  /// The parameter λ whose effective rate is `rate`: the inverse of `effectiveRate`.
  public static func load(effectiveRate rate: Double, law: SimulationModel.ArrivalLaw) -> Double {
    guard law == .growingHazard, rate > 0 else { return rate }
    var low = 0.0
    var high = 50.0
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if effectiveRate(load: middle, law: law) < rate { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}

/// What packet sizes are drawn from.
public enum PacketSizes: Sendable, Hashable {
  /// Size 1.
  case unit
  /// `values[row * routerCount² + source * routerCount + destination]`: a random row per packet.
  case rows(rowCount: Int, values: [Float])
  /// exp(μ + σ·normal) with parameters per pair, `[source * routerCount + destination]`.
  case lognormal(mu: [Float], sigma: [Float])
}

/// Why a scenario cannot be played.
public enum ScenarioError: Error, Sendable, Hashable {
  case badLoad(Double)
  case badHorizon(Int)
  case badRouterCount(Int)
  case wrongMatrix(found: Int, expected: Int)
  case emptyMatrix
  case unknownLink(Int)
  case badLinkNumbers
}
