import Networks
import Testing

struct WayfieldJSONFormatTests {
  @Test func readsEverything() throws {
    let network = try TopologyFormat.json.read(InputText(file: "t.json", string: Fixtures.json))
    let topology = network.topology
    #expect(topology.name == "triängle" && topology.capacityUnit == "Mbit/s")
    #expect(topology.routers.map(\.name) == ["A", "B", "C"])
    #expect(topology.routers[1].position == DrawingPosition(x: 0, y: 1))
    #expect(topology.links[0].latency == 3 && topology.links[0].label == "north")
    #expect(topology.links[1].isDirected && topology.links[1].source == RouterID(1))
    #expect(topology.links[1].delayMilliseconds == 1.5 && topology.links[1].weight == 10)
    #expect(network.sharedRiskGroups.first?.links == [LinkID(0), LinkID(2)])
    #expect(network.trafficSeries.count == 2)
    #expect(network.traffic?.demand(RouterID(0), RouterID(2)) == 7)
  }

  @Test func roundTripsWithTrafficAndGroups() throws {
    let first = try TopologyFormat.json.read(InputText(file: "t", string: Fixtures.json))
    let text = try #require(try TopologyFormat.json.write(first).files.first?.text)
    let second = try TopologyFormat.json.read(InputText(file: "t", string: text))
    #expect(second.topology == first.topology)
    #expect(second.trafficSeries == first.trafficSeries)
    #expect(second.sharedRiskGroups == first.sharedRiskGroups)
  }

  @Test(arguments: [
    ("", "empty"), ("{", "a key in quotes"), ("{\"a\" 1}", "a colon was expected"),
    ("{\"routers\": [], \"links\": [], \"latancy\": 1}", "unknown key; allowed are format"),
    ("{\"routers\": [{\"name\": \"A\"}], \"links\": [{\"from\": \"A\"}]}", "link.to"),
    ("{\"routers\": [{\"name\": 7}], \"links\": []}", "text was expected"),
    ("{\"routers\": [{\"name\": \"A\"},\n{\"name\": \"A\"}], \"links\": []}", "x:2"),
    (
      "{\"routers\": [{\"name\": \"A\"}], \"links\": [], \"traffic\": {\"matrices\": [[1, 2]]}}",
      "2 numbers"
    ),
    (
      "{\"routers\": [{\"name\": \"A\"}], \"links\": [{\"from\":0,\"to\":0,\"capacity\":-1}]}",
      "out of range"
    ),
    (String(repeating: "[", count: 100_000), "nested more than 64 deep"),
    ("{\"routers\": [], \"links\": []}", "at least one router"),
    ("{\"routers\": [1, 2, 3], \"links\": []}", "an object was expected"),
    ("{\"routers\": [\u{1B}[31m", "a JSON value was expected"),
  ])
  func refusesWithTheReason(text: String, reason: String) {
    let error = #expect(throws: InputError.self) {
      let text = InputText(file: "x", string: text)
      if text.byteCount == 0 { throw text.error(nil, expected: "empty") }
      _ = try TopologyFormat.json.read(text)
    }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  /// A message stays on one line and never steers a terminal.
  @Test func messagesShowNoControlCharacters() {
    let error = InputError(file: "x", value: "a\u{1B}b\nc", expected: "e")
    #expect(error.value == "a b c")
  }

  @Test func damagedFilesAreRefusedOrRead() {
    #expect(refusals(of: Fixtures.json, as: .json, seed: 2) > 1_000)
    #expect(refusals(of: Fixtures.publishedJSON, as: .json, seed: 3) > 1_000)
  }

  /// The published files hold the built-in networks.
  @Test(
    .enabled(if: SharedData.isPresent),
    arguments: [
      ("b4-latency-3", BuiltInTopology.b4), ("b4-latency-baselines", .b4Baselines),
      ("geant-latency-3", .geant), ("geant-latency-baselines", .geantBaselines), ("att", .att),
    ])
  func publishedFilesAreTheBuiltIns(file: String, network: BuiltInTopology) throws {
    let topology = try TopologyCatalogue.load(SharedData.path("mamrl/\(file).json")).topology
    let expected = network.topology
    #expect(topology.routers.map(\.name) == expected.routers.map(\.name))
    #expect(topology.links.map(\.latency) == expected.links.map(\.latency))
    #expect(topology.links.map(\.capacity) == expected.links.map(\.capacity))
    #expect(topology.arcs == expected.arcs)
  }
}
