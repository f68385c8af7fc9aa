import Flows
import Foundation
import Networks
import Testing

/// The public data files beside the package; many tests are skipped without them.
private let dataFolder = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appendingPathComponent("shared/data").path

private var hasData: Bool { FileManager.default.fileExists(atPath: dataFolder) }

@Suite struct CapacityReportTests {
  @Test func uniformDemandsOfB4() {
    let report = CapacityReport(
      BuiltInTopology.b4.topology, demand: .uniform(routerCount: 12))
    #expect(abs(report.capacity - 11.0 / 35) < 1e-9)
    #expect(report.gap < 1e-9)
    #expect(report.unreachableShare == 0)
    #expect(report.method == .exact)
  }

  /// Ring of 4 at .75 (see `CapacityTests`); links of rate 1/4 carry, per direction, λ/3 (own neighbour)
  /// + 2 · λ/6 (opposite pairs, half each, over two links each): 2 λ/3 ≤ 1/4 gives λ = 3/8.
  @Test func linkRatesLimit() throws {
    let ring = try topology(4, [(0, 1), (1, 2), (2, 3), (3, 0)])
    let rates = [0.25, 0.25, 0.25, 0.25]
    let report = CapacityReport(ring, demand: .uniform(routerCount: 4), linkRates: rates)
    #expect(abs(report.capacity - 0.375) < 1e-9)
    let free = CapacityReport(ring, demand: .uniform(routerCount: 4))
    #expect(abs(free.capacity - 0.75) < 1e-9)
  }

  @Test func demandWithoutAPath() throws {
    let net = try topology(4, [(0, 1), (2, 3)])
    let report = CapacityReport(net, demand: .uniform(routerCount: 4))
    #expect(report.capacity == 0)
    // Each router sends a third of its demand, to its neighbour: load λ/3.
    #expect(abs(report.reachableCapacity - 3) < 1e-9)
    #expect(abs(report.unreachableShare - 2.0 / 3) < 1e-12)
  }

  @Test func utilisationNeedsCapacities() throws {
    let net = try topology(3, [(0, 1), (1, 2)])
    #expect(LinkUtilisation(net, demand: .uniform(routerCount: 3)) == nil)
    let links = [
      Link(RouterID(0), RouterID(1), capacity: 4), Link(RouterID(1), RouterID(2), capacity: 8),
    ]
    let line = try Topology(name: "line", routers: net.routers, links: links)
    // 0→1 carries the demands 0→1 and 0→2.
    let utilisation = try #require(LinkUtilisation(line, demand: .uniform(routerCount: 3)))
    #expect(abs(utilisation.value - 0.5) < 1e-12)
  }

  @Test(
    .enabled(if: hasData),
    arguments: [
      ("sndlib/native/polska.txt", 6.416, 5e-4), ("sndlib/native/germany50.txt", 3.2375, 5e-5),
      ("sndlib/native/abilene.txt", 60.41, 5e-3), ("teavar/B4", 0.6677, 5e-5),
    ])
  func optimalUtilisationOfPublicNetworks(file: String, value: Double, tolerance: Double) throws {
    let network = try TopologyCatalogue.load("\(dataFolder)/\(file)")
    let traffic = try #require(network.traffic)
    let exact = try #require(LinkUtilisation(network.topology, demand: traffic))
    #expect(abs(exact.value - value) < tolerance)
    #expect(exact.gap < 1e-7)
    let second = try #require(
      LinkUtilisation(network.topology, demand: traffic, method: .certified))
    #expect(second.value >= exact.value * (1 - 1e-7))
    #expect(second.bound <= exact.value * (1 + 1e-7))
    #expect(second.gap < 0.01)
  }

  @Test(
    .enabled(if: hasData),
    arguments: [("Cogentco", 0.02235, 5e-6), ("UsCarrier", 0.02375, 5e-6)])
  func capacityOfLargeNetworks(name: String, value: Double, tolerance: Double) throws {
    let path = "\(dataFolder)/topology-zoo/graphml/\(name).graphml"
    let topology = try TopologyCatalogue.load(path).topology
    let network = FlowNetwork(topology)
    let rates = TrafficMatrix.uniform(routerCount: topology.routerCount)
      .packetRates(meanPerRouter: 1)
    let exact = LoadCapacity(network, demands: rates)
    #expect(exact.method == .exact)
    #expect(abs(exact.value - value) < tolerance)
    #expect(exact.bound < exact.value * (1 + 1e-7))
    let second = LoadCapacity(network, demands: rates, method: .certified)
    #expect(second.value <= exact.value * (1 + 1e-7))
    #expect(second.bound >= exact.value * (1 - 1e-7))
    #expect(second.bound < second.value * 1.001)
  }
}
