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
  /// from its start on, term by term, and no −0 at its end. Zeros as a rectifier leaves them: some units
  /// always, some at random, some never; and some of them −0. Some products underflow to −0.
  func checkZeros<Scalar: NetworkScalar>(_ type: Scalar.Type) {
    var draws = RandomStream(seed: 17)
    // Full vectors and tails; more than one block of k, more rows than a chunk of either kind.
    let shapes = [(61, 70, 115), (96, 64, 128), (50, 128, 300), (300, 64, 49), (1600, 64, 20)]
    for (m, n, k) in shapes {
      for (ta, tb) in [(false, false), (true, false), (false, true)] {
        // Units run along k, or along m where A is transposed.
        let dead = (0..<(ta ? m : k)).map { _ in [0, 0.5, 1][draws.integer(below: 3)] }
        var a: [Scalar] = normals(m * k, &draws)
        for i in a.indices {
          if draws.uniform() < dead[ta ? i % m : i % k] { a[i] = draws.uniform() < 0.5 ? 0 : -0.0 }
          if i % 11 == 0 { a[i] *= Scalar.leastNormalMagnitude }
        }
        var b: [Scalar] = normals(n + k * n, &draws)
        for i in stride(from: 0, to: n, by: 5) { b[i] = -0.0 }  // the bias
        for i in stride(from: n, to: b.count, by: 3) { b[i] *= Scalar.leastNormalMagnitude }
        var start: [Scalar] = normals(m * n, &draws)
        for i in stride(from: 0, to: m * n, by: 7) { start[i] = -0.0 }
        for flags in [0, 1, 2, 6] {
          var expected = start
          for i in 0..<m {
            for j in 0..<n {
              var sum = flags & 1 != 0 ? start[i * n + j] : flags & 2 != 0 ? b[j] : 0
              for q in 0..<k {
                sum.addProduct(
                  ta ? a[q * m + i] : a[i * k + q], tb ? b[n + j * k + q] : b[n + q * n + j])
              }
              expected[i * n + j] = flags & 4 != 0 && sum < 0 ? 0 : sum + 0
            }
          }
          for set in Self.sets {
            let got = product(
              set, m, n, k, a, b, transposedA: ta, transposedB: tb, flags: flags, start: start)
            let wrong = zip(got, expected).count { $0 != $1 || $0.sign != $1.sign }
            #expect(wrong == 0, "\(set) \(m)×\(n)×\(k) \(ta) \(tb) flags \(flags)")
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
      for (ta, tb) in [(false, false), (true, false), (false, true)] {
        var b = [Float](repeating: 1, count: n + k * n)
        b[n + (tb ? 5 * k + 3 : 3 * n + 5)] = .infinity  // k = 3, column 5
        let c = product(
          set, m, n, k, [Float](repeating: 0, count: m * k), b, transposedA: ta, transposedB: tb,
          flags: 0, start: [Float](repeating: 0, count: m * n))
        let wrong = c.indices.count { c[$0].isNaN != ($0 % n == 5) }
        #expect(wrong == 0, "\(set) \(ta) \(tb)")
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
