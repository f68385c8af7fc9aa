import Learning
import Randomness

/// One network over step and state per population, with its weights in buffers that the search carries
/// from iteration to iteration.
struct PopulationNetworks<Scalar: FlowScalar> {
  let networks: [StepStateNetwork]
  let weights: [FlatBuffer<Scalar>]

  /// - Parameter outputs: of each population's network; by default one per action.
  init(
    _ game: PreparedGame<Scalar>, hidden: [Int],
    outputs: (PopulationShape) -> Int = { $0.actionCount }
  ) {
    networks = game.shapes.map {
      StepStateNetwork($0, stepCount: game.stepCount, hidden: hidden, outputs: outputs($0))
    }
    weights = networks.map { FlatBuffer(count: $0.network.parameterCount) }
  }

  /// Draws first weights.
  ///
  /// - Parameter startsFlat: the last layer starts at zero, so that all outputs are equal: a policy
  ///   is the uniform one.
  func draw(_ population: Int, startsFlat: Bool, using stream: inout RandomStream) {
    let network = networks[population].network
    var parameters: [Float] = network.initialParameters(using: &stream)
    if startsFlat, let last = network.layers.last {
      for index in last.weightOffset..<last.end { parameters[index] = 0 }
    }
    weights[population].parameters = parameters
  }
}
