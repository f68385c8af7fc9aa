import Randomness

/// Samples agents in a frozen flow: what the deep solvers learn from.
final class FlowSampler<Scalar: FlowScalar> {
  private let workspace: FlowWorkspace<Scalar>
  private let flow: PopulationFlow<Scalar>
  /// Rewards of all populations and steps, in the layout of a policy table.
  private let rewards: FlatBuffer<Scalar>

  init(_ workspace: FlowWorkspace<Scalar>, _ flow: PopulationFlow<Scalar>) {
    self.workspace = workspace
    self.flow = flow
    rewards = FlatBuffer(count: workspace.layout.tableCount)
  }

  /// Takes up the present content of the flow.
  func refresh() {
    for population in workspace.game.shapes.indices {
      for step in 0...workspace.game.lastStep {
        workspace.rewards(
          population, step, flow,
          into: rewards.base + workspace.layout.table(population, step))
      }
    }
  }

  /// Decisions of one population, episode after episode.
  struct Episodes {
    var steps: [Int32] = []
    var states: [Int32] = []
    var actions: [Int32] = []
    var rewards: [Float] = []
    /// The state after the decision; −1 after the last step.
    var next: [Int32] = []

    var count: Int { steps.count }
  }

  /// Episodes under a policy table, each action replaced by an available one at random with
  /// probability `exploration`.
  func episodes(
    _ count: Int, population: Int, policy: FlatBuffer<Scalar>, exploration: Double,
    using stream: inout RandomStream
  ) -> Episodes {
    let shape = workspace.game.shapes[population]
    let law = workspace.game.initialLaws[population].map { Double($0) }
    var result = Episodes()
    for _ in 0..<count {
      var state = stream.categorical(law)
      for step in 0...workspace.game.lastStep {
        let table = workspace.layout.table(population, step)
        let action = choose(
          shape, state, policy.base + table, explores: stream.bernoulli(exploration), &stream)
        result.steps.append(Int32(step))
        result.states.append(Int32(state))
        result.actions.append(Int32(action))
        result.rewards.append(Float(rewards.base[table + action * shape.stateCount + state]))
        if step < workspace.game.lastStep {
          state = successor(population, step, state, action, &stream)
          result.next.append(Int32(state))
        } else {
          result.next.append(-1)
        }
      }
    }
    return result
  }

  private func choose(
    _ shape: PopulationShape, _ state: Int, _ policy: UnsafeMutablePointer<Scalar>, explores: Bool,
    _ stream: inout RandomStream
  ) -> Int {
    let weights = (0..<shape.actionCount).map { action -> Double in
      if explores { return shape.isAvailable(state, action) ? 1 : 0 }
      return Double(policy[action * shape.stateCount + state])
    }
    return stream.categorical(weights)
  }

  private func successor(
    _ population: Int, _ step: Int, _ state: Int, _ action: Int, _ stream: inout RandomStream
  ) -> Int {
    let pairs = workspace.game.shapes[population].pairCount
    let row = action * workspace.game.shapes[population].stateCount + state
    switch workspace.game.kernels[population] {
    case .tables(let tables):
      return tables[tables.count == 1 ? 0 : step].sample(row, &stream)
    case .moveThenNoise(let parts):
      return parts.noise.sample(parts.moves.sample(row, &stream), &stream)
    case .meanField(let rows):
      let targets = flow.rowTargets[population][step]
      let probabilities = flow.rowProbabilities[population][step]
      let weights = (0..<rows.outcomesPerRow).map {
        max(0, Double(probabilities[$0 * pairs + row]))
      }
      return Int(targets[stream.categorical(weights) * pairs + row])
    }
  }
}

extension PopulationShape {
  /// Whether an action may be chosen in a state.
  func isAvailable(_ state: Int, _ action: Int) -> Bool {
    available.map { $0[state * actionCount + action] } ?? true
  }
}

extension TransitionTable {
  /// A next state drawn from one row.
  func sample(_ row: Int, _ stream: inout RandomStream) -> Int {
    let entries: [Int] =
      width > 0
      ? (0..<width).map { $0 * pairCount + row }
      : Array(Int(offsets[row])..<Int(offsets[row + 1]))
    if entries.count == 1 { return Int(next[entries[0]]) }
    return Int(next[entries[stream.categorical(entries.map { Double(probabilities[$0]) })]])
  }
}
