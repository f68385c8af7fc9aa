import Networks
import Randomness

// Losses and events.
extension PacketWorld {
  @inline(__always)
  var packets: UnsafeMutablePointer<Packet> { hot.pointer.pointee.packets }

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
    kernel.recordDelay(restricted, replica: replica)
    if recordsSeries { series?.lost[tick] += 1 }
    if requirements.events {
      hot.pointer.pointee.append(
        PacketEvent(
          kind: .lost, lossCause: cause, replica: Int32(replica), router: Int32(router), arc: arc,
          packet: id, source: Int32(packet.source), destination: Int32(packet.destination),
          wait: wait, created: packet.created))
    }
    kernel.freePacket(id)
  }

  @inline(__always)
  func record(_ kind: PacketEvent.Kind, _ id: Int32, router: Int, arc: Int32, wait: Int32) {
    let packet = packets[Int(id)]
    hot.pointer.pointee.append(
      PacketEvent(
        kind: kind, lossCause: .none, replica: packet.replica, router: Int32(router), arc: arc,
        packet: id, source: Int32(packet.source), destination: Int32(packet.destination),
        wait: wait, created: packet.created))
  }
}
