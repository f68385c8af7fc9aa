import Networks
import Testing

struct GraphMLFormatTests {
  @Test func readsTheTraps() throws {
    let network = try TopologyFormat.graphml.read(
      InputText(file: "tiny.graphml", string: Fixtures.graphml))
    let topology = network.topology
    #expect(topology.name == "Tiny")
    #expect(topology.routers.map(\.name) == ["Berlin", "München", "Berlin (2)", "3"])
    #expect(topology.routers[1].coordinate == GeographicCoordinate(latitude: 48.1, longitude: 11.6))
    #expect(topology.routers[2].coordinate == nil)
    #expect(topology.links.map(\.capacity) == [1e10, nil, 1.55e8, nil])
    #expect(topology.capacityUnit == "bit/s")
    #expect(topology.links[1].label == "second <fibre>")
    #expect(topology.links[3].source == topology.links[3].target)
    #expect(topology.arcs.count == 6)
    #expect(topology.componentCount() == 2)
    let warnings = network.warnings.map(\.description)
    #expect(warnings.contains { $0.hasPrefix("tiny.graphml:14: a router is named 'Berlin'") })
    #expect(warnings.contains { $0.contains("to itself") })
    #expect(warnings.contains { $0.contains("2 of 4 routers have no coordinates") })
    #expect(warnings.contains { $0.contains("2 of 4 links have no capacity") })
  }

  @Test(arguments: [
    ("<graphml></graphml>", "the element 'graph' was expected"),
    ("<graphml><graph><node/></graph></graphml>", "it has no id"),
    ("<graphml><graph><node id='a'/><node id='a'/></graph></graphml>", "declared a second time"),
    (
      "<graphml><graph><node id='a'/><edge source='a' target='z'/></graph></graphml>",
      "no router of this name"
    ),
    ("<graphml><graph><node id='a'>", "ends inside the element"),
    ("<graphml><graph/></graphml>", "router"),
  ])
  func refusesWithTheReason(text: String, reason: String) {
    let error = #expect(throws: InputError.self) {
      try TopologyFormat.graphml.read(InputText(file: "x", string: text))
    }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test func roundTrips() throws { try expectRoundTrip(Fixtures.graphml, .graphml) }

  @Test func damagedFilesAreRefusedOrRead() {
    #expect(refusals(of: Fixtures.graphml, as: .graphml, seed: 1) > 500)
  }

  @Test(.enabled(if: SharedData.isPresent))
  func theZooLoads() throws {
    let files = SharedData.files("topology-zoo/graphml", "graphml")
    #expect(files.count == 39)
    for file in files {
      let topology = try TopologyCatalogue.load(file).topology
      #expect(topology.routerCount > 0 && !topology.links.isEmpty)
    }
    let kdl = try TopologyCatalogue.load(SharedData.path("topology-zoo/graphml/Kdl.graphml"))
    #expect(kdl.topology.routerCount == 754 && kdl.topology.links.count == 899)
    let dialtelecom = try TopologyCatalogue.load(
      SharedData.path("topology-zoo/graphml/DialtelecomCz.graphml"))
    #expect(dialtelecom.topology.componentCount() == 56)
  }
}

/// Reads a text, writes it, reads it again: both must be equal in all that the format can hold.
func expectRoundTrip(
  _ text: String, _ format: TopologyFormat, through other: TopologyFormat? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let first = try format.read(InputText(file: "first", string: text))
  let target = other ?? format
  let written = try target.write(first)
  let main = try #require(written.files.first, sourceLocation: sourceLocation)
  let second = try target.read(InputText(file: "first", string: main.text))
  #expect(second.topology.routers == first.topology.routers, sourceLocation: sourceLocation)
  #expect(second.topology.links == first.topology.links, sourceLocation: sourceLocation)
  #expect(second.topology.name == first.topology.name, sourceLocation: sourceLocation)
  #expect(
    second.topology.capacityUnit == first.topology.capacityUnit, sourceLocation: sourceLocation)
}
