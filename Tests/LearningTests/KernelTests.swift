import Learning
import Randomness
import Testing

/// The products against the obvious triple loop, and every body against every other, bit by bit.
struct KernelTests {
  static let sets = KernelSet.allCases.filter(\.isAvailable)

  func product<Scalar: NetworkScalar>(
    _ set: KernelSet, _ m: Int, _ n: Int, _ k: Int, _ a: [Scalar], _ b: [Scalar],
    transposedA: Bool = false, transposedB: Bool = false, flags: Int, start: [Scalar]
  ) -> [Scalar] {
    var c = start
    Scalar.product(
      set, rows: m, columns: n, depth: k, a, transposedA ? 1 : k, transposedA ? m : 1, b, n,
      transposedB ? 1 : n, transposedB ? k : 1, biasOffset: 0, flags: flags, &c, 0, n)
    return c
  }

  func check<Scalar: NetworkScalar>(_ type: Scalar.Type, tolerance: Double) {
    var draws = RandomStream(seed: 4)
    for _ in 0..<40 {
      let m = 1 + draws.integer(below: 15)
      let n = 1 + draws.integer(below: 140)
      let k = 1 + draws.integer(below: 300)
      // The bias of n numbers stands in front of B.
      let a: [Scalar] = normals(m * k, &draws)
      let b: [Scalar] = normals(n + k * n, &draws)
      let start: [Scalar] = normals(m * n, &draws)
      for flags in [0, 1, 2, 4, 6] {
        for (ta, tb) in [(false, false), (true, false), (false, true)] {
          let results = Self.sets.map {
            product($0, m, n, k, a, b, transposedA: ta, transposedB: tb, flags: flags, start: start)
          }
          for other in results { #expect(other == results[0]) }
          for i in 0..<m {
            for j in 0..<n {
              var sum = flags & 1 != 0 ? Double(start[i * n + j]) : 0
              if flags & 2 != 0 { sum = Double(b[j]) }
              for q in 0..<k {
                let x = ta ? a[q * m + i] : a[i * k + q]
                let y = tb ? b[n + j * k + q] : b[n + q * n + j]
                sum += Double(x) * Double(y)
              }
              if flags & 4 != 0 { sum = max(sum, 0) }
              #expect(abs(Double(results[0][i * n + j]) - sum) < tolerance * Double(k).squareRoot())
            }
          }
        }
      }
    }
  }

  @Test func singlePrecisionProducts() { check(Float.self, tolerance: 2e-5) }
  @Test func doublePrecisionProducts() { check(Double.self, tolerance: 2e-14) }

  @Test func aRowDoesNotDependOnItsBatch() {
    let network = FeedForwardNetwork(inputs: 20, hidden: [128, 70], outputs: 5)
    var draws = RandomStream(seed: 9)
    let parameters: [Float] = network.initialParameters(using: &draws)
    let batch: PolicyBatch<Float> = randomBatch(network, rows: 500, sparse: true, seed: 3)
    let whole = network.outputs(parameters, batch.input)
    for row in [0, 1, 7, 333, 499] {
      let alone = network.outputs(parameters, batch.input.slice(row..<row + 1))
      #expect(alone == Array(whole[row * 5..<row * 5 + 5]))
    }
  }

  @Test func everyBodyGivesTheSameGradient() {
    let network = FeedForwardNetwork(inputs: 20, hidden: [33, 70], outputs: 5)
    var draws = RandomStream(seed: 9)
    let parameters: [Float] = network.initialParameters(using: &draws)
    let batch: PolicyBatch<Float> = randomBatch(network, rows: 600, sparse: true, seed: 3)
    let gradients = Self.sets.map {
      PolicyEvaluation(network, parameters, batch, kernels: $0).logLikelihoodGradient()
    }
    for other in gradients { #expect(other == gradients[0]) }
  }

  /// Terms that are zero are left out, which must not show in a bit. The reference is the whole chain,
  /// from its start on, term by term. Zeros as a rectifier leaves them: some units always, some at
  /// random, some never; and some of them −0.
  func checkZeros<Scalar: NetworkScalar>(_ type: Scalar.Type) {
    var draws = RandomStream(seed: 17)
    for trial in 0..<6 {
      let (m, n, k) = (
        48 + draws.integer(below: 60), 33 + draws.integer(below: 60), 70 + 45 * trial
      )
      for transposed in [false, true] {
        // Units run along k, or along m where A is transposed.
        let dead = (0..<(transposed ? m : k)).map { _ in [0, 0.5, 1][draws.integer(below: 3)] }
        var a: [Scalar] = normals(m * k, &draws)
        for i in a.indices {
          let unit = transposed ? i % m : i % k
          if draws.uniform() < dead[unit] { a[i] = draws.uniform() < 0.5 ? 0 : -0.0 }
        }
        var b: [Scalar] = normals(n + k * n, &draws)
        for i in stride(from: 0, to: n, by: 5) { b[i] = -0.0 }  // the bias
        var start: [Scalar] = normals(m * n, &draws)
        for i in stride(from: 0, to: m * n, by: 7) { start[i] = -0.0 }
        for flags in [0, 1, 2, 6] {
          let results = Self.sets.map {
            product($0, m, n, k, a, b, transposedA: transposed, flags: flags, start: start)
          }
          for i in 0..<m {
            for j in 0..<n {
              var sum = (flags & 1 != 0 ? start[i * n + j] : flags & 2 != 0 ? b[j] : 0) + 0
              for q in 0..<k {
                sum.addProduct(transposed ? a[q * m + i] : a[i * k + q], b[n + q * n + j])
              }
              if flags & 4 != 0 && sum < 0 { sum = 0 }
              for result in results {
                let got = result[i * n + j]
                #expect(got == sum && got.sign == sum.sign, "\(m) \(n) \(k) \(flags) \(i) \(j)")
              }
            }
          }
        }
      }
    }
  }

  @Test func whatIsZeroIsLeftOutExactly() {
    checkZeros(Float.self)
    checkZeros(Double.self)
  }

  /// 0 · ∞ is not a number, and no zero in A may hide it.
  @Test func infinityIsNeverLeftOut() {
    let (m, n, k) = (60, 64, 64)
    for set in Self.sets {
      for transposed in [false, true] {
        var b = [Float](repeating: 1, count: n + k * n)
        b[n + 3 * n + 5] = .infinity
        let c = product(
          set, m, n, k, [Float](repeating: 0, count: m * k), b, transposedA: transposed, flags: 0,
          start: [Float](repeating: 0, count: m * n))
        for i in 0..<m {
          for j in 0..<n { #expect(c[i * n + j].isNaN == (j == 5)) }
        }
      }
    }
  }

  @Test func preparedHessianProductsAreTheSame() {
    let network = FeedForwardNetwork(inputs: 20, hidden: [33, 70], outputs: 5)
    var draws = RandomStream(seed: 5)
    let parameters: [Float] = network.initialParameters(using: &draws)
    let batch: PolicyBatch<Float> = randomBatch(network, rows: 1100, sparse: true, seed: 3)
    let direction: [Float] = normals(parameters.count, &draws)
    let here = PolicyEvaluation(network, parameters, batch)
    let plain = here.logLikelihoodHessianProduct(direction)
    #expect(here.preparedForHessianProducts().logLikelihoodHessianProduct(direction) == plain)
    #expect(plain.contains { $0 != 0 })
  }

  @Test func notANumberStaysVisible() {
    for set in Self.sets {
      let c: [Float] = product(
        set, 1, 20, 1, [.nan], [Float](repeating: 1, count: 40), flags: 4,
        start: [Float](repeating: 0, count: 20))
      #expect(!c.contains { !$0.isNaN })
    }
  }
}
