import Foundation
import Learning
import Randomness

/// Learns one policy for all initial laws: mirror descent whose running sum of values is a network
/// that sees the population.
///
/// ```swift
/// let training = PopulationAwareMirrorDescent().train(PreparedGame(CrowdModelling<Double>()))
/// training.policy.measure(from: [unseenLaw], in: game).exploitability
/// ```
///
/// ## Method
/// For each of `trainingLaws` random initial laws, at iteration i:
/// 1. play π_i = softmax(f_i(t, s, μ_t)) from it, which gives a flow and the values Q of π_i in it;
/// 2. fit `f_{i+1}(t, s, a, μ_t)` to `α f_i + η Q` (centred over actions) on all steps and states of all
///    flows.
/// α = 1 keeps the running sum (Munchausen's form of mirror descent); α < 1 forgets.
///
/// - Algorithm: population-aware-mirror-descent | Perrin et al. 2022; Wu et al. 2024 | master policies; population-aware OMD | exact check passed
/// - Source: Perrin, Laurière, Pérolat et al. (2022), *Generalization in mean field games by learning
///   master policies*, AAAI, arXiv 2109.09717; Wu, Laurière, Chua et al. (2024), *Population-aware
///   online mirror descent for mean-field games by deep reinforcement learning*, arXiv 2403.03552.
/// - Differs: the values that the network is fitted to are exact, where the papers estimate them
///   from samples; random laws are powers of exponential draws, normalised: from nearly even to
///   nearly one point.
/// - Randomness: `SeedTree(root: seed).child("population-aware")`, streams `laws`, `weights`, `order`.
/// - Complexity: an iteration is two sweeps a law and `epochs` passes of the network over
///   `trainingLaws · steps · states` rows.
/// - Verified: `PopulationAwareTests` (exact exploitability from unseen laws, against a blind network).
public struct PopulationAwareMirrorDescent: Codable, Hashable, Sendable {
  public static let name = "population-aware-mirror-descent"
  /// η > 0, per unit of reward; default .1.
  public var learningRate: Double = 0.1
  /// α in (0, 1]; default 1.
  public var memory: Double = 1
  /// Initial laws that are trained on, ≥ 1; default 40.
  public var trainingLaws: Int = 40
  /// Widths of the hidden layers; default 64 and 64.
  public var hidden: [Int] = [64, 64]
  /// Adam's step size; default 1e−3.
  public var stepSize: Double = 1e-3
  /// Passes over the rows per iteration; default 4.
  public var epochs: Int = 4
  /// Rows of a gradient step; default 256.
  public var minibatch: Int = 256
  /// Root of laws, weights and order of rows.
  public var seed: UInt64 = 0

  public init() {}

  /// What a training gives.
  public struct Training: Sendable {
    /// The least exploitable policy of the run, by the mean over the training laws.
    public let policy: MasterPolicy
    /// Mean exploitability over the training laws, of every iterate.
    public let trace: [Double]
    public let bestIteration: Int
  }

  /// Random initial laws of all populations; which ones depends on `purpose` and the seed alone.
  public func laws(
    _ count: Int, _ purpose: String, for game: PreparedGame<Double>
  ) -> [[[Double]]] {
    (0..<count).map { index in
      var stream = SeedTree(root: seed).child("population-aware").child(purpose).stream(
        "laws", index)
      return game.shapes.map { shape in
        let power = 0.3 + 3.7 * stream.uniform()
        let weights = (0..<shape.stateCount).map { _ in
          pow(stream.exponential(rate: 1), power)
        }
        let total = weights.reduce(0, +)
        return weights.map { $0 / total }
      }
    }
  }

  /// Trains a policy that sees the population, or one of the same shape that does not.
  public func train(
    _ game: PreparedGame<Double>, iterations: Int = 100, seesPopulation: Bool = true
  ) -> Training {
    let tree = SeedTree(root: seed).child("population-aware")
    var weights = tree.stream("weights")
    var order = tree.stream("order")
    var policy = MasterPolicy(
      game, hidden: hidden, seesPopulation: seesPopulation, using: &weights)
    var optimisers = policy.parameters.map {
      Adam<Float>(count: $0.count, stepSize: stepSize)
    }
    let starts = laws(trainingLaws, "training", for: game)
    let workspaces = starts.map { FlowWorkspace(game.startingFrom($0)) }
    var best = (policy: policy, gap: Double.infinity, iteration: 0)
    var trace: [Double] = []
    for iteration in 0...iterations {
      var batches = game.shapes.map { _ in TrainingRows() }
      let gap = collect(policy, workspaces, into: &batches)
      trace.append(gap)
      if gap < best.gap { best = (policy, gap, iteration) }
      if iteration == iterations || !gap.isFinite { break }
      for population in batches.indices {
        fit(&policy, population, batches[population], &optimisers[population], &order)
      }
    }
    return Training(policy: best.policy, trace: trace, bestIteration: best.iteration)
  }

  /// What the network of one population is fitted to.
  private struct TrainingRows {
    var rows: [(step: Int, state: Int, view: [Float])] = []
    /// `[row][action]`; NaN where an action is not available.
    var targets: [Float] = []
  }

  /// Step 1 for all laws.
  ///
  /// - Returns: the mean exploitability.
  private func collect(
    _ policy: MasterPolicy, _ workspaces: [FlowWorkspace<Double>],
    into batches: inout [TrainingRows]
  ) -> Double {
    var sum = 0.0
    for workspace in workspaces {
      let layout = workspace.layout
      let table = FlatBuffer<Double>(count: layout.tableCount)
      let target = FlatBuffer<Double>(count: layout.tableCount)
      let flow = PopulationFlow(workspace.game)
      policy.play(workspace, table: table, flow: flow)
      let values = workspace.backward(table, in: flow, goal: .both) {
        population, step, states, q, _ in
        let (count, at) = (
          layout.shapes[population].stateCount, layout.table(population, step)
        )
        for action in 0..<layout.shapes[population].actionCount {
          for state in states {
            let entry = action * count + state
            let score = log(max(table.base[at + entry], 1e-12))
            target.base[at + entry] = memory * score + learningRate * q[entry]
          }
        }
      }
      sum += values.reduce(0) { $0 + $1.exploitability }
      for population in batches.indices {
        append(population, policy, workspace, flow, target, to: &batches[population])
      }
    }
    return sum / Double(workspaces.count)
  }

  private func append(
    _ population: Int, _ policy: MasterPolicy, _ workspace: FlowWorkspace<Double>,
    _ flow: PopulationFlow<Double>, _ target: FlatBuffer<Double>, to batch: inout TrainingRows
  ) {
    let (layout, shape) = (workspace.layout, workspace.layout.shapes[population])
    for step in 0...workspace.game.lastStep {
      let view = policy.view(
        layout.shapes.indices.map { UnsafePointer(flow.laws.base + layout.law($0, step)) },
        layout.shapes)
      let base = target.base + layout.table(population, step)
      for state in 0..<shape.stateCount {
        batch.rows.append((step, state, view))
        let row = (0..<shape.actionCount).map { action in
          shape.isAvailable(state, action) ? base[action * shape.stateCount + state] : .nan
        }
        let known = row.filter { !$0.isNaN }
        let mean = known.reduce(0, +) / Double(known.count)
        batch.targets.append(contentsOf: row.map { Float($0 - mean) })
      }
    }
  }

  /// Step 2.
  private func fit(
    _ policy: inout MasterPolicy, _ population: Int, _ batch: TrainingRows,
    _ optimiser: inout Adam<Float>, _ stream: inout RandomStream
  ) {
    let network = policy.networks[population]
    let actions = network.outputs
    var order = Array(batch.rows.indices)
    for _ in 0..<epochs {
      stream.shuffle(&order)
      for start in stride(from: 0, to: order.count, by: minibatch) {
        let chosen = order[start..<min(start + minibatch, order.count)]
        let tape = NetworkTape(
          network, policy.parameters[population],
          policy.input(population, chosen.map { batch.rows[$0] }))
        var slope = [Float](repeating: 0, count: chosen.count * actions)
        for (place, row) in chosen.enumerated() {
          for action in 0..<actions {
            let gap = tape.outputs[place * actions + action] - batch.targets[row * actions + action]
            slope[place * actions + action] = gap.isNaN ? 0 : gap / Float(chosen.count)
          }
        }
        var gradient = [Float](repeating: 0, count: network.parameterCount)
        tape.addGradient(policy.parameters[population], outputGradient: slope, to: &gradient)
        optimiser.descend(&policy.parameters[population], gradient)
      }
    }
  }
}
