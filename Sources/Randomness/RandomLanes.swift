/// Eight streams in step: words for a whole batch of draws at a time, several times faster than one
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
/// in the order of the lanes, and gives its low half, then its high half.
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

  private var s0: SIMD8<UInt64>
  private var s1: SIMD8<UInt64>
  private var s2: SIMD8<UInt64>
  private var s3: SIMD8<UInt64>

  /// The eight streams named "lane" below a node.
  public init(_ seeds: SeedTree) {
    (s0, s1, s2, s3) = (.zero, .zero, .zero, .zero)
    for lane in 0..<8 {
      let stream = seeds.stream("lane", lane)
      s0[lane] = stream.s0
      s1[lane] = stream.s1
      s2[lane] = stream.s2
      s3[lane] = stream.s3
    }
  }

  /// Replaces all elements by fresh words.
  public mutating func fill(_ words: inout [UInt32]) {
    words.withUnsafeMutableBufferPointer { buffer in
      let whole = buffer.count / Self.blockSize * Self.blockSize
      if let base = buffer.baseAddress { fill(base, blocks: whole / Self.blockSize) }
      guard whole < buffer.count else { return }
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.blockSize) { last in
        guard let base = last.baseAddress else { return }
        fill(base, blocks: 1)
        for index in whole..<buffer.count { buffer[index] = last[index - whole] }
      }
    }
  }

  private mutating func fill(_ words: UnsafeMutablePointer<UInt32>, blocks: Int) {
    // Two halves of four lanes each: the state of one half fits the registers of any x86-64.
    var (low, high) = (
      Half(s0.lowHalf, s1.lowHalf, s2.lowHalf, s3.lowHalf),
      Half(s0.highHalf, s1.highHalf, s2.highHalf, s3.highHalf)
    )
    let raw = UnsafeMutableRawPointer(words)
    low.fill(raw, blocks: blocks, shifts: (23, 45))
    high.fill(raw + 32, blocks: blocks, shifts: (23, 45))
    (s0.lowHalf, s1.lowHalf, s2.lowHalf, s3.lowHalf) = (low.s0, low.s1, low.s2, low.s3)
    (s0.highHalf, s1.highHalf, s2.highHalf, s3.highHalf) = (high.s0, high.s1, high.s2, high.s3)
  }

  /// Four lanes; writes every other 32 bytes.
  private struct Half {
    var s0: SIMD4<UInt64>
    var s1: SIMD4<UInt64>
    var s2: SIMD4<UInt64>
    var s3: SIMD4<UInt64>

    init(
      _ s0: SIMD4<UInt64>, _ s1: SIMD4<UInt64>, _ s2: SIMD4<UInt64>, _ s3: SIMD4<UInt64>
    ) {
      (self.s0, self.s1, self.s2, self.s3) = (s0, s1, s2, s3)
    }

    /// The two rotations come in as arguments and the function is never inlined, because the
    /// compiler turns a rotation it recognises into scalar instructions, three times slower.
    @inline(never)
    mutating func fill(
      _ raw: UnsafeMutableRawPointer, blocks: Int, shifts: (first: UInt64, second: UInt64)
    ) {
      let (left, right) = (SIMD4(repeating: shifts.first), SIMD4(repeating: 64 &- shifts.first))
      let (left2, right2) = (SIMD4(repeating: shifts.second), SIMD4(repeating: 64 &- shifts.second))
      var (a, b, c, d) = (s0, s1, s2, s3)
      for block in 0..<blocks {
        let sum = a &+ d
        let word = ((sum &<< left) ^ (sum &>> right)) &+ a
        let shifted = b &<< 17
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= shifted
        d = (d &<< left2) ^ (d &>> right2)
        (raw + 64 * block).storeBytes(of: word, as: SIMD4<UInt64>.self)
      }
      (s0, s1, s2, s3) = (a, b, c, d)
    }
  }
}
