import Networks
import Randomness
import Routing
import Testing

@Suite struct DestinationVectorsTests {
  /// Distances on a line of n routers with links of length 1.
  private func line(_ n: Int) -> [Double] {
    (0..<n * n).map { Double(abs($0 / n - $0 % n)) }
  }

  /// Distances on a random connected graph, by Floyd and Warshall.
  private func random(_ n: Int, seed: UInt64) -> [Double] {
    var stream = SeedTree(root: seed).stream("graph")
    var distance = [Double](repeating: .infinity, count: n * n)
    for r in 0..<n { distance[r * n + r] = 0 }
    func join(_ a: Int, _ b: Int, _ length: Double) {
      guard a != b else { return }
      distance[a * n + b] = min(distance[a * n + b], length)
      distance[b * n + a] = distance[a * n + b]
    }
    for r in 1..<n { join(r, stream.integer(below: r), 1 + Double(stream.integer(below: 5))) }
    for _ in 0..<n { join(stream.integer(below: n), stream.integer(below: n), 3) }
    for k in 0..<n {
      for i in 0..<n {
        for j in 0..<n {
          distance[i * n + j] = min(distance[i * n + j], distance[i * n + k] + distance[k * n + j])
        }
      }
    }
    return distance
  }

  @Test func completeVectorsKnowEverything() {
    let vectors = DestinationVectors(complete: 4)
    #expect(vectors.count == 16 && vectors.first == [0, 4, 8, 12, 16])
    #expect((0..<16).allSatisfy { vectors.keeps($0 / 4, $0 % 4) && vectors.place[$0] == $0 })
  }

  /// Line of 9, 3 landmarks: farthest first from 0 gives 0, 8, 4. With vicinity 1, router i keeps d
  /// where |i − d| is less than the distance of d to the nearest of 0, 4, 8.
  @Test func landmarksOfALineByHand() {
    let vectors = DestinationVectors(
      distances: line(9), routerCount: 9, share: 1, vicinity: 1)
    #expect(vectors.landmarks == [0, 8, 4])
    let kept = { (router: Int) in (0..<9).filter { vectors.keeps(router, $0) } }
    // 1 and 2 belong to 0 (2 is as far from 4: the first among equals).
    #expect(kept(0) == [0, 1, 2, 4, 8])
    // d = 2 is 2 from 0 and from 4, so 1 and 3 keep it; d = 6 likewise by 5 and 7.
    #expect(kept(1) == [0, 1, 2, 4, 8])
    #expect(kept(2) == [0, 2, 4, 8])
    #expect(kept(5) == [0, 4, 5, 6, 8])
    // Unknown: the place of the nearest landmark (the first among equals), and the rest of the way.
    #expect(vectors.place[0 * 9 + 3] == vectors.place[0 * 9 + 4])
    #expect(vectors.rest(0, 3) == 1 && vectors.rest(0, 4) == 0)
  }

  /// Routing by them arrives, never farther than three times the shortest way (Thorup and Zwick's
  /// bound), and a packet that came near never loses its way; wider vicinities shorten paths.
  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func everyPacketArrivesWithinThreeTimesTheDistance(seed: UInt64) {
    let n = 60
    let distance = random(n, seed: seed)
    var sums: [Double] = []
    for vicinity in [1.0, 2.0, 4.0] {
      let vectors = DestinationVectors(
        distances: distance, routerCount: n, share: 1, vicinity: vicinity)
      #expect(vectors.count < n * n)
      var sum = 0.0
      for source in 0..<n {
        for d in 0..<n where d != source {
          // To the landmark until someone on the way knows d, then straight.
          let landmark = Int(vectors.destinations[Int(vectors.place[source * n + d])])
          let path = route(source, landmark, distance, n)
          // The landmark itself need not: the next router on its way to d does, and tells it.
          let turn = path.first { vectors.keeps($0, d) } ?? landmark
          let length = distance[source * n + turn] + distance[turn * n + d]
          #expect(length <= 3 * distance[source * n + d] + 1e-9)
          #expect(route(turn, d, distance, n).dropFirst().allSatisfy { vectors.keeps($0, d) })
          sum += length
        }
      }
      sums.append(sum)
    }
    #expect(sums[0] >= sums[1] && sums[1] >= sums[2])
  }

  /// The routers of a shortest path, in order: those where the distances add up.
  private func route(_ from: Int, _ to: Int, _ distance: [Double], _ n: Int) -> [Int] {
    (0..<n).filter {
      abs(distance[from * n + $0] + distance[$0 * n + to] - distance[from * n + to]) < 1e-9
    }.sorted { distance[from * n + $0] < distance[from * n + $1] }
  }
}
