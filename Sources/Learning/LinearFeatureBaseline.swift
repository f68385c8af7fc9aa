/// Predicts returns as a linear function of the observation and the time, refitted to each batch.
///
/// ## Method
/// Features `[o, o², t/100, (t/100)², (t/100)³, 1]`; ridge regression on the returns with
/// regulariser 1e-5, times 10 until the system can be solved (at most five times).
/// For one-hot observations `o² = o`, so the square is left out.
///
/// - Source: Duan, Chen, Houthooft, Schulman, Abbeel (2016), *Benchmarking deep reinforcement
///   learning for continuous control*, ICML, appendix; the MAMRL paper, section 4.1.
/// - Algorithm: linear-feature-baseline | Duan et al., 2016 | appendix | exact check passed
/// - Differs: solves the normal equations by Cholesky's method in double precision instead of `gels`.
/// - Shapes: `coefficients` per input (twice for dense input), then three for time, one constant.
/// - Complexity: fit rows × features² (sparse: active²) + features³/3.
/// - Verified: `ReturnsTests` (recovers an exactly linear return).
public struct LinearFeatureBaseline: Sendable, Hashable, Codable {
  public let inputs: Int
  public private(set) var coefficients: [Double]

  public init(inputs: Int) {
    self.inputs = inputs
    coefficients = []
  }

  /// Fits the coefficients; `times` and `returns` have one entry per row of the input.
  public mutating func fit<Scalar: NetworkScalar>(
    _ input: NetworkInput<Scalar>, times: [Int32], returns: [Double]
  ) {
    let count = featureCount(input)
    var matrix = [Double](repeating: 0, count: count * count)
    var right = [Double](repeating: 0, count: count)
    matrix.withUnsafeMutableBufferPointer { matrix in
      forEachRow(input, times) { row, indices, values in
        for (i, a) in zip(indices, values) {
          right[i] += a * returns[row]
          for (j, b) in zip(indices, values) where j <= i { matrix[i * count + j] += a * b }
        }
      }
    }
    var ridge = 1e-5
    for _ in 0..<5 {
      if let solution = solveCholesky(matrix, right, ridge: ridge) {
        coefficients = solution
        return
      }
      ridge *= 10
    }
    coefficients = [Double](repeating: 0, count: count)
  }

  /// The predicted returns; zero before the first fit.
  public func predict<Scalar: NetworkScalar>(
    _ input: NetworkInput<Scalar>, times: [Int32]
  ) -> [Double] {
    var result = [Double](repeating: 0, count: input.rows)
    guard coefficients.count == featureCount(input) else { return result }
    forEachRow(input, times) { row, indices, values in
      var sum = 0.0
      for (i, a) in zip(indices, values) { sum += a * coefficients[i] }
      result[row] = sum
    }
    return result
  }

  private func featureCount<Scalar>(_ input: NetworkInput<Scalar>) -> Int {
    if case .dense = input.storage { return 2 * inputs + 4 }
    return inputs + 4
  }

  private func forEachRow<Scalar: NetworkScalar>(
    _ input: NetworkInput<Scalar>, _ times: [Int32], _ body: (Int, [Int], [Double]) -> Void
  ) {
    let base = featureCount(input) - 4
    var indices: [Int] = []
    var values: [Double] = []
    for row in 0..<input.rows {
      indices.removeAll(keepingCapacity: true)
      values.removeAll(keepingCapacity: true)
      append(input, row, &indices, &values)
      let t = Double(times[row]) / 100
      for (offset, value) in [t, t * t, t * t * t, 1].enumerated() {
        indices.append(base + offset)
        values.append(value)
      }
      body(row, indices, values)
    }
  }

  private func append<Scalar: NetworkScalar>(
    _ input: NetworkInput<Scalar>, _ row: Int, _ indices: inout [Int], _ values: inout [Double]
  ) {
    switch input.storage {
    case .dense(let all):
      for i in 0..<inputs {
        let x = Double(all[row * inputs + i])
        indices += [i, inputs + i]
        values += [x, x * x]
      }
    case .sparse(let all, let weights, let active):
      for slot in row * active..<(row + 1) * active where all[slot] >= 0 {
        indices.append(Int(all[slot]))
        values.append(weights.map { Double($0[slot]) } ?? 1)
      }
    }
  }
}

/// Solves `(A + ridge·I) x = b` from the lower triangle of A; nil where A is not positive definite.
func solveCholesky(_ lower: [Double], _ b: [Double], ridge: Double) -> [Double]? {
  let n = b.count
  var l = lower
  for i in 0..<n { l[i * n + i] += ridge }
  for j in 0..<n {
    for i in j..<n {
      var sum = l[i * n + j]
      for k in 0..<j { sum -= l[i * n + k] * l[j * n + k] }
      if i == j {
        guard sum > 0, sum.isFinite else { return nil }
        l[j * n + j] = sum.squareRoot()
      } else {
        l[i * n + j] = sum / l[j * n + j]
      }
    }
  }
  var x = b
  for i in 0..<n {
    for k in 0..<i { x[i] -= l[i * n + k] * x[k] }
    x[i] /= l[i * n + i]
  }
  for i in (0..<n).reversed() {
    for k in (i + 1)..<n { x[i] -= l[k * n + i] * x[k] }
    x[i] /= l[i * n + i]
  }
  return x
}
