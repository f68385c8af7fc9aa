/// How values on an ε-net are carried to the points between.
///
/// ## Method
/// `Γ_K q(μ) = Σ K(μ_i, μ) q(μ_i) / Σ K(μ_i, μ)` with ℓ₁ distances d:
/// simplicial: the barycentric weights of the corners of the triangulation around μ, which reproduce
/// linear functions; nearest: 1 at the nearest net point; triangular: max(0, 1 − d/radius), radius = `width` times the
/// net's spacing 2/K; k-nearest: 1/d over the k nearest points (a net point takes its own value).
///
/// - Algorithm: kernel-regression | Gu et al., 2021 | section 4 (three kernels) | exact check passed
/// - Source: Gu, Guo, Wei, Xu (2021), *Mean-field controls with Q-learning for cooperative MARL:
///   convergence and complexity analysis*, SIAM J. Math. Data Science 3(4).
/// - Differs: where no net point lies within the triangle, the nearest one counts; the simplicial
///   kernel is not among the paper's three, it is the interpolation of Munos, Moore (2002), *Variable
///   resolution discretization in optimal control*, Machine Learning 49.
/// - Verified: `MeanFieldControlTests`.
public enum KernelRegression: Hashable, Sendable, Codable {
  case nearest
  case triangular(width: Double)
  case nearestNeighbours(count: Int)
  case simplicial

  /// The weights of the net points at a point; they sum to one.
  func weights(_ net: SimplexNet, at point: [Double]) -> [(index: Int, weight: Double)] {
    switch self {
    case .simplicial:
      return net.simplex(around: point)
    case .nearest:
      return [(net.nearest(point), 1)]
    case .triangular(let width):
      let radius = width * 2 / Double(net.resolution)
      var found: [(index: Int, weight: Double)] = []
      for (index, candidate) in net.points.enumerated() {
        let weight = 1 - Self.distance(candidate, point) / radius
        if weight > 0 { found.append((index, weight)) }
      }
      return Self.normalised(found, fallback: net.nearest(point))
    case .nearestNeighbours(let count):
      let order = net.points.indices.map { ($0, Self.distance(net.points[$0], point)) }
        .sorted { $0.1 != $1.1 ? $0.1 < $1.1 : $0.0 < $1.0 }
        .prefix(max(1, count))
      if let first = order.first, first.1 < 1e-12 { return [(first.0, 1)] }
      return Self.normalised(order.map { ($0.0, 1 / $0.1) }, fallback: net.nearest(point))
    }
  }

  /// Γ_K of one number for each net point, at a distribution.
  public func interpolate(_ values: [Double], on net: SimplexNet, at point: [Double]) -> Double {
    weights(net, at: point).reduce(0) { $0 + $1.weight * values[$1.index] }
  }

  /// The largest ℓ₁ distance of a point to a net point that has weight there.
  public func reach(_ net: SimplexNet) -> Double {
    let spacing = 2 / Double(net.resolution)
    switch self {
    case .nearest: return net.radius
    // A corner differs from the point by less than the path of steps between corners.
    case .simplicial: return spacing * Double(net.dimension / 2)
    case .triangular(let width): return max(net.radius, width * spacing)
    // The nearest point and its neighbours, one step of the net away; a corner has d − 1 of them.
    case .nearestNeighbours(let count):
      let steps = (1...).first { 1 + $0 * (net.dimension - 1) >= count } ?? 1
      return net.radius + (count > 1 ? Double(steps) * spacing : 0)
    }
  }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + abs($1.0 - $1.1) }
  }

  private static func normalised(
    _ found: [(index: Int, weight: Double)], fallback: Int
  ) -> [(index: Int, weight: Double)] {
    let total = found.reduce(0) { $0 + $1.weight }
    guard total > 0 else { return [(fallback, 1)] }
    return found.map { ($0.index, $0.weight / total) }
  }
}
