import Randomness

/// A few large demands among many small ones: a mixture of two normal distributions.
///
/// ## Method
/// Each pair is large with probability `largeShare`; its demand is normal with mean `ratio` (large) or
/// 1 (small) and standard deviation `deviation` times the mean, cut off at 0; then scaled to a mean of
/// 1 per source router.
///
/// - Algorithm: bimodal-demands | Medina et al., 2002 | section 4.1 | unverified
/// - Source: Medina, Taft, Salamatian, Bhattacharyya, Diot (2002), *Traffic matrix estimation:
///   existing techniques and new directions*, SIGCOMM; as test demands for learned routing in
///   Valadarsky, Schapira, Shahaf, Tamar (2017), *Learning to route*, HotNets.
/// - Differs: the default parameters are ours; only their ratio matters after scaling.
/// - Shapes: `[source * n + destination]`.
/// - Randomness: one uniform and one normal number a pair.
/// - Complexity: O(n²).
/// - Verified: `DemandGeneratorTests` (share and means of both modes).
public struct BimodalDemands: DemandGenerator {
  public static let name = "bimodal"
  public static let summary = "A few large demands among many small ones."

  /// Probability of a large demand, 0…1. Default 0.2.
  public var largeShare: Double
  /// Mean of a large demand over that of a small one, ≥ 1. Default 4.
  public var ratio: Double
  /// Standard deviation over the mean, 0…1. Default 0.2.
  public var deviation: Double

  public init() { (largeShare, ratio, deviation) = (0.2, 4, 0.2) }

  private enum CodingKeys: String, CodingKey { case largeShare, ratio, deviation }

  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    largeShare = try values.value(.largeShare, default: largeShare)
    ratio = try values.value(.ratio, default: ratio)
    deviation = try values.value(.deviation, default: deviation)
  }

  public func validate() throws(InputError) {
    let check = DemandGenerators.require
    try check((0...1).contains(largeShare), Self.name, "largeShare", "from 0 to 1")
    try check(ratio >= 1 && ratio.isFinite, Self.name, "ratio", "≥ 1")
    try check((0...1).contains(deviation), Self.name, "deviation", "from 0 to 1")
  }

  public func series(
    for topology: Topology, count: Int, seeds: SeedTree
  ) throws(InputError) -> [TrafficMatrix] {
    try validate()
    try DemandGenerators.requireSize(topology, count: count)
    return (0..<count).map { number in
      var stream = seeds.stream("bimodal", number)
      return DemandGenerators.normalised(topology) { _, _ in
        let mean = stream.bernoulli(largeShare) ? ratio : 1
        return mean * (1 + deviation * stream.normal())
      }
    }
  }
}
