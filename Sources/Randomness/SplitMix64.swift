/// Expands one 64-bit word into a sequence of well-mixed words; used to seed other generators.
///
/// - Source: Steele, Lea, Flood (2014), *Fast splittable pseudorandom number generators*, OOPSLA;
///   constants as in Vigna's public-domain `splitmix64.c`.
/// - Verified: `SplitMix64Tests` (published first outputs for seed 1234567).
public struct SplitMix64: RandomNumberGenerator, Sendable, Hashable, Codable {
  private var state: UInt64

  /// Creates the generator whose first output is the mix of `seed` plus one golden-ratio step.
  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mix(state)
  }

  /// The output function alone: a bijection of 64-bit words with full avalanche.
  @inlinable
  public static func mix(_ word: UInt64) -> UInt64 {
    var z = word
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
