import Foundation

/// Arithmetic on flat parameter vectors, by the kernels.
extension Array where Element: NetworkScalar {
  /// `self + scale·other`.
  public func adding(_ scale: Double, _ other: [Element]) -> [Element] {
    var result = self
    result.add(scale, other)
    return result
  }

  /// `self += scale·other`.
  public mutating func add(_ scale: Double, _ other: [Element]) {
    precondition(count == other.count, "vectors of \(count) and \(other.count) numbers")
    let kernels = KernelSet.best
    let length = count
    withUnsafeMutableBufferPointer {
      guard let base = $0.baseAddress else { return }
      Element.addScaled(kernels, count: length, Element(scale), other, base)
    }
  }

  /// `Σ self·other` in double precision.
  public func dot(_ other: [Element]) -> Double {
    precondition(count == other.count, "vectors of \(count) and \(other.count) numbers")
    return Element.dot(.best, count: count, self, other)
  }

  /// The Euclidean norm.
  public var norm: Double { dot(self).squareRoot() }

  /// `scale·self`.
  public func scaled(_ scale: Double) -> [Element] {
    filled(count) { result in
      // All bits zero is the number zero; a generic `repeating:` would copy element by element.
      memset(result, 0, count * MemoryLayout<Element>.stride)
      Element.addScaled(.best, count: count, Element(scale), self, result)
    }
  }
}
