/// Solves mean-field control on an ε-net with a known model: the lifted Bellman equation.
///
/// ```swift
/// let solution = NetValueIteration(resolution: 40).solve(ControlledModel(CongestionControl()))
/// solution.value([1, 0, 0])
/// ```
///
/// ## Method
/// `Q(μ, h) = r(μ, h) + γ max_{h′} Γ_K Q(Φ(μ, h), h′)` at all points μ of the net and all local
/// policies h of H_ε. Infinite horizon: sweeps until the largest change is below `tolerance`; for a
/// periodic model the sweep runs backwards through the period. Finite horizon: one backward pass.
///
/// - Algorithm: lifted-value-iteration | Gu et al., 2019 | theorem 1 (Bellman equation for IQ) | exact check passed
/// - Source: Gu, Guo, Wei, Xu (2019), *Dynamic programming principles for mean-field controls with
///   learning*, arXiv 1911.07314; Motte, Pham (2022) for the law of actions.
/// - Differs: None known.
/// - Complexity: (net points × local policies) steps of the model, then as many lookups a sweep.
/// - Verified: `MeanFieldControlTests`.
public struct NetValueIteration: Hashable, Sendable, Codable {
  /// K of the net of distributions.
  public var resolution: Int
  /// M of the net of local policies; 1: deterministic ones.
  public var policyResolution = 1
  public var kernel = KernelRegression.nearest
  /// The largest change at which sweeps end.
  public var tolerance = 1e-10

  public init(resolution: Int, kernel: KernelRegression = .nearest) {
    self.resolution = resolution
    self.kernel = kernel
  }

  public func solve(_ population: some ControlledPopulation, threads: Int = 1) -> LiftedSolution {
    let net = SimplexNet(dimension: population.stateCount, resolution: resolution)
    let policies = LocalPolicyNet(
      stateCount: population.stateCount, actionCount: population.actionCount,
      resolution: policyResolution
    ).policies
    let tables = (0..<population.period).map { time in
      let rows = concurrentMap(count: net.points.count, threads: threads) { point in
        policies.map { policy -> LiftedCell in
          let outcome = population.step(net.points[point], policy: policy, time: time)
          return LiftedCell(
            reward: outcome.reward, next: kernel.weights(net, at: outcome.next))
        }
      }
      return rows.flatMap { $0 }
    }
    return LiftedFixedPoint(
      net: net, policies: policies, kernel: kernel, cells: tables, discount: population.discount,
      horizon: population.horizon, tolerance: tolerance
    ).solve()
  }
}

/// What is known of one pair of net point and local policy.
struct LiftedCell: Sendable {
  /// −∞ where the pair was never visited.
  var reward: Double
  /// Weights of net points at the next distribution.
  var next: [(index: Int, weight: Double)]
}

/// The fixed point of the (approximate) Bellman operator on a net.
struct LiftedFixedPoint {
  let net: SimplexNet
  let policies: [StationaryPolicy]
  let kernel: KernelRegression
  /// `[time of the period][net point · policies + policy]`.
  let cells: [[LiftedCell]]
  let discount: Double
  let horizon: Int?
  let tolerance: Double

  func solve() -> LiftedSolution {
    var solution = LiftedSolution(net: net, policies: policies, kernel: kernel, values: [])
    let count = net.points.count * policies.count
    if let horizon {
      var later = [Double](repeating: 0, count: count)
      for time in stride(from: horizon - 1, through: 0, by: -1) {
        later = backup(
          cells[time % cells.count], later, discount: time == horizon - 1 ? 0 : discount)
        solution.values.append(later)
      }
      solution.values.reverse()
      solution.sweeps = 1
      return solution
    }
    var values = [[Double]](
      repeating: [Double](repeating: 0, count: count), count: cells.count)
    var change = Double.infinity
    while change > tolerance && solution.sweeps < 100_000 {
      change = 0
      for time in stride(from: cells.count - 1, through: 0, by: -1) {
        let new = backup(cells[time], values[(time + 1) % cells.count], discount: discount)
        for (a, b) in zip(new, values[time]) where a > -.infinity {
          change = max(change, b > -.infinity ? abs(a - b) : 1)
        }
        values[time] = new
      }
      solution.sweeps += 1
    }
    solution.values = values
    return solution
  }

  private func backup(_ cells: [LiftedCell], _ later: [Double], discount: Double) -> [Double] {
    // With the nearest kernel only max_h q(i, h) is needed, one number for each net point.
    let count = policies.count
    let best = net.points.indices.map { point in
      later[point * count..<(point + 1) * count].max() ?? -.infinity
    }
    if !later.contains(-.infinity) { return blended(cells, later, best, discount) }
    return cells.map { cell in
      guard cell.reward > -.infinity, discount > 0 else { return cell.reward }
      let future: Double
      if cell.next.count == 1 {
        future = best[cell.next[0].index]
      } else {
        future = LiftedSolution.blend(later, cell.next, count).max() ?? -.infinity
      }
      return future > -.infinity ? cell.reward + discount * future : cell.reward
    }
  }

  /// `backup` where every entry is known: one pass over the policies for each weight, without copies.
  private func blended(
    _ cells: [LiftedCell], _ later: [Double], _ best: [Double], _ discount: Double
  ) -> [Double] {
    let count = policies.count
    var sums = [Double](repeating: 0, count: count)
    return later.withUnsafeBufferPointer { table in
      cells.map { cell in
        guard cell.reward > -.infinity, discount > 0 else { return cell.reward }
        if cell.next.count == 1 { return cell.reward + discount * best[cell.next[0].index] }
        for choice in 0..<count { sums[choice] = 0 }
        for (index, weight) in cell.next {
          let base = index * count
          for choice in 0..<count { sums[choice] += weight * table[base + choice] }
        }
        var future = sums[0]
        for choice in 1..<max(1, count) where sums[choice] > future { future = sums[choice] }
        return cell.reward + discount * future
      }
    }
  }
}
