import Networks
import PacketSimulation

/// One neighbour slot per router and destination, kept for the hot loop of forwarding.
///
/// Immutable after creation, which is what makes it safe to share between threads.
///
/// - Shapes: `[router * routerCount + destination]`; 0 where there is no way (and for the router
///   itself): a legal slot, because the world forwards something anyway.
final class NextHopTable: @unchecked Sendable {
  private let slots: UnsafeMutablePointer<Int32>
  private let count: Int
  private let routerCount: Int

  /// - Parameter slots: negative entries become slot 0.
  init(routerCount: Int, slots source: [Int32]) {
    precondition(source.count == routerCount * routerCount, "\(source.count) slots do not fit")
    count = source.count
    self.routerCount = routerCount
    slots = .allocate(capacity: max(count, 1))
    for index in 0..<count { (slots + index).initialize(to: max(0, source[index])) }
  }

  deinit { slots.deallocate() }

  subscript(router: Int, destination: Int) -> Int32 { slots[router * routerCount + destination] }

  /// Answers a whole batch; a blind decision (no destination) is slot 0.
  @inline(__always)
  func decide(_ batch: DecisionBatch) {
    let n = routerCount
    let slots = self.slots
    for index in 0..<batch.count {
      let destination = Int(batch.destinations[index])
      batch.choices[index] =
        destination < 0 ? 0 : slots[Int(batch.routers[index]) * n + destination]
    }
  }

  /// Answers the decisions `range` of a batch.
  @inline(__always)
  func decide(_ batch: DecisionBatch, _ range: Range<Int>) {
    for index in range {
      let destination = Int(batch.destinations[index])
      batch.choices[index] =
        destination < 0 ? 0 : slots[Int(batch.routers[index]) * routerCount + destination]
    }
  }
}
