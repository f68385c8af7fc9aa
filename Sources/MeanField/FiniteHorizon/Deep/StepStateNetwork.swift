import Foundation
import Learning
import Randomness

/// A network that sees the step and the state of one population, as two ones among zeros.
///
/// - Shapes: inputs `stepCount + stateCount`; rows of a table are `[step · stateCount + state]`.
struct StepStateNetwork: Sendable {
  let network: FeedForwardNetwork
  let stepCount: Int
  let stateCount: Int

  init(_ shape: PopulationShape, stepCount: Int, hidden: [Int], outputs: Int) {
    self.stepCount = stepCount
    stateCount = shape.stateCount
    network = FeedForwardNetwork(
      inputs: stepCount + shape.stateCount, hidden: hidden, outputs: outputs)
  }

  /// Input rows for given steps and states.
  func input(_ steps: [Int32], _ states: [Int32]) -> NetworkInput<Float> {
    var indices: [Int32] = []
    indices.reserveCapacity(2 * steps.count)
    for (step, state) in zip(steps, states) {
      indices.append(step)
      indices.append(Int32(stepCount) + state)
    }
    return .oneHot(indices: indices, activePerRow: 2)
  }

  /// The outputs for every step and state.
  func table(_ parameters: [Float]) -> [Float] {
    let rows = stepCount * stateCount
    return network.outputs(
      parameters,
      input(
        (0..<rows).map { Int32($0 / stateCount) }, (0..<rows).map { Int32($0 % stateCount) }))
  }

  /// Writes the softmax of `outputs · scale` over the available actions into a policy table.
  func writePolicy<Scalar: FlowScalar>(
    _ outputs: [Float], scale: Double, _ shape: PopulationShape, population: Int,
    _ layout: TableLayout, into policy: FlatBuffer<Scalar>
  ) {
    let actions = shape.actionCount
    for step in 0..<stepCount {
      let base = policy.base + layout.table(population, step)
      for state in 0..<stateCount {
        let row = (step * stateCount + state) * actions
        let allowed = (0..<actions).filter { shape.isAvailable(state, $0) }
        let top = allowed.map { Double(outputs[row + $0]) }.max() ?? 0
        var total = 0.0
        for action in allowed { total += exp((Double(outputs[row + action]) - top) * scale) }
        for action in 0..<actions { base[action * stateCount + state] = 0 }
        for action in allowed {
          base[action * stateCount + state] = Scalar(
            exp((Double(outputs[row + action]) - top) * scale) / total)
        }
      }
    }
  }

  /// Fits one output of each row to a target by minibatches of the squared error.
  func regress(
    _ parameters: inout [Float], _ optimiser: inout Adam<Float>, steps: [Int32], states: [Int32],
    columns: [Int32], targets: [Float], epochs: Int, minibatch: Int,
    using stream: inout RandomStream
  ) {
    let outputs = network.outputs
    train(&parameters, &optimiser, steps, states, epochs, minibatch, &stream) { rows, prediction in
      var gradient = [Float](repeating: 0, count: prediction.count)
      for (place, row) in rows.enumerated() {
        let entry = place * outputs + Int(columns[row])
        gradient[entry] = (prediction[entry] - targets[row]) / Float(rows.count)
      }
      return gradient
    }
  }

  /// Raises the log-likelihood of given actions under the softmax of the outputs.
  func classify(
    _ parameters: inout [Float], _ optimiser: inout Adam<Float>, steps: [Int32], states: [Int32],
    actions: [Int32], _ shape: PopulationShape, epochs: Int, minibatch: Int,
    using stream: inout RandomStream
  ) {
    let outputs = network.outputs
    train(&parameters, &optimiser, steps, states, epochs, minibatch, &stream) { rows, prediction in
      var gradient = [Float](repeating: 0, count: prediction.count)
      for (place, row) in rows.enumerated() {
        let base = place * outputs
        let allowed = (0..<outputs).filter { shape.isAvailable(Int(states[row]), $0) }
        let top = allowed.map { prediction[base + $0] }.max() ?? 0
        var total: Float = 0
        for action in allowed { total += exp(prediction[base + action] - top) }
        for action in allowed {
          gradient[base + action] =
            exp(prediction[base + action] - top) / total / Float(rows.count)
        }
        gradient[base + Int(actions[row])] -= 1 / Float(rows.count)
      }
      return gradient
    }
  }

  private func train(
    _ parameters: inout [Float], _ optimiser: inout Adam<Float>, _ steps: [Int32],
    _ states: [Int32], _ epochs: Int, _ minibatch: Int, _ stream: inout RandomStream,
    _ outputGradient: ([Int], [Float]) -> [Float]
  ) {
    var order = Array(0..<steps.count)
    for _ in 0..<epochs {
      stream.shuffle(&order)
      for start in stride(from: 0, to: order.count, by: minibatch) {
        let rows = Array(order[start..<min(start + minibatch, order.count)])
        let tape = NetworkTape(
          network, parameters, input(rows.map { steps[$0] }, rows.map { states[$0] }))
        var gradient = [Float](repeating: 0, count: parameters.count)
        tape.addGradient(
          parameters, outputGradient: outputGradient(rows, tape.outputs), to: &gradient)
        optimiser.descend(&parameters, gradient)
      }
    }
  }
}

/// What the deep solvers have in common.
public struct DeepLearningConfiguration: Codable, Hashable, Sendable {
  /// Widths of the hidden layers; default 64 and 64.
  public var hidden: [Int] = [64, 64]
  /// Episodes sampled per iteration and population, ≥ 1; default 400.
  public var episodes: Int = 400
  /// Adam's step size, > 0; default 1e−3 (its paper's).
  public var stepSize: Double = 1e-3
  /// Passes over the samples per training, ≥ 1; default 2.
  public var epochs: Int = 2
  /// Rows of a gradient step, ≥ 1; default 128.
  public var minibatch: Int = 128
  /// The root of all random draws.
  public var seed: UInt64 = 0

  public init() {}

  func stream(_ iteration: Int, _ purpose: String, _ population: Int) -> RandomStream {
    SeedTree(root: seed).child("deep", iteration).stream(purpose, population)
  }
}

extension FlatBuffer {
  /// The numbers as a network's parameters, and back.
  var parameters: [Float] {
    get { (0..<count).map { Float(base[$0]) } }
    set { for (index, value) in newValue.enumerated() { base[index] = Scalar(value) } }
  }
}
