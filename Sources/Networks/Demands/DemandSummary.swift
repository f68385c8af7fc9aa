/// What `demands show` tells of a matrix or series.
public struct DemandSummary: Sendable {
  public struct Pair: Sendable, Hashable {
    public let source: RouterID
    public let destination: RouterID
    /// Mean over the series.
    public let value: Double
  }

  public let routerCount: Int
  public let matrixCount: Int
  public let unit: String?
  /// Pairs of different routers with a demand in some matrix.
  public let pairCount: Int
  /// Sum of all demands, for each matrix.
  public let totals: [Double]
  /// Mean over the series of what the busiest source sends, and which it is.
  public let largestSource: (router: RouterID, value: Double)
  /// Mean over the series of what the busiest destination receives, and which it is.
  public let largestDestination: (router: RouterID, value: Double)
  /// The pairs with the largest means, largest first.
  public let largestPairs: [Pair]
  /// Share of the traffic on the tenth of the pairs with the largest demands.
  public let topTenthShare: Double
  /// Whether all demands equal those of the opposite direction.
  public let isSymmetric: Bool

  /// - Parameter series: at least one matrix, all of the same size.
  public init(_ series: [TrafficMatrix], listing limit: Int = 10) {
    precondition(!series.isEmpty, "a summary needs at least one matrix")
    let n = series[0].routerCount
    var mean = [Double](repeating: 0, count: n * n)
    for matrix in series {
      for s in 0..<n {
        for d in 0..<n where s != d {
          mean[s * n + d] += matrix.values[s * n + d] / Double(series.count)
        }
      }
    }
    routerCount = n
    matrixCount = series.count
    unit = series[0].unit
    totals = series.map(\.total)
    let used = mean.indices.filter { mean[$0] > 0 }
    pairCount = used.count
    let sorted = used.sorted { (mean[$1], $0) < (mean[$0], $1) }
    largestPairs = sorted.prefix(limit).map {
      Pair(source: RouterID($0 / n), destination: RouterID($0 % n), value: mean[$0])
    }
    largestSource = Self.largest(n) { r in (0..<n).reduce(0) { $0 + mean[r * n + $1] } }
    largestDestination = Self.largest(n) { r in (0..<n).reduce(0) { $0 + mean[$1 * n + r] } }
    let total = mean.reduce(0, +)
    let top = sorted.prefix(max(1, (sorted.count + 9) / 10)).reduce(0) { $0 + mean[$1] }
    topTenthShare = total > 0 ? top / total : 0
    isSymmetric = series.allSatisfy { matrix in
      (0..<n).allSatisfy { s in
        (0..<s).allSatisfy { matrix.values[s * n + $0] == matrix.values[$0 * n + s] }
      }
    }
  }

  private static func largest(
    _ n: Int, _ value: (Int) -> Double
  ) -> (router: RouterID, value: Double) {
    var best = (router: RouterID(0), value: n > 0 ? value(0) : 0)
    for router in 0..<n {
      let candidate = value(router)
      if candidate > best.value { best = (RouterID(router), candidate) }
    }
    return best
  }
}
