import Flows

/// Routing games of the literature.
public enum ClassicRoutingGames {
  /// The game of a name, or nil.
  public static func named(_ name: String) -> RoutingGame? {
    switch name {
    case "braess": braess()
    case "sioux-falls-like": siouxFallsLike()
    default: nil
    }
  }

  /// Braess (1968): demand 6; latencies 10 f, 50 + f, 10 + f, 50 + f, 10 f. Equilibrium: every unit
  /// needs 92; optimum: 83.
  public static func braess() -> RoutingGame {
    // Arcs by source: 0→1 (10 f), 0→2 (50 + f), 1→2 (10 + f), 1→3 (50 + f), 2→3 (10 f).
    let free = [1e-9, 50, 10, 50, 1e-9]
    let slope = [10.0, 1, 1, 1, 10]
    var demands = [Double](repeating: 0, count: 16)
    demands[3] = 6
    return RoutingGame(
      name: "braess",
      network: FlowNetwork(
        routerCount: 4, arcSource: [0, 0, 1, 1, 2], arcTarget: [1, 2, 2, 3, 3],
        firstOutgoing: [0, 2, 4, 5, 5], isUsable: [Bool](repeating: true, count: 5)),
      demands: demands,
      roads: PublicRoadsLatency(
        free: free, factor: zip(free, slope).map { $1 / $0 },
        capacity: [Double](repeating: 1, count: 5), power: [Double](repeating: 1, count: 5)))
  }

  /// Roads both ways of the Sioux Falls test network: ends, counted from 1, and free time.
  private static let siouxFallsRoads: [(Int, Int, Double)] = [
    (1, 2, 6), (1, 3, 4), (2, 6, 5), (3, 4, 4), (3, 12, 4), (4, 5, 2), (4, 11, 6), (5, 6, 4),
    (5, 9, 5), (6, 8, 2), (7, 8, 3), (7, 18, 2), (8, 9, 10), (8, 16, 5), (9, 10, 3), (10, 11, 5),
    (10, 15, 6), (10, 16, 4), (10, 17, 8), (11, 12, 6), (11, 14, 4), (12, 13, 3), (13, 24, 4),
    (14, 15, 5), (14, 23, 4), (15, 19, 3), (15, 22, 3), (16, 17, 2), (16, 18, 3), (17, 19, 2),
    (18, 20, 4), (19, 20, 4), (20, 21, 6), (20, 22, 5), (21, 22, 2), (21, 24, 3), (22, 23, 4),
    (23, 24, 2),
  ]

  /// A network of the size and shape of Sioux Falls (24 places, 76 directed roads) with capacities
  /// and demands of our own making: 5 or 20 thousand vehicles, and a gravity of made-up sizes.
  public static func siouxFallsLike() -> RoutingGame {
    var arcs: [(from: Int, to: Int, time: Double)] = []
    for (a, b, time) in siouxFallsRoads {
      arcs.append((a - 1, b - 1, time))
      arcs.append((b - 1, a - 1, time))
    }
    arcs.sort { ($0.from, $0.to) < ($1.from, $1.to) }
    var first = [Int](repeating: 0, count: 25)
    for arc in arcs { first[arc.from + 1] += 1 }
    for place in 0..<24 { first[place + 1] += first[place] }
    let sizes = (0..<24).map { Double(1 + $0 * 7 % 5) }
    let total = sizes.reduce(0, +)
    let demands = (0..<24 * 24).map { pair -> Double in
      let (from, to) = (pair / 24, pair % 24)
      return from == to ? 0 : 360_000 * sizes[from] * sizes[to] / (total * total)
    }
    return RoutingGame(
      name: "sioux-falls-like",
      network: FlowNetwork(
        routerCount: 24, arcSource: arcs.map(\.from), arcTarget: arcs.map(\.to),
        firstOutgoing: first, isUsable: [Bool](repeating: true, count: arcs.count)),
      demands: demands,
      roads: PublicRoadsLatency(
        free: arcs.map(\.time), factor: [Double](repeating: 0.15, count: arcs.count),
        capacity: arcs.map { ($0.from + $0.to) % 3 == 0 ? 20_000 : 5_000 },
        power: [Double](repeating: 4, count: arcs.count)))
  }
}
