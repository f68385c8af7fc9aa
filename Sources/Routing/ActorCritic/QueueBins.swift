/// Queue lengths in classes: exact below 8, then four classes per doubling up to 1024.
enum QueueBins {
  static let exact = 8
  static let perDoubling = 4
  static let count = exact + 7 * perDoubling

  @inline(__always)
  static func bin(_ length: Int) -> Int {
    if length < exact { return max(length, 0) }
    let capped = min(length, 1023)
    let exponent = 63 - capped.leadingZeroBitCount  // ≥ 3
    let part = (capped >> (exponent - 2)) & 3
    return exact + (exponent - 3) * perDoubling + part
  }

  /// A queue length in the middle of a bin.
  static func middle(_ bin: Int) -> Float {
    guard bin >= exact else { return Float(bin) }
    let exponent = (bin - exact) / perDoubling + 3
    let part = (bin - exact) % perDoubling
    let low = (4 + part) << (exponent - 2)
    let width = 1 << (exponent - 2)
    return Float(low) + Float(width - 1) / 2
  }
}
