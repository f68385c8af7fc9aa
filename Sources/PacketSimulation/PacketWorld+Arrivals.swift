import Networks
import Randomness

// Arrivals come from a calendar of cells, so that idle routers cost nothing.
extension PacketWorld {
  func scheduleFirstArrival(_ cell: Int) {
    nextArrival[cell] = arrivals.next(
      after: arrivals.start, router: cell % routerCount, &arrivalStreams.pointer[cell])
    enterCalendar(cell)
  }

  @inline(__always)
  private func enterCalendar(_ cell: Int) {
    let time = nextArrival[cell]
    guard time < Double(scenario.horizon) else { return }
    let bucket = Int(time) & Self.calendarMask
    calendarNext[cell] = calendarHead[bucket]
    calendarHead[bucket] = Int32(truncatingIfNeeded: cell)
  }

  /// Lets the packets of this tick be born and queued.
  func playArrivals() {
    let bucket = tick & Self.calendarMask
    var next = calendarHead[bucket]
    calendarHead[bucket] = -1
    let end = Double(tick + 1)
    while next >= 0 {
      let cell = Int(next)
      next = calendarNext[cell]
      if nextArrival[cell] < end { playArrivals(cell) }
      enterCalendar(cell)
    }
  }

  private func playArrivals(_ cell: Int) {
    let replica = cell / routerCount
    let router = cell - replica * routerCount
    let end = Double(tick + 1)
    var time = nextArrival[cell]
    while time < end {
      let id = newPacket(
        replica: replica, router: router, created: tick, stream: &arrivalStreams.pointer[cell])
      counters.pointer[replica].generated += 1
      if recordsSeries { series?.generated[tick] += 1 }
      if enqueue(id, cell: cell, replica: replica, router: router, tick: tick),
        requirements.events
      {
        record(.generated, id, router: router, arc: -1, wait: 0)
      }
      time = arrivals.next(after: time, router: router, &arrivalStreams.pointer[cell])
    }
    nextArrival[cell] = time
  }
}
