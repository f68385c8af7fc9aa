/// How much traffic each source sends to each destination.
///
/// - Shapes: `values[source * routerCount + destination]`, non-negative; the diagonal is kept as a
///   file has it but never counts as demand.
public struct TrafficMatrix: Sendable, Hashable {
  public let routerCount: Int
  public let values: [Double]
  /// The unit of the values as the file names it; nil where it is unknown.
  public let unit: String?

  /// - Throws: `TrafficMatrixError` where the count is not `routerCount²` or a value is negative or
  ///   not finite.
  public init(routerCount: Int, values: [Double], unit: String? = nil) throws(TrafficMatrixError) {
    guard values.count == routerCount * routerCount else {
      throw .wrongCount(found: values.count, expected: routerCount * routerCount)
    }
    if let bad = values.firstIndex(where: { !($0.isFinite && $0 >= 0) }) {
      throw .badValue(
        source: bad / routerCount, destination: bad % routerCount, value: "\(values[bad])")
    }
    self.routerCount = routerCount
    self.values = values
    self.unit = unit
  }

  /// One unit of demand from every router to every other.
  public static func uniform(routerCount n: Int) -> TrafficMatrix {
    var values = [Double](repeating: 1, count: n * n)
    for r in 0..<n { values[r * n + r] = 0 }
    return TrafficMatrix(checked: n, values)
  }

  /// From numbers that are known to be finite and ≥ 0: a caller's bug where they are not.
  package init(checked routerCount: Int, _ values: [Double], unit: String? = nil) {
    precondition(
      values.count == routerCount * routerCount && values.allSatisfy { $0.isFinite && $0 >= 0 },
      "TrafficMatrix(checked:) was given \(values.count) values for \(routerCount) routers")
    self.routerCount = routerCount
    self.values = values
    self.unit = unit
  }

  /// The demand of one pair; zero on the diagonal.
  public func demand(_ source: RouterID, _ destination: RouterID) -> Double {
    source == destination ? 0 : values[source.index * routerCount + destination.index]
  }

  /// The sum of all demands, without the diagonal.
  public var total: Double {
    var sum = 0.0
    for s in 0..<routerCount {
      for d in 0..<routerCount where s != d { sum += values[s * routerCount + d] }
    }
    return sum
  }

  /// Demands as packets per tick, scaled so that their mean over the source routers is `rate`: the
  /// meaning of a load λ for any matrix (for the uniform one each router then sends at rate λ).
  ///
  /// - Shapes: `[source * routerCount + destination]`, zero diagonal.
  public func packetRates(meanPerRouter rate: Double) -> [Double] {
    let sum = total
    let scale = sum > 0 ? rate * Double(routerCount) / sum : 0
    var rates = values
    for r in 0..<routerCount { rates[r * routerCount + r] = 0 }
    for index in rates.indices { rates[index] *= scale }
    return rates
  }
}

/// What is wrong with the numbers of a traffic matrix.
public enum TrafficMatrixError: Error, Sendable, Hashable {
  case wrongCount(found: Int, expected: Int)
  case badValue(source: Int, destination: Int, value: String)
}
