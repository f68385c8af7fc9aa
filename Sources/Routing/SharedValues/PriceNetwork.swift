import Foundation
import Learning
import Randomness

/// A correction to the price of a router, as one network that all routers of all networks share.
///
/// ## Method
/// The price of load u is `F′(u) · exp(g(features))`. F′ holds for Poisson arrivals; packets that come
/// through a queue come more evenly, and those of many neighbours at once do not. The features of a
/// router, all known to it, describe where its packets come from:
/// its load, F′ (as a logarithm), its degree, the share of packets born at it, how concentrated
/// arrivals are on few links (Σ shares²), and the mean load of the neighbours that they come from.
/// After each episode g descends the squared error of `log (measured / F′)`, measured: mean over
/// packets of own wait plus packets delayed (`BusyPeriods`), weighted by packets.
///
/// Its weights depend on no network: learned on some, they serve on any other.
///
/// - Shapes: inputs `[router][feature]`; weights as `FeedForwardNetwork` says.
/// - Verified: `PriceNetworkTests`; `wayfield reproduce routing-transfer`.
package struct PriceNetwork: Sendable {
  static let features = 6
  static let shape = FeedForwardNetwork(inputs: features, hidden: [16, 16], outputs: 1)
  /// No correction is larger than this factor, or smaller than its reciprocal.
  static let largestFactor: Float = 4

  private(set) var weights: [Float]
  private var steps: Adam<Float>

  package init() {
    var draws = SeedTree(root: 0).stream("price-network")
    weights = Self.shape.initialParameters(using: &draws)
    // No correction to begin with.
    for index in (Self.shape.layers.last?.weightOffset ?? 0)..<weights.count { weights[index] = 0 }
    steps = Adam(count: weights.count)
  }

  /// What prices are multiplied by, one factor per row of features.
  package func factors(_ features: [Float]) -> [Float] {
    let limit = log(Self.largestFactor)
    return Self.shape.outputs(weights, .dense(features, inputs: Self.features)).map {
      exp(max(-limit, min(limit, $0)))
    }
  }

  /// One step towards measured factors.
  ///
  /// - Parameters:
  ///   - targets: logarithms of measured over modelled price, one a row.
  ///   - importance: weights of the rows.
  package mutating func learn(
    _ features: [Float], targets: [Float], importance: [Float], stepSize: Double
  ) {
    let total = importance.reduce(0, +)
    guard total > 0, stepSize > 0 else { return }
    let tape = NetworkTape(Self.shape, weights, .dense(features, inputs: Self.features))
    let slope = targets.indices.map { row in
      importance[row] / total * (tape.outputs[row] - targets[row])
    }
    var gradient = [Float](repeating: 0, count: weights.count)
    tape.addGradient(weights, outputGradient: slope, to: &gradient)
    steps.stepSize = stepSize
    steps.descend(&weights, gradient)
  }

  /// Weights with the optimiser's moments.
  package var numbers: [Float] {
    weights + steps.moments.first + steps.moments.second + [Float(steps.steps)]
  }
  static var numberCount: Int { 3 * shape.parameterCount + 1 }

  package mutating func restore(_ numbers: [Float]) {
    let count = Self.shape.parameterCount
    weights = Array(numbers[0..<count])
    steps.restore(
      steps: LearnerState.count(numbers[3 * count]), first: Array(numbers[count..<2 * count]),
      second: Array(numbers[2 * count..<3 * count]))
  }
}
