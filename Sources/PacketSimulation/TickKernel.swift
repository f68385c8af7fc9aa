import Networks
import Randomness

/// The hot loops of a tick, over raw pointers into the world's flat arrays.
///
/// A struct that is passed unchanged: the compiler then knows that no store through a pointer can
/// alter the pointers themselves, and keeps them in registers. As methods of the class the same
/// loops reload every pointer after every store and take twice as long (measured).
///
/// Whatever is rare (losses, events, per-tick series) goes back to the world.
struct TickKernel: BitwiseCopyable {
  let hot: UnsafeMutablePointer<HotState>
  let queues: UnsafeMutablePointer<PacketList>
  let queueCount: UnsafeMutablePointer<Int32>
  let occupied: UnsafeMutablePointer<UInt64>
  let wheel: UnsafeMutablePointer<PacketList>
  let counters: UnsafeMutablePointer<ReplicaCounters>
  let histogram: UnsafeMutablePointer<Int32>
  let pairPackets: UnsafeMutablePointer<Int32>
  let pairDelivered: UnsafeMutablePointer<Int32>
  let arcInfo: UnsafeMutablePointer<ArcInfo>
  let firstArc: UnsafeMutablePointer<Int32>
  let arcCounts: UnsafeMutablePointer<Int>
  let linkDown: UnsafeMutablePointer<Int16>
  let poolFree: UnsafeMutablePointer<Double>
  let batchReplica: UnsafeMutablePointer<Int32>
  let batchRouter: UnsafeMutablePointer<Int32>
  let batchDestination: UnsafeMutablePointer<Int32>
  let batchChoice: UnsafeMutablePointer<Int32>
  let nextArrival: UnsafeMutablePointer<Double>
  let calendarHead: UnsafeMutablePointer<Int32>
  let calendarNext: UnsafeMutablePointer<Int32>
  let streams: UnsafeMutablePointer<RandomStream>
  let replicaCount: Int
  let routerCount: Int
  let wordsPerReplica: Int
  let linkCount: Int
  let poolCount: Int
  let wheelMask: Int
  let histogramBins: Int
  let bufferLimit: Int
  let timeToLive: Int
  let horizon: Double
  let limits: Bool
  let losesAtEqual: Bool
  let decidesFirst: Bool
  /// Events or series are recorded.
  let isObserved: Bool
  let recordsActions: Bool

  // MARK: Packets and lists

  @inline(__always)
  func allocatePacket() -> Int32 {
    if hot.pointee.freeHead < 0 { hot.pointee.growPackets() }
    let id = hot.pointee.freeHead
    hot.pointee.freeHead = hot.pointee.packets[Int(id)].next
    return id
  }

  @inline(__always)
  func freePacket(_ id: Int32) {
    hot.pointee.packets[Int(id)].next = hot.pointee.freeHead
    hot.pointee.freeHead = id
  }

  /// Puts a packet at the end of a router's queue; `false`, and nothing done, where it is full.
  @inline(__always)
  func enqueue(_ id: Int32, cell: Int, replica: Int, router: Int, tick: Int) -> Bool {
    let count = queueCount[cell]
    if Int(count) >= bufferLimit { return false }
    queueCount[cell] = count &+ 1
    let packets = hot.pointee.packets
    packets[Int(id)].next = -1
    packets[Int(id)].enqueued = Int32(truncatingIfNeeded: tick)
    let tail = queues[cell].tail
    queues[cell].tail = id
    if tail < 0 {
      queues[cell].head = id
      occupied[replica &* wordsPerReplica &+ router &>> 6] |=
        1 &<< UInt64(truncatingIfNeeded: router)
    } else {
      packets[Int(tail)].next = id
    }
    return true
  }

  /// Takes the head packet from a non-empty queue.
  @inline(__always)
  func dequeue(cell: Int, replica: Int, router: Int) -> Int32 {
    let id = queues[cell].head
    let next = hot.pointee.packets[Int(id)].next
    queues[cell].head = next
    queueCount[cell] &-= 1
    if next < 0 {
      queues[cell].tail = -1
      occupied[replica &* wordsPerReplica &+ router &>> 6] &=
        ~(1 &<< UInt64(truncatingIfNeeded: router))
    }
    return id
  }

  /// Puts a packet on an arc, to complete at the end of the given tick.
  @inline(__always)
  func launch(_ id: Int32, completion: Int) {
    let list = wheel + (completion & wheelMask)
    let packets = hot.pointee.packets
    packets[Int(id)].next = -1
    let tail = list.pointee.tail
    list.pointee.tail = id
    if tail < 0 { list.pointee.head = id } else { packets[Int(tail)].next = id }
  }

  /// Takes capacity for a packet from a pool; `false` where there is not enough.
  @inline(__always)
  func takeCapacity(_ size: Double, pool: Int, replica: Int) -> Bool {
    guard limits else { return true }
    let index = replica &* poolCount &+ pool
    let free = poolFree[index]
    if losesAtEqual ? free <= size : free < size { return false }
    poolFree[index] = free - size
    return true
  }

  @inline(__always)
  func pairIndex(_ replica: Int, _ packet: Packet) -> Int {
    (replica &* routerCount &+ Int(packet.source)) &* routerCount &+ Int(packet.destination)
  }

  @inline(__always)
  func recordDelay(_ delay: Int, replica: Int) {
    histogram[replica &* histogramBins &+ min(delay, histogramBins &- 1)] &+= 1
  }

  // MARK: Arrivals

  @inline(__always)
  func enterCalendar(_ cell: Int) {
    let time = nextArrival[cell]
    guard time < horizon else { return }
    let bucket = Int(time) & PacketWorld.calendarMask
    calendarNext[cell] = calendarHead[bucket]
    calendarHead[bucket] = Int32(truncatingIfNeeded: cell)
  }

  /// Lets the packets of this tick be born and queued.
  func playArrivals(_ arrivals: ArrivalTables, in world: PacketWorld) {
    let tick = hot.pointee.tick
    let end = Double(tick &+ 1)
    let bucket = tick & PacketWorld.calendarMask
    var next = calendarHead[bucket]
    calendarHead[bucket] = -1
    while next >= 0 {
      let cell = Int(next)
      next = calendarNext[cell]
      let time = nextArrival[cell]
      if time < end {
        let replica = cell / routerCount
        let router = cell &- replica &* routerCount
        nextArrival[cell] = playArrivals(
          arrivals, cell: cell, replica: replica, router: router, from: time, until: end, in: world)
      }
      enterCalendar(cell)
    }
  }

  @inline(__always)
  private func playArrivals(
    _ arrivals: ArrivalTables, cell: Int, replica: Int, router: Int, from: Double,
    until end: Double, in world: PacketWorld
  ) -> Double {
    let tick = hot.pointee.tick
    var stream = streams[cell]
    var time = from
    while time < end {
      let id = newPacket(
        arrivals, replica: replica, router: router, created: tick, stream: &stream)
      counters[replica].generated &+= 1
      counters[replica].undelivered &+= 1
      let isQueued = enqueue(id, cell: cell, replica: replica, router: router, tick: tick)
      if !isQueued || isObserved { world.noteArrival(id, router: router, isQueued: isQueued) }
      time = arrivals.next(after: time, router: router, &stream)
    }
    streams[cell] = stream
    return time
  }

  /// Creates a packet with destination and size drawn from the stream; it is nowhere yet.
  @inline(__always)
  func newPacket(
    _ arrivals: ArrivalTables, replica: Int, router: Int, created: Int,
    stream: inout RandomStream
  ) -> Int32 {
    let destination = arrivals.destination(from: router, &stream)
    let size = arrivals.size(from: router, to: destination, &stream)
    let id = allocatePacket()
    hot.pointee.packets[Int(id)] = Packet(
      next: -1, created: Int32(truncatingIfNeeded: created), enqueued: 0, arc: -1,
      replica: Int32(truncatingIfNeeded: replica), size: size,
      source: UInt16(truncatingIfNeeded: router),
      destination: UInt16(truncatingIfNeeded: destination), hops: 0)
    pairPackets[(replica &* routerCount &+ router) &* routerCount &+ destination] &+= 1
    return id
  }

  // MARK: Decisions

  func collectDecisions() {
    var count = 0
    for replica in 0..<replicaCount {
      if decidesFirst {
        for router in 0..<routerCount { appendDecision(replica, router, &count) }
        continue
      }
      for word in 0..<wordsPerReplica {
        var bits = occupied[replica &* wordsPerReplica &+ word]
        while bits != 0 {
          appendDecision(replica, word &* 64 &+ bits.trailingZeroBitCount, &count)
          bits &= bits &- 1
        }
      }
    }
    hot.pointee.batchCount = count
  }

  @inline(__always)
  private func appendDecision(_ replica: Int, _ router: Int, _ count: inout Int) {
    let head = queues[replica &* routerCount &+ router].head
    batchReplica[count] = Int32(truncatingIfNeeded: replica)
    batchRouter[count] = Int32(truncatingIfNeeded: router)
    batchDestination[count] =
      head < 0 ? -1 : Int32(hot.pointee.packets[Int(head)].destination)
    batchChoice[count] = 0
    count &+= 1
  }

  // MARK: Forwarding

  func forwardAll(in world: PacketWorld) {
    let tick = hot.pointee.tick
    for index in 0..<hot.pointee.batchCount {
      let replica = Int(batchReplica[index])
      let router = Int(batchRouter[index])
      let cell = replica &* routerCount &+ router
      if decidesFirst && queues[cell].head < 0 { continue }
      let first = firstArc[router]
      let arc = first &+ batchChoice[index]
      if firstArc[router &+ 1] == first { continue }  // no neighbour: the packet stays
      precondition(
        arc >= first && arc < firstArc[router &+ 1],
        "router \(router) has no neighbour slot \(batchChoice[index])")
      forward(cell: cell, replica: replica, router: router, arc: arc, tick: tick, in: world)
      if recordsActions {
        world.noteAction(
          batchChoice[index], cell: cell, arc: Int(arc),
          joinsQueue: arcInfo[Int(arc)].target != batchDestination[index])
      }
    }
  }

  @inline(__always)
  private func forward(
    cell: Int, replica: Int, router: Int, arc: Int32, tick: Int, in world: PacketWorld
  ) {
    let info = arcInfo[Int(arc)]
    let id = dequeue(cell: cell, replica: replica, router: router)
    let packet = hot.pointee.packets + Int(id)
    let loss = lossCause(packet.pointee, info, replica: replica)
    if loss != .none {
      let wait = Int32(truncatingIfNeeded: tick) &- packet.pointee.enqueued
      world.lose(id, replica: replica, router: router, arc: arc, cause: loss, wait: wait)
      return
    }
    packet.pointee.arc = arc
    if packet.pointee.hops < .max { packet.pointee.hops &+= 1 }
    launch(id, completion: tick &+ Int(info.latency))
    counters[replica].hops &+= 1
    arcCounts[Int(arc)] &+= 1
    if isObserved { world.noteForwarded(id, router: router, arc: arc) }
  }

  /// Why a packet cannot go onto an arc; takes the capacity where it can.
  @inline(__always)
  private func lossCause(_ packet: Packet, _ info: ArcInfo, replica: Int) -> LossCause {
    if hot.pointee.anyDown && linkDown[replica &* linkCount &+ Int(info.link)] > 0 {
      return .failedLink
    }
    if Int(packet.hops) >= timeToLive { return .timeToLive }
    if limits && !takeCapacity(Double(packet.size), pool: Int(info.pool), replica: replica) {
      return .capacity
    }
    return .none
  }

  // MARK: Completions

  func completeAll(in world: PacketWorld) {
    let tick = hot.pointee.tick
    let list = wheel + (tick & wheelMask)
    var id = list.pointee.head
    list.pointee = PacketList()
    while id >= 0 {
      let packet = hot.pointee.packets[Int(id)]
      complete(id, packet, tick: tick, in: world)
      id = packet.next
    }
  }

  @inline(__always)
  private func complete(_ id: Int32, _ packet: Packet, tick: Int, in world: PacketWorld) {
    let replica = Int(packet.replica)
    let info = arcInfo[Int(packet.arc)]
    if limits { poolFree[replica &* poolCount &+ Int(info.pool)] += Double(packet.size) }
    let router = Int(info.target)
    if router == Int(packet.destination) {
      deliver(id, packet, replica: replica, tick: tick, in: world)
      return
    }
    let isQueued = enqueue(
      id, cell: replica &* routerCount &+ router, replica: replica, router: router,
      tick: tick &+ 1)
    if !isQueued || isObserved { world.noteReceived(id, router: router, isQueued: isQueued) }
  }

  @inline(__always)
  private func deliver(
    _ id: Int32, _ packet: Packet, replica: Int, tick: Int, in world: PacketWorld
  ) {
    let delay = tick &- Int(packet.created)
    let counter = counters + replica
    counter.pointee.delivered &+= 1
    counter.pointee.undelivered &-= 1
    counter.pointee.deliveryTimeSum &+= delay
    counter.pointee.restrictedSum &+= delay
    recordDelay(delay, replica: replica)
    pairDelivered[pairIndex(replica, packet)] &+= 1
    if isObserved { world.noteDelivered(id, delay: delay) }
    freePacket(id)
  }
}
