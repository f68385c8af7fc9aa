import Foundation
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
  /// The user's own: `environmentList`.
  case listed
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

  /// What settings ask for; the form `listed` reads their list.
  ///
  /// - Throws: `InputError` that names the entry.
  public init(_ settings: MAMRLConfiguration, topology: Topology) throws(InputError) {
    guard settings.environments == .listed else {
      self.init(settings.environments, topology: topology)
      return
    }
    var environments: [[LinkID]] = []
    for entry in try Self.entries(settings.environmentList) {
      environments.append(try Self.links(entry, topology))
    }
    self.init(environments: environments)
  }

  /// The entries of a list, or of the file that it names.
  private static func entries(_ list: String) throws(InputError) -> [String] {
    var text = list.replacing(";", with: "\n")
    if let file = try? String(contentsOfFile: list, encoding: .utf8) { text = file }
    let entries = text.split(whereSeparator: \.isNewline)
      .map { $0.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
    guard !entries.isEmpty else {
      throw InputError(
        file: "--set", field: "environmentList", value: list,
        expected: "expected environments such as 'intact;A:B', or a file with one a line")
    }
    return entries
  }

  /// The links of one entry: `intact`, or links joined by `+`.
  private static func links(_ entry: String, _ topology: Topology) throws(InputError) -> [LinkID] {
    if entry == "intact" { return [] }
    // A name may contain a plus itself: one link is tried first.
    if let one = try? topology.link(described: entry) { return [one] }
    var links: [LinkID] = []
    for part in entry.split(separator: "+") {
      links.append(try topology.link(described: String(part), option: "environmentList"))
    }
    return links
  }

  public init(_ form: EnvironmentForm, topology: Topology) {
    switch form {
    case .intact, .listed: environments = [[]]
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
