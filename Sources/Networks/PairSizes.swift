import Foundation

/// Which column of a demand file belongs to a pair of routers.
public enum DemandColumns: String, Sendable, Hashable, Codable, CaseIterable {
  /// Row-major with the diagonal: column `source * n + destination`. What the files contain.
  case diagonalInPlace
  /// Row-major without the diagonal: column `source * (n - 1) + destination`, one less beyond the
  /// diagonal. What the released program reads, also from files that contain the diagonal, so that
  /// most of its pairs get the size of another pair.
  case diagonalSkipped

  /// The column of a pair; meaningless where source and destination are the same.
  public func column(source: Int, destination: Int, routerCount: Int) -> Int {
    switch self {
    case .diagonalInPlace: source * routerCount + destination
    case .diagonalSkipped:
      source * (routerCount - 1) + (destination < source ? destination : destination - 1)
    }
  }

  /// The number of columns that a file needs.
  public func columnCount(routerCount: Int) -> Int {
    self == .diagonalInPlace ? routerCount * routerCount : routerCount * (routerCount - 1)
  }
}

/// A lognormal distribution given by its mean and the standard deviation of the logarithm.
public struct LognormalFit: Sendable, Hashable, Codable {
  public var mean: Double
  public var sigma: Double

  public init(mean: Double, sigma: Double) {
    self.mean = mean
    self.sigma = sigma
  }

  /// The mean of the logarithm.
  public var mu: Double { mean > 0 ? log(mean) - sigma * sigma / 2 : -.infinity }
}

/// How large packets from one router to another are: the rows of a demand file, or the lognormal
/// fitted to each of its columns. A simulation draws from it.
///
/// ```swift
/// let sizes = BuiltInTopology.b4.pairSizes(columns: .diagonalSkipped)
/// sizes?.mu[0 * 12 + 3]    // of packets from router 0 to router 3
/// ```
///
/// - Shapes: `rows` is `[row][source * n + destination]`, flat; `mu`, `sigma` and `means` are
///   `[source * n + destination]`; the diagonal is empty of meaning.
public struct PairSizes: Sendable, Hashable {
  public let routerCount: Int
  /// Rows of the file; 0 where the sizes come from the fit.
  public let rowCount: Int
  /// The sizes of the file; empty where there is none.
  public let rows: [Float]
  /// Mean of the logarithm of the fit; empty where the rows are there. −∞ where a size is always 0.
  public let mu: [Float]
  /// Standard deviation of the logarithm; empty where the rows are there.
  public let sigma: [Float]
  /// The mean size of every pair, in the unit of the file.
  public let means: TrafficMatrix

  /// The sizes in the rows of a demand file.
  ///
  /// - Throws: `InputError` where a row has too few columns.
  public init(
    rows file: DemandRows, routerCount n: Int, columns: DemandColumns
  ) throws(InputError) {
    try file.requireColumns(columns.columnCount(routerCount: n), routerCount: n)
    var rows = [Float](repeating: 0, count: n * n * file.count)
    var mean = [Double](repeating: 0, count: n * n)
    for source in 0..<n {
      for destination in 0..<n where destination != source {
        let column = columns.column(source: source, destination: destination, routerCount: n)
        let pair = source * n + destination
        for row in 0..<file.count {
          let size = file.value(row: row, column: column)
          rows[row * n * n + pair] = Float(size)
          mean[pair] += size / Double(file.count)
        }
      }
    }
    routerCount = n
    rowCount = file.count
    self.rows = rows
    mu = []
    sigma = []
    means = TrafficMatrix(checked: n, mean)
  }

  /// One lognormal for each column of a demand file.
  init(routerCount n: Int, fits: [LognormalFit], columns: DemandColumns) {
    var mu = [Float](repeating: 0, count: n * n)
    var sigma = mu
    var mean = [Double](repeating: 0, count: n * n)
    for source in 0..<n {
      for destination in 0..<n where destination != source {
        let fit = fits[columns.column(source: source, destination: destination, routerCount: n)]
        let pair = source * n + destination
        mu[pair] = Float(fit.mu)
        sigma[pair] = Float(fit.sigma)
        mean[pair] = fit.mean
      }
    }
    routerCount = n
    rowCount = 0
    rows = []
    self.mu = mu
    self.sigma = sigma
    means = TrafficMatrix(checked: n, mean)
  }
}
