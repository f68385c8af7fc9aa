import Randomness

/// Measures Lasry–Lions monotonicity on random pairs of flows.
///
/// ```swift
/// let report = Monotonicity.measure(PreparedGame(BeachBar<Double>()), pairs: 100, seed: 1)
/// report.isMonotone  // no pair contradicts it
/// ```
///
/// ## Method
/// For flows L, L' of two random policies: `Σ_t Σ_k ⟨r_k(L_t) − r_k(L'_t), L_{k,t} − L'_{k,t}⟩ / ‖L − L'‖²`. Where it is
/// never positive, mirror descent and fictitious play are known to converge, and where it is negative
/// the equilibrium flow is unique. A sample can refute monotonicity, not prove it.
///
/// - Algorithm: monotonicity-check | Lasry & Lions 2007 | condition (2.23) | exact check passed
/// - Source: Lasry, Lions (2007), *Mean field games*; Perolat et al. (2021), arXiv 2103.00623, for
///   several populations.
/// - Differs: rewards only; says nothing where transitions depend on the mean field.
/// - Randomness: `SeedTree(root: seed).stream("monotonicity", pair)`.
/// - Verified: `FiniteHorizonMeasureTests`.
public struct Monotonicity: Sendable, Hashable {
  /// The largest and the smallest quotient that was seen.
  public let largest, smallest: Double
  /// Whether no pair contradicts monotonicity (up to rounding).
  public var isMonotone: Bool { largest <= 1e-9 }

  public static func measure(
    _ game: PreparedGame<Double>, pairs: Int = 50, seed: UInt64 = 0
  ) -> Monotonicity {
    let workspace = FlowWorkspace(game)
    var largest = -Double.infinity
    var smallest = Double.infinity
    for pair in 0..<pairs {
      var stream = SeedTree(root: seed).stream("monotonicity", pair)
      let quotient = Self.quotient(
        sample(game, workspace, &stream), sample(game, workspace, &stream))
      largest = max(largest, quotient)
      smallest = min(smallest, quotient)
    }
    return Monotonicity(largest: largest, smallest: smallest)
  }

  /// Joint laws and rewards of a random policy.
  private static func sample(
    _ game: PreparedGame<Double>, _ workspace: FlowWorkspace<Double>, _ stream: inout RandomStream
  ) -> (joint: [Double], rewards: [Double]) {
    let logits = FlatBuffer(FiniteHorizonPolicy.uniform(game).values)
    Double.log(logits.count, UnsafePointer(logits.base), logits.base)
    for i in 0..<logits.count { logits.base[i] += 2 * stream.normal() }
    let policy = FlatBuffer<Double>(count: logits.count)
    let joint = FlatBuffer<Double>(count: logits.count)
    let rewards = FlatBuffer<Double>(count: logits.count)
    let flow = PopulationFlow(game)
    for (population, shape) in game.shapes.enumerated() {
      for step in 0...game.lastStep {
        let table = workspace.layout.table(population, step)
        Double.softmax(
          shape.stateCount, shape.stateCount, shape.actionCount, logits.base + table,
          policy.base + table)
      }
    }
    workspace.forward(policy, into: flow)
    workspace.joint(policy, flow, into: joint.base)
    for population in game.shapes.indices {
      for step in 0...game.lastStep {
        workspace.rewards(
          population, step, flow, into: rewards.base + workspace.layout.table(population, step))
      }
    }
    return (joint.array, rewards.array)
  }

  private static func quotient(
    _ a: (joint: [Double], rewards: [Double]), _ b: (joint: [Double], rewards: [Double])
  ) -> Double {
    var product = 0.0
    var square = 0.0
    for i in a.joint.indices {
      let change = a.joint[i] - b.joint[i]
      product += (a.rewards[i] - b.rewards[i]) * change
      square += change * change
    }
    return square > 0 ? product / square : 0
  }
}
