import Randomness

/// The shape of a feed-forward network: fully connected layers, ReLU between them, linear output.
///
/// ```swift
/// let network = FeedForwardNetwork(inputs: 80, hidden: [128, 128, 128, 128, 128], outputs: 5)
/// var draws = SeedTree(root: 7).stream("weights")
/// let parameters: [Float] = network.initialParameters(using: &draws)
/// let logits = network.outputs(parameters, .oneHot(indices: [3, 17], activePerRow: 2))
/// ```
///
/// Parameters live in one flat vector, so that optimisers, conjugate gradients and checkpoints see
/// nothing but an array.
///
/// - Shapes: per layer, `weights[input][output]` row by row, then `bias[output]`.
/// - Complexity: forward `2·Σ in·out` operations a row; backward twice that. A sparse first layer
///   costs only its active inputs.
public struct FeedForwardNetwork: Hashable, Sendable, Codable {
  /// The number of inputs, at least 1.
  public let inputs: Int
  /// The widths of the hidden layers, first to last; empty means a linear map.
  public let hidden: [Int]
  /// The number of outputs, at least 1.
  public let outputs: Int

  /// Five hidden layers of 128, the shape of the MAMRL paper (section 3.2).
  public static let paperHidden = [128, 128, 128, 128, 128]

  public init(inputs: Int, hidden: [Int] = paperHidden, outputs: Int) {
    precondition(
      inputs > 0 && outputs > 0 && hidden.allSatisfy { $0 > 0 },
      "FeedForwardNetwork(\(inputs), \(hidden), \(outputs)): every layer needs a width")
    self.inputs = inputs
    self.hidden = hidden
    self.outputs = outputs
  }

  /// One layer: its widths and where its parameters lie in the flat vector.
  public struct Layer: Hashable, Sendable {
    public let inputs: Int
    public let outputs: Int
    public let weightOffset: Int
    public var biasOffset: Int { weightOffset + inputs * outputs }
    public var end: Int { biasOffset + outputs }
  }

  /// All layers, first to last.
  public var layers: [Layer] {
    var result: [Layer] = []
    var from = inputs
    for width in hidden + [outputs] {
      result.append(Layer(inputs: from, outputs: width, weightOffset: result.last?.end ?? 0))
      from = width
    }
    return result
  }

  /// The length of the parameter vector.
  public var parameterCount: Int { layers.last?.end ?? 0 }

  /// Weights uniform in ±√(6/(in + out)), biases zero.
  ///
  /// - Source: Glorot, Bengio (2010), *Understanding the difficulty of training deep feedforward
  ///   neural networks*, AISTATS; equation 16.
  /// - Randomness: one number per weight, in the order of the flat vector.
  public func initialParameters<Scalar: NetworkScalar>(
    using generator: inout some RandomNumberGenerator
  ) -> [Scalar] {
    var parameters = [Scalar](repeating: 0, count: parameterCount)
    for layer in layers {
      let bound = (6 / Double(layer.inputs + layer.outputs)).squareRoot()
      for index in layer.weightOffset..<layer.biasOffset {
        parameters[index] = Scalar((2 * generator.uniform() - 1) * bound)
      }
    }
    return parameters
  }
}
