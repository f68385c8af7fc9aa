// The records that the flat arrays of the packet world hold.

/// What the forwarding loop needs to know of an arc.
struct ArcInfo: BitwiseCopyable {
  var link: Int32
  var target: Int32
  var latency: Int32
  var pool: Int32
}

/// A packet: 32 bytes, linked into a queue, a wheel bucket or the free list by `next`.
struct Packet: BitwiseCopyable {
  var next: Int32 = -1
  var created: Int32 = 0
  var enqueued: Int32 = 0
  var arc: Int32 = -1
  var replica: Int32 = 0
  var size: Float = 1
  var source: UInt16 = 0
  var destination: UInt16 = 0
  var hops: UInt16 = 0
}

/// The running totals of one replica.
struct ReplicaCounters: BitwiseCopyable {
  var initial = 0
  var generated = 0
  var delivered = 0
  /// Packets born so far, at the start or since, less those delivered.
  var undelivered = 0
  var lostInFlightAtFailure = 0
  var lostOnFailedLink = 0
  var lostByCapacity = 0
  var lostByBuffer = 0
  var lostByTimeToLive = 0
  var lost = 0
  var deliveryTimeSum = 0
  var restrictedSum = 0
  var initialAge = 0
  /// Σ over ticks, after completions, of packets born but not delivered: queued, in flight or lost.
  var presence = 0
  var hops = 0
}

/// A link going down (+1) or coming up (−1) in one replica.
struct LinkChange {
  var tick: Int
  var replica: Int
  var link: Int
  var change: Int16
}

/// The first and last packet of a linked list; −1 and −1 when it is empty.
struct PacketList: BitwiseCopyable {
  var head: Int32 = -1
  var tail: Int32 = -1
}

/// The scalars of the hot loop, and the two slabs that grow.
struct HotState: BitwiseCopyable {
  var tick = 0
  /// The tick of the next link failure or repair.
  var nextChangeTick = Int.max
  var isMidTick = false
  /// A link has been down in some replica since the reset.
  var anyDown = false
  var freeHead: Int32 = -1
  var batchCount = 0
  var packets: UnsafeMutablePointer<Packet>
  var packetCapacity: Int
  var events: UnsafeMutablePointer<PacketEvent>
  var eventCount = 0
  var eventCapacity: Int

  init(packetCapacity: Int, eventCapacity: Int) {
    self.packetCapacity = packetCapacity
    packets = .allocate(capacity: packetCapacity)
    packets.initialize(repeating: Packet(), count: packetCapacity)
    self.eventCapacity = eventCapacity
    events = .allocate(capacity: eventCapacity)
  }

  /// Puts the packets from `first` to the end of the slab on the free list, which must be empty.
  mutating func chainFreePackets(from first: Int) {
    for index in first..<packetCapacity { packets[index].next = Int32(index + 1) }
    packets[packetCapacity - 1].next = -1
    freeHead = Int32(first)
  }

  mutating func growPackets() {
    let first = packetCapacity
    precondition(first < Int(Int32.max) / 2, "more than a thousand million packets at once")
    let moved = UnsafeMutablePointer<Packet>.allocate(capacity: 2 * first)
    moved.moveInitialize(from: packets, count: first)
    (moved + first).initialize(repeating: Packet(), count: first)
    packets.deallocate()
    packets = moved
    packetCapacity = 2 * first
    chainFreePackets(from: first)
  }

  @inline(__always)
  mutating func append(_ event: PacketEvent) {
    if eventCount == eventCapacity { growEvents() }
    (events + eventCount).initialize(to: event)
    eventCount += 1
  }

  private mutating func growEvents() {
    let moved = UnsafeMutablePointer<PacketEvent>.allocate(capacity: 2 * eventCapacity)
    moved.moveInitialize(from: events, count: eventCount)
    events.deallocate()
    events = moved
    eventCapacity *= 2
  }
}
