import Networks
import Randomness

/// A random multigraph: parallel links, self-loops and isolated routers occur.
func randomTopology(
  routers n: Int, links m: Int, directedShare: Double = 0, seed: UInt64
) throws -> Topology {
  var stream = SeedTree(root: seed).stream("random-topology")
  let links = (0..<m).map { _ in
    Link(
      RouterID(stream.integer(below: n)), RouterID(stream.integer(below: n)),
      isDirected: stream.bernoulli(directedShare), latency: 1 + stream.integer(below: 9))
  }
  return try Topology(
    name: "random-\(seed)", routers: (0..<n).map { Router(name: "r\($0)") }, links: links)
}
