import PacketSimulation

/// Measures, at every router, what one packet more costs: the ticks that it waits itself and the
/// packets that it delays by a tick each.
///
/// A router can count both by itself. A packet delays every packet that comes later in the same busy
/// period (until the queue is empty after a service) by one tick, and nobody else: its **social
/// price** is the number of packets that come later in its busy period.
struct BusyPeriods: Sendable {
  private struct Visit: Sendable {
    var bin: Int32
    var wait: Int32
    var enqueued: Int32
  }
  private var visits: [[Visit]]
  private var served: [Int]
  /// Bin of the queue that the sender of a packet saw, by packet.
  private var binOfPacket: [Int32] = []
  /// What packets cost, for those that a neighbour sent, in busy periods that ended; the reader
  /// empties it.
  var completed: [QueueSample] = []

  init(routerCount: Int) {
    visits = [[Visit]](repeating: [], count: routerCount)
    served = [Int](repeating: 0, count: routerCount)
  }

  mutating func begin() {
    for router in visits.indices {
      visits[router].removeAll(keepingCapacity: true)
      served[router] = 0
    }
    for packet in binOfPacket.indices { binOfPacket[packet] = -1 }
  }

  /// A packet joined the queue of a router.
  @inline(__always)
  mutating func join(_ event: PacketEvent, tick: Int) {
    let packet = Int(event.packet)
    let arrived = event.kind == .received && packet < binOfPacket.count
    visits[Int(event.router)].append(
      Visit(bin: arrived ? binOfPacket[packet] : -1, wait: 0, enqueued: Int32(tick)))
  }

  /// A router served a packet, which saw the given bin at the next router; a busy period that ends
  /// by it goes to `completed`.
  @inline(__always)
  mutating func serve(_ event: PacketEvent, nextBin: Int32) {
    let packet = Int(event.packet)
    while binOfPacket.count <= packet { binOfPacket.append(-1) }
    binOfPacket[packet] = nextBin
    let router = Int(event.router)
    let index = served[router]
    guard index < visits[router].count else { return }  // present before the episode began
    visits[router][index].wait = event.wait
    served[router] = index + 1
    if index + 1 == visits[router].count { close(router) }
  }

  private mutating func close(_ router: Int) {
    let count = visits[router].count
    for index in 0..<count {
      let visit = visits[router][index]
      completed.append(
        QueueSample(
          router: Int32(router), bin: visit.bin, wait: visit.wait, later: Int32(count - 1 - index)))
    }
    visits[router].removeAll(keepingCapacity: true)
    served[router] = 0
  }

  /// Ends the busy periods that the horizon cuts off: who still waits has waited until then.
  mutating func finish(horizon: Int) {
    for router in visits.indices where !visits[router].isEmpty {
      for index in served[router]..<visits[router].count {
        visits[router][index].wait = Int32(horizon) - visits[router][index].enqueued
      }
      close(router)
    }
  }
}

/// What one packet cost at a router.
struct QueueSample: Sendable {
  var router: Int32
  /// The bin of the queue that its sender saw.
  var bin: Int32
  /// Ticks that it waited.
  var wait: Int32
  /// Packets that came later in the same busy period.
  var later: Int32
}
