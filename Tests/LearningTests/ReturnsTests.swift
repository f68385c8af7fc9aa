import Foundation
import Learning
import Randomness
import Testing

struct ReturnsTests {
  @Test func discountedByHand() {
    // 1 + .5·(2 + .5·(4 + .5·8)) = 4, and so on backwards.
    #expect(Returns.discounted([1, 2, 4], discount: 0.5, tail: 8) == [4, 6, 8])
  }

  @Test func generalizedAdvantageLimits() {
    let rewards = [1.0, -2, 3, 0.5]
    let values = [0.3, 0.1, -0.4, 0.9, 0.2]
    // λ = 1: return minus value; λ = 0: the one-step error.
    let returns = Returns.discounted(rewards, discount: 0.9, tail: 0.2)
    let monteCarlo = Returns.generalizedAdvantages(
      rewards, values: values, discount: 0.9, lambda: 1)
    let oneStep = Returns.generalizedAdvantages(rewards, values: values, discount: 0.9, lambda: 0)
    for t in 0..<4 {
      #expect(abs(monteCarlo[t] - (returns[t] - values[t])) < 1e-12)
      #expect(abs(oneStep[t] - (rewards[t] + 0.9 * values[t + 1] - values[t])) < 1e-12)
    }
  }

  @Test func normalizing() {
    let x = Returns.normalized([1, 2, 3, 4])
    #expect(abs(x.reduce(0, +)) < 1e-12)
    #expect(abs(x.reduce(0) { $0 + $1 * $1 } / 3 - 1) < 1e-6)
    #expect(Returns.normalized([5]) == [0])
  }

  @Test(arguments: [false, true])
  func baselineRecoversALinearReturn(_ sparse: Bool) {
    let rows = 400
    var draws = RandomStream(seed: 5)
    let times = (0..<rows).map { Int32($0 % 100) }
    let input: NetworkInput<Float>
    var returns: [Double] = []
    if sparse {
      let indices = (0..<rows).map { _ in Int32(draws.integer(below: 6)) }
      input = .oneHot(indices: indices, activePerRow: 1)
      returns = (0..<rows).map { Double(indices[$0]) * 2 - 3 * Double(times[$0]) / 100 + 1 }
    } else {
      let values: [Float] = normals(rows * 6, &draws)
      input = .dense(values, inputs: 6)
      returns = (0..<rows).map {
        let x = Double(values[$0 * 6 + 2])
        return 1.5 * x - 0.5 * x * x + 3 * pow(Double(times[$0]) / 100, 2)
      }
    }
    var baseline = LinearFeatureBaseline(inputs: 6)
    #expect(baseline.predict(input, times: times).allSatisfy { $0 == 0 })
    baseline.fit(input, times: times, returns: returns)
    for (predicted, truth) in zip(baseline.predict(input, times: times), returns) {
      #expect(abs(predicted - truth) < 1e-3)
    }
  }
}
