import MeanField
import Randomness
import Testing

@Suite struct RandomLanesTests {
  @Test(arguments: [16, 64, 1000]) func agreesWithEightStreams(count: Int) {
    let seeds = SeedTree(root: 9).child("particles")
    var lanes = RandomLanes(seeds)
    var streams = (0..<8).map { seeds.stream("lane", $0) }
    for _ in 0..<3 {
      var words = [UInt32](repeating: 0, count: count)
      lanes.fill(&words)
      var expected: [UInt32] = []
      while expected.count < count {
        for lane in 0..<8 {
          let word = streams[lane].next()
          expected.append(UInt32(truncatingIfNeeded: word))
          expected.append(UInt32(truncatingIfNeeded: word >> 32))
        }
      }
      #expect(words == Array(expected.prefix(count)))
    }
  }

  @Test func aCopyHasTheSameFuture() {
    var first = RandomLanes(SeedTree(root: 1))
    var words = [UInt32](repeating: 0, count: 48)
    first.fill(&words)
    var second = first
    var other = words
    first.fill(&words)
    second.fill(&other)
    #expect(words == other)
  }
}
