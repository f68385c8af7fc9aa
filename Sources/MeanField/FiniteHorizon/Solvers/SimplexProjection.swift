/// The nearest point of a simplex.
///
/// ## Method
/// `x ← max(x − τ, 0)` with τ such that the sum is `total`: τ is raised from the mean excess of all
/// entries, dropping those below it, until none drops (Michelot's active set). Entries that may not be
/// used hold −1e30.
///
/// - Source: Michelot (1986), *A finite algorithm for finding the projection of a point onto the
///   canonical simplex of Rⁿ*, JOTA 50; Duchi et al. (2008), ICML.
/// - Complexity: a handful of passes.
enum SimplexProjection {
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  static func project<Scalar: FlowScalar>(
    _ x: UnsafeMutablePointer<Scalar>, count: Int, total: Double
  ) {
    var threshold = -1e29
    var kept = Int.max
    while true {
      var sum = 0.0
      var above = 0
      for i in 0..<count where Double(x[i]) > threshold {
        sum += Double(x[i])
        above += 1
      }
      // The set only shrinks; where rounding lets an entry back in, it is settled.
      if above >= kept || above == 0 { break }
      kept = above
      threshold = (sum - total) / Double(above)
    }
    let shift = Scalar(threshold)
    for i in 0..<count { x[i] = max(0, x[i] - shift) }
  }
}
