import Foundation
import Learning
import Randomness

/// One router's two networks with their optimisers and the decisions since the last update.
package struct RouterLearner: Sendable {
  package let actor: FeedForwardNetwork
  let critic: FeedForwardNetwork
  package internal(set) var actorWeights: [Float]
  var criticWeights: [Float]
  private var actorSteps: Adam<Float>
  private var criticSteps: Adam<Float>

  // Since the last update, a row per decision.
  package var observations: [Int32] = []
  /// Probabilities that the actor should come to, `[row][slot]`.
  package var goals: [Float] = []
  package var destinations: [Int32] = []
  package var returns: [Float] = []

  package init(
    inputs: Int, routerCount: Int, degree: Int, configuration: NeuralActorCriticConfiguration,
    seeds: SeedTree
  ) {
    let hidden = [Int](
      repeating: configuration.hiddenUnits, count: configuration.hiddenLayers)
    actor = FeedForwardNetwork(inputs: inputs, hidden: hidden, outputs: max(degree, 1))
    critic = FeedForwardNetwork(inputs: routerCount, hidden: hidden, outputs: 1)
    var draws = seeds.stream("weights")
    actorWeights = actor.initialParameters(using: &draws)
    criticWeights = critic.initialParameters(using: &draws)
    // Values start at the distances: the correction to them starts at zero.
    for index in (critic.layers.last?.weightOffset ?? 0)..<criticWeights.count {
      criticWeights[index] = 0
    }
    actorSteps = Adam(count: actor.parameterCount)
    criticSteps = Adam(count: critic.parameterCount)
  }

  /// One step of both networks on the decisions since the last one, which are then forgotten.
  ///
  /// - Parameter scale: ticks per unit of the critic's output.
  package mutating func update(activePerRow: Int, scale: Float, stepSize: Double) {
    let rows = destinations.count
    guard rows > 0 else { return }
    updateActor(activePerRow, rows, stepSize)
    updateCritic(rows, scale, stepSize)
    observations.removeAll(keepingCapacity: true)
    goals.removeAll(keepingCapacity: true)
    destinations.removeAll(keepingCapacity: true)
    returns.removeAll(keepingCapacity: true)
  }

  /// Gradient of the mean of KL(goal ‖ policy): `(π − goal) / rows` in the logits.
  private mutating func updateActor(_ active: Int, _ rows: Int, _ stepSize: Double) {
    let tape = NetworkTape(
      actor, actorWeights, .oneHot(indices: observations, activePerRow: active))
    let degree = actor.outputs
    var slope = tape.outputs
    for row in 0..<rows {
      softmax(&slope, row * degree..<(row + 1) * degree)
      for slot in row * degree..<(row + 1) * degree {
        slope[slot] = (slope[slot] - goals[slot]) / Float(rows)
      }
    }
    var gradient = [Float](repeating: 0, count: actor.parameterCount)
    tape.addGradient(actorWeights, outputGradient: slope, to: &gradient)
    actorSteps.stepSize = stepSize
    actorSteps.descend(&actorWeights, gradient)
  }

  /// Gradient of the mean squared error.
  private mutating func updateCritic(_ rows: Int, _ scale: Float, _ stepSize: Double) {
    let tape = NetworkTape(
      critic, criticWeights, .oneHot(indices: destinations, activePerRow: 1))
    var slope = tape.outputs
    for row in 0..<rows { slope[row] = (slope[row] - returns[row] / scale) / Float(rows) }
    var gradient = [Float](repeating: 0, count: critic.parameterCount)
    tape.addGradient(criticWeights, outputGradient: slope, to: &gradient)
    criticSteps.stepSize = stepSize
    criticSteps.descend(&criticWeights, gradient)
  }

  /// The critic's correction for every destination, in units of its scale.
  package func corrections(routerCount: Int) -> [Float] {
    critic.outputs(
      criticWeights, .oneHot(indices: (0..<Int32(routerCount)).map { $0 }, activePerRow: 1))
  }

  /// Turns logits into probabilities, in place.
  package func softmax(_ values: inout [Float], _ range: Range<Int>) {
    var highest = -Float.infinity
    for index in range { highest = max(highest, values[index]) }
    var sum: Float = 0
    for index in range {
      values[index] = exp(values[index] - highest)
      sum += values[index]
    }
    for index in range { values[index] /= sum }
  }

  // MARK: Storing

  var numbers: [Float] {
    actorWeights + criticWeights + actorSteps.moments.first + actorSteps.moments.second
      + criticSteps.moments.first + criticSteps.moments.second
      + [Float(actorSteps.steps), Float(criticSteps.steps)]
  }
  var numberCount: Int { 3 * (actor.parameterCount + critic.parameterCount) + 2 }

  mutating func restore(_ numbers: ArraySlice<Float>) {
    var next = numbers.startIndex
    func take(_ count: Int) -> [Float] {
      defer { next += count }
      return Array(numbers[next..<next + count])
    }
    actorWeights = take(actor.parameterCount)
    criticWeights = take(critic.parameterCount)
    let actorMoments = (take(actor.parameterCount), take(actor.parameterCount))
    let criticMoments = (take(critic.parameterCount), take(critic.parameterCount))
    let steps = take(2)
    actorSteps.restore(
      steps: LearnerState.count(steps[0]), first: actorMoments.0, second: actorMoments.1)
    criticSteps.restore(
      steps: LearnerState.count(steps[1]), first: criticMoments.0, second: criticMoments.1)
  }
}
