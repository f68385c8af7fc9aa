import Networks
import PacketSimulation

/// Which destinations a router keeps a value for: all of them, or landmarks and its own vicinity.
///
/// ## Method (landmarks)
/// Some routers are **landmarks**; every destination d belongs to its nearest one, l(d), at distance
/// r(d), and carries both in its address. A router keeps a value for every landmark and for the
/// destinations in whose vicinity it stands, `distance(i, d) < vicinity · r(d)`; a landmark also for
/// those that belong to it. A router that keeps no value for d takes that of l(d), plus r(d). With
/// `vicinity ≥ 1` the routers that know d include
/// every router on a shortest path from any of them, so that a packet that came to know its way
/// never forgets it, and the routers after l(d) on its shortest paths to d, so that l(d) hears of the
/// way from them; paths are at most 3 times the shortest ones, and with growing `vicinity` less.
///
/// With √n landmarks the expected count of values per router is O(√n · vicinity^dimension) instead
/// of n. Landmarks are chosen farthest first (each next one is the router farthest from all before).
///
/// - Source: Thorup, Zwick (2001), *Compact routing schemes*, SPAA, section 3; Mao, Wang, Qiu, Lam,
///   Smith (2007), *S4: small state and small stretch routing*, NSDI (the distributed form).
/// - Differs: values are learned costs, not distances; vicinities may be wider than the least.
/// - Shapes: the values of router r stand at `first[r] ..< first[r + 1]`.
/// - Verified: `DestinationVectorsTests`.
package struct DestinationVectors: Sendable {
  package let routerCount: Int
  /// Where the values of each router begin; count is routers + 1.
  package let first: [Int]
  /// The destination that each value is for.
  package let destinations: [Int32]
  /// `[router * n + destination]`: where a router's value for it stands; where it keeps none, that of
  /// its landmark. (A real router finds the landmark in the packet's header.)
  package let place: [Int32]
  /// `[router * n + destination]`: what is added to the value at `place`: 0, or r(d).
  private let rest: [Float]
  private let isExact: [Bool]
  package let landmarks: [Int]

  package var count: Int { destinations.count }

  /// One value per destination.
  package init(complete n: Int) {
    routerCount = n
    first = (0...n).map { $0 * n }
    destinations = (0..<n * n).map { Int32($0 % n) }
    place = (0..<n * n).map(Int32.init)
    rest = []
    isExact = []
    landmarks = []
  }

  /// - Parameters:
  ///   - distances: ticks, `[router * n + destination]`, infinite where there is no path.
  ///   - share: landmarks over √n.
  package init(distances: [Double], routerCount n: Int, share: Double, vicinity: Double) {
    let count = min(n, max(1, Int((share * Double(n).squareRoot()).rounded(.up))))
    let landmarks = Self.farthestFirst(distances, n, count)
    var nearest = [Int](repeating: landmarks[0], count: n)
    for d in 0..<n {
      for l in landmarks where distances[l * n + d] < distances[nearest[d] * n + d] {
        nearest[d] = l
      }
    }
    var first = [0]
    var destinations: [Int32] = []
    var place = [Int32](repeating: -1, count: n * n)
    for i in 0..<n {
      for d in 0..<n {
        let radius = distances[d * n + nearest[d]]
        let isNear = !radius.isFinite || distances[i * n + d] < vicinity * radius
        // A landmark knows those that belong to it, also where `vicinity` is 1.
        guard i == d || nearest[d] == d || nearest[d] == i || isNear else { continue }
        place[i * n + d] = Int32(destinations.count)
        destinations.append(Int32(d))
      }
      first.append(destinations.count)
    }
    var rest = [Float](repeating: 0, count: n * n)
    var isExact = [Bool](repeating: true, count: n * n)
    for i in 0..<n {
      for d in 0..<n where place[i * n + d] < 0 {
        place[i * n + d] = place[i * n + nearest[d]]
        rest[i * n + d] = Float(distances[nearest[d] * n + d])
        isExact[i * n + d] = false
      }
    }
    routerCount = n
    self.first = first
    self.destinations = destinations
    self.place = place
    self.rest = rest
    self.isExact = isExact
    self.landmarks = landmarks
  }

  /// What is added to the value at `place`.
  @inline(__always)
  package func rest(_ router: Int, _ destination: Int) -> Float {
    rest.isEmpty ? 0 : rest[router * routerCount + destination]
  }

  /// Whether a router keeps a value for the destination itself.
  @inline(__always)
  package func keeps(_ router: Int, _ destination: Int) -> Bool {
    isExact.isEmpty || isExact[router * routerCount + destination]
  }

  private static func farthestFirst(_ distances: [Double], _ n: Int, _ count: Int) -> [Int] {
    var chosen = [0]
    var gap = (0..<n).map { distances[$0] }
    while chosen.count < count {
      var best = 0
      for r in 0..<n where gap[r] > gap[best] { best = r }
      if gap[best] <= 0 { break }
      chosen.append(best)
      for r in 0..<n { gap[r] = min(gap[r], distances[best * n + r]) }
    }
    return chosen
  }
}
