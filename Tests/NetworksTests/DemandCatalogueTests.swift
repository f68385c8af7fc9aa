import Foundation
import Networks
import Testing

/// Reads REPETITA demands from a text.
enum RepetitaDemands {
  static func read(_ text: String, routers: Int) throws -> [Double] {
    let topology = try Topology(
      name: "t", routers: (0..<routers).map { Router(name: "\($0)") }, links: [])
    return try DemandCatalogueTests.withFile("d.demands", text) { path in
      try DemandCatalogue.load(path, for: topology).series[0].values
    }
  }
}

struct DemandCatalogueTests {
  static func withFile<T>(_ name: String, _ text: String, _ body: (String) throws -> T) throws -> T
  {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "wayfield-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent(name)
    try Data(text.utf8).write(to: file)
    return try body(file.path)
  }

  private let pair = try? Topology(
    name: "pair", routers: [Router(name: "B"), Router(name: "A")],
    links: [Link(RouterID(0), RouterID(1))])

  @Test func namesAreMatched() throws {
    let pair = try #require(pair)
    // The fixture has A first: its demand A→B is from router 1 to router 0 here.
    let values = try Self.withFile("d.xml", Fixtures.sndlibXML) {
      try DemandCatalogue.load($0, for: pair).series.map(\.values)
    }
    #expect(values == [[0, 7, 12.5, 0]])
  }

  @Test func csvSeries() throws {
    let pair = try #require(pair)
    let text = "# unit: Mbit/s\nmatrix,source,target,demand\n0,A,B,12.5\n1,A,B,13\n1,A,B,1\n"
    let demands = try Self.withFile("d.csv", text) { try DemandCatalogue.load($0, for: pair) }
    #expect(demands.series.map(\.values) == [[0, 0, 12.5, 0], [0, 0, 14, 0]])
    #expect(demands.series[0].unit == "Mbit/s")
    let written = DemandCatalogue.csv(demands.series, topology: pair)
    let again = try Self.withFile("d.csv", written) { try DemandCatalogue.load($0, for: pair) }
    #expect(again.series == demands.series)
  }

  @Test(arguments: [
    ("d.csv", "source,target,demand\nA,Z,1\n", "no router of this name"),
    ("d.csv", "source,target,demand\nA,B,-1\n", "≥ 0"), ("d.csv", "", "empty"),
    ("d.csv", "matrix,source,target,demand\n2,A,B,1\n", "numbered 0, 1, 2"),
    ("d.demands", "DEMANDS 2\nlabel src dest bw\nd 0 1 5\n", "ends before"),
    ("d.demands", "DEMANDS 1\nlabel src dest bw\nd 0 9 5\n", "from 0 to 1"),
    ("demand.txt", "1 2 3\n", "4 were expected"),
    ("d.gml", "graph [ node [ id 1 ] ]", "no demands"),
  ])
  func refusesWithTheReason(name: String, text: String, reason: String) throws {
    let pair = try #require(pair)
    let error = #expect(throws: InputError.self) {
      try Self.withFile(name, text) { try DemandCatalogue.load($0, for: pair) }
    }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test(.enabled(if: SharedData.isPresent)) func realSeries() throws {
    for (network, count) in [("abilene", 6), ("geant", 4)] {
      let topology = try TopologyCatalogue.load(SharedData.path("sndlib/xml/\(network).xml"))
        .topology
      let files = SharedData.files("sndlib/dynamic", "xml").filter { $0.contains(network) }
      #expect(files.count == count)
      for file in files {
        let demands = try DemandCatalogue.load(file, for: topology)
        #expect(demands.traffic?.unit == "MBITPERSEC")
        // The first two Geant intervals have no demands at all.
        let isEmpty = file.hasSuffix("1500.xml") || file.hasSuffix("1515.xml")
        #expect((demands.traffic?.total == 0) == isEmpty)
        #expect(demands.warnings.contains { $0.message.contains("zeros") } == isEmpty)
      }
    }
    let b4 = try TopologyCatalogue.load("b4").topology
    #expect(
      try DemandCatalogue.load(SharedData.path("mamrl/b4_demand.txt"), for: b4).series.count == 200)
  }
}
