import Networks
import PacketSimulation

/// What a packet's stay at each router costs by the queue that its sender saw, where nothing else of a
/// learner's tables is about queues: what `QueueLearner` learns and routers tell.
///
/// - Shapes: as `QueueCostTables` says.
struct QueueCosts: QueueCostTables, Sendable {
  let network: NetworkArrays
  var queueWait: [Float]
  var queueCost: [Float]
  var meanQueueCost: [Float]
  var priceLine: [Float]

  init(_ network: NetworkArrays) {
    let n = network.routerCount
    self.network = network
    queueWait = (0..<n * QueueBins.count).map { QueueBins.middle($0 % QueueBins.count) }
    queueCost = queueWait
    meanQueueCost = [Float](repeating: 0, count: n)
    priceLine = [Float](repeating: 0, count: 2 * n)
  }

  /// How much dearer a queue seen at a bin is than the router's mean, as it told last.
  @inline(__always)
  func deviation(_ router: Int, bin: Int) -> Float {
    queueCost[router * QueueBins.count + bin] - meanQueueCost[router]
  }

  /// Moves costs by a share of the way towards another's.
  mutating func mix(_ other: QueueCosts, share: Float) {
    for index in queueWait.indices {
      queueWait[index] += share * (other.queueWait[index] - queueWait[index])
      queueCost[index] += share * (other.queueCost[index] - queueCost[index])
    }
    for index in meanQueueCost.indices {
      meanQueueCost[index] += share * (other.meanQueueCost[index] - meanQueueCost[index])
    }
    priceLine = other.priceLine
  }

  func named(_ prefix: String) -> [LearnerState.Table] {
    [
      .init(prefix + "queueWait", queueWait), .init(prefix + "queueCost", queueCost),
      .init(prefix + "meanQueueCost", meanQueueCost), .init(prefix + "priceLine", priceLine),
    ]
  }

  mutating func restore(_ state: LearnerState, prefix: String) throws(InputError) {
    queueWait = try state.table(prefix + "queueWait", count: queueWait.count)
    queueCost = try state.table(prefix + "queueCost", count: queueCost.count)
    meanQueueCost = try state.table(prefix + "meanQueueCost", count: meanQueueCost.count)
    priceLine = try state.table(prefix + "priceLine", count: priceLine.count)
  }
}
