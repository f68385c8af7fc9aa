import Foundation
import Networks
import Testing

/// Every public data file loads. Numbers of routers and links: `scripts/compare_with_networkx.py`.
@Suite(.enabled(if: SharedData.isPresent))
struct RealDataTests {
  @Test(arguments: [
    ("topology-zoo/graphml", "graphml", 39), ("topology-zoo/gml", "gml", 18),
    ("sndlib/native", "txt", 12), ("sndlib/xml", "xml", 12), ("repetita", "graph", 6),
    ("node-link", "json", 2),
  ])
  func everythingLoads(folder: String, ending: String, count: Int) throws {
    let files = SharedData.files(folder, ending)
    #expect(files.count == count)
    for file in files {
      let network = try TopologyCatalogue.load(file)
      #expect(network.topology.routerCount > 1 && !network.topology.links.isEmpty, "\(file)")
      let demands = folder.hasPrefix("sndlib") || folder == "repetita"
      #expect((network.traffic?.total ?? 0 > 0) == demands, "\(file)")
    }
  }

  /// The same network in two formats is the same network.
  @Test func sndlibFormatsAgree() throws {
    for file in SharedData.files("sndlib/native", "txt") {
      let native = try TopologyCatalogue.load(file)
      let xml = try TopologyCatalogue.load(
        file.replacing("/native/", with: "/xml/").replacing(".txt", with: ".xml"))
      #expect(native.topology.routers.map(\.name) == xml.topology.routers.map(\.name), "\(file)")
      #expect(native.topology.arcs == xml.topology.arcs, "\(file)")
      #expect(
        native.topology.links.map(\.capacity) == xml.topology.links.map(\.capacity), "\(file)")
      #expect(native.topology.capacityUnit == xml.topology.capacityUnit, "\(file)")
      let difference = zip(native.traffic?.values ?? [], xml.traffic?.values ?? []).map {
        abs($0 - $1)
      }
      #expect(difference.max().map { $0 < 0.01 } == true, "\(file)")
    }
  }

  @Test func zooFormatsAgree() throws {
    for file in SharedData.files("topology-zoo/gml", "gml") {
      let gml = try TopologyCatalogue.load(file).topology
      let graphml = try TopologyCatalogue.load(file.replacing("gml", with: "graphml")).topology
      #expect(gml.routers.map(\.name) == graphml.routers.map(\.name), "\(file)")
      // The two list links in different orders.
      let ends = [gml, graphml].map { topology in
        topology.arcs.map { [$0.source, $0.target] }.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
      }
      let areEqual = ends[0] == ends[1]
      #expect(areEqual, "\(file)")
      #expect(gml.routers.map(\.coordinate) == graphml.routers.map(\.coordinate), "\(file)")
    }
  }

  /// Known sizes: peers.md for the first three, SNDlib's own table for the rest.
  @Test(arguments: [
    ("topology-zoo/gml/Kdl.gml", 754, 899), ("sndlib/native/germany50.txt", 50, 88),
    ("sndlib/native/polska.txt", 12, 18), ("sndlib/native/abilene.txt", 12, 15),
    ("repetita/Abilene.graph", 11, 14), ("node-link/teal-B4.json", 12, 19),
  ])
  func knownSizes(file: String, routers: Int, links: Int) throws {
    let topology = try TopologyCatalogue.load(SharedData.path(file)).topology
    #expect(topology.routerCount == routers && topology.links.count == links)
  }
}
