/// Links that go down and come up again at given ticks of an episode.
///
/// ```swift
/// let network = BuiltInTopology.b4.topology
/// let scenario = try FailureScenario(parsing: ["D:E", "@3@100..200"], in: network)
/// scenario.changes(linkCount: network.links.count)   // what happens when, in order
/// ```
///
/// Tick 0 is the first of an episode; a link that is down from tick t carries nothing from the start
/// of tick t on, and what is on it then is lost.
public struct FailureScenario: Sendable, Hashable, Codable {
  public var outages: [LinkOutage]

  public init(_ outages: [LinkOutage] = []) { self.outages = outages }

  /// All the given links down from one tick on.
  public init(links: [LinkID], from tick: Int = 0, until: Int? = nil) {
    outages = links.map { LinkOutage(link: $0, from: tick, until: until) }
  }

  public var isEmpty: Bool { outages.isEmpty }

  /// A link that changes its state at the start of a tick.
  public struct Change: Sendable, Hashable {
    public let tick: Int
    public let link: LinkID
    public let isUp: Bool
  }

  /// Every change of state, ordered by tick, then by link; overlapping outages of one link are one.
  public func changes(linkCount: Int) -> [Change] {
    var byLink = [[LinkOutage]](repeating: [], count: linkCount)
    for outage in outages where outage.link.index < linkCount {
      byLink[outage.link.index].append(outage)
    }
    var changes: [Change] = []
    for outages in byLink where !outages.isEmpty {
      for outage in Self.merged(outages) {
        changes.append(Change(tick: outage.from, link: outage.link, isUp: false))
        if let until = outage.until {
          changes.append(Change(tick: until, link: outage.link, isUp: true))
        }
      }
    }
    return changes.sorted { ($0.tick, $0.link) < ($1.tick, $1.link) }
  }

  /// One flag a link: whether it is up in the given tick.
  public func linkIsUp(atTick tick: Int, linkCount: Int) -> [Bool] {
    var up = [Bool](repeating: true, count: linkCount)
    for outage in outages where outage.link.index < linkCount {
      if outage.isDown(at: tick) { up[outage.link.index] = false }
    }
    return up
  }

  /// The union of the outages of one link, in time order.
  private static func merged(_ outages: [LinkOutage]) -> [LinkOutage] {
    var result: [LinkOutage] = []
    for outage in outages.sorted(by: { $0.from < $1.from }) {
      guard let last = result.last else {
        result.append(outage)
        continue
      }
      guard let end = last.until else { break }
      if outage.from <= end {
        result[result.count - 1].until = outage.until.map { max($0, end) }
      } else {
        result.append(outage)
      }
    }
    return result
  }
}
