import Networks
import PacketSimulation
import Randomness
import Routing
import Testing

/// Environments that a user lists, and links that routers find failed.
struct FailedLinkTests {
  let topology = BuiltInTopology.b4.topology

  func distribution(_ list: String) throws -> EnvironmentDistribution {
    var settings = MAMRLConfiguration()
    settings.environments = .listed
    settings.environmentList = list
    return try EnvironmentDistribution(settings, topology: topology)
  }

  @Test func aListOfEnvironments() throws {
    let found = try distribution("intact; E:G ;@3+@7").environments
    let ends = try ["E", "G"].map { try #require(topology.router(named: $0)) }
    let link = try #require(topology.link(from: ends[0], to: ends[1]))
    #expect(found == [[], [link], [LinkID(3), LinkID(7)]])
  }

  @Test(arguments: ["", "intact;E:Z", "@99", ";;"])
  func aListThatMeansNothing(_ list: String) {
    #expect(throws: InputError.self) { try distribution(list) }
  }

  /// With the mask a router loses what the detector needs to notice, and each later episode one packet
  /// to see whether the link is back; without it the losses go on.
  @Test func aMaskedLinkLosesOnlyWhatNoticingTakes() throws {
    let failed = try Scenario(
      topology: topology, load: 0.25, horizon: 200, outages: [LinkOutage(link: LinkID(4))])
    func lost(_ form: FailedLinkForm) -> [Int] {
      var settings = smallSettings()
      settings.failedLinks = form
      settings.detectorLosses = 4
      settings.adaptationEpisodes = 100  // no step: only the mask differs
      var learner = MAMRLRouting(scenario: failed, settings: settings, seeds: SeedTree(root: 1))
      learner.beginTestTime()
      return EpisodeRunner(scenario: failed)
        .run(&learner, episodes: 4, seeds: SeedTree(root: 2)).episodes.map(\.lost)
    }
    let (unseen, masked) = (lost(.unseen), lost(.masked))
    #expect(unseen.allSatisfy { $0 > 20 })
    // Both ends may send in the tick in which the last loss is noticed.
    #expect((4...5).contains(masked[0]))
    #expect(masked.dropFirst().allSatisfy { (1...2).contains($0) })
  }

  /// The masked decisions are learned from as they were made: no probability on the shut slot.
  @Test func trainingWithMaskedLinksKeepsItsBound() throws {
    var settings = smallSettings()
    settings.failedLinks = .masked
    settings.environments = .singleFailures
    settings.tasksPerIteration = 2
    settings.maximumDivergence = 0.02
    var trainer = MetaTrainer(
      scenario: try Scenario(topology: topology, load: 0.25, horizon: 80), settings: settings,
      seeds: SeedTree(root: 1), threads: 2)
    for _ in 0..<3 {
      let report = trainer.iterate()
      #expect(report.largestDivergence <= 0.02 && report.accepted > 0.5)
      #expect(report.gigaOperations > 0)
    }
  }
}
