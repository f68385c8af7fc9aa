import Randomness
import Testing

@Suite struct RandomStreamTests {
  /// First outputs of the authors' xoshiro256plusplus.c for the state {1, 2, 3, 4}.
  @Test func matchesPublishedOutputs() {
    var stream = RandomStream(state: (1, 2, 3, 4))
    let expected: [UInt64] = [
      41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386,
      9_228_616_714_210_784_205, 9_973_669_472_204_895_162,
    ]
    for value in expected { #expect(stream.next() == value) }
  }

  /// First outputs of Vigna's splitmix64.c for the seed 1234567.
  @Test func splitMixMatchesPublishedOutputs() {
    var generator = SplitMix64(seed: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
    ]
    for value in expected { #expect(generator.next() == value) }
  }

  @Test func namesAndIndicesSeparateStreams() {
    let seeds = SeedTree(root: 1)
    var keys = Set<UInt64>()
    for name in ["a", "b", "ab", ""] {
      for index in -2..<50 { keys.insert(seeds.child(name, index).key) }
    }
    #expect(keys.count == 4 * 52)
    #expect(SeedTree(root: 2).child("a").key != seeds.child("a").key)
  }
}
