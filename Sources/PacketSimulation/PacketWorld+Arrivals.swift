import Networks
import Randomness

// How an episode starts: first arrivals, and the packets that are there already.
extension PacketWorld {
  /// Arrivals come from a calendar of cells, so that idle routers cost nothing.
  func scheduleFirstArrival(_ cell: Int) {
    nextArrival[cell] = arrivals.next(
      after: arrivals.start, router: cell % routerCount, &arrivalStreams.pointer[cell])
    kernel.enterCalendar(cell)
  }

  /// Places the packets that an episode starts with (released program: 5 queued, up to 8 under way).
  ///
  /// Each packet under way is on a random incident link, only if the link is up and its free
  /// capacity exceeds the packet's size.
  func placeInitialPackets(_ replica: Int, _ seeds: SeedTree) {
    let model = scenario.model
    guard model.initialQueue > 0 || model.initialInFlight > 0 else { return }
    var stream = seeds.child("environment").stream("start")
    for router in 0..<routerCount {
      for _ in 0..<min(model.initialQueue, bufferLimit) {
        let id = kernel.newPacket(
          arrivals, replica: replica, router: router, created: -1, stream: &stream)
        countInitial(replica, created: -1)
        _ = kernel.enqueue(
          id, cell: replica * routerCount + router, replica: replica, router: router, tick: -1)
      }
    }
    for router in 0..<routerCount {
      for remaining in 0..<model.initialInFlight {
        placeInFlight(replica, router, completion: remaining, &stream)
      }
    }
  }

  /// The packet with h = completion + 1 ticks to go completes at the end of tick `completion`.
  private func placeInFlight(
    _ replica: Int, _ router: Int, completion: Int, _ stream: inout RandomStream
  ) {
    let first = Int(firstArc[router])
    let degree = Int(firstArc[router + 1]) - first
    guard degree > 0 else { return }
    let arc = first + stream.integer(below: degree)
    let info = arcInfo[arc]
    let created = completion - (1 + stream.integer(below: 3) + Int(info.latency))
    let id = kernel.newPacket(
      arrivals, replica: replica, router: router, created: created, stream: &stream)
    if linkDown[replica * linkCount + Int(info.link)] > 0
      || !kernel.takeCapacity(
        Double(packets[Int(id)].size), pool: Int(info.pool), replica: replica)
    {
      pairPackets[kernel.pairIndex(replica, packets[Int(id)])] -= 1
      kernel.freePacket(id)
      return
    }
    countInitial(replica, created: created)
    packets[Int(id)].arc = Int32(arc)
    kernel.launch(id, completion: completion)
  }

  /// A packet present at tick 0 was born, in effect, before it or after it: the presence identity
  /// needs the difference.
  private func countInitial(_ replica: Int, created: Int) {
    counters.pointer[replica].initialAge -= created
    counters.pointer[replica].initial += 1
    counters.pointer[replica].undelivered += 1
  }
}
