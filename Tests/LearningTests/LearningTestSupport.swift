import Learning
import Randomness

/// Normal numbers.
func normals<Scalar: NetworkScalar>(_ count: Int, _ draws: inout RandomStream) -> [Scalar] {
  (0..<count).map { _ in Scalar(draws.normal()) }
}

/// A random batch of decisions; every third row forbids its first action where `masked`.
func randomBatch<Scalar: NetworkScalar>(
  _ network: FeedForwardNetwork, rows: Int, sparse: Bool, masked: Bool = false, seed: UInt64,
  as type: Scalar.Type = Scalar.self
) -> PolicyBatch<Scalar> {
  var draws = RandomStream(seed: seed)
  let input: NetworkInput<Scalar>
  if sparse {
    let indices = (0..<rows * 3).map { slot in
      slot % 7 == 6 ? Int32(-1) : Int32(draws.integer(below: network.inputs))
    }
    input = .oneHot(indices: indices, activePerRow: 3)
  } else {
    input = .dense(normals(rows * network.inputs, &draws), inputs: network.inputs)
  }
  var mask = [UInt8](repeating: 1, count: rows * network.outputs)
  if masked { for row in stride(from: 0, to: rows, by: 3) { mask[row * network.outputs] = 0 } }
  return PolicyBatch(
    input: input, mask: masked ? mask : nil,
    actions: (0..<rows).map { _ in Int32(1 + draws.integer(below: network.outputs - 1)) },
    weights: normals(rows, &draws))
}

/// The same batch in another precision.
func converted<From: NetworkScalar, To: NetworkScalar>(
  _ batch: PolicyBatch<From>, to: To.Type
) -> PolicyBatch<To> {
  let input: NetworkInput<To>
  switch batch.input.storage {
  case .dense(let values):
    input = .dense(values.map { To($0) }, inputs: values.count / max(batch.rows, 1))
  case .sparse(let indices, let values, let active):
    input = .sparse(
      indices: indices, values: values?.map { To($0) }, activePerRow: active)
  }
  return PolicyBatch(
    input: input, mask: batch.mask, actions: batch.actions, weights: batch.weights.map { To($0) })
}

/// The derivative of `f` along a direction, by central differences.
func directionalDerivative(
  _ x: [Double], _ direction: [Double], step: Double = 1e-6, _ f: ([Double]) -> Double
) -> Double {
  (f(x.adding(step, direction)) - f(x.adding(-step, direction))) / (2 * step)
}

/// The derivative of a vector function along a direction, by central differences.
func directionalDerivative(
  _ x: [Double], _ direction: [Double], step: Double = 1e-6, _ f: ([Double]) -> [Double]
) -> [Double] {
  f(x.adding(step, direction)).adding(-1, f(x.adding(-step, direction))).scaled(1 / (2 * step))
}

/// ‖a − b‖ / ‖b‖.
func relativeError<A: NetworkScalar>(_ a: [A], _ b: [Double]) -> Double {
  a.map { Double($0) }.adding(-1, b).norm / max(b.norm, 1e-300)
}
