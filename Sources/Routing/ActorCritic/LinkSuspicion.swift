import Networks

/// Which links routers hold to be dead, from the losses that they see on them.
///
/// The running share of losses on an arc belongs to what a router knows and stays in its tables; this
/// is the rule by which it moves and by which a link comes to be suspected.
///
/// - Shapes: `isSuspected[arc]`.
struct LinkSuspicion: Sendable {
  private(set) var isSuspected: [Bool]
  private let rate: Float
  private let memory: Double

  /// - Parameters:
  ///   - rate: step of the running share of losses.
  ///   - memory: ticks in which the suspicion of an unused link falls by a factor e.
  init(arcCount: Int, rate: Double, memory: Double) {
    isSuspected = [Bool](repeating: false, count: arcCount)
    self.rate = Float(rate)
    self.memory = memory
  }

  /// A packet was sent over an arc: `lost` is 1 where it was lost, else 0.
  ///
  /// - Returns: whether the link has just come to be suspected, or to be trusted again.
  @inline(__always)
  mutating func note(_ arc: Int, lost: Float, shares: inout [Float]) -> Bool {
    shares[arc] += rate * (lost - shares[arc])
    // A link is suspected from two losses in a row until a packet gets through again.
    let now = shares[arc] > ActorCriticTables.suspicion || (isSuspected[arc] && lost == 1)
    guard now != isSuspected[arc] else { return false }
    isSuspected[arc] = now
    return true
  }

  /// Lets the suspicion of links that nobody uses fade, so that they are tried again.
  func fade(_ shares: inout [Float], ticks: Int) {
    let keep = 1 - Float(Double(ticks) / memory)
    for arc in shares.indices { shares[arc] *= keep }
  }

  var table: LearnerState.Table { .init("suspected", isSuspected.map { $0 ? 1 : 0 }) }

  mutating func restore(_ state: LearnerState) throws(InputError) {
    isSuspected = try state.table("suspected", count: isSuspected.count).map { $0 > 0 }
  }
}
