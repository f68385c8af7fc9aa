import Networks
import Testing

struct ConnectivityTests {
  private func reachable(_ topology: Topology, up: [Bool]) -> [[Bool]] {
    topology.routerIDs.map { start in
      var seen = [Bool](repeating: false, count: topology.routerCount)
      seen[start.index] = true
      var queue = [start]
      while let router = queue.popLast() {
        for arc in topology.outgoing(router) where up[arc.link.index] && !seen[arc.target.index] {
          seen[arc.target.index] = true
          queue.append(arc.target)
        }
      }
      return seen
    }
  }

  @Test(arguments: 1...30)
  func componentsAreMutualReachability(seed: Int) throws {
    let topology = try randomTopology(
      routers: 14, links: 16, directedShare: Double(seed % 3) / 2, seed: UInt64(seed))
    let up = topology.links.indices.map { $0 % 7 != seed % 7 }
    let names = topology.components(linkIsUp: up)
    let reach = reachable(topology, up: up)
    for a in 0..<topology.routerCount {
      for b in 0..<topology.routerCount {
        #expect((names[a] == names[b]) == (reach[a][b] && reach[b][a]))
      }
    }
    #expect(topology.isConnected(linkIsUp: up) == !reach.joined().contains(false))
  }

  /// A link is a bridge when removing it makes more components.
  @Test(arguments: 1...30)
  func bridgesRaiseTheComponentCount(seed: Int) throws {
    let topology = try randomTopology(
      routers: 14, links: 15 + seed % 6, directedShare: seed % 4 == 0 ? 0.5 : 0, seed: UInt64(seed))
    let before = topology.componentCount()
    let expected = topology.linkIDs.filter { link in
      let up = topology.links.indices.map { $0 != link.index }
      return topology.componentCount(linkIsUp: up) > before
    }
    #expect(topology.bridges() == expected)
  }

  @Test func parallelLinksAreNoBridges() throws {
    let pairs = [(0, 1), (0, 1), (1, 2), (2, 2)]
    let topology = try Topology(
      name: "p", routers: (0..<3).map { Router(name: "\($0)") },
      links: pairs.map { Link(RouterID($0.0), RouterID($0.1)) })
    #expect(topology.bridges() == [LinkID(2)])
    #expect(topology.parallelBundles().map(\.links) == [[LinkID(0), LinkID(1)]])
  }
}
