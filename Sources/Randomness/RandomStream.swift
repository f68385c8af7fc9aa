/// A stream of random words: the generator xoshiro256++.
///
/// ```swift
/// var stream = SeedTree(root: 7).child("environment").stream("arrivals", 3)
/// let u = stream.uniform()  // in [0, 1)
/// ```
///
/// A value type: a copy continues independently with the same future, which is what a checkpoint
/// or a look-ahead needs.
///
/// - Source: Blackman, Vigna (2021), *Scrambled linear pseudorandom number generators*, ACM TOMS
///   47(4); reference code `xoshiro256plusplus.c` (public domain).
/// - Verified: `RandomStreamTests` (published reference outputs for state 1, 2, 3, 4).
public struct RandomStream: RandomNumberGenerator, Sendable, Hashable, Codable, BitwiseCopyable {
  @usableFromInline var s0: UInt64
  @usableFromInline var s1: UInt64
  @usableFromInline var s2: UInt64
  @usableFromInline var s3: UInt64

  /// Creates a stream from one word, expanded by SplitMix64 as the authors recommend.
  public init(seed: UInt64) {
    var expander = SplitMix64(seed: seed)
    s0 = expander.next()
    s1 = expander.next()
    s2 = expander.next()
    s3 = expander.next()
  }

  /// Creates a stream in a given state, which must not be all zeros.
  public init(state: (UInt64, UInt64, UInt64, UInt64)) {
    precondition(
      state.0 | state.1 | state.2 | state.3 != 0, "an all-zero xoshiro256++ state never leaves zero"
    )
    (s0, s1, s2, s3) = state
  }

  @inlinable @inline(__always)
  public mutating func next() -> UInt64 {
    let sum = s0 &+ s3
    let result = ((sum << 23) | (sum >> 41)) &+ s0
    let t = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = (s3 << 45) | (s3 >> 19)
    return result
  }
}
