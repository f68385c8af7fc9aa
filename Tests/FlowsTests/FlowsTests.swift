import Flows
import Networks
import Randomness

/// A topology from index pairs, with latency 3 unless given.
func topology(_ routers: Int, _ links: [(Int, Int)], latency: Int = 3) throws -> Topology {
  try Topology(
    name: "test", routers: (0..<routers).map { Router(name: "r\($0)") },
    links: links.map { Link(RouterID($0.0), RouterID($0.1), latency: latency) })
}

/// A connected random network: a random tree plus extra links.
func randomTopology(routers: Int, extra: Int, seed: UInt64) throws -> Topology {
  var stream = SeedTree(root: seed).stream("topology")
  var links: [(Int, Int)] = []
  for r in 1..<routers { links.append((stream.integer(below: r), r)) }
  while links.count < routers - 1 + extra {
    let a = stream.integer(below: routers)
    let b = stream.integer(below: routers)
    if a != b { links.append((a, b)) }
  }
  return try topology(routers, links)
}

/// Random demands, a third of the pairs zero.
func randomDemands(routers n: Int, seed: UInt64) -> [Double] {
  var stream = SeedTree(root: seed).stream("demands")
  return (0..<n * n).map { index in
    let value = stream.uniform()
    return index / n == index % n || value < 1.0 / 3 ? 0 : value
  }
}
