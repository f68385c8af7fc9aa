import Networks
import Randomness

/// Which links fail and when, in a study of adaptation.
public struct FailureCourse: Sendable, Hashable {
  public enum Timing: String, Sendable, Hashable, Codable, CaseIterable {
    /// Down from the first tick of an episode on.
    case start
    /// Down from the middle of an episode on: packets are on the link.
    case middle
    /// Down for as many episodes as are measured, then up again; what is measured is the repair.
    case repaired
  }

  /// Links as users write them, joined by `+`.
  public var name: String
  /// They fail at the same moment.
  public var links: [LinkID]
  public var timing: Timing

  public init(name: String, links: [LinkID], timing: Timing) {
    self.name = name
    self.links = links
    self.timing = timing
  }

  /// Episodes that have the same outages.
  package struct Phase {
    package var outages: [LinkOutage]
    package var episodes: Int
    /// Whether they count for the measures.
    package var counts = true
  }

  package func phases(episodes: Int, horizon: Int) -> [Phase] {
    let down = links.map { LinkOutage(link: $0) }
    switch timing {
    case .start: return [Phase(outages: down, episodes: episodes)]
    case .middle:
      let middle = links.map { LinkOutage(link: $0, from: horizon / 2) }
      return [
        Phase(outages: middle, episodes: 1), Phase(outages: down, episodes: episodes - 1),
      ]
    case .repaired:
      return [
        Phase(outages: down, episodes: episodes, counts: false),
        Phase(outages: [], episodes: episodes),
      ]
    }
  }

  /// Every link whose failure leaves the network connected, one after the other.
  public static func links(of topology: Topology, timing: Timing) -> [FailureCourse] {
    FailureCampaign(topology, scope: .links).cases.filter(\.keepsConnected).map {
      FailureCourse(name: $0.name, links: $0.links, timing: timing)
    }
  }

  /// Pairs of links that leave the network connected when both fail; of more than `limit`, as many
  /// drawn at random.
  public static func pairs(
    of topology: Topology, timing: Timing, limit: Int, seeds: SeedTree
  ) -> [FailureCourse] {
    // Few of the pairs leave a network in pieces: five times as many are enough to choose from.
    let drawn = FailureCampaign(topology, scope: .pairs, limit: 5 * limit, seeds: seeds)
    let all = drawn.cases.filter(\.keepsConnected)
    var order = Array(all.indices)
    var stream = seeds.stream("pairs")
    for place in order.indices.prefix(limit) {
      order.swapAt(place, place + stream.integer(below: order.count - place))
    }
    return order.prefix(limit).sorted().map {
      FailureCourse(name: all[$0].name, links: all[$0].links, timing: timing)
    }
  }
}
