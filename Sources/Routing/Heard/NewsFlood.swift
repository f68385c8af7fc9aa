import Networks
import PacketSimulation

/// When routers hear of something that one of them found out and that all pass on.
///
/// Every router passes the news on over all links that are up; each hop takes as long as the model
/// says that what is heard is old.
struct NewsFlood: Sendable {
  /// The end of the tick in which a router takes the news up; nil: none is under way to it.
  private var due: [Int?]
  private var next = Int.max

  init(routerCount: Int) { due = [Int?](repeating: nil, count: routerCount) }

  /// Starts news at a router at the end of a tick. News under way that arrives earlier stays.
  mutating func start(
    at origin: Int, tick: Int, network: NetworkArrays, ages: [Int], isUp: (Int) -> Bool
  ) {
    for (router, delay) in Self.delays(from: origin, network, ages, isUp).enumerated() {
      guard let delay else { continue }
      due[router] = min(due[router] ?? .max, tick + delay)
      next = min(next, tick + delay)
    }
  }

  /// The routers that take news up by the end of a tick, each once.
  mutating func arrived(by tick: Int) -> [Int] {
    guard tick >= next else { return [] }
    var arrived: [Int] = []
    next = .max
    for router in due.indices {
      guard let time = due[router] else { continue }
      if time <= tick {
        arrived.append(router)
        due[router] = nil
      } else {
        next = min(next, time)
      }
    }
    return arrived
  }

  /// Least ticks from a router to all, nil where no way is up (Dijkstra without a heap: news is rare).
  static func delays(
    from origin: Int, _ network: NetworkArrays, _ ages: [Int], _ isUp: (Int) -> Bool
  ) -> [Int?] {
    var delays = [Int?](repeating: nil, count: network.routerCount)
    var isDone = [Bool](repeating: false, count: network.routerCount)
    delays[origin] = 0
    while true {
      var nearest = -1
      for router in delays.indices where !isDone[router] && delays[router] != nil {
        if nearest < 0 || (delays[router] ?? 0) < (delays[nearest] ?? 0) { nearest = router }
      }
      guard nearest >= 0, let delay = delays[nearest] else { return delays }
      isDone[nearest] = true
      for arc in network.firstArc[nearest]..<network.firstArc[nearest + 1] where isUp(arc) {
        let target = network.targets[arc]
        delays[target] = min(delays[target] ?? .max, delay + ages[arc])
      }
    }
  }
}
