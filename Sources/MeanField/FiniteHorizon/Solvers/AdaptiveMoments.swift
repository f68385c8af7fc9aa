/// Adam on one table of numbers, its moments in buffers that a checkpoint can hold.
///
/// - Source: Kingma, Ba (2015), *Adam: a method for stochastic optimization*, ICLR; constants as there
///   (β .9 and .999, ε 1e−8).
struct AdaptiveMoments<Scalar: FlowScalar> {
  let first, second: FlatBuffer<Scalar>

  init(count: Int) {
    first = FlatBuffer(count: count)
    second = FlatBuffer(count: count)
  }

  /// One step down the gradient; `step` counts from 1.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func descend(
    _ values: FlatBuffer<Scalar>, _ gradient: FlatBuffer<Scalar>, step: Int, rate: Double
  ) {
    func power(_ base: Double) -> Double {
      var (result, square, rest) = (1.0, base, step)
      while rest > 0 {
        if rest & 1 == 1 { result *= square }
        square *= square
        rest >>= 1
      }
      return result
    }
    let size = Scalar(rate / (1 - power(0.9)))
    let spread = Scalar((1 - power(0.999)).squareRoot())
    let (x, g, m, v) = (values.base, gradient.base, first.base, second.base)
    for i in 0..<values.count {
      m[i] = 0.9 * m[i] + (1 - 0.9) * g[i]
      v[i] = 0.999 * v[i] + (1 - 0.999) * g[i] * g[i]
      x[i] -= size * m[i] / (v[i].squareRoot() / spread + 1e-8)
    }
  }
}
