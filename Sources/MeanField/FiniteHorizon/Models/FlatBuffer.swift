/// A fixed block of numbers with a stable address, 64-byte aligned: what the solvers work on.
///
/// Identity is the point: buffers are exchanged (current, next, best policy) without copying.
public final class FlatBuffer<Scalar: FlowScalar>: @unchecked Sendable {
  public let base: UnsafeMutablePointer<Scalar>
  public let count: Int
  private let raw: UnsafeMutableRawPointer

  public init(count: Int, repeating value: Scalar = 0) {
    raw = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, count) * MemoryLayout<Scalar>.stride, alignment: 64)
    base = raw.bindMemory(to: Scalar.self, capacity: max(1, count))
    base.initialize(repeating: value, count: count)
    self.count = count
  }

  public convenience init(_ values: [Scalar]) {
    self.init(count: values.count)
    copy(from: values)
  }

  deinit { raw.deallocate() }

  public func copy(from values: [Scalar]) {
    precondition(values.count == count, "copy of \(values.count) numbers into \(count)")
    values.withUnsafeBufferPointer { source in
      if let start = source.baseAddress { base.update(from: start, count: count) }
    }
  }

  public func copy(from other: FlatBuffer) {
    precondition(other.count == count, "copy of \(other.count) numbers into \(count)")
    base.update(from: other.base, count: count)
  }

  public var array: [Scalar] { Array(UnsafeBufferPointer(start: base, count: count)) }
}
