/// A stationary policy that sees the population: π(a | x, μ), kept on an ε-net of mean fields.
///
/// ```swift
/// let policy = MasterMirrorDescent(resolution: 8).run(CongestionControl()).policy
/// policy([0.2, 0.3, 0.5])                 // a local policy for this distribution
/// ```
///
/// ## Method
/// Between net points the tables are blended with the weights of a kernel, so that π is continuous in μ
/// where the kernel is.
///
/// - Source: the lecture's π(s, L) (Xu, 2020); Perrin, Laurière, Pérolat, Élie, Geist, Pietquin (2022),
///   *Generalization in mean field games by learning master policies*, AAAI.
/// - Shapes: `tables[point]` belongs to `net.points[point]`.
public struct PopulationPolicy: Sendable, Hashable {
  public let net: SimplexNet
  public let kernel: KernelRegression
  public internal(set) var tables: [StationaryPolicy]

  public init(net: SimplexNet, kernel: KernelRegression, tables: [StationaryPolicy]) {
    precondition(
      tables.count == net.points.count, "\(tables.count) tables for \(net.points.count) net points")
    self.net = net
    self.kernel = kernel
    self.tables = tables
  }

  /// The local policy at a distribution.
  public func callAsFunction(_ states: [Double]) -> StationaryPolicy {
    Self.blend(tables, kernel.weights(net, at: states))
  }

  /// A policy that does not look: the same local policy at every distribution.
  public static func blind(_ policy: StationaryPolicy) -> PopulationPolicy {
    PopulationPolicy(
      net: SimplexNet(dimension: policy.stateCount, resolution: 1), kernel: .nearest,
      tables: [StationaryPolicy](repeating: policy, count: policy.stateCount))
  }

  static func blend(
    _ tables: [StationaryPolicy], _ weights: [(index: Int, weight: Double)]
  ) -> StationaryPolicy {
    var result = tables[weights[0].index]
    guard weights.count > 1 else { return result }
    for entry in result.probabilities.indices {
      result.probabilities[entry] = weights.reduce(0) {
        $0 + $1.weight * tables[$1.index].probabilities[entry]
      }
    }
    return result
  }
}

extension LiftedSolution {
  /// The controller as a population-dependent policy: the best local policy of every net point at a
  /// time of the period.
  public func populationPolicy(time: Int = 0) -> PopulationPolicy {
    PopulationPolicy(
      net: net, kernel: kernel, tables: net.points.map { policy($0, time: time) })
  }
}
