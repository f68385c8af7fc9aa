import Networks
import PacketSimulation

/// Networks small enough to reason about by hand.
enum SmallNetworks {
  /// A–B–D and A–C–D, latency 3, the lower way with an extra router: A–C–E–D.
  static func twoRoutes() throws -> Topology {
    try Topology(
      name: "two-routes", routers: ["A", "B", "C", "D", "E"].map { Router(name: $0) },
      links: [(0, 1), (0, 2), (1, 3), (2, 4), (4, 3)].map {
        Link(RouterID($0.0), RouterID($0.1), latency: 3)
      })
  }

  /// A square: two equally short ways between opposite corners.
  static func square() throws -> Topology {
    try Topology(
      name: "square", routers: ["A", "B", "C", "D"].map { Router(name: $0) },
      links: [(0, 1), (0, 2), (1, 3), (2, 3)].map {
        Link(RouterID($0.0), RouterID($0.1), latency: 3)
      })
  }

  /// A–B–C, latency 1.
  static func line() throws -> Topology {
    try Topology(
      name: "line", routers: ["A", "B", "C"].map { Router(name: $0) },
      links: [(0, 1), (1, 2)].map { Link(RouterID($0.0), RouterID($0.1), latency: 1) })
  }

  /// Demand from one router to another only.
  static func single(_ topology: Topology, from: Int, to: Int) throws -> TrafficMatrix {
    let n = topology.routerCount
    var values = [Double](repeating: 0, count: n * n)
    values[from * n + to] = 1
    return try TrafficMatrix(routerCount: n, values: values)
  }
}
