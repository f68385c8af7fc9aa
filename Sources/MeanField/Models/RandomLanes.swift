import CKernels
import Randomness

/// Eight streams in step: words for a whole batch of draws at a time, many times faster than one
/// stream.
///
/// ```swift
/// var lanes = RandomLanes(SeedTree(root: 7).child("particles"))
/// var words = [UInt32](repeating: 0, count: 1024)
/// lanes.fill(&words)
/// ```
///
/// ## Method
/// Lane l is the stream `seeds.stream("lane", l)`. Every round takes one 64-bit word of each lane,
/// in the order of the lanes, and gives its low half, then its high half. The words do not depend on
/// the instruction set that makes them.
///
/// - Source: Blackman, Vigna (2021), *Scrambled linear pseudorandom number generators*, ACM TOMS
///   47(4): xoshiro256++ in each lane.
/// - Differs: None known.
/// - Randomness: a value type, as `RandomStream`: a copy has the same future, which is what common
///   random numbers need.
/// - Verified: `RandomLanesTests` (word by word against eight `RandomStream`s).
public struct RandomLanes: Sendable, Hashable {
  /// Words are made in blocks of this many; `fill` drops the rest of a last, incomplete block.
  public static let blockSize = 16

  /// `[word of the state][lane]`.
  private var state: [UInt64]

  /// The eight streams named "lane" below a node.
  public init(_ seeds: SeedTree) {
    state = [UInt64](repeating: 0, count: 32)
    for lane in 0..<8 {
      // As in `RandomStream.init(seed:)`.
      var expander = SplitMix64(seed: seeds.child("lane", lane).key)
      for word in 0..<4 { state[8 * word + lane] = expander.next() }
    }
  }

  /// Replaces all elements by fresh words.
  public mutating func fill(_ words: inout [UInt32]) {
    words.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let whole = buffer.count / Self.blockSize * Self.blockSize
      wf_lanes_fill(&state, base, whole / Self.blockSize)
      guard whole < buffer.count else { return }
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.blockSize) { last in
        guard let block = last.baseAddress else { return }
        wf_lanes_fill(&state, block, 1)
        for index in whole..<buffer.count { buffer[index] = last[index - whole] }
      }
    }
  }
}
