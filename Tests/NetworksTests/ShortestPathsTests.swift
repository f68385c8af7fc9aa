import Networks
import Testing

struct ShortestPathsTests {
  /// Floyd–Warshall: the slow, obvious version.
  private func allPairs(_ topology: Topology, costs: [Double], up: [Bool]) -> [Double] {
    let n = topology.routerCount
    var d = [Double](repeating: .infinity, count: n * n)
    for r in 0..<n { d[r * n + r] = 0 }
    for (index, arc) in topology.arcs.enumerated() where up[arc.link.index] {
      let pair = arc.source.index * n + arc.target.index
      d[pair] = min(d[pair], costs[index])
    }
    for k in 0..<n {
      for i in 0..<n {
        for j in 0..<n { d[i * n + j] = min(d[i * n + j], d[i * n + k] + d[k * n + j]) }
      }
    }
    return d
  }

  @Test(arguments: 1...20)
  func agreesWithFloydWarshall(seed: Int) throws {
    let topology = try randomTopology(
      routers: 12, links: 22, directedShare: seed % 2 == 0 ? 0.5 : 0, seed: UInt64(seed))
    let costs = topology.arcs.map { Double(topology.links[$0.link.index].latency ?? 1) }
    var up = [Bool](repeating: true, count: topology.links.count)
    up[seed] = false
    let paths = ShortestPaths(topology, arcCosts: costs, linkIsUp: up)
    #expect(paths.distances == allPairs(topology, costs: costs, up: up))
    for s in topology.routerIDs {
      for d in topology.routerIDs where s != d && paths.distance(from: s, to: d).isFinite {
        let route = try #require(paths.path(from: s, to: d, in: topology))
        #expect(route.last == d)
        let slots = paths.equalCostSlots(at: s, to: d)
        #expect(slots.first.map(Int.init) == paths.nextSlot(at: s, to: d))
        for slot in 0..<topology.degree(s) {
          let arc = topology.firstArc[s.index] + slot
          let isUp = up[topology.arcs[arc].link.index]
          let through = costs[arc] + paths.distance(from: topology.arcs[arc].target, to: d)
          #expect(
            slots.contains(Int32(slot)) == (isUp && through == paths.distance(from: s, to: d)))
        }
      }
    }
  }

  /// A diamond 0–2–3 and 0–1–3 whose first link goes to router 2: the rules differ.
  @Test func tieRules() throws {
    let topology = try Topology(
      name: "diamond", routers: (0..<4).map { Router(name: "\($0)") },
      links: [(0, 2), (0, 1), (1, 3), (2, 3)].map { Link(RouterID($0.0), RouterID($0.1)) })
    let ones = topology.arcs.map { _ in 1.0 }
    let lowest = ShortestPaths(topology, arcCosts: ones, ties: .lowestNeighbour)
    let first = ShortestPaths(topology, arcCosts: ones, ties: .fileOrder)
    #expect(lowest.nextSlot(at: RouterID(0), to: RouterID(3)) == 1)
    #expect(first.nextSlot(at: RouterID(0), to: RouterID(3)) == 0)
    #expect(Array(first.equalCostSlots(at: RouterID(0), to: RouterID(3))) == [0, 1])
    #expect(lowest.diameter == 2)
    #expect(lowest.nextSlot(at: RouterID(0), to: RouterID(0)) == nil)
  }

  /// The released next-hop tables are shortest paths on the latencies: every entry must be in the
  /// equal-cost set, which checks tables, latencies and search against each other.
  @Test(arguments: BuiltInTopology.allCases.filter { $0.publishedNextHops != nil })
  func publishedTablesAreShortest(network: BuiltInTopology) throws {
    let topology = network.topology
    let table = try #require(network.publishedNextHops)
    let n = topology.routerCount
    #expect(table.count == n * n)
    let paths = ShortestPaths(
      topology, arcCosts: topology.arcs.map { Double(topology.links[$0.link.index].latency ?? 0) })
    for s in topology.routerIDs {
      for d in topology.routerIDs {
        let hop = table[s.index * n + d.index]
        #expect((hop == nil) == (s == d))
        guard let hop else { continue }
        let best = paths.equalCostSlots(at: s, to: d).map {
          topology.arcs[topology.firstArc[s.index] + Int($0)].target
        }
        #expect(best.contains(hop), "\(network.rawValue): \(s.index) to \(d.index)")
      }
    }
  }
}
