import Networks

/// Demand matrices in order of time, each with the load at which it is played.
///
/// ```swift
/// let series = try DemandSeries(
///   matrices: demands.series, topology: topology, loadFraction: 0.8, scale: .mean)
/// series.loads        // λ of every matrix
/// ```
///
/// ## Method
/// `mean`: one factor for the whole series, so that the *mean matrix* asks for `loadFraction` of what
/// any routing carries of it; totals rise and fall as in the file. `each`: every matrix asks for
/// `loadFraction` of its own λ*; only the pattern changes.
public struct DemandSeries: Sendable {
  /// What `loadFraction` refers to.
  public enum Scale: String, Codable, Hashable, Sendable, CaseIterable {
    case mean
    case each
  }

  public let matrices: [TrafficMatrix]
  /// λ of each matrix: packets per router and tick, mean over routers.
  public let loads: [Double]
  /// The share of the matrix's own λ* that it asks for.
  public let fractions: [Double]
  /// Half the sum of absolute differences between the shares that two matrices in a row give to
  /// pairs: 0 the same pattern, 1 nothing in common. One value fewer than matrices.
  public let changes: [Double]

  /// - Throws: `InputError` where there are fewer than two matrices, one is empty, or a demand has no
  ///   path.
  public init(
    matrices: [TrafficMatrix], topology: Topology, loadFraction: Double, scale: Scale,
    file: String = "--traffic"
  ) throws(InputError) {
    guard matrices.count >= 2 else {
      throw InputError(
        file: file, value: "\(matrices.count) matrices",
        expected: "a series needs at least two (the first is what learners train on)")
    }
    if let empty = matrices.firstIndex(where: { $0.total <= 0 }) {
      throw InputError(
        file: file, field: "matrix \(empty)", expected: "there is no demand between any two routers"
      )
    }
    var capacities: [Double] = []
    for matrix in matrices {
      try matrix.requirePaths(in: topology)
      capacities.append(try NetworkCapacity(topology: topology, demand: matrix).value)
    }
    self.matrices = matrices
    switch scale {
    case .each:
      loads = capacities.map { loadFraction * $0 }
    case .mean:
      let mean = TrafficMatrix.mean(of: matrices)
      let capacity = try NetworkCapacity(topology: topology, demand: mean).value
      loads = matrices.map { loadFraction * capacity * $0.total / mean.total }
    }
    fractions = zip(loads, capacities).map { $0 / $1 }
    changes = zip(matrices, matrices.dropFirst()).map(Self.change)
  }

  private static func change(_ a: TrafficMatrix, _ b: TrafficMatrix) -> Double {
    let (before, after) = (a.packetRates(meanPerRouter: 1), b.packetRates(meanPerRouter: 1))
    let sum = zip(before, after).reduce(0) { $0 + abs($1.0 - $1.1) }
    return sum / 2 / Double(a.routerCount)
  }
}
