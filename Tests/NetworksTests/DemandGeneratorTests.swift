import Foundation
import Networks
import Randomness
import Testing

struct DemandGeneratorTests {
  private let seeds = SeedTree(root: 5)
  private let abilene = BuiltInTopology.abilene.topology

  private func star() throws -> Topology {
    // A hub with three leaves; capacities 10, 20, 30.
    try Topology(
      name: "star", routers: (0..<4).map { Router(name: "\($0)") },
      links: (1..<4).map { Link(RouterID(0), RouterID($0), capacity: Double($0) * 10) })
  }

  /// Weights 60, 10, 20, 30 (capacity) or 3, 1, 1, 1 (degree): demands in their proportion.
  @Test func gravityByHand() throws {
    var gravity = GravityDemands()
    let byCapacity = try gravity.series(for: star(), count: 1, seeds: seeds)[0]
    let ratio = byCapacity.values[0 * 4 + 3] / byCapacity.values[1 * 4 + 2]
    #expect(abs(ratio - 60 * 30 / (10 * 20)) < 1e-9)
    #expect(abs(byCapacity.total - 4) < 1e-12)
    gravity.weights = .degree
    let byDegree = try gravity.series(for: star(), count: 1, seeds: seeds)[0]
    // Pairs: 6 with the hub of weight 3, 6 without of weight 1; 24 in all make 4.
    #expect(abs(byDegree.values[1] - 0.5) < 1e-12)
    #expect(abs(byDegree.values[1 * 4 + 2] - 4.0 / 24) < 1e-12)
  }

  /// A gravity matrix has rank one off the diagonal: a·b / (c·d) = 1 for any two by two block.
  @Test func exponentialGravityHasRankOne() throws {
    var gravity = GravityDemands()
    gravity.weights = .exponential
    let v = try gravity.series(for: abilene, count: 1, seeds: seeds)[0].values
    let n = abilene.routerCount
    let cross = v[0 * n + 2] * v[1 * n + 3] / (v[0 * n + 3] * v[1 * n + 2])
    #expect(abs(cross - 1) < 1e-9)
    #expect(v[0 * n + 1] != v[1 * n + 0])
  }

  @Test func hotspotShares() throws {
    var hotspot = HotspotDemands()
    (hotspot.hotspots, hotspot.share) = (1, 0.75)
    let matrix = try hotspot.series(for: abilene, count: 1, seeds: seeds)[0]
    let n = abilene.routerCount
    let received = (0..<n).map { d in (0..<n).reduce(0) { $0 + matrix.values[$1 * n + d] } }
    let hot = try #require(received.indices.max { received[$0] < received[$1] })
    for source in 0..<n where source != hot {
      let row = matrix.values[source * n..<(source + 1) * n]
      #expect(abs((row[source * n + hot]) / row.reduce(0, +) - 0.75) < 1e-9)
    }
  }

  /// Share and means of both modes, over 200 matrices of 110 pairs: about 4 standard errors.
  @Test func bimodalModes() throws {
    var bimodal = BimodalDemands()
    bimodal.deviation = 0.05
    let series = try bimodal.series(for: abilene, count: 200, seeds: seeds)
    var large = 0
    var ratios = 0.0
    for matrix in series {
      let values = matrix.values.filter { $0 > 0 }
      let middle = values.reduce(0, +) / Double(values.count)
      let (high, low) = (values.filter { $0 > middle * 1.4 }, values.filter { $0 <= middle * 1.4 })
      large += high.count
      ratios += high.reduce(0, +) / Double(high.count) / (low.reduce(0, +) / Double(low.count))
    }
    #expect(abs(Double(large) / 22_000 - 0.2) < 0.011)
    #expect(abs(ratios / 200 - 4) < 0.02)
  }

  /// New York (74° W) has its busy hour 74/360 of a day after longitude 0; Sunnyvale (122° W) later.
  @Test func busyHoursFollowTheSun() throws {
    var day = DiurnalDemands()
    (day.noise, day.periodMatrices) = (0, 360)
    let series = try day.series(for: abilene, count: 360, seeds: seeds)
    let n = abilene.routerCount
    func busiest(_ a: Int, _ b: Int) -> Int {
      let values = series.map { $0.values[a * n + b] }
      return values.indices.max { values[$0] < values[$1] } ?? -1
    }
    // New York–Washington: the middle of 74.0° and 77.0°; Seattle–Sunnyvale: of 122.3° and 122.0°.
    #expect((75...76).contains(busiest(0, 2)))
    #expect((122...123).contains(busiest(3, 4)))
    let mean = TrafficMatrix.mean(of: series).total / Double(n)
    #expect(abs(mean - 1) < 1e-9)
  }

  @Test(arguments: ["gravity", "uniform", "bimodal", "hotspot", "diurnal"])
  func allAreScaledSeededAndReachable(name: String) throws {
    let type = try #require(DemandGenerators.all.first { $0.name == name })
    let disconnected = try Topology(
      name: "two", routers: (0..<5).map { Router(name: "\($0)") },
      links: [(0, 1), (1, 2), (3, 4)].map { Link(RouterID($0.0), RouterID($0.1)) })
    let generator = type.init()
    let first = try generator.series(for: disconnected, count: 3, seeds: seeds)
    #expect(first == (try generator.series(for: disconnected, count: 3, seeds: seeds)))
    #expect(abs(TrafficMatrix.mean(of: first).total - 5) < 1e-9)
    for matrix in first {
      #expect(matrix.values[0 * 5 + 3] == 0 && matrix.values[3 * 5 + 1] == 0)
      #expect(matrix.values[3 * 5 + 4] > 0)
      #expect((0..<5).allSatisfy { matrix.values[$0 * 5 + $0] == 0 })
    }
    // The first matrices of a longer series are the same but for the scale of diurnal's whole.
    let longer = try generator.series(for: disconnected, count: 4, seeds: seeds)
    let shares = [first[0], longer[0]].map { $0.values[1] / $0.total }
    #expect(abs(shares[0] - shares[1]) < 1e-12)
    #expect(throws: InputError.self) {
      try generator.series(for: disconnected, count: 0, seeds: seeds)
    }
  }

  @Test func emptyConfigurationsAreDefaults() throws {
    func decode<T: DemandGenerator>(_ type: T.Type) throws {
      #expect(try JSONDecoder().decode(T.self, from: Data("{}".utf8)) == T())
    }
    for type in DemandGenerators.all { try decode(type) }
    #expect(throws: InputError.self) {
      var hotspot = HotspotDemands()
      hotspot.share = 2
      try hotspot.validate()
    }
  }

  @Test func scaling() throws {
    let matrix = TrafficMatrix.uniform(routerCount: 4)
    #expect(matrix.scaled(toMeanPerRouter: 0.3).total == 4 * 0.3)
    #expect(matrix.scaled(by: 2).demand(RouterID(0), RouterID(1)) == 2)
    let rates = matrix.scaled(toMeanPerRouter: 0.3).packetRates(meanPerRouter: 0.3)
    #expect(abs(rates.reduce(0, +) - 1.2) < 1e-12)
  }

  @Test func summaryByHand() throws {
    let matrix = try TrafficMatrix(routerCount: 3, values: [9, 4, 1, 2, 9, 0, 0, 3, 9], unit: "x")
    let summary = DemandSummary([matrix, matrix])
    #expect(summary.totals == [10, 10] && summary.pairCount == 4 && !summary.isSymmetric)
    #expect(summary.largestPairs.map(\.value) == [4, 3, 2, 1])
    #expect(summary.largestSource.router == RouterID(0) && summary.largestSource.value == 5)
    #expect(summary.largestDestination.router == RouterID(1))
    #expect(summary.largestDestination.value == 7)
    #expect(summary.topTenthShare == 0.4)
  }
}

struct TopologySummaryTests {
  /// A path A–B–C with a doubled link and a self-loop: one bridge, two hops, three ticks and one.
  @Test func byHand() throws {
    let topology = try Topology(
      name: "path", routers: ["A", "B", "C"].map { Router(name: $0) },
      links: [
        Link(RouterID(0), RouterID(1), capacity: 10, latency: 3),
        Link(RouterID(1), RouterID(0), capacity: 20, latency: 1),
        Link(RouterID(1), RouterID(2)), Link(RouterID(2), RouterID(2), latency: 1),
      ])
    let summary = TopologySummary(topology)
    #expect(summary.bridges == [LinkID(2)] && summary.parallelLinkCount == 1)
    #expect(summary.selfLoopCount == 1 && summary.componentCount == 1)
    #expect(summary.diameterHops == 2 && summary.diameterTicks == 4)
    #expect(summary.capacities?.sum == 30 && summary.linksWithoutCapacity == 2)
    #expect(summary.linksWithoutLatency == 1 && summary.routersWithoutCoordinate == 3)
    #expect(summary.degrees.most == 3)
    #expect(summary.missing.count == 4)
  }
}
