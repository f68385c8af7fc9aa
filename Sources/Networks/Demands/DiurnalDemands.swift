import Foundation
import Randomness

/// A day of gravity demands: every site sends most at its own busy hour.
///
/// ```swift
/// var day = DiurnalDemands()
/// day.periodMatrices = 96    // a matrix every quarter of an hour
/// let series = try day.series(for: network, count: 96, seeds: seeds)
/// ```
///
/// ## Method
/// `T_t[s][d] = G[s][d] · a_t[s] · a_t[d] · e_t[s][d]`, with the gravity matrix G,
/// `a_t[r] = 1 + amplitude · cos(2π (t / period + longitude_r / 360°))` and lognormal noise e of mean 1.
/// - At t = 0 it is the busy hour at longitude 0; a router without coordinates counts as there.
/// - The series is scaled as a whole to a mean of 1 per source router and matrix.
///
/// - Algorithm: diurnal-demands | Tune & Roughan, 2015 | modulated gravity model | unverified
/// - Source: Tune, Roughan (2015), *Spatiotemporal traffic matrix synthesis*, SIGCOMM.
/// - Differs: one cosine a day instead of a fitted spectrum; noise is independent between matrices.
/// - Shapes: `[source * n + destination]` a matrix.
/// - Randomness: the weights of the gravity matrix, then one normal number a pair and matrix.
/// - Complexity: O(n²) a matrix.
/// - Verified: `DemandGeneratorTests` (peaks follow the longitude; mean of the series).
public struct DiurnalDemands: DemandGenerator {
  public static let name = "diurnal"
  public static let summary = "A day of gravity demands: every site sends most at its busy hour."

  /// Weights of the gravity matrix below. Default `capacity`, as in `GravityDemands`.
  public var weights: GravityDemands.Weights
  /// Matrices in a day, ≥ 1. Default 24: one an hour.
  public var periodMatrices: Int
  /// Swing around the mean, 0…1. Default 0.3: demands at night are (0.7 / 1.3)² = 0.29 of those
  /// of the busy hour.
  public var amplitude: Double
  /// Standard deviation of the logarithm of the noise, 0…2. Default 0.1.
  public var noise: Double

  public init() { (weights, periodMatrices, amplitude, noise) = (.capacity, 24, 0.3, 0.1) }

  private enum CodingKeys: String, CodingKey { case weights, periodMatrices, amplitude, noise }

  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    weights = try values.value(.weights, default: weights)
    periodMatrices = try values.value(.periodMatrices, default: periodMatrices)
    amplitude = try values.value(.amplitude, default: amplitude)
    noise = try values.value(.noise, default: noise)
  }

  public func validate() throws(InputError) {
    let check = DemandGenerators.require
    try check(periodMatrices >= 1, Self.name, "periodMatrices", "≥ 1")
    try check((0...1).contains(amplitude), Self.name, "amplitude", "from 0 to 1")
    try check((0...2).contains(noise), Self.name, "noise", "from 0 to 2")
  }

  public func series(
    for topology: Topology, count: Int, seeds: SeedTree
  ) throws(InputError) -> [TrafficMatrix] {
    try validate()
    try DemandGenerators.requireSize(topology, count: count)
    var gravity = GravityDemands()
    gravity.weights = weights
    let base = try gravity.series(for: topology, count: 1, seeds: seeds)[0]
    let n = topology.routerCount
    let raw = (0..<count).map { number in
      var stream = seeds.stream("diurnal-noise", number)
      let level = (0..<n).map { activity(topology, router: $0, matrix: number) }
      let values = (0..<n * n).map { pair in
        let error = exp(noise * stream.normal() - noise * noise / 2)
        return base.values[pair] * level[pair / n] * level[pair % n] * error
      }
      return TrafficMatrix(checked: n, values)
    }
    let mean = raw.reduce(0) { $0 + $1.total } / Double(count * n)
    return mean > 0 ? raw.map { $0.scaled(by: 1 / mean) } : raw
  }

  private func activity(_ topology: Topology, router: Int, matrix: Int) -> Double {
    let longitude = topology.routers[router].coordinate?.longitude ?? 0
    let phase = Double(matrix % periodMatrices) / Double(periodMatrices) + longitude / 360
    return 1 + amplitude * cos(2 * Double.pi * phase)
  }
}
