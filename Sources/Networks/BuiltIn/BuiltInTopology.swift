/// The networks that come with the program, by the names that users type.
///
/// ```swift
/// let b4 = BuiltInTopology.b4
/// b4.topology.routerCount       // 12
/// b4.publishedNextHops?.count   // 144
/// ```
///
/// `b4`, `geant` and `att` are the three networks published with the MAMRL paper, with the latencies
/// that its learner was trained on; `b4-baselines` and `geant-baselines` have the longer latencies
/// that its baselines ran on. `abilene` is the Internet2 backbone of 2005, `nsfnet` the 14-router
/// T1 backbone in the form that the routing literature uses (21 links).
///
/// - Source: Zhang et al., the MAMRL paper and the program released with it (edge lists, tables,
///   demand files reduced to fitted parameters); Abilene and NSFNET: public maps of both networks.
public enum BuiltInTopology: String, CaseIterable, Sendable, Hashable, Codable {
  case b4, geant, att
  case b4Baselines = "b4-baselines"
  case geantBaselines = "geant-baselines"
  case abilene, nsfnet

  /// One line for `topologies list`.
  public var summary: String {
    switch self {
    case .b4: "Google's B4 as published with MAMRL, latencies of the learner"
    case .geant: "Geant as published with MAMRL, latencies of the learner"
    case .att: "ATT as published with MAMRL"
    case .b4Baselines: "B4 with the latencies that the published baselines ran on"
    case .geantBaselines: "Geant with the latencies that the published baselines ran on"
    case .abilene: "Abilene (Internet2, 2005), OC-192 links, latencies from distances"
    case .nsfnet: "NSFNET T1 backbone (1991), 14 routers and 21 links, latencies from distances"
    }
  }

  /// Routers, links, capacities; latencies in ticks for the published networks, coordinates for the
  /// others.
  public var topology: Topology {
    do {
      return try build()
    } catch {
      preconditionFailure("the embedded network \(rawValue) is damaged: \(error)")
    }
  }

  /// The neighbour that the released program's shortest path sends to, `[router * routerCount +
  /// destination]`, nil on the diagonal; nil for networks that it did not come with.
  ///
  /// Its ties are settled by the order of its files, which changes results much, so the tables are
  /// taken as they are. The `-baselines` networks have the tables for their latencies.
  public var publishedNextHops: [RouterID?]? {
    let text: String
    switch self {
    case .b4: text = B4Data.nextHopsLearner
    case .b4Baselines: text = B4Data.nextHopsBaselines
    case .geant: text = GeantData.nextHopsLearner
    case .geantBaselines: text = GeantData.nextHopsBaselines
    case .att: text = ATTData.nextHopsLearner
    case .abilene, .nsfnet: return nil
    }
    let names = topology.routers.map(\.name)
    return EmbeddedTable.words(text).map { word in
      word == "-" ? nil : names.firstIndex(of: word).map(RouterID.init)
    }
  }

  /// The size of a packet from any router to any other, fitted to the published demand file; nil for
  /// networks that came without one.
  public func pairSizes(columns: DemandColumns) -> PairSizes? {
    guard let text = packetSizeText else { return nil }
    let numbers = EmbeddedTable.numbers(text)
    let fits = stride(from: 0, to: numbers.count - 1, by: 2).map {
      LognormalFit(mean: numbers[$0], sigma: numbers[$0 + 1])
    }
    let count = topology.routerCount
    // The published Geant file has no layout with a diagonal, so its reading is the only one.
    let layout = fits.count == count * count ? columns : .diagonalSkipped
    return PairSizes(routerCount: count, fits: fits, columns: layout)
  }

  /// The mean demands of the published file (per pair, diagonal in place); nil where there is none.
  public var traffic: TrafficMatrix? { pairSizes(columns: .diagonalInPlace)?.means }

  private var packetSizeText: String? {
    switch self {
    case .b4, .b4Baselines: B4Data.packetSizes
    case .geant, .geantBaselines: GeantData.packetSizes
    case .att: ATTData.packetSizes
    case .abilene, .nsfnet: nil
    }
  }

  private func build() throws(TopologyError) -> Topology {
    switch self {
    case .b4, .b4Baselines:
      try published(B4Data.routers, B4Data.links, forBaselines: self == .b4Baselines)
    case .geant, .geantBaselines:
      try published(GeantData.routers, GeantData.links, forBaselines: self == .geantBaselines)
    case .att: try published(ATTData.routers, ATTData.links, forBaselines: false)
    case .abilene:
      try located(AbileneData.routers, AbileneData.links, AbileneData.megabitsPerSecond)
    case .nsfnet: try located(NSFNETData.routers, NSFNETData.links, NSFNETData.megabitsPerSecond)
    }
  }

  /// Rows `name [x y]` and `from to capacity ticks ticks`.
  private func published(
    _ routerText: String, _ linkText: String, forBaselines: Bool
  ) throws(TopologyError) -> Topology {
    let routers = EmbeddedTable.rows(routerText).map { row in
      let place =
        row.count == 3
        ? DrawingPosition(x: Double(row[1]) ?? 0, y: Double(row[2]) ?? 0) : nil
      return Router(name: row[0], position: place)
    }
    let links = EmbeddedTable.rows(linkText).map { row in
      Link(
        Self.index(row[0], in: routers), Self.index(row[1], in: routers),
        capacity: Double(row[2]), latency: Int(row[forBaselines ? 4 : 3]))
    }
    return try Topology(name: rawValue, routers: routers, links: links)
  }

  /// Rows `name|latitude|longitude` and `from to` as indices from 0.
  private func located(
    _ routerText: String, _ linkText: String, _ megabitsPerSecond: Double
  ) throws(TopologyError) -> Topology {
    let routers = EmbeddedTable.rows(routerText, separator: "|").map { row in
      Router(
        name: row[0],
        coordinate: GeographicCoordinate(
          latitude: Double(row[1]) ?? 0, longitude: Double(row[2]) ?? 0))
    }
    let links = EmbeddedTable.rows(linkText).map { row in
      Link(RouterID(Int(row[0]) ?? -1), RouterID(Int(row[1]) ?? -1), capacity: megabitsPerSecond)
    }
    return try Topology(
      name: rawValue, routers: routers, links: links, capacityUnit: "Mbit/s")
  }

  private static func index(_ name: String, in routers: [Router]) -> RouterID {
    RouterID(routers.firstIndex { $0.name == name } ?? -1)
  }
}

/// Splits the embedded texts into rows, words and numbers.
enum EmbeddedTable {
  static func rows(_ text: String, separator: Character = " ") -> [[String]] {
    text.split(separator: "\n").map { $0.split(separator: separator).map(String.init) }
  }
  static func words(_ text: String) -> [String] { rows(text).flatMap { $0 } }
  static func numbers(_ text: String) -> [Double] { words(text).compactMap { Double($0) } }
}
