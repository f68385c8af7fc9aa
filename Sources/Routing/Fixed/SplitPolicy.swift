import Flows
import Networks
import PacketSimulation
import Randomness

/// Plays a static split: each packet takes a neighbour slot with the split's probability.
///
/// ```swift
/// let policy = SplitPolicy(table: table)
/// ```
///
/// - Randomness: one number per decision with more than one slot.
/// - Complexity: O(slots used) a decision.
/// - Verified: `SplitPolicyTests`.
public struct SplitPolicy: RoutingPolicy {
  private let compiled: CompiledSplit

  public init(table: SplitTable) { compiled = CompiledSplit(table) }

  public func decide(_ batch: DecisionBatch, in world: PacketWorld) {
    compiled.decide(batch, 0..<batch.count)
  }
}

/// A split table as lists of slots with cumulative shares, in the order that decisions read them.
final class CompiledSplit: Sendable {
  private let routerCount: Int
  private let first: [Int32]
  private let slots: [Int32]
  /// Shares of the slots up to and including this one.
  private let cumulative: [Double]

  init(_ table: SplitTable) {
    let n = table.network.routerCount
    var first: [Int32] = [0]
    var slots: [Int32] = []
    var cumulative: [Double] = []
    for router in 0..<n {
      for destination in 0..<n {
        var sum = 0.0
        for (slot, share) in table.shares(router: router, destination: destination).enumerated()
        where share > 0 {
          sum += share
          slots.append(Int32(slot))
          cumulative.append(sum)
        }
        first.append(Int32(slots.count))
      }
    }
    routerCount = n
    self.first = first
    self.slots = slots
    self.cumulative = cumulative
  }

  func decide(_ batch: DecisionBatch, _ range: Range<Int>) {
    for index in range {
      let destination = Int(batch.destinations[index])
      guard destination >= 0 else { continue }  // blind: slot 0, as the batch starts with
      let pair = Int(batch.routers[index]) * routerCount + destination
      var entry = Int(first[pair])
      let last = Int(first[pair + 1]) - 1
      guard entry <= last else { continue }
      if entry < last {
        let draw = batch.streams[Int(batch.replicas[index])].uniform()
        while entry < last && draw >= cumulative[entry] { entry += 1 }
      }
      batch.choices[index] = slots[entry]
    }
  }
}

extension Scenario {
  /// Packets per tick that really arrive, by pair: `[source * routerCount + destination]`.
  public var demandRates: [Double] {
    let n = topology.routerCount
    let matrix = traffic ?? .uniform(routerCount: n)
    var rates = matrix.packetRates(meanPerRouter: load)
    guard model.arrivals != .poisson else { return rates }
    for source in 0..<n {
      let row = source * n..<(source + 1) * n
      let offered = rates[row].reduce(0, +)
      guard offered > 0 else { continue }
      let scale = Self.effectiveRate(load: offered, law: model.arrivals) / offered
      for pair in row { rates[pair] *= scale }
    }
    return rates
  }

  /// Ticks per arc.
  public var arcLatencies: [Double] { arcCosts(metric: .latency) }
}
