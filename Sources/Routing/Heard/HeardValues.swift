import Networks
import PacketSimulation

/// What neighbours told lately, so that a value can be read as old as the model says.
///
/// A learner keeps one table of present values, `[router][destination]`; before it overwrites one it
/// notes the old value here. Memory follows the changes within the greatest age, not the table.
///
/// ```swift
/// heard.note(router: j, destination: d, old: value[j][d], tick: tick)
/// value[j][d] = new
/// let seen = heard.value(now: value[j][d], arc: arcFromIToJ, router: j, destination: d, tick: tick)
/// ```
///
/// - Time: as in `SimulationModel.ObservationAge`.
package struct HeardValues: Sendable {
  private struct Change: Sendable {
    var tick: Int32
    var destination: Int32
    var old: Float
  }
  /// Ticks that what comes over an arc is old.
  package let ages: [Int]
  /// The greatest of them; 0: all is read at once, and nothing is kept.
  let greatestAge: Int
  /// By router, oldest first; those before `first` are too old to matter.
  private var changes: [[Change]]
  private var first: [Int]

  init(_ network: NetworkArrays, _ age: SimulationModel.ObservationAge) {
    self.init(
      routerCount: network.routerCount, ages: network.latencies.map { age.age(latency: $0) })
  }

  package init(routerCount: Int, ages: [Int]) {
    self.ages = ages
    greatestAge = ages.max() ?? 0
    let count = greatestAge > 0 ? routerCount : 0
    changes = [[Change]](repeating: [], count: count)
    first = [Int](repeating: 0, count: count)
  }

  package var isDelayed: Bool { greatestAge > 0 }

  /// All that was learned before is known to all.
  package mutating func beginEpisode() {
    for router in changes.indices {
      changes[router].removeAll(keepingCapacity: true)
      first[router] = 0
    }
  }

  /// Remembers a value that is about to be overwritten.
  @inline(__always)
  package mutating func note(router: Int, destination: Int, old: Float, tick: Int) {
    guard isDelayed else { return }
    append(
      Change(tick: Int32(tick), destination: Int32(destination), old: old), router: router,
      tick: tick)
  }

  private mutating func append(_ change: Change, router: Int, tick: Int) {
    changes[router].append(change)
    let count = changes[router].count
    while first[router] < count && Int(changes[router][first[router]].tick) < tick - greatestAge {
      first[router] += 1
    }
    if first[router] > 64 && 2 * first[router] > count {
      changes[router].removeFirst(first[router])
      first[router] = 0
    }
  }

  /// The value that the source of an arc knows at the decisions of a tick.
  @inline(__always)
  package func value(now: Float, arc: Int, router: Int, destination: Int, tick: Int) -> Float {
    guard isDelayed, ages[arc] > 0 else { return now }
    return earlier(now, since: tick - ages[arc], router: router, destination: destination)
  }

  /// The value before the first change in a tick not earlier than `since`.
  private func earlier(_ now: Float, since: Int, router: Int, destination: Int) -> Float {
    let list = changes[router]
    for index in first[router]..<list.count
    where Int(list[index].tick) >= since && Int(list[index].destination) == destination {
      return list[index].old
    }
    return now
  }
}
