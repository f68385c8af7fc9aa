import Networks
import Randomness
import Testing

struct FailureTests {
  private let b4 = BuiltInTopology.b4.topology

  @Test func parsesLinksAndTimes() throws {
    let scenario = try FailureScenario(
      parsing: ["D:E", "E:D@10", "@3@100..200", "@0"], in: b4)
    let de = try #require(b4.link(from: RouterID(3), to: RouterID(4)))
    #expect(
      scenario.outages == [
        LinkOutage(link: de), LinkOutage(link: de, from: 10),
        LinkOutage(link: LinkID(3), from: 100, until: 200), LinkOutage(link: LinkID(0)),
      ])
  }

  @Test(arguments: [
    ("A:L", "no link between A and L"), ("A:Z", "no router 'Z'"), ("@99", "the links @0 to @18"),
    ("A", "a link is A:B"), ("A:B@20..10", "after the tick"), ("", "a link is A:B"),
    ("A:B@x", "no router 'B@x'"),
  ])
  func refusesWithTheReason(value: String, reason: String) throws {
    let error = #expect(throws: InputError.self) { try FailureScenario(parsing: [value], in: b4) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test func namesMayContainColonsAndAts() throws {
    let topology = try Topology(
      name: "odd", routers: ["a:b", "c@7", "d"].map { Router(name: $0) },
      links: [Link(RouterID(0), RouterID(1)), Link(RouterID(0), RouterID(2))])
    let scenario = try FailureScenario(parsing: ["a:b:d@5", "a:b:c@7@9"], in: topology)
    #expect(
      scenario.outages == [
        LinkOutage(link: LinkID(1), from: 5), LinkOutage(link: LinkID(0), from: 9),
      ])
  }

  @Test func overlappingOutagesAreOne() {
    let link = LinkID(1)
    let scenario = FailureScenario([
      LinkOutage(link: link, from: 5, until: 10), LinkOutage(link: link, from: 8, until: 12),
      LinkOutage(link: link, from: 20), LinkOutage(link: LinkID(0), from: 5),
    ])
    let changes = scenario.changes(linkCount: 2).map { "\($0.tick) \($0.link.index) \($0.isUp)" }
    #expect(changes == ["5 0 false", "5 1 false", "12 1 true", "20 1 false"])
    for tick in 0..<30 {
      let up = scenario.linkIsUp(atTick: tick, linkCount: 2)
      #expect(up == [tick < 5, !(5..<12 ~= tick || tick >= 20)])
    }
  }

  /// B4 has no bridge; its 19 links make 171 pairs, of which a limit keeps a sample.
  @Test func campaignsCountTheirCases() {
    let links = FailureCampaign(b4, scope: .links)
    #expect(links.cases.filter(\.keepsConnected).count == 19 && links.cases.count == 19)
    #expect(links.cases.first?.name == "A:B")
    let pairs = FailureCampaign(b4, scope: .pairs)
    #expect(pairs.cases.count == 171)
    #expect(Set(pairs.cases.map(\.links)).count == 171)
    // A has two links: losing both cuts it off. The same holds for B, I and L, all of degree 2.
    #expect(pairs.cases.filter { !$0.keepsConnected }.map(\.name).contains("A:B + A:C"))
    let sample = FailureCampaign(b4, scope: .pairs, limit: 50, seeds: SeedTree(root: 4))
    #expect(sample.cases.count == 50 && sample.omitted == 121)
    let routers = FailureCampaign(b4, scope: .routers)
    #expect(routers.cases.count == 12 && routers.cases[0].links.count == 2)
    #expect(routers.cases.filter(\.keepsConnected).count == 12)
  }

  /// Geant's router 11 hangs on one link: 31 of its 32 links may fail.
  @Test func survivableFailuresLeaveEverybodyReachable() {
    let geant = BuiltInTopology.geant.topology
    #expect(FailureCampaign(geant, scope: .links).cases.filter(\.keepsConnected).count == 31)
    var stream = SeedTree(root: 1).stream("test")
    let bridge = geant.bridges()
    for _ in 0..<200 {
      let failed = geant.randomSurvivableFailure(using: &stream)
      #expect(failed.map { !bridge.contains($0) } == true)
    }
  }
}
