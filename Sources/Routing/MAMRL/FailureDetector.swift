import Networks
import PacketSimulation

/// Notices a failed link by continual packet losses on it: the paper's packet-loss sensor.
///
/// A link counts as failed once a number of packets in a row were lost on it, in either direction,
/// and as repaired as soon as one crosses it again. Losses of capacity or buffers do not count: the
/// sensor reads packets that the link itself took.
///
/// - Source: the MAMRL paper, section 4.3 ("whenever there are continual packet losses at a
///   particular link"); the number is ours, the paper gives none.
/// - Complexity: O(events).
/// - Verified: `MAMRLRoutingTests`.
package struct FailureDetector: Sendable, Hashable {
  package let threshold: Int
  private var lossesInARow: [Int]

  package init(topology: Topology, threshold: Int) {
    self.threshold = threshold
    lossesInARow = [Int](repeating: 0, count: topology.links.count)
  }

  /// The links that count as failed.
  package var failed: [LinkID] {
    lossesInARow.indices.filter { lossesInARow[$0] >= threshold }.map(LinkID.init)
  }

  /// Reads a tick's events; `true` when a link has just come to count as failed.
  package mutating func observe(_ events: some Sequence<PacketEvent>, topology: Topology) -> Bool {
    var found = false
    for event in events where event.arc >= 0 {
      let link = topology.arcs[Int(event.arc)].link.index
      switch event.kind {
      case .received, .delivered: lossesInARow[link] = 0
      case .lost where event.lossCause == .failedLink || event.lossCause == .inFlightAtFailure:
        lossesInARow[link] += 1
        if lossesInARow[link] == threshold { found = true }
      case .lost, .generated, .forwarded: break
      }
    }
    return found
  }
}
