import Networks
import PacketSimulation
import Synchronization

/// Tables by the set of links that are known to be down, made when first needed.
///
/// What a table is depends only on the set, so that the order of making them (which threads decide)
/// reaches no result.
final class FailureAwareTables<Table: Sendable>: Sendable {
  private let intact: Table
  private let made = Mutex<[[LinkID]: Table]>([:])
  private let make: @Sendable ([LinkID]) -> Table

  /// - Parameter make: the table for a sorted list of links that are down.
  init(_ make: @escaping @Sendable ([LinkID]) -> Table) {
    self.make = make
    intact = make([])
  }

  /// The table for a sorted list of links that are down.
  func table(down: [LinkID]) -> Table {
    if down.isEmpty { return intact }
    if let found = made.withLock({ $0[down] }) { return found }
    let table = make(down)
    made.withLock { $0[down] = table }
    return table
  }

  /// Calls `body` once per replica of the batch, with its range and the table that it knows: the one
  /// for the links that were down `delay` ticks ago.
  @inline(__always)
  func forEachReplica(
    _ batch: DecisionBatch, in world: PacketWorld, delay: Int,
    _ body: (Table, Range<Int>) -> Void
  ) {
    guard world.hasFailures else { return body(intact, 0..<batch.count) }
    var start = 0
    while start < batch.count {
      let replica = batch.replicas[start]
      var end = start + 1
      while end < batch.count && batch.replicas[end] == replica { end += 1 }
      let down = linksDown(world.outages(replica: Int(replica)), at: world.tick - delay)
      body(table(down: down), start..<end)
      start = end
    }
  }
}

/// The links that are down at a tick, sorted.
func linksDown(_ outages: [LinkOutage], at tick: Int) -> [LinkID] {
  var down: [LinkID] = []
  for outage in outages where outage.from <= tick && tick < outage.until ?? Int.max {
    if !down.contains(outage.link) { down.append(outage.link) }
  }
  return down.sorted { $0.index < $1.index }
}

extension Topology {
  /// One flag per link: whether it is not among those given.
  func linkIsUp(except down: [LinkID]) -> [Bool] {
    var isUp = [Bool](repeating: true, count: links.count)
    for link in down { isUp[link.index] = false }
    return isUp
  }
}
