/// The inputs of a batch: dense rows, or rows of which only a few inputs are not zero.
///
/// A one-hot observation of 80 inputs with four ones costs four vector additions in the first
/// layer instead of a matrix product.
public struct NetworkInput<Scalar: NetworkScalar>: Sendable, Hashable {
  /// How the rows are kept.
  public enum Storage: Sendable, Hashable {
    /// `values[row][input]`.
    case dense([Scalar])
    /// `indices[row][slot]`, negative for an empty slot; `values` likewise, nil for all ones.
    case sparse(indices: [Int32], values: [Scalar]?, activePerRow: Int)
  }

  public private(set) var storage: Storage
  public private(set) var rows: Int

  /// Rows of plain numbers.
  public static func dense(_ values: [Scalar], inputs: Int) -> NetworkInput {
    precondition(
      values.count % inputs == 0, "\(values.count) values are no rows of \(inputs) inputs")
    return NetworkInput(storage: .dense(values), rows: values.count / inputs)
  }

  /// Rows of ones at the given inputs; a negative index is an empty slot.
  public static func oneHot(indices: [Int32], activePerRow: Int) -> NetworkInput {
    .sparse(indices: indices, values: nil, activePerRow: activePerRow)
  }

  /// Rows of given values at the given inputs; a negative index is an empty slot.
  public static func sparse(
    indices: [Int32], values: [Scalar]?, activePerRow: Int
  ) -> NetworkInput {
    precondition(
      indices.count % activePerRow == 0 && (values.map { $0.count == indices.count } ?? true),
      "\(indices.count) indices, \(values?.count ?? indices.count) values, \(activePerRow) a row")
    return NetworkInput(
      storage: .sparse(indices: indices, values: values, activePerRow: activePerRow),
      rows: indices.count / activePerRow)
  }

  /// The rows of a range.
  public func slice(_ range: Range<Int>) -> NetworkInput {
    switch storage {
    case .dense(let values):
      let width = rows == 0 ? 0 : values.count / rows
      return NetworkInput(
        storage: .dense(Array(values[range.lowerBound * width..<range.upperBound * width])),
        rows: range.count)
    case .sparse(let indices, let values, let active):
      let part = range.lowerBound * active..<range.upperBound * active
      return NetworkInput(
        storage: .sparse(
          indices: Array(indices[part]), values: values.map { Array($0[part]) },
          activePerRow: active), rows: range.count)
    }
  }

  /// The given rows, in the given order.
  public func selecting(_ chosen: [Int]) -> NetworkInput {
    func pick<Element>(_ all: [Element], _ width: Int) -> [Element] {
      chosen.flatMap { all[$0 * width..<($0 + 1) * width] }
    }
    switch storage {
    case .dense(let values):
      let width = rows == 0 ? 0 : values.count / rows
      return NetworkInput(storage: .dense(pick(values, width)), rows: chosen.count)
    case .sparse(let indices, let values, let active):
      return NetworkInput(
        storage: .sparse(
          indices: pick(indices, active), values: values.map { pick($0, active) },
          activePerRow: active), rows: chosen.count)
    }
  }
}
