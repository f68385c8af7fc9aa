import Foundation
import Networks
import PacketSimulation
import Randomness

/// The same world, written for being obvious: one list of packets, scanned every tick.
///
/// It draws from the same named streams, so that its episode must equal the fast one's exactly.
struct SlowSimulator {
  struct P {
    var created: Int
    var source: Int
    var destination: Int
    var size: Double
    var hops = 0
    var arc = -1
    var completion = 0
  }

  let s: Scenario
  var queues: [[P]]
  var flying: [P] = []
  var down: [Int]
  var free: [Double]
  var streams: [RandomStream]
  var nextTime: [Double]
  var m = EpisodeMetrics()
  var restricted = 0
  var delays: [Int] = []
  let seeds: SeedTree

  init(_ scenario: Scenario, seeds: SeedTree) {
    s = scenario
    self.seeds = seeds
    let n = scenario.topology.routerCount
    queues = Array(repeating: [], count: n)
    down = Array(repeating: 0, count: scenario.topology.links.count)
    free = scenario.capacities + scenario.capacities
    streams = (0..<n).map { seeds.child("environment").stream("arrivals", $0) }
    nextTime = Array(repeating: 0, count: n)
  }

  func pool(_ arc: Arc) -> Int {
    s.model.sharesLinkCapacity || arc.isForward
      ? arc.link.index : arc.link.index + s.topology.links.count
  }

  func draw(_ router: Int, created: Int, _ stream: inout RandomStream) -> P {
    let n = s.topology.routerCount
    var d = stream.integer(below: n - 1)
    if d >= router { d += 1 }
    var size = 1.0
    if s.model.packetSize == .lognormal, case .lognormal(let mu, let sigma) = s.packetSizes {
      let pair = router * n + d
      size = Double(Float(exp(Double(mu[pair]) + Double(sigma[pair]) * stream.normal())))
    }
    return P(created: created, source: router, destination: d, size: size)
  }

  mutating func gap(_ router: Int, after now: Double) -> Double {
    let e = -log(streams[router].uniformPositive())
    if s.model.arrivals == .poisson { return now + e / s.load }
    var k = 1.0
    while s.load * k * (k + 1) / 2 < e { k += 1 }
    return now + k
  }

  mutating func lose(_ p: P, _ cause: WritableKeyPath<EpisodeMetrics, Int>) {
    m[keyPath: cause] += 1
    restricted += s.horizon - p.created
    delays.append(s.horizon - p.created)
  }

  mutating func enqueue(_ p: P, _ router: Int) {
    if let limit = s.model.bufferLimit, queues[router].count >= limit {
      lose(p, \.lostByBuffer)
    } else {
      queues[router].append(p)
    }
  }

  mutating func take(_ p: P, _ arc: Arc) -> Bool {
    let index = pool(arc)
    let lost = s.model.losesAtEqualCapacity ? free[index] <= p.size : free[index] < p.size
    if !lost { free[index] -= p.size }
    return !lost
  }

  mutating func start() {
    fail(0)
    var stream = seeds.child("environment").stream("start")
    let n = s.topology.routerCount
    guard s.model.initialQueue + s.model.initialInFlight > 0 else { return }
    for r in 0..<n {
      for _ in 0..<min(s.model.initialQueue, s.model.bufferLimit ?? .max) {
        queues[r].append(draw(r, created: -1, &stream))
      }
    }
    for r in 0..<n {
      for h in 1...s.model.initialInFlight {
        let arcs = Array(s.topology.outgoing(RouterID(r)))
        let slot = stream.integer(below: arcs.count)
        let arc = arcs[slot]
        let age = 1 + stream.integer(below: 3) + s.latencies[arc.link.index]
        var p = draw(r, created: h - 1 - age, &stream)
        guard down[arc.link.index] == 0, take(p, arc) else { continue }
        p.arc = s.topology.firstArc[r] + slot
        p.completion = h - 1
        flying.append(p)
      }
    }
    m.initial = queues.map(\.count).reduce(0, +) + flying.count
  }

  mutating func fail(_ tick: Int) {
    for outage in s.outages where outage.until == tick { down[outage.link.index] -= 1 }
    for outage in s.outages where outage.from == tick {
      down[outage.link.index] += 1
      guard down[outage.link.index] == 1 else { continue }
      for p in flying where s.topology.arcs[p.arc].link == outage.link {
        free[pool(s.topology.arcs[p.arc])] += p.size
        lose(p, \.lostInFlightAtFailure)
      }
      flying.removeAll { s.topology.arcs[$0.arc].link == outage.link }
    }
  }

  mutating func arrive(_ tick: Int) {
    for r in queues.indices {
      while Int(nextTime[r]) == tick {
        let p = draw(r, created: tick, &streams[r])
        m.generated += 1
        enqueue(p, r)
        nextTime[r] = gap(r, after: nextTime[r])
      }
    }
  }

  mutating func run(_ slot: (_ router: Int, _ destination: Int, _ tick: Int, _ degree: Int) -> Int)
    -> EpisodeMetrics
  {
    start()
    for r in queues.indices {
      nextTime[r] = gap(r, after: s.model.arrivals == .poisson ? 0 : -1)
    }
    for tick in 0..<s.horizon {
      if tick > 0 { fail(tick) }
      if !s.model.decidesBeforeArrivals { arrive(tick) }
      let choices = queues.indices.map { r in
        slot(r, queues[r].first?.destination ?? -1, tick, s.topology.degree(RouterID(r)))
      }
      if s.model.decidesBeforeArrivals { arrive(tick) }
      for r in queues.indices where !queues[r].isEmpty {
        var p = queues[r].removeFirst()
        let arc = s.topology.arcs[s.topology.firstArc[r] + choices[r]]
        if down[arc.link.index] > 0 {
          lose(p, \.lostOnFailedLink)
        } else if let limit = s.model.timeToLive, p.hops >= limit {
          lose(p, \.lostByTimeToLive)
        } else if !take(p, arc) {
          lose(p, \.lostByCapacity)
        } else {
          p.hops += 1
          m.hops += 1
          p.arc = s.topology.firstArc[r] + choices[r]
          p.completion = tick + s.latencies[arc.link.index]
          flying.append(p)
        }
      }
      for p in flying where p.completion == tick {
        let arc = s.topology.arcs[p.arc]
        free[pool(arc)] += p.size
        if arc.target.index == p.destination {
          m.delivered += 1
          m.deliveryTimeSum += tick - p.created
          restricted += tick - p.created
          delays.append(tick - p.created)
        } else {
          enqueue(p, arc.target.index)
        }
      }
      flying.removeAll { $0.completion == tick }
    }
    m.queued = queues.map(\.count).reduce(0, +)
    m.inFlight = flying.count
    for p in queues.joined() + flying { restricted += s.horizon - p.created }
    for p in queues.joined() + flying { delays.append(s.horizon - p.created) }
    m.restrictedDelaySum = restricted
    m.horizon = s.horizon
    m.delayHistogram = [Int32](repeating: 0, count: s.horizon + 65)
    for d in delays { m.delayHistogram[min(d, s.horizon + 64)] += 1 }
    return m
  }
}
