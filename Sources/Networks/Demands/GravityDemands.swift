import Randomness

/// Demands in proportion to the weights of both ends.
///
/// ```swift
/// var gravity = GravityDemands()
/// gravity.weights = .exponential
/// ```
///
/// ## Method
/// `T[s][d] = w_out[s] · w_in[d] / Σ` over all pairs of different routers that can reach each other,
/// scaled to a mean of 1 per source router.
/// - `w`: by `weights` the capacity of all links at a router, its degree, or an exponential random
///   number (one for each direction).
///
/// - Algorithm: gravity-demands | Roughan, 2005 | equation 1 | exact check passed
/// - Source: Roughan (2005), *Simplifying the synthesis of Internet traffic matrices*, ACM SIGCOMM
///   CCR 35(5).
/// - Differs: the diagonal is left out before scaling; the weights by capacity and degree are ours.
/// - Shapes: `[source * n + destination]`.
/// - Randomness: 2n exponential numbers a matrix with `exponential`, else none.
/// - Complexity: O(n²).
/// - Verified: `DemandGeneratorTests` (rank one by hand; means of the exponential weights).
public struct GravityDemands: DemandGenerator {
  public static let name = "gravity"
  public static let summary =
    "In proportion to the weights of both ends: their capacity, degree, or random weights."

  public enum Weights: String, Codable, Hashable, Sendable, CaseIterable {
    /// The capacity of all links at the router; the degree where no link has a capacity.
    case capacity
    /// The number of links at the router.
    case degree
    /// Exponentially distributed, as Roughan found for real networks.
    case exponential
  }

  /// What a router's weight is. Default `capacity`: a larger site has larger links.
  public var weights: Weights

  public init() { weights = .capacity }

  private enum CodingKeys: String, CodingKey { case weights }

  public init(from decoder: any Decoder) throws {
    self.init()
    weights = try decoder.container(keyedBy: CodingKeys.self).value(.weights, default: weights)
  }

  public func validate() throws(InputError) {}

  public func series(
    for topology: Topology, count: Int, seeds: SeedTree
  ) throws(InputError) -> [TrafficMatrix] {
    try DemandGenerators.requireSize(topology, count: count)
    return (0..<count).map { number in
      var stream = seeds.stream("gravity", number)
      let out = routerWeights(topology, &stream)
      let into = weights == .exponential ? routerWeights(topology, &stream) : out
      return DemandGenerators.normalised(topology) { out[$0] * into[$1] }
    }
  }

  func routerWeights(_ topology: Topology, _ stream: inout RandomStream) -> [Double] {
    switch weights {
    case .exponential: return (0..<topology.routerCount).map { _ in stream.exponential(rate: 1) }
    case .degree: return topology.routerIDs.map { Double(topology.degree($0)) }
    case .capacity:
      let fastest = topology.links.compactMap(\.capacity).max() ?? 0
      guard fastest > 0 else { return topology.routerIDs.map { Double(topology.degree($0)) } }
      return topology.routerIDs.map { router in
        topology.outgoing(router).reduce(0) { sum, arc in
          sum + (topology.links[arc.link.index].capacity ?? fastest) / fastest
        }
      }
    }
  }
}
