import Foundation
import Networks
import Testing

struct SimulationUnitsTests {
  /// One degree of a great circle is 6371.0088 · π / 180 = 111.195 km.
  @Test func distances() {
    let a = GeographicCoordinate(latitude: 0, longitude: 10)
    let b = GeographicCoordinate(latitude: 0, longitude: 11)
    #expect(abs(a.kilometres(to: b) - 111.1951) < 1e-3)
    let pole = GeographicCoordinate(latitude: 90, longitude: 0)
    #expect(abs(a.kilometres(to: pole) - 90 * 111.1951) < 0.1)
    #expect(a.kilometres(to: a) == 0)
  }

  private func pair(_ link: Link, unit: String? = "Mbit/s") throws -> Topology {
    try Topology(
      name: "pair",
      routers: [
        Router(name: "A", coordinate: GeographicCoordinate(latitude: 0, longitude: 0)),
        Router(name: "B", coordinate: GeographicCoordinate(latitude: 0, longitude: 10)),
      ], links: [link], capacityUnit: unit)
  }

  /// 1111.95 km at 200 km/ms are 5.56 ms: 6 ticks of 1 ms, 12 of .5 ms (11.12 → 11), 1 of 100 ms.
  @Test func latencyFromDistanceDelayOrTicks() throws {
    let (a, b) = (RouterID(0), RouterID(1))
    let bare = try pair(Link(a, b))
    #expect(SimulationUnits().links(of: bare).latencyTicks == [6])
    #expect(SimulationUnits(tickMicroseconds: 500).links(of: bare).latencyTicks == [11])
    #expect(SimulationUnits(tickMicroseconds: 100_000).links(of: bare).latencyTicks == [1])
    #expect(SimulationUnits(routeFactor: 2).links(of: bare).latencyTicks == [11])
    let delayed = try pair(Link(a, b, delayMilliseconds: 2.4))
    #expect(SimulationUnits().links(of: delayed).latencyTicks == [2])
    #expect(SimulationUnits().links(of: delayed).latencyOrigins == [.delay])
    let ticked = try pair(Link(a, b, latency: 9, delayMilliseconds: 2.4))
    #expect(SimulationUnits().links(of: ticked).latencyTicks == [9])
    let nowhere = try Topology(
      name: "n", routers: [Router(name: "A"), Router(name: "B")], links: [Link(a, b)])
    #expect(SimulationUnits().links(of: nowhere).latencyTicks == [3])
    #expect(SimulationUnits().links(of: nowhere).packetsPerTick == [.infinity])
  }

  /// 1000 Mbit/s for 1 ms are 10⁶ bits: 10 packets of 10⁵ bits; the pool is 10 · (9 + 1).
  @Test func ratesFromCapacity() throws {
    let topology = try pair(Link(RouterID(0), RouterID(1), capacity: 1000, latency: 9))
    let set = SimulationUnits(packetBits: 1e5).links(of: topology)
    #expect(set.packetsPerTick == [10] && set.poolPackets == [100] && set.packetBits == 1e5)
    let automatic = SimulationUnits().links(of: topology)
    #expect(automatic.packetsPerTick == [1] && automatic.packetBits == 1e6)
    let unknown = try pair(Link(RouterID(0), RouterID(1), capacity: 7, latency: 9), unit: nil)
    #expect(SimulationUnits(packetBits: 1).links(of: unknown).packetsPerTick == [1])
    let named = SimulationUnits(packetBits: 1e3, capacityUnit: "kbit/s").links(of: unknown)
    #expect(abs(named.packetsPerTick[0] - 0.007) < 1e-12)
    #expect(named.poolPackets == [1])
  }

  @Test func abileneInWords() {
    let links = SimulationUnits().links(of: BuiltInTopology.abilene.topology)
    #expect(links.latencyTicks[0] == 6)  // New York–Chicago: 1145 km
    #expect(links.explanation.first?.contains("1000 µs") == true)
    #expect(links.explanation[1].contains("9953.28 Mbit/s"))
  }

  @Test(arguments: [
    ("MBITPERSEC", 1e6), ("BITSPERSEC", 1), ("Mbit/s", 1e6), ("Gbps", 1e9), ("kb/s", 1e3),
    ("bytes/s", 8), ("STM1", 155.52e6), ("STM-16", 2488.32e6), ("OC-192", 9953.28e6),
  ])
  func units(name: String, bits: Double) {
    #expect(CapacityUnit.bitsPerSecond(name).map { abs($0 / bits - 1) < 1e-12 } == true)
  }

  @Test func unknownUnitsAndRates() {
    #expect(CapacityUnit.bitsPerSecond("furlongs") == nil)
    #expect(CapacityUnit.bitsPerSecond("") == nil)
    #expect(CapacityUnit.rate("10Gbps") == 1e10 && CapacityUnit.rate("2.5 Gbit/s") == 2.5e9)
    #expect(CapacityUnit.rate("10") == nil)
  }

  @Test func emptyConfigurationIsTheDefault() throws {
    let decoded = try JSONDecoder().decode(SimulationUnits.self, from: Data("{}".utf8))
    #expect(decoded == SimulationUnits())
    #expect(throws: InputError.self) { try SimulationUnits(tickMicroseconds: 0).validate() }
    #expect(throws: InputError.self) { try SimulationUnits(capacityUnit: "x").validate() }
    try SimulationUnits(capacityUnit: "Gbit/s").validate()
  }
}
