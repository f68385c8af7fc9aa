import Networks

// Links going down and up again.
extension PacketWorld {
  func setUpOutages(_ perReplica: [[LinkOutage]]?) {
    precondition(
      perReplica.map { $0.count == replicaCount } ?? true,
      "reset: one list of outages per replica is needed")
    outagesOfReplica =
      perReplica ?? [[LinkOutage]](repeating: scenario.outages, count: replicaCount)
    linkDown.fill(0)
    hot.pointer.pointee.anyDown = false
    nextChange = 0
    changes.removeAll()
    for (replica, outages) in outagesOfReplica.enumerated() {
      for outage in outages {
        precondition(outage.link.index < linkCount, "no link \(outage.link.index)")
        let link = outage.link.index
        changes.append(LinkChange(tick: outage.from, replica: replica, link: link, change: 1))
        if let until = outage.until {
          changes.append(LinkChange(tick: until, replica: replica, link: link, change: -1))
        }
      }
    }
    // Repairs before failures of the same tick, then by replica and link: a fixed order.
    changes.sort {
      ($0.tick, $0.change, $0.replica, $0.link) < ($1.tick, $1.change, $1.replica, $1.link)
    }
  }

  /// Applies what changes at this tick; packets on a link that fails are lost.
  func applyLinkChanges() {
    while nextChange < changes.count && changes[nextChange].tick <= tick {
      let change = changes[nextChange]
      nextChange += 1
      let index = change.replica * linkCount + change.link
      linkDown[index] += change.change
      if change.change > 0 {
        hot.pointer.pointee.anyDown = true
        if linkDown[index] == 1 { loseInFlight(replica: change.replica, link: change.link) }
      }
    }
    hot.pointer.pointee.nextChangeTick =
      nextChange < changes.count ? changes[nextChange].tick : Int.max
  }

  private func loseInFlight(replica: Int, link: Int) {
    for bucket in 0...wheelMask {
      var id = wheel[bucket].head
      wheel[bucket] = PacketList()
      while id >= 0 {
        let packet = packets[Int(id)]
        let info = arcInfo[Int(packet.arc)]
        if Int(packet.replica) == replica && Int(info.link) == link {
          if limits { poolFree[replica * poolCount + Int(info.pool)] += Double(packet.size) }
          let source = topology.arcs[Int(packet.arc)].source.index
          lose(
            id, replica: replica, router: source, arc: packet.arc, cause: .inFlightAtFailure,
            wait: 0)
        } else {
          kernel.launch(id, completion: bucket)
        }
        id = packet.next
      }
    }
  }
}
