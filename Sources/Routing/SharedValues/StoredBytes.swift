import Networks

/// What a router has to store beside values of destinations and parameters of networks, in bytes; one
/// place, so that algorithms count alike.
///
/// A router cannot read its neighbours' memory: what they told it is its to keep.
enum StoredBytes {
  /// Numbers on the router's own load: its mean, its price, packets counted, updates; and how many of
  /// them neighbours are told.
  private static let load = (numbers: 4, told: 2)
  /// Per link: share of losses, suspicion, length of the neighbour's queue, own sends of the last 64
  /// ticks, class seen at the last decision.
  private static let linkBytes = 4 + 1 + 2 + 8 + 1
  /// Per link, where loads are counted: packets, and their mean rate.
  private static let flowBytes = 4 + 4

  /// Statistics of a router's queue, load and links, and what neighbours told of theirs; the costs of its
  /// queue a second time, as a running average over episodes.
  ///
  /// - Parameter countsLoad: whether prices come from counted loads.
  static func ofRouter(_ network: NetworkArrays, _ router: Int, countsLoad: Bool = true) -> Int {
    let queue = QueueLearner.numbersPerRouter + 2 * QueueBins.count + 4
    let told = QueueLearner.numbersTold + (countsLoad ? load.told : 0)
    return 4 * (queue + (countsLoad ? load.numbers : 0))
      + network.degree(router) * (linkBytes + (countsLoad ? flowBytes : 0) + 4 * told)
  }
}
