/// The ε-net of a simplex that consists of all points whose coordinates are multiples of 1/K.
///
/// ```swift
/// let net = SimplexNet(dimension: 3, resolution: 10)
/// net.points.count            // 66
/// net.nearest([0.31, 0.29, 0.4])
/// ```
///
/// - Shapes: points are ordered lexicographically; there are C(K + d − 1, d − 1).
/// - Complexity: a nearest point takes O(d log d).
public struct SimplexNet: Sendable, Hashable {
  /// The number of coordinates.
  public let dimension: Int
  /// K ≥ 1.
  public let resolution: Int
  public let points: [[Double]]
  private let numbers: [[Int]: Int]

  public init(dimension: Int, resolution: Int) {
    precondition(
      dimension >= 1 && resolution >= 1, "SimplexNet(\(dimension), resolution: \(resolution))")
    self.dimension = dimension
    self.resolution = resolution
    var counts: [[Int]] = []
    var current = [Int](repeating: 0, count: dimension)
    func fill(_ position: Int, _ left: Int) {
      if position == dimension - 1 {
        current[position] = left
        counts.append(current)
        return
      }
      for value in 0...left {
        current[position] = value
        fill(position + 1, left - value)
      }
    }
    fill(0, resolution)
    points = counts.map { $0.map { Double($0) / Double(resolution) } }
    var numbers: [[Int]: Int] = [:]
    for (index, count) in counts.enumerated() { numbers[count] = index }
    self.numbers = numbers
  }

  /// How many points such a net has, as far as doubles count.
  public static func pointCount(dimension: Int, resolution: Int) -> Double {
    (1..<max(dimension, 1)).reduce(1.0) { $0 * Double(resolution + $1) / Double($1) }
  }

  /// The index of the nearest net point (by largest remainder, ties to the lowest coordinate).
  public func nearest(_ point: [Double]) -> Int {
    numbers[Self.counts(point, resolution: resolution)] ?? 0
  }

  /// The corners of the triangulation's simplex around a distribution, with its barycentric
  /// coordinates: at most `dimension` net points.
  ///
  /// ## Method
  /// In y_i = K Σ_{j ≥ i} μ_j (i = 1 … d − 1) the net consists of the whole non-increasing vectors, and
  /// Kuhn's triangulation of the unit cubes cuts the simplex along with them: from ⌊y⌋ one coordinate
  /// after the other is raised by one, the largest fractional part first.
  ///
  /// - Source: Kuhn (1960), *Some combinatorial lemmas in topology*, IBM Journal 4(5).
  func simplex(around point: [Double]) -> [(index: Int, weight: Double)] {
    var corner = [Int](repeating: 0, count: dimension)
    var fractions = [Double](repeating: 0, count: dimension)
    var sum = 0.0
    for position in stride(from: dimension - 1, through: 1, by: -1) {
      sum += point[position]
      let scaled = min(Double(resolution), sum * Double(resolution))
      corner[position] = Int((scaled + 1e-9).rounded(.down))
      fractions[position] = max(0, scaled - Double(corner[position]))
    }
    corner[0] = resolution
    let order = (1..<max(dimension, 1)).sorted {
      fractions[$0] != fractions[$1] ? fractions[$0] > fractions[$1] : $0 < $1
    }
    var found: [(index: Int, weight: Double)] = []
    var left = 1.0
    for step in 0...order.count {
      let next = step < order.count ? fractions[order[step]] : 0
      if left - next > 1e-12 {
        let counts = corner.indices.map { corner[$0] - ($0 + 1 < dimension ? corner[$0 + 1] : 0) }
        found.append((numbers[counts] ?? nearest(point), left - next))
      }
      if step < order.count { corner[order[step]] += 1 }
      left = next
    }
    return found
  }

  /// The largest ℓ₁ distance between a distribution and its nearest net point: rounding m of d
  /// fractional parts up moves at most m (d − m)/d of 1/K each way.
  public var radius: Double {
    2 * Double(dimension / 2) * Double(dimension - dimension / 2) / Double(dimension)
      / Double(resolution)
  }

  /// The net point nearest to a distribution.
  public static func round(_ point: [Double], resolution: Int) -> [Double] {
    counts(point, resolution: resolution).map { Double($0) / Double(resolution) }
  }

  private static func counts(_ point: [Double], resolution: Int) -> [Int] {
    var counts = point.map { max(0, Int(($0 * Double(resolution) + 1e-9).rounded(.down))) }
    var missing = resolution - counts.reduce(0, +)
    // The 1e-9 keeps a net point on itself in spite of rounding; it can also give one too many.
    while missing < 0 {
      let largest = counts.indices.max { counts[$0] < counts[$1] } ?? 0
      counts[largest] -= 1
      missing += 1
    }
    let order = point.indices.sorted { a, b in
      let left = point[a] * Double(resolution) - Double(counts[a])
      let right = point[b] * Double(resolution) - Double(counts[b])
      return left != right ? left > right : a < b
    }
    for index in 0..<missing { counts[order[index % order.count]] += 1 }
    return counts
  }
}
