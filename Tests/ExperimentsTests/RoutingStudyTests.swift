import Experiments
import Foundation
import Networks
import PacketSimulation
import Randomness
import Testing

@Suite struct RoutingStudyTests {
  private func options(_ networks: [String], loads: [Double], folder: String? = nil)
    -> ReproductionOptions
  {
    ReproductionOptions(
      quick: true, seeds: 2, networks: networks, loads: loads,
      settings: ["trainingEpisodes=60"], store: PieceStore(folder: folder))
  }

  private func run(_ id: String, _ options: ReproductionOptions) throws -> ReproductionOutcome {
    try #require(ReproductionCatalogue.reproduction(id)).run(options)
  }

  @Test func ratiosAreOfPairedEpisodesAndResume() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let first = try run("routing-ratios", options(["b4"], loads: [0.6, 1.0], folder: folder))
    let again = try run("routing-ratios", options(["b4"], loads: [0.6, 1.0], folder: folder))
    #expect(first.text == again.text)
    guard case .array(let cells) = first.json["results"] ?? .null else {
      Issue.record("no results")
      return
    }
    #expect(cells.count == 2)
    let ratios = cells.compactMap { $0["ratio"]?["mean"]?.number }
    let quotients = cells.compactMap { cell in
      cell["learner"]?.number.flatMap { mine in cell["fd"]?.number.map { mine / $0 } }
    }
    #expect(zip(ratios, quotients).allSatisfy { abs($0 - $1) < 1e-9 })
    #expect(ratios.count == 2 && ratios[1] < 0.97 && abs(ratios[0] - 1) < 0.05)
    #expect(cells.allSatisfy { ($0["controlBytesPerPacket"]?.number ?? 0) > 10 })
  }

  @Test func untouchedNetworksNeedTheirFolder() throws {
    #expect(throws: InputError.self) {
      try run("routing-untouched", ReproductionOptions(quick: true))
    }
  }

  @Test(arguments: [
    ("routing-learning-speed", "startsWithDistances=true"),
    ("routing-failures", "social-actor-critic.masksDeadLinks=true"),
  ])
  func whatAStudyComparesCannotBeSet(id: String, setting: String) throws {
    var options = options(["b4"], loads: [0.6])
    options.settings.append(setting)
    #expect(throws: InputError.self) { try run(id, options) }
  }

  @Test func learningSpeedOfBothStarts() throws {
    let outcome = try run("routing-learning-speed", options(["b4"], loads: [0.6]))
    guard case .array(let cells) = outcome.json["results"] ?? .null else {
      Issue.record("no results")
      return
    }
    #expect(cells.count == 2)
    for cell in cells {
      guard case .array(let episodes) = cell["episodes"] ?? .null else { continue }
      #expect(episodes.count == 2)
      #expect(episodes.allSatisfy { ($0.number ?? 0) >= 5 && ($0.number ?? 1000) <= 100 })
    }
    // A start with distances is never the slower one here: it knows what the other has to learn.
    let means = cells.compactMap { $0["mean"]?["mean"]?.number }
    #expect(means.count == 2 && means[0] <= means[1])
  }

  @Test func coursesByHand() throws {
    let b4 = BuiltInTopology.b4.topology
    let links = FailureCourse.links(of: b4, timing: .middle)
    #expect(links.count == 19)
    let middle = links[3].phases(episodes: 7, horizon: 500)
    #expect(middle.map(\.episodes) == [1, 6])
    #expect(middle[0].outages == [LinkOutage(link: LinkID(3), from: 250)])
    #expect(middle[1].outages == [LinkOutage(link: LinkID(3))])
    let repaired = FailureCourse(name: "x", links: [LinkID(1), LinkID(2)], timing: .repaired)
      .phases(episodes: 4, horizon: 500)
    #expect(repaired.map(\.counts) == [false, true])
    #expect(repaired[0].outages.count == 2 && repaired[1].outages.isEmpty)
    let pairs = FailureCourse.pairs(of: b4, timing: .start, limit: 20, seeds: SeedTree(root: 1))
    #expect(pairs.count == 20)
    #expect(Set(pairs).count == 20 && pairs.allSatisfy { $0.links.count == 2 })
    #expect(
      pairs == FailureCourse.pairs(of: b4, timing: .start, limit: 20, seeds: SeedTree(root: 1)))
  }

  /// With the mask nothing is lost but what was on a link when it failed.
  @Test func aMaskLosesOnlyWhatIsOnTheLink() throws {
    let outcome = try run("routing-failures", options(["b4"], loads: [0.6]))
    guard case .array(let rows) = outcome.json["results"] ?? .null else {
      Issue.record("no results")
      return
    }
    #expect(rows.count == 2)
    #expect(rows[1]["masksDeadLinks"]?.text() == "true")
    #expect(rows[1]["lostNotInFlight"]?.number == 0)
    #expect((rows[0]["lostNotInFlight"]?.number ?? 0) > 0)
    #expect((rows[0]["episodes"]?["mean"]?.number ?? 0) >= 5)
  }
}

extension JSONValue {
  fileprivate var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}
