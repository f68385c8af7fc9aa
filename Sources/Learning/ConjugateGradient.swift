/// Solves `A x = b` for a symmetric positive definite matrix that is given as a product.
///
/// ## Method
/// Conjugate gradients from `x = 0`, without preconditioner; stops after `iterations` or when
/// `‖r‖² < tolerance`. A direction of no positive curvature (rounding) ends it too: the `x` so far
/// is the answer then.
///
/// - Source: Hestenes, Stiefel (1952), *Methods of conjugate gradients for solving linear systems*,
///   J. Res. NBS 49; defaults (10 iterations, 1e-10) as in Schulman et al. (2015), appendix C, and
///   the program released with the MAMRL paper.
/// - Complexity: one product a step; four vectors.
/// - Verified: `OptimizerTests` (exact after n steps on an n × n system).
public struct ConjugateGradient: Hashable, Sendable, Codable {
  public var iterations: Int
  public var tolerance: Double

  public init(iterations: Int = 10, tolerance: Double = 1e-10) {
    self.iterations = iterations
    self.tolerance = tolerance
  }

  public func solve<Scalar: NetworkScalar>(
    _ b: [Scalar], product: ([Scalar]) -> [Scalar]
  ) -> [Scalar] {
    var x = [Scalar](repeating: 0, count: b.count)
    var r = b
    var p = b
    var squared = r.dot(r)
    for _ in 0..<iterations where squared >= tolerance {
      let ap = product(p)
      let curvature = p.dot(ap)
      guard curvature > 0, curvature.isFinite else { break }
      let step = squared / curvature
      x.add(step, p)
      r.add(-step, ap)
      let next = r.dot(r)
      p = r.adding(next / squared, p)
      squared = next
    }
    return x
  }
}
