import Foundation
import Networks
import Testing

struct BuiltInTopologyTests {
  /// Sizes from the paper and the edge lists; Abilene and NSFNET from their maps.
  @Test(arguments: [
    (BuiltInTopology.b4, 12, 19), (.geant, 22, 32), (.att, 25, 56), (.b4Baselines, 12, 19),
    (.geantBaselines, 22, 32), (.abilene, 11, 14), (.nsfnet, 14, 21),
  ])
  func sizes(network: BuiltInTopology, routers: Int, links: Int) {
    let topology = network.topology
    #expect(topology.routerCount == routers)
    #expect(topology.links.count == links)
    #expect(topology.isConnected())
    #expect(topology.name == network.rawValue)
  }

  @Test func latenciesOfLearnerAndBaselines() throws {
    #expect(Set(BuiltInTopology.b4.topology.links.map(\.latency)) == [3])
    let baselines = BuiltInTopology.b4Baselines.topology.links.compactMap(\.latency)
    #expect(baselines.min() == 3 && baselines.max() == 12 && baselines.count == 19)
    let att = BuiltInTopology.att.topology
    let long = att.linkIDs.filter { att.links[$0.index].latency != 3 }
    #expect(long.map(att.describe) == ["1:25", "2:6", "2:17", "2:9"])
    #expect(long.map { att.links[$0.index].latency } == [6, 8, 6, 8])
  }

  /// The mean of column 0·12+1 of the file is 11534.813 (facts); skipping the diagonal, pair (1, 0)
  /// reads column 11, which belongs to (0, 11).
  @Test func columnSlipIsReproduced() throws {
    let right = try #require(BuiltInTopology.b4.pairSizes(columns: .diagonalInPlace))
    let slipped = try #require(BuiltInTopology.b4.pairSizes(columns: .diagonalSkipped))
    #expect(abs(right.means.values[1] - 11534.813) < 0.05)
    #expect(abs(right.means.values[12] - 6321.749) < 0.05)
    #expect(abs(slipped.means.values[1] - 24903.714) < 0.05)
    #expect(abs(slipped.means.values[12] - 166602.084) < 0.5)
    let pair = 3
    let mean = exp(Double(right.mu[pair]) + pow(Double(right.sigma[pair]), 2) / 2)
    #expect(abs(mean / right.means.values[pair] - 1) < 1e-4)
  }

  @Test(.enabled(if: SharedData.isPresent), arguments: ["b4", "att", "geant"])
  func fitKeepsTheMomentsOfTheFile(name: String) throws {
    let rows = try DemandRows(path: SharedData.path("mamrl/\(name)_demand.txt"))
    let network = try #require(BuiltInTopology(rawValue: name))
    let n = network.topology.routerCount
    let file = try PairSizes(rows: rows, routerCount: n, columns: .diagonalSkipped)
    let fit = try #require(network.pairSizes(columns: .diagonalSkipped))
    for pair in 0..<n * n where pair / n != pair % n {
      let sizes = (0..<file.rowCount).map { Double(file.rows[$0 * n * n + pair]) }
      let mean = sizes.reduce(0, +) / Double(sizes.count)
      let variance = sizes.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(sizes.count)
      let (mu, sigma) = (Double(fit.mu[pair]), Double(fit.sigma[pair]))
      let fitted = exp(mu + sigma * sigma / 2)
      #expect(abs(fitted / mean - 1) < 1e-4)
      #expect(abs(fitted * fitted * expm1(sigma * sigma) / variance - 1) < 1e-3)
    }
  }

  @Test func unknownNamesAreRefused() {
    let error = #expect(throws: InputError.self) { try TopologyCatalogue.load("b5") }
    #expect(error?.description.contains("b4, geant, att") == true)
  }
}
