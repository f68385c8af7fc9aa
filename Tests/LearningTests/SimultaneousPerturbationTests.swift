import Learning
import Randomness
import Testing

@Suite struct SimultaneousPerturbationTests {
  /// J = 3x − x²: the two-sided difference is exact on a quadratic, G = η² (3 − 2x).
  @Test(arguments: SimultaneousPerturbation.Kind.allCases)
  func exactOnAQuadratic(kind: SimultaneousPerturbation.Kind) {
    let method = SimultaneousPerturbation(kind: kind, size: 0.3)
    var stream = SeedTree(root: 1).stream("direction")
    for _ in 0..<20 {
      let eta = method.direction(count: 1, using: &stream)
      let (plus, minus) = method.perturbed([0.7], along: eta)
      func value(_ x: [Double]) -> Double { 3 * x[0] - x[0] * x[0] }
      let gradient = method.gradient(eta, plus: value(plus), minus: value(minus))
      #expect(abs(gradient[0] - eta[0] * eta[0] * 1.6) < 1e-12)
    }
  }

  /// In several dimensions single estimates are wrong, their mean is the gradient: the standard
  /// error of 20,000 draws is below 0.05, and a wrong sign would miss by more than 2.
  @Test(arguments: SimultaneousPerturbation.Kind.allCases)
  func unbiasedInSeveralDimensions(kind: SimultaneousPerturbation.Kind) {
    let method = SimultaneousPerturbation(kind: kind, size: 0.1)
    var stream = SeedTree(root: 2).stream("direction")
    let slope = [1.0, -2.0, 0.5]
    var mean = [0.0, 0.0, 0.0]
    for _ in 0..<20_000 {
      let eta = method.direction(count: 3, using: &stream)
      let (plus, minus) = method.perturbed([0, 0, 0], along: eta)
      func value(_ x: [Double]) -> Double { zip(slope, x).reduce(0) { $0 + $1.0 * $1.1 } }
      let gradient = method.gradient(eta, plus: value(plus), minus: value(minus))
      for index in 0..<3 { mean[index] += gradient[index] / 20_000 }
    }
    for index in 0..<3 { #expect(abs(mean[index] - slope[index]) < 0.15) }
  }
}
