import Experiments
import Networks
import Routing
import Testing

@Suite struct DemandSeriesTests {
  private static let square = try? Topology(
    name: "square", routers: ["A", "B", "C", "D"].map { Router(name: $0) },
    links: [(0, 1), (0, 2), (1, 3), (2, 3)].map {
      Link(RouterID($0.0), RouterID($0.1), latency: 3)
    })
  private var topology: Topology { get throws { try #require(Self.square) } }

  /// Demand of single pairs, in units.
  private func matrix(_ pairs: [(Int, Int, Double)]) throws -> TrafficMatrix {
    var values = [Double](repeating: 0, count: 16)
    for (s, d, demand) in pairs { values[s * 4 + d] = demand }
    return try TrafficMatrix(routerCount: 4, values: values)
  }

  /// A to D over B or C: A itself forwards all of it, so one packet a tick is the most. λ is the mean
  /// over four routers: λ* = 1/4 for either matrix; their mean asks twice as much of each as the
  /// smaller and two thirds of the larger.
  @Test func loadsByHand() throws {
    let (small, large) = (try matrix([(0, 3, 1)]), try matrix([(0, 3, 3)]))
    let mean = try DemandSeries(
      matrices: [small, large], topology: topology, loadFraction: 0.8, scale: .mean)
    #expect(abs(mean.loads[0] - 0.8 * 0.25 * 0.5) < 1e-9)
    #expect(abs(mean.loads[1] - 0.8 * 0.25 * 1.5) < 1e-9)
    #expect(abs(mean.fractions[0] - 0.4) < 1e-9 && abs(mean.fractions[1] - 1.2) < 1e-9)
    #expect(mean.changes == [0])
    let each = try DemandSeries(
      matrices: [small, large], topology: topology, loadFraction: 0.8, scale: .each)
    #expect(each.loads.allSatisfy { abs($0 - 0.2) < 1e-9 })
  }

  /// Half of the demand moves to a pair that had none: half of the shares change.
  @Test func changeByHand() throws {
    let series = try DemandSeries(
      matrices: [try matrix([(0, 3, 2)]), try matrix([(0, 3, 1), (1, 2, 1)])],
      topology: topology, loadFraction: 0.5, scale: .each)
    #expect(abs(series.changes[0] - 0.5) < 1e-12)
  }

  @Test func refusesWhatIsNoSeries() throws {
    let one = try matrix([(0, 3, 1)])
    for bad in [[one], [one, try matrix([])]] {
      #expect(throws: InputError.self) {
        try DemandSeries(matrices: bad, topology: topology, loadFraction: 0.8, scale: .mean)
      }
    }
  }

  private func played(_ matrices: [TrafficMatrix], threads: Int) throws -> SeriesResult {
    var settings = try Settings([])
    let network = try TopologyCatalogue.load("b4")
    let source = try ScenarioSource(network: network, horizon: 150, settings: &settings)
    let series = try DemandSeries(
      matrices: matrices, topology: network.topology, loadFraction: 0.8, scale: .each)
    let entries = try ["q-routing", "ecmp"].map { name in
      var learning = LearningSettings()
      learning.trainingEpisodes = 2
      let algorithm = try RoutingCatalogue.algorithm(name)
      return RoutingEntry(
        algorithm, configuration: algorithm.defaultConfiguration, learning: learning)
    }
    return try SeriesExperiment(
      source: source, series: series, episodesPerMatrix: 2, trainingSeeds: 2, seed: 3,
      threads: threads
    ).run(entries)
  }

  private func hotspots(_ seeds: [Int]) throws -> [TrafficMatrix] {
    try seeds.map { seed in
      let values = (0..<144).map { pair -> Double in
        if pair / 12 == pair % 12 { return 0 }
        return pair % 12 == seed ? 12 : 1
      }
      return try TrafficMatrix(routerCount: 12, values: values)
    }
  }

  /// Where nothing changes the matrix before is as good as the true one, to the last bit; where the
  /// favoured destination moves it is worse.
  @Test func whatTheTrueMatrixIsWorth() throws {
    let constant = try played(hotspots([3, 3, 3]), threads: 1)
    #expect(constant.best?.runs == constant.stale?.runs)
    #expect(constant.gain?.mean == 1)
    let moving = try played(hotspots([0, 4, 8, 11]), threads: 1)
    #expect((moving.gain?.mean ?? 0) > 1.01)
    #expect(
      moving.subjects.map(\.name).prefix(2) == [
        "delay-optimal-split (true matrix)", "delay-optimal-split (previous matrix)",
      ])
    #expect(moving.subjects[4].runs.count == 2 && moving.subjects[4].runs[0].count == 3)
  }

  @Test func threadsChangeNothing() throws {
    let (one, three) = (
      try played(hotspots([0, 4, 8]), threads: 1), try played(hotspots([0, 4, 8]), threads: 3)
    )
    #expect(one.subjects.map(\.runs) == three.subjects.map(\.runs))
    #expect(one.table.text == three.table.text)
  }

  /// Halfway between 10 and 20 is 15.
  @Test func verdictsByHand() throws {
    func cells(_ values: [Double]) -> [SeriesCell] {
      values.map { SeriesCell(restrictedMeanDelay: $0) }
    }
    let series = try DemandSeries(
      matrices: hotspots([0, 1, 2, 3, 4]), topology: try TopologyCatalogue.load("b4").topology,
      loadFraction: 0.5, scale: .each)
    var result = SeriesResult(
      series: series,
      subjects: [
        SeriesSubject(
          algorithm: "delay-optimal-split", knowledge: .true, isLearner: false,
          runs: [cells([10, 10, 10, 10])]),
        SeriesSubject(
          algorithm: "delay-optimal-split", knowledge: .previous, isLearner: false,
          runs: [cells([20, 20, 20, 20])]),
      ])
    for (delays, verdict) in [
      ([12.0, 12, 12, 13], "below the midpoint"), ([18, 18, 19, 18], "above the midpoint"),
      ([5, 20, 10, 20], "below the midpoint, not beyond chance"),
    ] {
      let learner = SeriesSubject(
        algorithm: "x", knowledge: nil, isLearner: true, runs: [cells(delays), cells(delays)])
      result.subjects.append(learner)
      #expect(result.verdict(learner) == verdict)
      #expect(result.ratio(learner)?.mean == delays.reduce(0, +) / 40)
    }
  }
}
