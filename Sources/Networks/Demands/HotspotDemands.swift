import Randomness

/// A few routers that everybody sends to.
///
/// ## Method
/// `hotspots` routers are drawn; every source sends the share `share` of its traffic to them in equal
/// parts and the rest evenly to all other routers. Scaled to a mean of 1 per source router.
///
/// - Source: common practice (for instance the hot-spot traffic of Dally, Towles (2004), *Principles
///   and practices of interconnection networks*, section 3.2).
/// - Differs: None known.
/// - Shapes: `[source * n + destination]`.
/// - Randomness: one shuffle of the routers a matrix.
/// - Complexity: O(n²).
/// - Verified: `DemandGeneratorTests` (shares by hand).
public struct HotspotDemands: DemandGenerator {
  public static let name = "hotspot"
  public static let summary = "A few routers that everybody sends to."

  /// Number of hot spots, ≥ 1; at most half of the routers are used. Default 2.
  public var hotspots: Int
  /// Share of a source's traffic that goes to hot spots, 0…1. Default 0.5.
  public var share: Double

  public init() { (hotspots, share) = (2, 0.5) }

  private enum CodingKeys: String, CodingKey { case hotspots, share }

  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    hotspots = try values.value(.hotspots, default: hotspots)
    share = try values.value(.share, default: share)
  }

  public func validate() throws(InputError) {
    try DemandGenerators.require(hotspots >= 1, Self.name, "hotspots", "≥ 1")
    try DemandGenerators.require((0...1).contains(share), Self.name, "share", "from 0 to 1")
  }

  public func series(
    for topology: Topology, count: Int, seeds: SeedTree
  ) throws(InputError) -> [TrafficMatrix] {
    try validate()
    try DemandGenerators.requireSize(topology, count: count)
    let n = topology.routerCount
    return (0..<count).map { number in
      var stream = seeds.stream("hotspot", number)
      var order = Array(0..<n)
      stream.shuffle(&order)
      let hot = Set(order.prefix(max(1, min(hotspots, n / 2))))
      return DemandGenerators.normalised(topology) { source, destination in
        let others = hot.count - (hot.contains(source) ? 1 : 0)
        let cold = n - 1 - others
        if hot.contains(destination) { return share / Double(max(1, others)) }
        return cold > 0 ? (1 - share) / Double(cold) : 0
      }
    }
  }
}
