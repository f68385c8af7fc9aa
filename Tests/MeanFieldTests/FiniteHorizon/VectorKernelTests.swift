import CKernels
import Foundation
import MeanField
import Randomness
import Testing

struct VectorKernelTests {
  private static func apply(
    _ values: [Double], _ body: (Int, UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Void
  ) -> [Double] {
    var out = values
    values.withUnsafeBufferPointer { source in
      out.withUnsafeMutableBufferPointer { target in
        if let s = source.baseAddress, let t = target.baseAddress { body(values.count, s, t) }
      }
    }
    return out
  }

  /// Exponential and logarithm against the C library's.
  @Test
  func elementaryFunctionsAreAccurate() {
    var stream = SeedTree(root: 4).stream("arguments")
    let exponents = (0..<20_000).map { _ in 1400 * stream.uniform() - 700 }
    for (x, y) in zip(exponents, Self.apply(exponents) { Double.exp($0, $1, $2) }) {
      #expect(abs(y / exp(x) - 1) < 5e-16, "exp(\(x))")
    }
    let arguments = (0..<20_000).map { _ in exp(1400 * stream.uniform() - 700) }
    for (x, y) in zip(arguments, Self.apply(arguments) { Double.log($0, $1, $2) }) {
      #expect(abs(y - log(x)) <= 4e-16 * max(1, abs(log(x))), "log(\(x))")
    }
    let edges = Self.apply([0, 1, -1, .infinity, 5e-324]) { Double.log($0, $1, $2) }
    #expect(edges[0] == -.infinity && edges[1] == 0 && edges[2].isNaN)
    #expect(abs(edges[4] - log(5e-324)) < 1e-12)
    let ends = Self.apply([-800, 0, 800, .nan]) { Double.exp($0, $1, $2) }
    #expect(ends[0] == 0 && ends[1] == 1 && ends[2] == .infinity && ends[3].isNaN)
  }

  /// One search gives the same bytes whatever the instruction set.
  @Test
  func instructionSetsAgreeBitForBit() {
    func run() -> [[Double]] {
      [
        EquilibriumSearch(PreparedGame(PredatorPrey<Double>()), OnlineMirrorDescent()).run(
          StoppingRule(iterations: 8)
        ).policy.values,
        EquilibriumSearch(PreparedGame(LinearQuadratic<Double>()), FictitiousPlay()).run(
          StoppingRule(iterations: 8)
        ).policy.values,
      ]
    }
    let best = run()
    for level in [Int32(1), 0] {
      wf_mf_force(level)
      #expect(run() == best, "level \(level)")
    }
    wf_mf_force(2)
  }
}
