/// What a forward pass leaves behind for its derivatives: the input and every layer's output.
///
/// ## Method (Pearlmutter's R-operator for second derivatives)
/// With `h0 = x`, `z_l = h_{l-1} W_l + b_l`, `h_l = max(0, z_l)`, and a direction `(V_l, c_l)`:
/// - derivative along it: `Rz_l = h_{l-1} V_l + c_l + Rh_{l-1} W_l`, `Rh_l = [h_l > 0] Rz_l`;
/// - gradient: `gW_l = h_{l-1}ᵀ d_l`, `d_{l-1} = [h_{l-1} > 0] d_l W_lᵀ`;
/// - its derivative along the direction:
///   `RgW_l = Rh_{l-1}ᵀ d_l + h_{l-1}ᵀ Rd_l`, `Rd_{l-1} = [h_{l-1} > 0] (Rd_l W_lᵀ + d_l V_lᵀ)`.
///
/// At a kink of ReLU the derivative is taken as zero, and so is its own derivative.
///
/// - Source: Pearlmutter (1994), *Fast exact multiplication by the Hessian*, Neural Computation 6.
/// - Shapes: `activations[layer][row][unit]`; the last layer is the output before any softmax.
/// - Complexity: forward 1, derivative along a direction 2, gradient 2, Hessian–vector product 6
///   times `2·Σ in·out` operations a row, and 1 more for the `d_l`, which depend on no direction.
/// - Verified: `NetworkDerivativeTests` (finite differences in both precisions).
public struct NetworkTape<Scalar: NetworkScalar>: Sendable {
  public let network: FeedForwardNetwork
  public let input: NetworkInput<Scalar>
  /// The outputs of the layers, first to last.
  public let activations: [[Scalar]]
  let kernels: KernelSet

  /// The network's outputs, `[row][output]`.
  public var outputs: [Scalar] { activations[activations.count - 1] }

  /// Runs the network forward.
  public init(
    _ network: FeedForwardNetwork, _ parameters: [Scalar], _ input: NetworkInput<Scalar>,
    kernels: KernelSet = .best
  ) {
    precondition(
      parameters.count == network.parameterCount,
      "\(parameters.count) parameters for a network of \(network.parameterCount)")
    var activations: [[Scalar]] = []
    let layers = network.layers
    for (index, layer) in layers.enumerated() {
      let rectify = index + 1 < layers.count
      activations.append(
        index == 0
          ? input.timesWeights(parameters, layer, rectify: rectify, kernels)
          : layer.forward(parameters, activations[index - 1], input.rows, rectify, kernels))
    }
    self.network = network
    self.input = input
    self.activations = activations
    self.kernels = kernels
  }

  /// Adds the gradient of `Σ outputGradient·output` with respect to the parameters.
  public func addGradient(
    _ parameters: [Scalar], outputGradient: [Scalar], to gradient: inout [Scalar]
  ) {
    let layers = network.layers
    var d = outputGradient
    for index in layers.indices.reversed() {
      addLayerGradient(layers[index], at: index, d, to: &gradient)
      if index > 0 {
        d = layers[index].backward(parameters, d, input.rows, kernels)
        mask(&d, by: index - 1)
      }
    }
  }

  /// The derivatives of all layers' outputs along a direction of the parameters.
  public func derivatives(_ parameters: [Scalar], along direction: [Scalar]) -> [[Scalar]] {
    let layers = network.layers
    var result: [[Scalar]] = []
    for (index, layer) in layers.enumerated() {
      var rz: [Scalar]
      if index == 0 {
        rz = input.timesWeights(direction, layer, rectify: false, kernels)
      } else {
        rz = layer.forward(direction, activations[index - 1], input.rows, false, kernels)
        layer.addWeighted(parameters, result[index - 1], input.rows, to: &rz, kernels)
      }
      if index + 1 < layers.count { mask(&rz, by: index) }
      result.append(rz)
    }
    return result
  }

  /// The gradients with respect to the layers' outputs before the rectifier, the `d_l`, from that with
  /// respect to the last one's.
  public func outputGradients(_ parameters: [Scalar], _ outputGradient: [Scalar]) -> [[Scalar]] {
    let layers = network.layers
    var result = [outputGradient]
    for index in layers.indices.dropFirst().reversed() {
      var d = layers[index].backward(parameters, result[result.count - 1], input.rows, kernels)
      mask(&d, by: index - 1)
      result.append(d)
    }
    return result.reversed()
  }

  /// Adds the derivative of the gradient along a direction, given the loss's gradients with respect
  /// to the layers' outputs and the derivative of the last of them along the direction.
  public func addHessianProduct(
    _ parameters: [Scalar], along direction: [Scalar], derivatives: [[Scalar]],
    outputGradients: [[Scalar]], outputGradientDerivative: [Scalar], to product: inout [Scalar]
  ) {
    let layers = network.layers
    var rd = outputGradientDerivative
    for index in layers.indices.reversed() {
      let layer = layers[index]
      let d = outputGradients[index]
      addLayerGradient(layer, at: index, rd, to: &product)
      guard index > 0 else { break }
      layer.addWeightGradient(derivatives[index - 1], d, input.rows, to: &product, kernels)
      rd = layer.backward(parameters, rd, input.rows, kernels)
      layer.addBackward(direction, d, input.rows, to: &rd, kernels)
      mask(&rd, by: index - 1)
    }
  }

  private func addLayerGradient(
    _ layer: FeedForwardNetwork.Layer, at index: Int, _ d: [Scalar], to gradient: inout [Scalar]
  ) {
    if index == 0 {
      input.addWeightGradient(d, layer, to: &gradient, kernels)
    } else {
      layer.addWeightGradient(activations[index - 1], d, input.rows, to: &gradient, kernels)
    }
    Scalar.columnSums(
      kernels, rows: input.rows, width: layer.outputs, d, &gradient, layer.biasOffset)
  }

  private func mask(_ d: inout [Scalar], by layer: Int) {
    Scalar.rectifierMask(kernels, count: d.count, activations[layer], &d)
  }
}

extension FeedForwardNetwork {
  /// The outputs alone, `[row][output]`.
  public func outputs<Scalar: NetworkScalar>(
    _ parameters: [Scalar], _ input: NetworkInput<Scalar>, kernels: KernelSet = .best
  ) -> [Scalar] {
    var current: [Scalar] = []
    let layers = layers
    for (index, layer) in layers.enumerated() {
      let rectify = index + 1 < layers.count
      current =
        index == 0
        ? input.timesWeights(parameters, layer, rectify: rectify, kernels)
        : layer.forward(parameters, current, input.rows, rectify, kernels)
    }
    return current
  }
}
