import Foundation
import Randomness
import Testing

/// A generator that always returns the same word, to see what a distribution does at its ends.
struct ConstantGenerator: RandomNumberGenerator {
  let word: UInt64
  mutating func next() -> UInt64 { word }
}

@Suite struct DistributionsTests {
  @Test(arguments: [UInt64.min, UInt64.max]) func hostileGeneratorsStayInRange(word: UInt64) {
    var generator = ConstantGenerator(word: word)
    #expect((0..<1).contains(generator.uniform()))
    #expect((0..<7).contains(generator.integer(below: 7)))
    #expect(generator.normal().isFinite)
    #expect(generator.exponential(rate: 2).isFinite)
    #expect(generator.categorical([0, 1, 0]) == 1)
    var values = [1, 2, 3]
    generator.shuffle(&values)
    #expect(Set(values) == [1, 2, 3])
  }

  /// Means and variances of 200,000 draws lie within five standard errors (false alarm < 1e-6 each).
  @Test func momentsMatch() {
    var stream = RandomStream(seed: 5)
    let n = 200_000
    func check(_ mean: Double, _ variance: Double, _ draw: (inout RandomStream) -> Double) {
      var sum = 0.0
      for _ in 0..<n { sum += draw(&stream) }
      #expect(abs(sum / Double(n) - mean) < 5 * (variance / Double(n)).squareRoot())
    }
    check(0.5, 1.0 / 12) { $0.uniform() }
    check(0, 1) { $0.normal() }
    check(1, 2) {
      let x = $0.normal()
      return x * x
    }
    check(0.25, 1.0 / 16) { $0.exponential(rate: 4) }
    check(0.3, 0.3) { Double($0.poisson(mean: 0.3)) }
    check(40, 40) { Double($0.poisson(mean: 40)) }
    check(4.5, 8.25) { Double($0.integer(below: 10)) }
    check(0, 1) { $0.sign() }
    check(1.25, 0.6875) { Double($0.categorical([0.25, 0.25, 0.5])) }
  }
}
