import Foundation
import Networks
import Testing

/// Writing and reading again gives the same network, in all that a format can hold.
struct RoundTripTests {
  private func again(_ network: LoadedNetwork, _ format: TopologyFormat) throws -> LoadedNetwork {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "wayfield-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let ending = format.fileExtension.map { ".\($0)" } ?? ""
    let path = folder.appendingPathComponent(network.topology.name + ending).path
    try format.write(network).save(to: path, format: format)
    return try TopologyCatalogue.load(path)
  }

  private func network(_ name: String) throws -> LoadedNetwork {
    switch name {
    case "fixture": try TopologyFormat.json.read(InputText(file: "t", string: Fixtures.json))
    case "traps": try TopologyFormat.gml.read(InputText(file: "t", string: Fixtures.gml))
    default: try TopologyCatalogue.load(name)
    }
  }

  /// These formats keep everything but demands and groups.
  @Test(
    arguments: [TopologyFormat.json, .graphml, .gml, .nodeLink, .dot],
    ["b4", "abilene", "geant-baselines", "fixture", "traps"])
  func freeFormatsKeepEverything(format: TopologyFormat, name: String) throws {
    let first = try network(name)
    let second = try again(first, format)
    #expect(second.topology.name == first.topology.name)
    #expect(second.topology.capacityUnit == first.topology.capacityUnit)
    #expect(second.topology.routers == first.topology.routers)
    #expect(second.topology.links == first.topology.links)
    if format == .json {
      #expect(second.trafficSeries == first.trafficSeries)
      #expect(second.sharedRiskGroups == first.sharedRiskGroups)
    }
  }

  @Test(arguments: ["b4", "geant-baselines", "fixture", "traps"])
  func csvKeepsAllButPlaces(name: String) throws {
    let first = try network(name)
    let second = try again(first, .csv)
    #expect(second.topology.routers.map(\.name) == first.topology.routers.map(\.name))
    #expect(second.topology.links == first.topology.links)
    #expect(second.topology.name == first.topology.name)
  }

  @Test(arguments: [TopologyFormat.sndlibNative, .sndlibXML, .repetita, .teavar])
  func demandsSurvive(format: TopologyFormat) throws {
    let b4 = try network("b4")
    let second = try again(b4, format)
    #expect(second.topology.links.map(\.capacity) == b4.topology.links.map(\.capacity))
    #expect(second.topology.arcs == b4.topology.arcs)
    #expect(second.traffic?.values == b4.traffic?.values)
  }

  @Test(arguments: [TopologyFormat.sndlibNative, .sndlibXML, .repetita])
  func placesSurvive(format: TopologyFormat) throws {
    let abilene = try network("abilene")
    let second = try again(abilene, format)
    #expect(
      second.topology.routers.map(\.coordinate) == abilene.topology.routers.map(\.coordinate))
    #expect(second.topology.arcs == abilene.topology.arcs)
    let rates = [abilene, second].map { SimulationUnits().links(of: $0.topology) }
    #expect(rates[0].packetBits.map { abs($0 / (rates[1].packetBits ?? 0) - 1) < 1e-9 } == true)
    #expect(rates[0].latencyTicks == rates[1].latencyTicks)
  }

  /// What a format cannot hold is said.
  @Test func lossesAreNamed() throws {
    let first = try network("fixture")
    for format in TopologyFormat.allCases where format != .json {
      let warnings = try format.write(first).warnings.map(\.message)
      #expect(warnings.contains { $0.contains("groups") }, "\(format.rawValue)")
      let hasDemands = warnings.contains { $0.contains("demand") }
      let keepsSeries = format == .teavar || format == .repetita
      #expect(hasDemands != keepsSeries, "\(format.rawValue)")
    }
  }

  /// One-way links, and both-way links beside them, keep their directions.
  @Test(arguments: [TopologyFormat.graphml, .gml, .nodeLink, .dot, .csv, .json, .teavar, .repetita])
  func directionsSurvive(format: TopologyFormat) throws {
    let topology = try Topology(
      name: "mixed", routers: ["A", "B", "C"].map { Router(name: $0) },
      links: [
        Link(RouterID(0), RouterID(1), capacity: 5),
        Link(RouterID(1), RouterID(2), isDirected: true, capacity: 7),
        Link(RouterID(0), RouterID(2), isDirected: true, capacity: 5),
      ])
    let second = try again(LoadedNetwork(topology: topology), format)
    #expect(second.topology.arcs == topology.arcs)
    #expect(second.topology.links.map(\.isDirected) == [false, true, true])
  }
}
