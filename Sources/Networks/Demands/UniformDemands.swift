import Randomness

/// Every pair alike, or uniformly distributed around the same mean.
///
/// ## Method
/// `T[s][d]` is uniform in `[1 − spread, 1 + spread]`, scaled to a mean of 1 per source router.
///
/// - Source: common practice; with `spread` 0 the uniform demand of the published routing model.
/// - Shapes: `[source * n + destination]`.
/// - Randomness: n² uniform numbers a matrix where `spread` > 0, else none.
/// - Complexity: O(n²).
/// - Verified: `DemandGeneratorTests`.
public struct UniformDemands: DemandGenerator {
  public static let name = "uniform"
  public static let summary = "Every pair alike, or uniformly distributed around the same mean."

  /// Largest relative deviation from the mean, 0…1. Default 0: all pairs alike.
  public var spread: Double

  public init() { spread = 0 }

  private enum CodingKeys: String, CodingKey { case spread }

  public init(from decoder: any Decoder) throws {
    self.init()
    spread = try decoder.container(keyedBy: CodingKeys.self).value(.spread, default: spread)
  }

  public func validate() throws(InputError) {
    try DemandGenerators.require((0...1).contains(spread), Self.name, "spread", "from 0 to 1")
  }

  public func series(
    for topology: Topology, count: Int, seeds: SeedTree
  ) throws(InputError) -> [TrafficMatrix] {
    try validate()
    try DemandGenerators.requireSize(topology, count: count)
    return (0..<count).map { number in
      var stream = seeds.stream("uniform", number)
      return DemandGenerators.normalised(topology) { _, _ in
        spread > 0 ? 1 + spread * (2 * stream.uniform() - 1) : 1
      }
    }
  }
}
