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
    let features = features(input, times)
    let (count, width) = (features.count, features.perRow)
    var matrix = [Double](repeating: 0, count: count * count)
    var right = [Double](repeating: 0, count: count)
    matrix.withUnsafeMutableBufferPointer { matrix in
      right.withUnsafeMutableBufferPointer { right in
        for row in 0..<input.rows {
          for i in row * width..<(row + 1) * width where features.indices[i] >= 0 {
            let (place, a) = (Int(features.indices[i]), features.values[i])
            right[place] += a * returns[row]
            // The lower triangle; indices of a row need not ascend, so all pairs are looked at.
            for j in row * width..<(row + 1) * width {
              let other = Int(features.indices[j])
              if other >= 0 && other <= place {
                matrix[place * count + other] += a * features.values[j]
              }
            }
          }
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
    let features = features(input, times)
    guard coefficients.count == features.count else { return result }
    let width = features.perRow
    for row in 0..<input.rows {
      var sum = 0.0
      for i in row * width..<(row + 1) * width where features.indices[i] >= 0 {
        sum += features.values[i] * coefficients[Int(features.indices[i])]
      }
      result[row] = sum
    }
    return result
  }

  /// The features that are not zero, `perRow` places a row; −1 marks an empty place.
  private struct Features {
    /// Of the whole feature vector.
    var count: Int
    var perRow: Int
    var indices: [Int32]
    var values: [Double]
  }

  private func features<Scalar: NetworkScalar>(
    _ input: NetworkInput<Scalar>, _ times: [Int32]
  ) -> Features {
    let (perRow, base): (Int, Int)
    switch input.storage {
    case .dense: (perRow, base) = (2 * inputs + 4, 2 * inputs)
    case .sparse(_, _, let active): (perRow, base) = (active + 4, inputs)
    }
    var indices = [Int32](repeating: 0, count: input.rows * perRow)
    var values = [Double](repeating: 1, count: input.rows * perRow)
    switch input.storage {
    case .dense(let all):
      for row in 0..<input.rows {
        for i in 0..<inputs {
          let place = row * perRow + 2 * i
          let x = Double(all[row * inputs + i])
          (indices[place], indices[place + 1]) = (Int32(i), Int32(inputs + i))
          (values[place], values[place + 1]) = (x, x * x)
        }
      }
    case .sparse(let all, let weights, let active):
      for row in 0..<input.rows {
        for slot in 0..<active { indices[row * perRow + slot] = all[row * active + slot] }
      }
      if let weights {
        for row in 0..<input.rows {
          for slot in 0..<active {
            values[row * perRow + slot] = Double(weights[row * active + slot])
          }
        }
      }
    }
    for row in 0..<input.rows {
      let place = (row + 1) * perRow - 4
      let t = Double(times[row]) / 100
      for offset in 0..<4 { indices[place + offset] = Int32(base + offset) }
      (values[place], values[place + 1], values[place + 2]) = (t, t * t, t * t * t)
    }
    return Features(count: base + 4, perRow: perRow, indices: indices, values: values)
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
