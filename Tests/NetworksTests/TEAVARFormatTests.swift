import Foundation
import Networks
import Testing

struct TEAVARFormatTests {
  @Test func readsTheTraps() throws {
    let network = try TopologyFormat.teavar.read(
      InputText(file: "topology.txt", string: Fixtures.teavar))
    let topology = network.topology
    #expect(topology.routers.map(\.name) == ["s0", "s1", "s2"])
    // 1→0, 0→1 and 2→1, 1→2 are one link each; 0→2 (from 2 to 0) has no opposite.
    #expect(topology.links.map(\.isDirected) == [false, false, true])
    #expect(topology.links[2].source == RouterID(2) && topology.links[2].target == RouterID(0))
    #expect(topology.links.map(\.capacity) == [1000, 500, 250])
    #expect(topology.links.map(\.failureProbability) == [0.001, 0.002, nil])
    let warnings = network.warnings.map(\.message)
    #expect(warnings.contains { $0.contains("numbered from 0") })
    #expect(warnings.contains { $0.contains("1 of 3 links have no opposite") })
  }

  @Test(arguments: [
    ("to_node from_node capacity\n", "at least one link"),
    ("1 2\n", "to_node, from_node, capacity"),
    ("1 x 5\n", "the number of a node"), ("1 2 -5\n", "a number ≥ 0"),
    ("1 2 nan\n", "a number ≥ 0"), ("1 99999999 5\n", "at most 100000 routers"),
  ])
  func refusesWithTheReason(text: String, reason: String) {
    let error = #expect(throws: InputError.self) {
      try TopologyFormat.teavar.read(InputText(file: "x", string: text))
    }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  /// IBM's file has 18×18 matrices for 17 nodes; here 4×4 for 3.
  @Test func matricesMayBeTooLarge() throws {
    let row = (0..<16).map(String.init).joined(separator: " ")
    let rows = try DemandRows(text: InputText(file: "demand.txt", string: row + "\n" + row + "\n"))
    let (matrices, warnings) = try rows.matrices(routerCount: 3)
    #expect(
      matrices.map(\.values) == [[0, 1, 2, 4, 5, 6, 8, 9, 10], [0, 1, 2, 4, 5, 6, 8, 9, 10]])
    #expect(warnings.first?.message.contains("4×4 for 3") == true)
    #expect(throws: InputError.self) { try rows.matrices(routerCount: 5) }
  }

  @Test func aFolderRoundTrips() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "wayfield-teavar-\(ProcessInfo.processInfo.processIdentifier)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let b4 = try TopologyCatalogue.load("b4")
    let written = try TopologyFormat.teavar.write(b4)
    try written.save(to: folder.path, format: .teavar)
    let again = try TopologyCatalogue.load(folder.path)
    #expect(again.topology.routers.map(\.name) == b4.topology.routers.map(\.name))
    #expect(again.topology.links.map(\.capacity) == b4.topology.links.map(\.capacity))
    #expect(again.topology.arcs == b4.topology.arcs)
    #expect(again.traffic?.values == b4.traffic?.values)
    #expect(written.warnings.contains { $0.message.contains("latencies") })
  }

  @Test func damagedFilesAreRefusedOrRead() {
    #expect(refusals(of: Fixtures.teavar, as: .teavar, seed: 4) > 500)
    var damage = FileDamage("1 2 3 4\n5 6 7 8\n0.5 1e3 2 9\n", seed: 5)
    for number in 0..<2_000 {
      let text = InputText(file: "demand.txt", bytes: damage.next(number))
      _ = try? DemandRows(text: text).matrices(routerCount: 2)
    }
  }

  @Test(
    .enabled(if: SharedData.isPresent),
    arguments: [("B4", 12, 19), ("ATT", 25, 56), ("Abilene", 12, 15)])
  func realFoldersLoad(name: String, routers: Int, links: Int) throws {
    let network = try TopologyCatalogue.load(SharedData.path("teavar/\(name)"))
    #expect(network.topology.routerCount == routers && network.topology.links.count == links)
    #expect(network.trafficSeries.count == (name == "Abilene" ? 36 : 200))
    #expect(network.topology.name == name)
  }
}
