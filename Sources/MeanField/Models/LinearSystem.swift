/// Dense linear algebra for the exact solvers: small systems only.
enum LinearSystem {
  /// Solves A x = b by Gaussian elimination with partial pivoting.
  static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
    var a = matrix
    var b = right
    let n = b.count
    for column in 0..<n {
      let pivot = (column..<n).max { abs(a[$0][column]) < abs(a[$1][column]) } ?? column
      a.swapAt(column, pivot)
      b.swapAt(column, pivot)
      guard a[column][column] != 0 else { continue }
      for row in column + 1..<max(n, column + 1) where a[row][column] != 0 {
        let factor = a[row][column] / a[column][column]
        for k in column..<n { a[row][k] -= factor * a[column][k] }
        b[row] -= factor * b[column]
      }
    }
    for row in stride(from: n - 1, through: 0, by: -1) {
      for k in row + 1..<max(n, row + 1) { b[row] -= a[row][k] * b[k] }
      b[row] = a[row][row] == 0 ? 0 : b[row] / a[row][row]
    }
    return b
  }

  /// The stationary distribution of an irreducible transition matrix, without subtractions.
  ///
  /// - Source: Grassmann, Taksar, Heyman (1985), *Regenerative analysis and steady state
  ///   distributions for Markov chains*, Operations Research 33(5).
  static func stationary(_ matrix: [[Double]]) -> [Double] {
    var p = matrix
    let n = p.count
    for k in stride(from: n - 1, to: 0, by: -1) {
      let leaving = p[k][0..<k].reduce(0, +)
      guard leaving > 0 else { continue }
      for i in 0..<k {
        p[i][k] /= leaving
        guard p[i][k] > 0 else { continue }
        for j in 0..<k { p[i][j] += p[i][k] * p[k][j] }
      }
    }
    var result = [Double](repeating: 0, count: n)
    result[0] = 1
    for k in 1..<max(n, 1) {
      for i in 0..<k { result[k] += result[i] * p[i][k] }
    }
    let total = result.reduce(0, +)
    return result.map { $0 / total }
  }
}
