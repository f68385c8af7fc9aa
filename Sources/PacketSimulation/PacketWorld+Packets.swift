import Networks
import Randomness

// The slab of packets, the queues and the wheel of packets under way.
extension PacketWorld {
  @inline(__always)
  func allocatePacket() -> Int32 {
    if freeHead < 0 { growPackets() }
    let id = freeHead
    freeHead = packets[Int(id)].next
    return id
  }

  @inline(__always)
  func freePacket(_ id: Int32) {
    packets[Int(id)].next = freeHead
    freeHead = id
  }

  @inline(never)
  private func growPackets() {
    let larger = packetCapacity * 2
    precondition(larger < Int(Int32.max), "more than two thousand million packets at once")
    let moved = UnsafeMutablePointer<Packet>.allocate(capacity: larger)
    moved.moveInitialize(from: packets, count: packetCapacity)
    (moved + packetCapacity).initialize(repeating: Packet(), count: larger - packetCapacity)
    packets.deallocate()
    packets = moved
    for index in packetCapacity..<larger { packets[index].next = Int32(index + 1) }
    packets[larger - 1].next = -1
    freeHead = Int32(packetCapacity)
    packetCapacity = larger
  }

  /// Puts a packet at the end of a router's queue, or loses it where the buffer is full.
  @inline(__always)
  func enqueue(_ id: Int32, cell: Int, replica: Int, router: Int, tick: Int) -> Bool {
    if Int(queueCount[cell]) >= bufferLimit {
      lose(id, replica: replica, router: router, arc: -1, cause: .bufferOverflow, wait: 0)
      return false
    }
    packets[Int(id)].next = -1
    packets[Int(id)].enqueued = Int32(truncatingIfNeeded: tick)
    let tail = queueTail[cell]
    if tail < 0 {
      queueHead[cell] = id
      occupied[replica * wordsPerReplica + router >> 6] |= 1 << UInt64(router & 63)
    } else {
      packets[Int(tail)].next = id
    }
    queueTail[cell] = id
    queueCount[cell] += 1
    counters.pointer[replica].queued += 1
    return true
  }

  /// Takes the head packet from a non-empty queue.
  @inline(__always)
  func dequeue(cell: Int, replica: Int, router: Int) -> Int32 {
    let id = queueHead[cell]
    let next = packets[Int(id)].next
    queueHead[cell] = next
    if next < 0 {
      queueTail[cell] = -1
      occupied[replica * wordsPerReplica + router >> 6] &= ~(1 << UInt64(router & 63))
    }
    queueCount[cell] -= 1
    counters.pointer[replica].queued -= 1
    return id
  }

  /// Puts a packet on an arc, to complete at the end of the given tick.
  @inline(__always)
  func launch(_ id: Int32, replica: Int, completion: Int) {
    let bucket = completion & wheelMask
    packets[Int(id)].next = -1
    let tail = wheelTail[bucket]
    if tail < 0 { wheelHead[bucket] = id } else { packets[Int(tail)].next = id }
    wheelTail[bucket] = id
    counters.pointer[replica].inFlight += 1
  }

  /// Counts a packet as lost and frees it; it must be out of queue and wheel already.
  func lose(
    _ id: Int32, replica: Int, router: Int, arc: Int32, cause: LossCause, wait: Int32
  ) {
    let packet = packets[Int(id)]
    let counter = counters.pointer + replica
    switch cause {
    case .inFlightAtFailure: counter.pointee.lostInFlightAtFailure += 1
    case .failedLink: counter.pointee.lostOnFailedLink += 1
    case .capacity: counter.pointee.lostByCapacity += 1
    case .bufferOverflow: counter.pointee.lostByBuffer += 1
    case .timeToLive: counter.pointee.lostByTimeToLive += 1
    case .none: preconditionFailure("a loss needs a cause")
    }
    counter.pointee.lost += 1
    let restricted = scenario.horizon - Int(packet.created)
    counter.pointee.restrictedSum += restricted
    recordDelay(restricted, replica: replica)
    if recordsSeries { series?.lost[tick] += 1 }
    if requirements.events {
      events.append(
        PacketEvent(
          kind: .lost, lossCause: cause, replica: Int32(replica), router: Int32(router), arc: arc,
          packet: id, source: Int32(packet.source), destination: Int32(packet.destination),
          wait: wait, created: packet.created))
    }
    freePacket(id)
  }

  @inline(__always)
  func recordDelay(_ delay: Int, replica: Int) {
    histogram[replica * histogramBins + min(delay, histogramBins - 1)] += 1
  }

  @inline(__always)
  func record(_ kind: PacketEvent.Kind, _ id: Int32, router: Int, arc: Int32, wait: Int32) {
    let packet = packets[Int(id)]
    events.append(
      PacketEvent(
        kind: kind, lossCause: .none, replica: packet.replica, router: Int32(router), arc: arc,
        packet: id, source: Int32(packet.source), destination: Int32(packet.destination),
        wait: wait, created: packet.created))
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
        let id = newPacket(replica: replica, router: router, created: -1, stream: &stream)
        counters.pointer[replica].initialAge += 1
        _ = enqueue(
          id, cell: replica * routerCount + router, replica: replica, router: router, tick: -1)
      }
    }
    for router in 0..<routerCount {
      for remaining in 1...max(model.initialInFlight, 1) where model.initialInFlight > 0 {
        placeInFlight(replica, router, remaining: remaining, &stream)
      }
    }
    counters.pointer[replica].initial = counters[replica].queued + counters[replica].inFlight
  }

  private func placeInFlight(
    _ replica: Int, _ router: Int, remaining: Int, _ stream: inout RandomStream
  ) {
    let first = Int(firstArc[router])
    let degree = Int(firstArc[router + 1]) - first
    guard degree > 0 else { return }
    let arc = first + stream.integer(below: degree)
    let info = arcInfo[arc]
    let age = 1 + stream.integer(below: 3) + Int(info.latency)
    // Completes at the end of tick remaining − 1, then of this age.
    let id = newPacket(
      replica: replica, router: router, created: remaining - 1 - age, stream: &stream)
    if linkDown[replica * linkCount + Int(info.link)] > 0
      || !takeCapacity(Double(packets[Int(id)].size), pool: Int(info.pool), replica: replica)
    {
      let packet = packets[Int(id)]
      pairPackets[pairIndex(replica, packet)] -= 1
      freePacket(id)
      return
    }
    // Born, in effect, before or after tick 0; the presence identity needs the difference.
    counters.pointer[replica].initialAge -= Int(packets[Int(id)].created)
    packets[Int(id)].arc = Int32(arc)
    launch(id, replica: replica, completion: remaining - 1)
  }

  /// Creates a packet with destination and size drawn from the stream; it is nowhere yet.
  @inline(__always)
  func newPacket(
    replica: Int, router: Int, created: Int, stream: inout RandomStream
  ) -> Int32 {
    let destination = arrivals.destination(from: router, &stream)
    let size = arrivals.size(from: router, to: destination, &stream)
    let id = allocatePacket()
    packets[Int(id)] = Packet(
      next: -1, created: Int32(created), enqueued: 0, arc: -1, replica: Int32(replica), size: size,
      source: UInt16(router), destination: UInt16(destination), hops: 0)
    pairPackets[replica * routerCount * routerCount + router * routerCount + destination] += 1
    return id
  }

  @inline(__always)
  func pairIndex(_ replica: Int, _ packet: Packet) -> Int {
    replica * routerCount * routerCount + Int(packet.source) * routerCount + Int(packet.destination)
  }

  /// Takes capacity for a packet from a pool; `false` where there is not enough.
  @inline(__always)
  func takeCapacity(_ size: Double, pool: Int, replica: Int) -> Bool {
    guard limits else { return true }
    let index = replica * poolCount + pool
    let free = poolFree[index]
    if scenario.model.losesAtEqualCapacity ? free <= size : free < size { return false }
    poolFree[index] = free - size
    return true
  }
}
