import Foundation
import Learning
import Randomness

/// A policy that sees the population: one network whose input is the step, the agent's state and the
/// laws of all populations at that step.
///
/// ```swift
/// let policy = solver.train(game).policy
/// policy.measure(from: [law], in: game).exploitability   // from a law it has never seen
/// ```
///
/// - Shapes: inputs are `[step | state | laws]`, laws times the number of states (one on average).
///   A blind policy has the same shape and never reads the laws.
public struct MasterPolicy: Sendable {
  let networks: [FeedForwardNetwork]
  var parameters: [[Float]]
  /// Whether it sees the population.
  public let seesPopulation: Bool
  let stepCount: Int
  private let lawCount: Int

  init(
    _ game: PreparedGame<Double>, hidden: [Int], seesPopulation: Bool,
    using stream: inout RandomStream
  ) {
    self.seesPopulation = seesPopulation
    stepCount = game.stepCount
    let laws = game.shapes.reduce(0) { $0 + $1.stateCount }
    let steps = game.stepCount
    lawCount = laws
    networks = game.shapes.map {
      FeedForwardNetwork(
        inputs: steps + $0.stateCount + laws, hidden: hidden, outputs: $0.actionCount)
    }
    parameters = []
    for network in networks {
      var values: [Float] = network.initialParameters(using: &stream)
      // The last layer starts at zero: the first policy is the uniform one.
      if let last = network.layers.last {
        for index in last.weightOffset..<last.end { values[index] = 0 }
      }
      parameters.append(values)
    }
  }

  /// What the network sees of the populations at one step.
  func view(_ laws: [UnsafePointer<Double>], _ shapes: [PopulationShape]) -> [Float] {
    if !seesPopulation { return [] }
    return shapes.indices.flatMap { k in
      (0..<shapes[k].stateCount).map { Float(laws[k][$0] * Double(shapes[k].stateCount)) }
    }
  }

  /// Input rows of the given states at one step.
  func input(
    _ population: Int, _ rows: [(step: Int, state: Int, view: [Float])]
  ) -> NetworkInput<Float> {
    let states = networks[population].inputs - stepCount - lawCount
    let active = seesPopulation ? 2 + lawCount : 2
    var indices: [Int32] = []
    var values: [Float] = []
    indices.reserveCapacity(rows.count * active)
    values.reserveCapacity(rows.count * active)
    for row in rows {
      indices.append(Int32(row.step))
      indices.append(Int32(stepCount + row.state))
      values.append(1)
      values.append(1)
      for (offset, share) in row.view.enumerated() {
        indices.append(Int32(stepCount + states + offset))
        values.append(share)
      }
    }
    return .sparse(indices: indices, values: values, activePerRow: active)
  }

  /// Plays from the laws at t = 0: writes its table and its flow.
  func play(
    _ workspace: FlowWorkspace<Double>, table: FlatBuffer<Double>, flow: PopulationFlow<Double>
  ) {
    let layout = workspace.layout
    workspace.forward(table, into: flow) { step in
      let laws = layout.shapes.indices.map {
        UnsafePointer(flow.laws.base + layout.law($0, step))
      }
      let view = view(laws, layout.shapes)
      for (population, shape) in layout.shapes.enumerated() {
        let rows = (0..<shape.stateCount).map { (step: step, state: $0, view: view) }
        let outputs = networks[population].outputs(
          parameters[population], input(population, rows))
        let base = table.base + layout.table(population, step)
        for state in 0..<shape.stateCount {
          for action in 0..<shape.actionCount {
            base[action * shape.stateCount + state] =
              shape.isAvailable(state, action)
              ? Double(outputs[state * shape.actionCount + action]) : -.infinity
          }
        }
        Double.softmax(shape.stateCount, shape.stateCount, shape.actionCount, base, base)
      }
    }
  }

  /// The table that it plays from given laws at t = 0: an ordinary policy of the game from there.
  public func policy(
    from laws: [[Double]], in game: PreparedGame<Double>
  ) -> FiniteHorizonPolicy<Double> {
    let workspace = FlowWorkspace(game.startingFrom(laws))
    let table = FlatBuffer<Double>(count: workspace.layout.tableCount)
    play(workspace, table: table, flow: PopulationFlow(workspace.game))
    return FiniteHorizonPolicy(layout: workspace.layout, values: table.array)
  }

  /// What it is worth from given laws at t = 0, and how exploitable: exact, against a best response
  /// that knows the flow.
  public func measure(from laws: [[Double]], in game: PreparedGame<Double>) -> PolicyMeasures {
    PolicyMeasures.evaluate(policy(from: laws, in: game), in: game.startingFrom(laws))
  }
}
