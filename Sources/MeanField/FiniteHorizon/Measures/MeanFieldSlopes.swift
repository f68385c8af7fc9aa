/// How sums of rewards and of transition probabilities change with the mean field: the derivative
/// that optimisation over flows needs, for any game.
///
/// ## Method
/// `Φ(L) = Σ_{s,a} g(s,a) r(s,a; L) + Σ_{s,a,s'} P(s'|s,a; L) (m(s,a) x(s') + g(s,a) v(s'))`, its derivative by every
/// entry of L, by the four-point rule `[8 (Φ(h) − Φ(−h)) − (Φ(2h) − Φ(−2h))] / 12h` with h a small share of the
/// entry: relative error about h⁴/30 plus rounding/h; one-sided at empty entries. Where the rewards of a
/// state read the laws only at that state, all entries are moved at once.
///
/// - Complexity: four passes over rewards (and mean-field-dependent rows) for each state, or state and
///   action in games that read the joint law; four in all under `rewardsReadOwnStateOnly`.
/// - Verified: `OccupationMeasureOptimisationTests` (against MFGLib's automatic derivatives).
final class MeanFieldSlopes<Scalar: FlowScalar> {
  /// The numbers in Φ, for all populations at one step.
  struct Weights {
    /// g and m, `[action][state]` of each population.
    var pairs: [UnsafePointer<Scalar>]
    var masses: [UnsafePointer<Scalar>]
    /// x and v, `[state]` of each population; nil at the last step.
    var arrivals: [UnsafePointer<Scalar>]?
    var values: [UnsafePointer<Scalar>]?
  }

  private let workspace: FlowWorkspace<Scalar>
  private let scratch: FlatBuffer<Scalar>
  private let kept: FlatBuffer<Scalar>
  /// The summands of Φ at one point and at the point before it.
  private var summands: FlatBuffer<Scalar>
  private var earlier: FlatBuffer<Scalar>

  init(_ workspace: FlowWorkspace<Scalar>) {
    self.workspace = workspace
    let shapes = workspace.layout.shapes
    let widest = shapes.reduce(0) { max($0, $1.pairCount) }
    scratch = FlatBuffer(count: widest)
    kept = FlatBuffer(count: widest)
    var count = shapes.reduce(0) { $0 + $1.pairCount }
    for (kernel, shape) in zip(workspace.game.kernels, shapes) {
      if case .meanField(let rows) = kernel { count += rows.outcomesPerRow * shape.pairCount }
    }
    summands = FlatBuffer(count: count)
    earlier = FlatBuffer(count: count)
  }

  /// Adds the derivative at one step to `gradients` (`[action][state]` of each population). The laws
  /// of `flow` are moved meanwhile and put back.
  func add(
    _ step: Int, _ flow: PopulationFlow<Scalar>, _ weights: Weights,
    to gradients: [UnsafeMutablePointer<Scalar>]
  ) {
    let game = workspace.game
    let movesRows = weights.arrivals != nil && game.hasMeanFieldTransitions
    for population in game.shapes.indices {
      if game.rewardsReadOwnStateOnly {
        addOwnState(step, flow, weights, population, to: gradients[population])
        if movesRows {
          addEntries(
            step, flow, population, to: gradients[population], reads: .rows, weights)
        }
      } else {
        addEntries(
          step, flow, population, to: gradients[population], reads: movesRows ? .both : .rewards,
          weights)
      }
    }
    if movesRows { workspace.fillRows(flow, step) }
  }

  // MARK: all states at once

  private func addOwnState(
    _ step: Int, _ flow: PopulationFlow<Scalar>, _ weights: Weights, _ population: Int,
    to gradient: UnsafeMutablePointer<Scalar>
  ) {
    let shape = workspace.game.shapes[population]
    let law = flow.laws.base + workspace.layout.law(population, step)
    let slopes = FlatBuffer<Scalar>(count: shape.stateCount)
    let stencils = (0..<shape.stateCount).map { state -> Stencil in
      // Congestion is steep near zero: steps in proportion to the mass.
      kept.base[state] = law[state]
      return Stencil(Self.width * max(law[state], 1e-9), isCentral: law[state] > 1e-9)
    }
    for point in 0..<4 {
      for state in 0..<shape.stateCount {
        law[state] = kept.base[state] + stencils[state].offset(point)
      }
      for other in workspace.game.shapes.indices {
        let table = workspace.game.shapes[other]
        workspace.rewards(other, step, flow, into: scratch.base)
        for action in 0..<table.actionCount {
          let row = action * table.stateCount
          for state in 0..<table.stateCount {
            slopes.base[state] +=
              stencils[state].factor(point)
              * weights.pairs[other][row + state] * scratch.base[row + state]
          }
        }
      }
    }
    for state in 0..<shape.stateCount { law[state] = kept.base[state] }
    for action in 0..<shape.actionCount {
      let row = gradient + action * shape.stateCount
      Scalar.combine(shape.stateCount, 1, row, 1, slopes.base, row)
    }
  }

  // MARK: entry by entry

  private enum Reads { case rewards, rows, both }

  private func addEntries(
    _ step: Int, _ flow: PopulationFlow<Scalar>, _ population: Int,
    to gradient: UnsafeMutablePointer<Scalar>, reads: Reads, _ weights: Weights
  ) {
    let shape = workspace.game.shapes[population]
    let law = flow.laws.base + workspace.layout.law(population, step)
    let joint =
      flow.keepsJoint ? flow.joint.base + workspace.layout.table(population, step) : nil
    let count = joint == nil ? shape.stateCount : shape.pairCount
    for entry in 0..<count {
      let state = entry % shape.stateCount
      let (mass, marginal) = (joint?[entry] ?? law[state], law[state])
      let reach = 10 * Self.width * max(mass, 1 / Scalar(count))
      let stencil = Stencil(reach, isCentral: mass > 2 * reach)
      var changes: [Scalar] = []
      for point in 0..<4 {
        joint?[entry] = mass + stencil.offset(point)
        law[state] = marginal + stencil.offset(point)
        swap(&summands, &earlier)
        let used = formSummands(step, flow, weights, reads)
        if point > 0 { changes.append(change(used)) }
      }
      joint?[entry] = mass
      law[state] = marginal
      let slope = stencil.slope(changes)
      if joint != nil {
        gradient[entry] += slope
      } else {
        for action in 0..<shape.actionCount { gradient[action * shape.stateCount + state] += slope }
      }
    }
  }

  /// Differences are taken summand by summand: what does not move cancels exactly.
  private func change(_ count: Int) -> Scalar {
    var sum: Scalar = 0
    for i in 0..<count { sum += summands.base[i] - earlier.base[i] }
    return sum
  }

  /// Writes the summands of Φ at the present laws.
  ///
  /// - Returns: how many there are.
  private func formSummands(
    _ step: Int, _ flow: PopulationFlow<Scalar>, _ weights: Weights, _ reads: Reads
  ) -> Int {
    var used = 0
    if reads != .rows {
      for (population, shape) in workspace.game.shapes.enumerated() {
        workspace.rewards(population, step, flow, into: scratch.base)
        let pairs = weights.pairs[population]
        for entry in 0..<shape.pairCount {
          summands.base[used + entry] = pairs[entry] * scratch.base[entry]
        }
        used += shape.pairCount
      }
    }
    guard reads != .rewards, let arrivals = weights.arrivals, let values = weights.values else {
      return used
    }
    workspace.fillRows(flow, step)
    for (population, kernel) in workspace.game.kernels.enumerated() {
      guard case .meanField(let rows) = kernel else { continue }
      let pairs = workspace.game.shapes[population].pairCount
      let (next, p) = (flow.rowTargets[population][step], flow.rowProbabilities[population][step])
      let (x, v) = (arrivals[population], values[population])
      let (m, g) = (weights.masses[population], weights.pairs[population])
      for slot in 0..<rows.outcomesPerRow {
        for row in 0..<pairs {
          let target = Int(next[slot * pairs + row])
          summands.base[used + row] =
            p[slot * pairs + row] * (m[row] * x[target] + g[row] * v[target])
        }
        used += pairs
      }
    }
    return used
  }

  /// Balances truncation and rounding: about the fifth root of the rounding unit.
  private static var width: Scalar { Scalar(MemoryLayout<Scalar>.size == 8 ? 1e-3 : 4e-2) }

  /// Four points and what the values there weigh.
  private struct Stencil {
    private let reach: Scalar
    private let isCentral: Bool

    init(_ reach: Scalar, isCentral: Bool) {
      self.reach = reach
      self.isCentral = isCentral
    }

    /// −2, −1, 1, 2 steps, or 0, 1, 2, 3 where the mass does not reach below.
    func offset(_ point: Int) -> Scalar {
      reach * (isCentral ? Scalar(point < 2 ? point - 2 : point - 1) : Scalar(point))
    }

    func factor(_ point: Int) -> Scalar {
      if isCentral {
        let eighths: Scalar = point == 0 ? 1 : point == 1 ? -8 : point == 2 ? 8 : -1
        return eighths / (12 * reach)
      }
      let sixths: Scalar = point == 0 ? -11 : point == 1 ? 18 : point == 2 ? -9 : 2
      return sixths / (6 * reach)
    }

    /// The slope from the changes between the four points. Where a jump lies among them (a rounding
    /// in the transitions), the flattest part counts: the derivative almost everywhere.
    func slope(_ changes: [Scalar]) -> Scalar {
      let (first, middle, last) = (changes[0], changes[1], changes[2])
      let smooth =
        isCentral
        ? (7 * middle - first - last) / (12 * reach)
        : (11 * first - 7 * middle + 2 * last) / (6 * reach)
      let slopes = [first / reach, middle / (isCentral ? 2 * reach : reach), last / reach]
      // Without a jump the three slopes lie nearly on a line.
      let bend = abs(slopes[1] - (slopes[0] + slopes[2]) / 2)
      let largest = slopes.map { abs($0) }.max() ?? 0
      if bend <= abs(slopes[2] - slopes[0]) / 5 + largest / 100 { return smooth }
      // A jump in the middle spares the outer pieces, one further out spares the middle.
      let candidates = isCentral ? [slopes[1], (slopes[0] + slopes[2]) / 2] : slopes
      return candidates.min { abs($0) < abs($1) } ?? smooth
    }
  }
}
