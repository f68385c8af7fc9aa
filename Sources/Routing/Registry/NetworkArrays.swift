import Networks
import PacketSimulation

/// A scenario's network as flat arrays: what learners index in their loops.
///
/// - Shapes: a table over (router, destination, slot) has `arcCount * routerCount` entries; those of
///   a router and destination stand together, from `offset(router:destination:)`.
struct NetworkArrays: Sendable {
  let routerCount: Int
  let arcCount: Int
  let firstArc: [Int]
  let targets: [Int]
  let sources: [Int]
  /// Ticks per arc.
  let latencies: [Int]
  let links: [Int]
  /// The same link in the other direction; −1 for a directed link.
  let reverse: [Int]

  init(_ scenario: Scenario) {
    let topology = scenario.topology
    routerCount = topology.routerCount
    arcCount = topology.arcs.count
    firstArc = topology.firstArc
    targets = topology.arcs.map(\.target.index)
    sources = topology.arcs.map(\.source.index)
    links = topology.arcs.map(\.link.index)
    latencies = topology.arcs.map { scenario.latencies[$0.link.index] }
    var arcsOfLink = [[Int]](repeating: [], count: topology.links.count)
    for (arc, info) in topology.arcs.enumerated() { arcsOfLink[info.link.index].append(arc) }
    reverse = topology.arcs.enumerated().map { arc, info in
      arcsOfLink[info.link.index].first { $0 != arc } ?? -1
    }
  }

  /// The arcs into each router: their sources hear what it tells.
  var incoming: [[Int]] {
    var arcs = [[Int]](repeating: [], count: routerCount)
    for (arc, target) in targets.enumerated() { arcs[target].append(arc) }
    return arcs
  }

  var tableSize: Int { arcCount * routerCount }

  @inline(__always)
  func degree(_ router: Int) -> Int { firstArc[router + 1] - firstArc[router] }

  @inline(__always)
  func offset(router: Int, destination: Int) -> Int {
    firstArc[router] * routerCount + destination * (firstArc[router + 1] - firstArc[router])
  }
}
