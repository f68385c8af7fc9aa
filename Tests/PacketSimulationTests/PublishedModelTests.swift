import Foundation
import Networks
import PacketSimulation
import Randomness
import Testing

/// The demand files published with the paper, which are not part of this project.
enum MAMRLData {
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appending(path: "../../../shared/data/mamrl").standardizedFileURL
  static var isThere: Bool { FileManager.default.fileExists(atPath: folder.path) }
}

/// The `published` model against the released program: B4, 500 ticks, 80 episodes of the original,
/// mean and standard error as measured on it. Every figure must lie within three standard errors of
/// the difference (nine figures a row: one false alarm in some forty rows).
@Suite(.enabled(if: MAMRLData.isThere))
struct PublishedModelTests {

  struct Row: Sendable, CustomTestStringConvertible {
    var network: BuiltInTopology
    var load: Double
    var isRandom = false
    /// Mean and standard error.
    var generated: (Double, Double)
    var delivered: (Double, Double)
    var lost: (Double, Double)
    var queued: (Double, Double)
    var inFlight: (Double, Double)
    var time: (Double, Double)
    var testDescription: String { "\(network.rawValue) λ=\(load)\(isRandom ? " random" : "")" }
  }

  static let rows: [Row] = [
    Row(
      network: .b4, load: 0.005, generated: (333.1, 1.3), delivered: (480.7, 1.3),
      lost: (0.30, 0.07), queued: (1.8, 0.1), inFlight: (6.2, 0.3), time: (19.71, 0.16)),
    Row(
      network: .b4, load: 0.1, generated: (1493.5, 2.2), delivered: (1237.2, 2.9),
      lost: (0.57, 0.08), queued: (390.3, 2.8), inFlight: (21.2, 0.3), time: (65.88, 0.43)),
    Row(
      network: .b4, load: 0.5, generated: (3182.7, 2.9), delivered: (1561.8, 3.0),
      lost: (2.54, 0.18), queued: (1744.3, 4.4), inFlight: (30.0, 0.2), time: (101.78, 0.34)),
    Row(
      network: .b4Baselines, load: 0.3, generated: (2521.2, 2.8), delivered: (1350.8, 3.2),
      lost: (2.75, 0.23), queued: (1262.7, 4.2), inFlight: (60.9, 0.4), time: (98.81, 0.29)),
    Row(
      network: .b4, load: 0.3, isRandom: true, generated: (2521.2, 2.8), delivered: (426.5, 2.0),
      lost: (0.72, 0.11), queued: (2214.8, 3.5), inFlight: (35.1, 0.1), time: (125.9, 0.7)),
  ]

  @Test(arguments: rows) func matchesTheReleasedProgram(row: Row) throws {
    let episodes = try play(row.network, load: row.load, isRandom: row.isRandom)
    check(episodes, "generated", row.generated) { Double($0.generated) }
    check(episodes, "delivered", row.delivered) { Double($0.delivered) }
    check(episodes, "lost", row.lost) { Double($0.lost) }
    check(episodes, "queued", row.queued) { Double($0.queued) }
    check(episodes, "in flight", row.inFlight) { Double($0.inFlight) }
    check(episodes, "time", row.time) { $0.meanDeliveryTime ?? 0 }
  }

  /// Losses with a link down for the whole episode, λ = .3.
  @Test(arguments: [("I", "K", 48.0), ("C", "F", 255.0)])
  func lossesOnAFailedLinkMatch(from: String, to: String, lost: Double) throws {
    let network = BuiltInTopology.b4.topology
    let a = try #require(network.router(named: from))
    let b = try #require(network.router(named: to))
    let link = try #require(network.link(from: a, to: b))
    let episodes = try play(.b4, load: 0.3, isRandom: false, outages: [LinkOutage(link: link)])
    check(episodes, "lost", (lost, 1)) { Double($0.lost) }
  }

  private func play(
    _ network: BuiltInTopology, load: Double, isRandom: Bool, outages: [LinkOutage] = []
  ) throws -> [EpisodeMetrics] {
    let topology = network.topology
    let name = network.rawValue.prefix { $0 != "-" }
    let file = try DemandRows(path: MAMRLData.folder.appending(path: "\(name)_demand.txt").path)
    let sizes = try PairSizes(
      rows: file, routerCount: topology.routerCount, columns: .diagonalSkipped)
    var model = SimulationModel.published
    model.packetSize = .demandRows
    let scenario = try Scenario(
      topology: topology, model: model, load: load, outages: outages,
      packetSizes: .rows(rowCount: sizes.rowCount, values: sizes.rows))
    let runner = EpisodeRunner(scenario: scenario)
    let seeds = SeedTree(root: 20)
    if isRandom { return runner.run(UniformPolicy(), episodes: 300, seeds: seeds).episodes }
    return runner.run(try nextHopPolicy(network), episodes: 300, seeds: seeds).episodes
  }

  private func nextHopPolicy(_ network: BuiltInTopology) throws -> TablePolicy {
    let topology = network.topology
    let n = topology.routerCount
    let hops = try #require(network.publishedNextHops)
    let slots = (0..<n * n).map { pair in
      Int32(
        topology.outgoing(RouterID(pair / n)).firstIndex { $0.target == hops[pair] }
          .map { $0 - topology.firstArc[pair / n] } ?? 0)
    }
    return TablePolicy(routerCount: n, slots: slots)
  }

  private func check(
    _ episodes: [EpisodeMetrics], _ name: String, _ expected: (Double, Double),
    _ value: (EpisodeMetrics) -> Double
  ) {
    let values = episodes.map(value)
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / (n - 1)
    let error = (variance / n + expected.1 * expected.1).squareRoot()
    #expect(
      abs(mean - expected.0) <= 3 * error, "\(name): \(mean) against \(expected.0) ± \(expected.1)")
  }
}
