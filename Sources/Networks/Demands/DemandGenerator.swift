import Randomness

/// Makes traffic matrices for a network: what a user takes who has no measured demands.
///
/// ```swift
/// let network = try TopologyCatalogue.load("abilene").topology
/// let gravity = GravityDemands()
/// let series = try gravity.series(for: network, count: 1, seeds: SeedTree(root: 7))
/// let scaled = series[0].scaled(toMeanPerRouter: 0.2)
/// ```
///
/// All generators make matrices whose mean over source routers is 1, with zero diagonal, and no
/// demand between routers that cannot reach each other; the units are the caller's.
public protocol DemandGenerator: Codable, Hashable, Sendable {
  /// The name on the command line.
  static var name: String { get }
  /// One line for help texts.
  static var summary: String { get }
  init()
  /// - Throws: `InputError` naming the parameter that is out of its range.
  func validate() throws(InputError)
  /// `count` matrices in order of time.
  func series(
    for topology: Topology, count: Int, seeds: SeedTree
  ) throws(InputError) -> [TrafficMatrix]
}

/// All generators, in the order of help texts.
public enum DemandGenerators {
  public static let all: [any DemandGenerator.Type] = [
    GravityDemands.self, UniformDemands.self, BimodalDemands.self, HotspotDemands.self,
    DiurnalDemands.self,
  ]

  /// A demand matrix takes routers² numbers.
  static func requireSize(_ topology: Topology, count: Int) throws(InputError) {
    let n = topology.routerCount
    guard n >= 2 else {
      throw InputError(
        file: topology.name, field: "routers", value: "\(n)",
        expected: "demands need at least 2 routers")
    }
    guard count >= 1, n <= 5_000, count <= 50_000_000 / (n * n) else {
      throw InputError(
        file: "demands", field: "count", value: "\(count) matrices of \(n) routers",
        expected: "at least 1, at most 50 million numbers in all and 5000 routers")
    }
  }

  static func require(
    _ holds: Bool, _ generator: String, _ field: String, _ range: String
  ) throws(InputError) {
    guard holds else {
      throw InputError(file: generator, field: field, expected: "it must be \(range)")
    }
  }

  /// Keeps the demands between routers that can reach each other, and brings their mean over source
  /// routers to 1.
  static func normalised(
    _ topology: Topology, _ raw: (_ source: Int, _ destination: Int) -> Double
  ) -> TrafficMatrix {
    let n = topology.routerCount
    let components = topology.components()
    var values = [Double](repeating: 0, count: n * n)
    for s in 0..<n {
      for d in 0..<n {
        // Called for every pair, so that draws do not depend on the components.
        let value = raw(s, d)
        if s != d && components[s] == components[d] { values[s * n + d] = max(0, value) }
      }
    }
    return TrafficMatrix(checked: n, values).scaled(toMeanPerRouter: 1)
  }
}

extension TrafficMatrix {
  /// The mean of at least one matrix, all of the same size.
  public static func mean(of series: [TrafficMatrix]) -> TrafficMatrix {
    precondition(!series.isEmpty, "the mean of no matrices")
    var values = [Double](repeating: 0, count: series[0].values.count)
    for matrix in series {
      for index in values.indices { values[index] += matrix.values[index] / Double(series.count) }
    }
    return TrafficMatrix(checked: series[0].routerCount, values, unit: series[0].unit)
  }

  /// Every demand times a factor; the diagonal too.
  public func scaled(by factor: Double) -> TrafficMatrix {
    precondition(factor >= 0 && factor.isFinite, "a matrix cannot be scaled by \(factor)")
    return TrafficMatrix(checked: routerCount, values.map { $0 * factor }, unit: unit)
  }

  /// Scaled so that the demands (without the diagonal) have a given sum; a matrix of zeros stays.
  public func scaled(toTotal target: Double) -> TrafficMatrix {
    let sum = total
    return sum > 0 ? scaled(by: target / sum) : self
  }

  /// Scaled so that the mean over source routers is `rate`: with `rate` = f · λ* the load fraction
  /// f of a network whose capacity for this matrix is λ* (`wayfield capacity`).
  public func scaled(toMeanPerRouter rate: Double) -> TrafficMatrix {
    scaled(toTotal: rate * Double(routerCount))
  }
}

extension KeyedDecodingContainer {
  /// The value of a key; the default where it is missing.
  package func value<T: Decodable>(_ key: Key, default missing: T) throws -> T {
    try decodeIfPresent(T.self, forKey: key) ?? missing
  }
}
