import Foundation

// The matrix products of one layer, for both kinds of input.

/// An array that a kernel fills before anybody reads it.
func filled<Scalar: NetworkScalar>(
  _ count: Int, _ body: (UnsafeMutablePointer<Scalar>) -> Void
) -> [Scalar] {
  [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
    if let base = buffer.baseAddress, count > 0 { body(base) }
    initialized = count
  }
}

extension Array where Element: NetworkScalar {
  /// Part of the array as one of its own; `Array(self[range])` copies number by number in code that
  /// does not know the type.
  func copy(of range: Range<Int>) -> [Element] {
    precondition(range.upperBound <= count, "\(range) of \(count) numbers")
    return filled(range.count) { target in
      withUnsafeBufferPointer {
        guard let base = $0.baseAddress else { return }
        memcpy(target, base + range.lowerBound, range.count * MemoryLayout<Element>.stride)
      }
    }
  }
}

extension FeedForwardNetwork.Layer {
  /// `h W + b`, rectified if asked for.
  func forward<Scalar: NetworkScalar>(
    _ parameters: [Scalar], _ h: [Scalar], _ rows: Int, _ rectify: Bool, _ kernels: KernelSet
  ) -> [Scalar] {
    filled(rows * outputs) { out in
      Scalar.product(
        kernels, rows: rows, columns: outputs, depth: inputs, h, inputs, 1, parameters,
        weightOffset, outputs, 1, biasOffset: biasOffset,
        flags: ProductFlag.bias | (rectify ? ProductFlag.rectify : 0), out, 0, outputs)
    }
  }

  /// `out += h W`.
  func addWeighted<Scalar: NetworkScalar>(
    _ parameters: [Scalar], _ h: [Scalar], _ rows: Int, to out: inout [Scalar], _ kernels: KernelSet
  ) {
    Scalar.product(
      kernels, rows: rows, columns: outputs, depth: inputs, h, inputs, 1, parameters, weightOffset,
      outputs, 1, biasOffset: nil, flags: ProductFlag.add, &out, 0, outputs)
  }

  /// `d Wᵀ`.
  func backward<Scalar: NetworkScalar>(
    _ parameters: [Scalar], _ d: [Scalar], _ rows: Int, _ kernels: KernelSet
  ) -> [Scalar] {
    filled(rows * inputs) { out in
      Scalar.product(
        kernels, rows: rows, columns: inputs, depth: outputs, d, outputs, 1, parameters,
        weightOffset, 1, outputs, biasOffset: nil, flags: 0, out, 0, inputs)
    }
  }

  /// `out += d Wᵀ`.
  func addBackward<Scalar: NetworkScalar>(
    _ parameters: [Scalar], _ d: [Scalar], _ rows: Int, to out: inout [Scalar], _ kernels: KernelSet
  ) {
    Scalar.product(
      kernels, rows: rows, columns: inputs, depth: outputs, d, outputs, 1, parameters,
      weightOffset, 1, outputs, biasOffset: nil, flags: ProductFlag.add, &out, 0, inputs)
  }

  /// `gradient += hᵀ d`, at this layer's weights.
  func addWeightGradient<Scalar: NetworkScalar>(
    _ h: [Scalar], _ d: [Scalar], _ rows: Int, to gradient: inout [Scalar], _ kernels: KernelSet
  ) {
    Scalar.product(
      kernels, rows: inputs, columns: outputs, depth: rows, h, 1, inputs, d, 0, outputs, 1,
      biasOffset: nil, flags: ProductFlag.add, &gradient, weightOffset, outputs)
  }
}

extension NetworkInput {
  /// `x W + b` of the first layer, rectified if asked for.
  func timesWeights(
    _ parameters: [Scalar], _ layer: FeedForwardNetwork.Layer, rectify: Bool, _ kernels: KernelSet
  ) -> [Scalar] {
    switch storage {
    case .dense(let values):
      return layer.forward(parameters, values, rows, rectify, kernels)
    case .sparse(let indices, let values, let active):
      return filled(rows * layer.outputs) { out in
        Scalar.sparseForward(
          kernels, rows: rows, active: active, width: layer.outputs, indices, values, parameters,
          layer.weightOffset, biasOffset: layer.biasOffset, out, relu: rectify)
      }
    }
  }

  /// `gradient += xᵀ d`, at the first layer's weights.
  func addWeightGradient(
    _ d: [Scalar], _ layer: FeedForwardNetwork.Layer, to gradient: inout [Scalar],
    _ kernels: KernelSet
  ) {
    switch storage {
    case .dense(let values):
      layer.addWeightGradient(values, d, rows, to: &gradient, kernels)
    case .sparse(let indices, let values, let active):
      Scalar.sparseBackward(
        kernels, rows: rows, active: active, width: layer.outputs, indices, values, d, &gradient,
        layer.weightOffset)
    }
  }
}
