import Networks
import PacketSimulation
import Randomness

/// Which environments training meets.
public enum EnvironmentForm: String, Codable, Hashable, Sendable, CaseIterable {
  /// No failures.
  case intact
  /// The intact network and every single link failure that leaves it connected, equally likely (the
  /// paper's η).
  case singleFailures = "single-failures"
  /// The intact network and three fixed links (the released program): B4 D-E, I-K, C-F; Geant 7-19,
  /// 5-16, 3-14; ATT 2-9, 15-17, 5-13. On other networks: the three links of the lowest numbers
  /// whose failure leaves it connected.
  case releasedFour = "released-four"
}

/// The distribution η(M) of network environments: a list of outages, equally likely.
///
/// - Randomness: one number per draw.
public struct EnvironmentDistribution: Sendable, Hashable {
  /// The links that are down from the first tick on, per environment; empty for the intact network.
  public let environments: [[LinkID]]

  /// A user's own list.
  public init(environments: [[LinkID]]) {
    precondition(!environments.isEmpty, "a distribution needs at least one environment")
    self.environments = environments
  }

  public init(_ form: EnvironmentForm, topology: Topology) {
    switch form {
    case .intact: environments = [[]]
    case .singleFailures:
      environments = [[]] + Self.survivable(topology).map { [$0] }
    case .releasedFour:
      environments = [[]] + Self.releasedLinks(topology).map { [$0] }
    }
  }

  /// The links without which a network that was connected stays connected.
  public static func survivable(_ topology: Topology) -> [LinkID] {
    let bridges = Set(topology.bridges())
    return topology.linkIDs.filter { !bridges.contains($0) }
  }

  public func sample(_ draws: inout RandomStream) -> [LinkOutage] {
    environments[draws.integer(below: environments.count)].map { LinkOutage(link: $0) }
  }

  private static func releasedLinks(_ topology: Topology) -> [LinkID] {
    let known: [String: [(String, String)]] = [
      "b4": [("D", "E"), ("I", "K"), ("C", "F")],
      "geant": [("7", "19"), ("5", "16"), ("3", "14")],
      "att": [("2", "9"), ("15", "17"), ("5", "13")],
    ]
    let name = topology.name.lowercased()
    let found = (known.first { name.hasPrefix($0.key) }?.value ?? []).compactMap {
      a, b -> LinkID? in
      guard let a = topology.router(named: a), let b = topology.router(named: b) else { return nil }
      return topology.link(from: a, to: b)
    }
    return found.count == 3 ? found : Array(survivable(topology).prefix(3))
  }
}
