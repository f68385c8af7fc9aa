import Randomness

/// What fails together in one case of a campaign.
public enum FailureScope: String, Sendable, Hashable, Codable, CaseIterable {
  /// Every link alone.
  case links
  /// Every pair of links, up to a limit.
  case pairs
  /// Every shared-risk group.
  case groups
  /// Every router: all its links.
  case routers
}

/// Links that share a risk: a duct, a cable, a site.
public struct SharedRiskGroup: Sendable, Hashable, Codable {
  public var name: String
  public var links: [LinkID]

  public init(name: String, links: [LinkID]) {
    self.name = name
    self.links = links
  }
}

/// One case of a failure campaign.
public struct FailureCase: Sendable, Hashable {
  /// What a report calls it: `D:E`, `D:E + I:K`, a group's or a router's name.
  public let name: String
  public let links: [LinkID]
  /// The router that is down, in scope `routers`.
  public let router: RouterID?
  /// Whether every router (other than `router`) can still reach every other it could reach before.
  public let keepsConnected: Bool

  /// The case as a scenario: down from a tick on.
  public func scenario(from tick: Int = 0, until: Int? = nil) -> FailureScenario {
    FailureScenario(links: links, from: tick, until: until)
  }
}

/// All the failures of one kind that a network can have.
///
/// ```swift
/// let campaign = FailureCampaign(BuiltInTopology.b4.topology, scope: .links)
/// campaign.cases.filter(\.keepsConnected).count   // 19: B4 has no bridge
/// ```
public struct FailureCampaign: Sendable {
  public let scope: FailureScope
  public let cases: [FailureCase]
  /// How many cases the limit left out.
  public let omitted: Int

  /// - Parameters:
  ///   - groups: for scope `groups`; where empty, the bundles of parallel links are the groups.
  ///   - limit: at most so many cases; of more, a random sample by `seeds` is kept, in order.
  public init(
    _ topology: Topology, scope: FailureScope, groups: [SharedRiskGroup] = [], limit: Int = 10_000,
    seeds: SeedTree = SeedTree(root: 0)
  ) {
    precondition(limit >= 0, "FailureCampaign: the limit \(limit) is negative")
    self.scope = scope
    let count = Self.caseCount(topology, scope: scope, groups: groups)
    let kept = Self.sample(count, limit: limit, seeds: seeds)
    let groups =
      scope == .groups && groups.isEmpty ? topology.parallelBundles() : groups
    let before = topology.components()
    cases = kept.map { index in
      Self.makeCase(index, topology, scope: scope, groups: groups, before: before)
    }
    omitted = count - kept.count
  }

  private static func caseCount(
    _ topology: Topology, scope: FailureScope, groups: [SharedRiskGroup]
  ) -> Int {
    switch scope {
    case .links: topology.links.count
    case .pairs: topology.links.count * (topology.links.count - 1) / 2
    case .groups: groups.isEmpty ? topology.parallelBundles().count : groups.count
    case .routers: topology.routerCount
    }
  }

  /// The indices below `count`, or `limit` of them drawn without repetition, ascending.
  private static func sample(_ count: Int, limit: Int, seeds: SeedTree) -> [Int] {
    guard count > limit else { return Array(0..<count) }
    var stream = seeds.stream("failure-campaign")
    var chosen = Set<Int>()
    // Floyd's sampling: one draw for each index kept.
    for last in (count - limit)..<count {
      let drawn = stream.integer(below: last + 1)
      chosen.insert(chosen.contains(drawn) ? last : drawn)
    }
    return chosen.sorted()
  }

  private static func makeCase(
    _ index: Int, _ topology: Topology, scope: FailureScope, groups: [SharedRiskGroup],
    before: [Int]
  ) -> FailureCase {
    let name: String
    let links: [LinkID]
    var router: RouterID?
    switch scope {
    case .links:
      links = [LinkID(index)]
      name = topology.describe(LinkID(index))
    case .pairs:
      let (first, second) = pair(index, of: topology.links.count)
      links = [LinkID(first), LinkID(second)]
      name = links.map(topology.describe).joined(separator: " + ")
    case .groups:
      (name, links) = (groups[index].name, groups[index].links)
    case .routers:
      router = RouterID(index)
      name = topology.routers[index].name
      links = topology.linkIDs.filter {
        topology.links[$0.index].source.index == index
          || topology.links[$0.index].target.index == index
      }
    }
    let keeps = topology.keepsReachability(without: links, router: router, before: before)
    return FailureCase(name: name, links: links, router: router, keepsConnected: keeps)
  }

  /// The pair with the given number, in the order (0,1), (0,2), …, (1,2), ….
  private static func pair(_ index: Int, of count: Int) -> (Int, Int) {
    var (first, remaining) = (0, index)
    while remaining >= count - 1 - first {
      remaining -= count - 1 - first
      first += 1
    }
    return (first, first + 1 + remaining)
  }
}

extension Topology {
  /// A link as a user would name it: `A:B`, and its number where parallel links make that doubtful.
  public func describe(_ link: LinkID) -> String {
    let value = links[link.index]
    let ends = "\(routers[value.source.index].name):\(routers[value.target.index].name)"
    return self.link(from: value.source, to: value.target) == link
      ? ends : "\(ends) (@\(link.index))"
  }

  /// The sets of at least two links that join the same two routers, by their first links.
  public func parallelBundles() -> [SharedRiskGroup] {
    var order: [UnorderedPair] = []
    var members: [UnorderedPair: [LinkID]] = [:]
    for (index, link) in links.enumerated() where link.source != link.target {
      let pair = UnorderedPair(link.source, link.target)
      if members[pair] == nil { order.append(pair) }
      members[pair, default: []].append(LinkID(index))
    }
    return order.compactMap { pair in
      guard let bundle = members[pair], bundle.count > 1 else { return nil }
      return SharedRiskGroup(
        name: "\(routers[pair.low.index].name):\(routers[pair.high.index].name)", links: bundle)
    }
  }

  /// A link drawn uniformly from those whose failure leaves every router reachable; nil if none.
  public func randomSurvivableFailure(
    using generator: inout some RandomNumberGenerator
  ) -> LinkID? {
    let bridges = Set(bridges())
    let candidates = linkIDs.filter { !bridges.contains($0) }
    return candidates.isEmpty ? nil : candidates[generator.integer(below: candidates.count)]
  }

  fileprivate func keepsReachability(
    without down: [LinkID], router: RouterID?, before: [Int]
  ) -> Bool {
    var up = [Bool](repeating: true, count: links.count)
    for link in down { up[link.index] = false }
    let after = components(linkIsUp: up)
    var nameAfter = [Int: Int]()
    for index in after.indices where index != router?.index {
      if let name = nameAfter[before[index]] {
        if name != after[index] { return false }
      } else {
        nameAfter[before[index]] = after[index]
      }
    }
    return true
  }
}

/// Two routers without an order.
struct UnorderedPair: Hashable {
  let low: RouterID
  let high: RouterID
  init(_ a: RouterID, _ b: RouterID) { (low, high) = a < b ? (a, b) : (b, a) }
}
