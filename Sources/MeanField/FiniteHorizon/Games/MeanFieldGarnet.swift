import Randomness

/// A random game of a known class: few successors a state and action, random rewards, and a
/// coupling whose class decides what an equilibrium looks like.
///
/// ## Method
/// Each (s, a) has `successors` random next states with random weights and a base reward uniform in
/// [0, 1]. The coupling of strength κ is
/// - `contractive`: `r += κ (C μ)(s)/n` with |C| ≤ 1: for small κ the best-response map of the regularised
///   game contracts;
/// - `monotone`: `r −= κ log(μ(s) + 1e−10)`: ∫ (r(μ) − r(ν)) d(μ − ν) < 0 for μ ≠ ν, one equilibrium flow;
/// - `potential`: `r −= κ ((C + Cᵀ)/2 μ)(s)`: rewards are the gradient of a function of μ, which
///   need not be concave;
/// - `dynamicsCoupled`: `P = (1 − κ) P_0 + κ Σ_s μ(s) P_s` with further random tables P_s: no
///   monotonicity in Lasry–Lions' sense applies.
///
/// - Source: Archibald, McKinnon, Thomas (1995), *On the generation of Markov decision processes*;
///   Geist et al. (2022), *Concave utility reinforcement learning: the mean-field game viewpoint*;
///   OpenSpiel's `mfg_garnet` (the monotone class with κ = η).
/// - Differs: our own generator; OpenSpiel pays the base reward one step later.
/// - Randomness: `SeedTree(root: seed).child("garnet")`, streams "successors", "rewards",
///   "coupling".
/// - Verified: `FiniteHorizonGameTests` (monotonicity measured per class).
public struct MeanFieldGarnet<Scalar: FlowScalar>: FiniteHorizonGame {
  /// What is known of the game.
  public enum Coupling: String, Codable, Sendable, CaseIterable {
    case contractive, monotone, potential, dynamicsCoupled
  }

  public let name: String
  /// T ≥ 0; default 9.
  public let lastStep: Int
  /// Default 10 states and 3 actions (OpenSpiel's).
  public let states, actions: Int
  /// Next states of a state and action; default 3 (OpenSpiel's).
  public let successors: Int
  public let coupling: Coupling
  /// κ ≥ 0 (at most 1 for coupled dynamics); default 1 (.5 for coupled dynamics).
  public let strength: Double
  public let populations: [PopulationShape]
  private let base: SparseTransitions<Scalar>
  /// P_s for coupled dynamics.
  private let tables: [SparseTransitions<Scalar>]
  private let baseRewards: [Scalar]
  private let matrix: [Scalar]

  public init(
    coupling: Coupling = .monotone, lastStep: Int = 9, states: Int = 10, actions: Int = 3,
    successors: Int = 3, strength: Double? = nil, seed: UInt64 = 0
  ) {
    name = coupling == .monotone ? "garnet" : "garnet-\(coupling.rawValue)"
    self.coupling = coupling
    self.lastStep = lastStep
    self.states = states
    self.actions = actions
    self.successors = min(successors, states)
    self.strength = strength ?? (coupling == .dynamicsCoupled ? 0.5 : 1)
    populations = [
      PopulationShape(states: states, actions: actions)
    ]
    let seeds = SeedTree(root: seed).child("garnet")
    let branches = self.successors
    func table(_ index: Int) -> SparseTransitions<Scalar> {
      var stream = seeds.stream("successors", index)
      return SparseTransitions(states: states, actions: actions) { _, _ in
        var places = Array(0..<states)
        stream.shuffle(&places)
        let weights = (0..<branches).map { _ in stream.uniformPositive() }
        let total = weights.reduce(0, +)
        return zip(places, weights).map { ($0, $1 / total) }
      }
    }
    base = table(0)
    tables = coupling == .dynamicsCoupled ? (0..<states).map { table($0 + 1) } : []
    var rewards = seeds.stream("rewards")
    baseRewards = (0..<states * actions).map { _ in Scalar(rewards.uniform()) }
    matrix = Self.matrix(coupling, states, seeds)
  }

  private static func matrix(_ coupling: Coupling, _ states: Int, _ seeds: SeedTree) -> [Scalar] {
    guard coupling == .contractive || coupling == .potential else { return [] }
    var stream = seeds.stream("coupling")
    var entries = (0..<states * states).map { _ in 2 * stream.uniform() - 1 }
    if coupling == .potential {
      for row in 0..<states {
        for column in 0..<row {
          let mean = (entries[row * states + column] + entries[column * states + row]) / 2
          entries[row * states + column] = mean
          entries[column * states + row] = mean
        }
      }
    }
    let scale = coupling == .contractive ? 1 / Double(states) : -1
    return entries.map { Scalar($0 * scale) }
  }

  public func initialLaw(of population: Int) -> [Scalar] {
    [Scalar](repeating: 1 / Scalar(states), count: states)
  }

  public func transitions(of population: Int) -> TransitionModel<Scalar> {
    guard coupling == .dynamicsCoupled else { return .fixed(base) }
    let game = self
    return .meanField(
      MeanFieldTransitions(outcomesPerRow: states) { _, meanField, rows in
        game.fillRows(meanField.stateLaw(), rows)
      })
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  private func fillRows(_ law: UnsafePointer<Scalar>, _ rows: TransitionWriter<Scalar>) {
    for slot in 0..<states {
      for row in 0..<rows.slotStride {
        rows.next[slot * rows.slotStride + row] = Int32(slot)
        rows.probabilities[slot * rows.slotStride + row] = 0
      }
    }
    add(base, weight: 1 - Scalar(strength), rows)
    for state in 0..<states { add(tables[state], weight: Scalar(strength) * law[state], rows) }
  }

  private func add(
    _ table: SparseTransitions<Scalar>, weight: Scalar, _ rows: TransitionWriter<Scalar>
  ) {
    for row in 0..<rows.slotStride {
      for entry in Int(table.offsets[row])..<Int(table.offsets[row + 1]) {
        let slot = Int(table.next[entry])
        rows.probabilities[slot * rows.slotStride + row] += weight * table.probabilities[entry]
      }
    }
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func fillRewards(
    step: Int, population: Int, states range: Range<Int>, meanField: StepMeanField<Scalar>,
    into rewards: RewardWriter<Scalar>
  ) {
    let law = meanField.stateLaw()
    if coupling == .monotone {
      CongestionReward.fill(range, law: law, offset: 1e-10, into: rewards.base)
    } else {
      for state in range {
        var sum: Scalar = 0
        if !matrix.isEmpty {
          for other in 0..<states { sum += matrix[state * states + other] * law[other] }
        }
        rewards.base[state] = sum
      }
    }
    for action in stride(from: actions - 1, through: 0, by: -1) {
      for state in range {
        rewards[state, action] =
          baseRewards[action * states + state] + Scalar(strength) * rewards.base[state]
      }
    }
  }
}
