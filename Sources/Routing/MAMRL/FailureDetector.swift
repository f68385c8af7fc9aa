import Networks
import PacketSimulation

/// Notices a failed link by continual packet losses on it: the paper's packet-loss sensor.
///
/// A link counts as failed once a number of packets in a row were lost on it, in either direction,
/// and as repaired as soon as one crosses it again. Losses of capacity or buffers do not count: the
/// sensor reads packets that the link itself took.
///
/// Who no longer sends into a failed link never hears of its repair. So a new episode puts every
/// failed link on probation: one more loss and it counts as failed again, one packet that crosses
/// clears it.
///
/// - Shapes: one memory per replica and link.
/// - Source: the MAMRL paper, section 4.3 ("whenever there are continual packet losses at a
///   particular link"); the number is ours, the paper gives none.
/// - Complexity: O(events).
/// - Verified: `MAMRLRoutingTests`.
package struct FailureDetector: Sendable, Hashable {
  package let threshold: Int
  private let linkCount: Int
  private var lossesInARow: [Int]
  /// Found failed, and not crossed since: a link on probation that fails again is no news.
  private var isKnown: [Bool]

  package init(topology: Topology, threshold: Int, replicas: Int = 1) {
    self.threshold = threshold
    linkCount = topology.links.count
    lossesInARow = [Int](repeating: 0, count: replicas * topology.links.count)
    isKnown = [Bool](repeating: false, count: replicas * topology.links.count)
  }

  /// The links of a replica that count as failed.
  package func failed(replica: Int = 0) -> [LinkID] {
    (0..<linkCount).filter { isFailed(LinkID($0), replica: replica) }.map(LinkID.init)
  }

  func isFailed(_ link: LinkID, replica: Int) -> Bool {
    lossesInARow[replica * linkCount + link.index] >= threshold
  }

  /// Whether any link of any replica counts as failed.
  var isAnyFailed: Bool { lossesInARow.contains { $0 >= threshold } }

  /// Puts failed links on probation.
  mutating func beginEpisode() {
    for place in lossesInARow.indices where isKnown[place] {
      lossesInARow[place] = threshold - 1
    }
  }

  /// Reads a tick's events; `true` when a link has just come to count as failed for the first time.
  package mutating func observe(_ events: some Sequence<PacketEvent>, topology: Topology) -> Bool {
    var found = false
    for event in events where event.arc >= 0 {
      let link = topology.arcs[Int(event.arc)].link.index
      let place = Int(event.replica) * linkCount + link
      switch event.kind {
      case .received, .delivered:
        lossesInARow[place] = 0
        isKnown[place] = false
      case .lost where event.lossCause == .failedLink || event.lossCause == .inFlightAtFailure:
        lossesInARow[place] += 1
        if lossesInARow[place] >= threshold, !isKnown[place] {
          isKnown[place] = true
          found = true
        }
      case .lost, .generated, .forwarded: break
      }
    }
    return found
  }

  /// Everything that is remembered, as numbers.
  var numbers: [Float] {
    zip(lossesInARow, isKnown).map { Float($1 ? -Double($0) - 1 : Double($0)) }
  }

  mutating func restore(_ numbers: [Int]) {
    for (place, number) in numbers.enumerated() {
      isKnown[place] = number < 0
      lossesInARow[place] = number < 0 ? -number - 1 : number
    }
  }
}
