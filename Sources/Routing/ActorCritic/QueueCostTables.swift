/// What routers know of queues' costs, in a learner's tables: `QueueLearner` writes them.
///
/// - Shapes: `queueWait`, `queueCost` are `[router * QueueBins.count + bin]`, `meanQueueCost`
///   `[router]`, `priceLine` `[2 * router]`.
protocol QueueCostTables {
  var network: NetworkArrays { get }
  /// Expected ticks waited at a router, by the queue seen by the sender.
  var queueWait: [Float] { get set }
  /// Expected cost of a queue, own wait and price for others, as neighbours were told last.
  var queueCost: [Float] { get set }
  /// The mean of `queueCost` over the packets that came, as neighbours were told last.
  var meanQueueCost: [Float] { get set }
  /// Intercept and slope of the price, weighted, by router.
  var priceLine: [Float] { get set }
}

extension QueueCostTables {
  /// Writes what a router's queue costs from its waits and its price line.
  mutating func setQueueCost(
    _ router: Int, line: (intercept: Float, slope: Float), weight: Float
  ) {
    priceLine[2 * router] = weight * line.intercept
    priceLine[2 * router + 1] = weight * line.slope
    for entry in router * QueueBins.count..<(router + 1) * QueueBins.count {
      queueCost[entry] = cost(ofWait: queueWait[entry], router: router)
    }
  }

  /// What a wait at a router costs, the price included, as neighbours were told last.
  @inline(__always)
  func cost(ofWait wait: Float, router: Int) -> Float {
    return priceLine[2 * router] + (1 + priceLine[2 * router + 1]) * wait
  }
}
