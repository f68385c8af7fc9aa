import Networks
import Testing

/// What each reader makes of its fixture, trap by trap.
struct FormatTests {
  private func read(_ format: TopologyFormat, _ text: String) throws -> LoadedNetwork {
    try format.read(InputText(file: "file", string: text))
  }

  private func warns(_ network: LoadedNetwork, _ part: String) -> Bool {
    network.warnings.contains { $0.message.contains(part) }
  }

  @Test func gml() throws {
    let network = try read(.gml, Fixtures.gml)
    let topology = network.topology
    #expect(topology.name == "Tiny")
    #expect(topology.routers.map(\.name) == ["København", "Berlin", "Berlin (2)"])
    #expect(topology.routers[1].position == DrawingPosition(x: 10.5, y: -2))
    #expect(topology.links.map(\.capacity) == [2.5e9, 1.55e8, nil, nil])
    #expect(topology.links[0].label == "one & two" && topology.links[3].weight == 4)
    #expect(topology.link(from: RouterID(0), to: RouterID(1)) == LinkID(0))
    #expect(warns(network, "to itself"))
  }

  @Test func sndlibNative() throws {
    let network = try read(.sndlibNative, Fixtures.sndlibNative)
    let topology = network.topology
    #expect(topology.capacityUnit == "MBITPERSEC")
    #expect(topology.links.map(\.capacity) == [155, 40, 155])
    #expect(topology.links.map(\.weight) == [nil, 3, nil])
    let gdansk = GeographicCoordinate(latitude: 54.2, longitude: 18.6)
    #expect(topology.routers[0].coordinate == gdansk && topology.routers[2].coordinate == nil)
    #expect(network.traffic?.values == [0, 205, 0, 0, 0, 0, 0, 0, 0])
    #expect(network.traffic?.unit == "MBITPERSEC")
    #expect(warns(network, "2 of 3 links have no pre-installed capacity"))
    #expect(warns(network, "routing unit 2") && warns(network, "one direction only"))
  }

  @Test func sndlibXML() throws {
    let network = try read(.sndlibXML, Fixtures.sndlibXML)
    let topology = network.topology
    #expect(topology.links.map(\.capacity) == [155, 64] && topology.links[1].weight == 2)
    #expect(topology.routers[0].position == DrawingPosition(x: 10, y: -20))
    #expect(topology.routers[0].coordinate == nil)
    #expect(network.traffic?.values == [0, 12.5, 7, 0])
    #expect(topology.links.map(\.isDirected) == [false, false])
  }

  @Test func repetita() throws {
    let network = try read(.repetita, Fixtures.repetita)
    let topology = network.topology
    #expect(topology.routers.map(\.name) == ["0_New_York", "1_Chicago", "2_Washington"])
    #expect(topology.links.map(\.isDirected) == [false, false, true])
    #expect(topology.links.map(\.delayMilliseconds) == [5.73, 1.64, nil])
    #expect(topology.links.map(\.capacity) == [9_953_280, 9_953_280, 2_488_320])
    #expect(topology.capacityUnit == "kbit/s" && topology.links[2].weight == 20)
    #expect(warns(network, "no units") && warns(network, "1 of 3 links have no opposite"))
    #expect(!warns(network, "shorter than light"))
    let demands = try RepetitaDemands.read(Fixtures.repetitaDemands, routers: 3)
    #expect(demands == [5, 300, 0, 0, 0, 0, 0, 0.5, 0])
  }

  /// 1145 km in 1.9 ms would be twice the speed of light.
  @Test func delaysFasterThanLightAreReported() throws {
    let text = Fixtures.repetita.replacing("5730", with: "1913").replacing("1640", with: "552")
    #expect(warns(try read(.repetita, text), "2 of 2 delays are shorter than light") == false)
    #expect(warns(try read(.repetita, text), "4 of 4 delays are shorter than light"))
  }

  @Test func nodeLink() throws {
    let network = try read(.nodeLink, Fixtures.nodeLink)
    let topology = network.topology
    #expect(topology.routers.map(\.name) == ["0", "four", "x"])
    #expect(
      topology.routers[2].coordinate == GeographicCoordinate(latitude: 1.5, longitude: 2))
    #expect(topology.links.map(\.isDirected) == [false, true, true])
    #expect(topology.links.map(\.capacity) == [5000, 10, 20])
  }

  @Test func dot() throws {
    let network = try read(.dot, Fixtures.dot)
    let topology = network.topology
    #expect(topology.routers.map(\.name) == ["s1", "s2", "s3"])
    #expect(topology.links.map(\.capacity) == [1e10, 2.5e9, 2.5e9])
    #expect(topology.links.map(\.isDirected) == [false, true, true])
    #expect(topology.links[0].weight == 1 && topology.capacityUnit == "bit/s")
    #expect(topology.routers[0].coordinate?.longitude == 13.4)
    #expect(warns(network, "1 nodes of type=host"))
  }

  @Test func csv() throws {
    let network = try read(.csv, Fixtures.csv)
    let topology = network.topology
    #expect(topology.name == "tiny" && topology.capacityUnit == "Mbit/s")
    #expect(topology.routers.map(\.name) == ["Frank;furt", "Berlin", "Paris", "Lonely"])
    #expect(topology.links.map(\.capacity) == [1000, nil])
    #expect(topology.links.map(\.isDirected) == [false, true])
    let bare = try read(.csv, "a,b,10\nb,c,20\n")
    #expect(bare.topology.links.map(\.capacity) == [10, 20] && warns(bare, "no header"))
  }

  @Test(arguments: [
    (TopologyFormat.gml, "graph [ node [ id 1 ]", "not closed"),
    (.gml, "graph [ node [ label \"x\" ] ]", "no id"),
    (.gml, "graph [\nnode [ id 1 ]\nedge [ source 1 target 2 ] ]", "file:3: edge target"),
    (.gml, "node [ id 1 ]", "'graph ['"), (.gml, "graph [ label \"x ]", "string is not closed"),
    (.sndlibNative, "NODES ( A ( 1 2 )", "not closed"),
    (.sndlibNative, "NODES ( A ( 1 x ) )", "latitude: found 'x'"),
    (.sndlibNative, "NODES ( A )\nLINKS ( L ( A B ) 0 0 0 0 ( ) )", "no router of this name"),
    (.sndlibNative, "FOO ( )", "a section META"),
    (.sndlibNative, "NODES ( A ( 1 2 ) )\nNODES ( )", "occurs twice"),
    (.sndlibXML, "<network><demands><demand id='d'/></demands></network>", "source and target"),
    (.sndlibXML, "<network/>", "at least one router"),
    (.repetita, "NODES 2\nlabel x y\nA 1 2\n", "ends before all lines"),
    (.repetita, "NODES 99999999999\nlabel x y\n", "at most 100000"),
    (.repetita, "NODES 1\nlabel x y\nA 1 2\nEDGES 1\nlabel\ne 0 7 1 1 1", "from 0 to 0"),
    (.nodeLink, "{\"nodes\": []}", "'nodes' and 'links'"),
    (.nodeLink, "{\"nodes\":[{\"id\":1}],\"links\":[{\"source\":1}]}", "link.target"),
    (.dot, "digraph { a -> ", "a node was expected"), (.dot, "digraph { a ", "not closed"),
    (.dot, "foo { }", "'graph' or 'digraph'"), (.csv, "a,b,c,d,e\n", "a header with 'source'"),
    (.csv, "source,target\n,b\n", "it is empty"), (.csv, "source,target\n\"a,b\n", "not closed"),
    (.csv, "source,target,latencyTicks\na,b,x\n", "whole ticks"),
  ])
  func refusesWithTheReason(format: TopologyFormat, text: String, reason: String) {
    let error = #expect(throws: InputError.self) { try read(format, text) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  static let fixtures: [(TopologyFormat, String)] = [
    (.graphml, Fixtures.graphml), (.gml, Fixtures.gml), (.sndlibNative, Fixtures.sndlibNative),
    (.sndlibXML, Fixtures.sndlibXML), (.repetita, Fixtures.repetita), (.teavar, Fixtures.teavar),
    (.nodeLink, Fixtures.nodeLink), (.dot, Fixtures.dot), (.csv, Fixtures.csv),
    (.json, Fixtures.json),
  ]

  /// The content, not the name, decides the format; a name without meaning must not matter.
  @Test(arguments: fixtures)
  func formatIsRecognised(format: TopologyFormat, text: String) throws {
    let name = format == .csv ? "x.csv" : "x"
    #expect(try TopologyFormat.detect(InputText(file: name, string: text)) == format)
  }

  @Test func nothingKnownIsRefused() {
    for text in ["", "hello world", "\u{1}\u{2}\u{3}", "<html></html>"] {
      #expect(throws: InputError.self) {
        try TopologyFormat.detect(InputText(file: "x", string: text))
      }
    }
  }

  /// At least 2,000 damaged variants of each format: an error with a reason, or a usable network.
  @Test(arguments: fixtures)
  func damagedFilesAreRefusedOrRead(format: TopologyFormat, text: String) {
    #expect(refusals(of: text, as: format, seed: 11) > 300)
  }
}
