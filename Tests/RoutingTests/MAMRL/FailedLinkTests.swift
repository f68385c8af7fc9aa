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

  /// Counted, a packet that a dead link took weighs as if it came at the horizon; excused, like the
  /// router's mean decision. Nothing else differs.
  @Test func lossesBeforeAFailureIsFoundCanBeExcused() throws {
    let scenario = try Scenario(topology: topology, load: 0.25, horizon: 120)
    func played(_ form: FailureLossForm) -> (RouterTrajectories, [[Double]]) {
      var settings = smallSettings()
      settings.failedLinks = .masked
      settings.failureLosses = form
      settings.lossWeight = 0
      let layout = ObservationLayout(scenario: scenario, form: .oneHot, pastActions: 0)
      let trajectories = RouterTrajectories.collect(
        RouterNetworks(layout: layout, hidden: [8], seeds: SeedTree(root: 1)), scenario: scenario,
        seeds: [SeedTree(root: 2)], outages: [LinkOutage(link: LinkID(4))], settings: settings,
        threads: 1)
      return (
        trajectories,
        trajectories.routers.indices.map {
          DecisionWeights.decisionReturns(trajectories, router: $0, settings: settings)
        }
      )
    }
    let (counted, countedReturns) = played(.counted)
    let (excused, excusedReturns) = played(.excused)
    var differing = 0
    for router in counted.routers.indices {
      let mine = excused.routers[router].packetReturns
      let kept = mine.filter { !$0.isNaN }
      let mean = kept.reduce(0, +) / Double(max(kept.count, 1))
      for row in mine.indices {
        if mine[row].isNaN {
          differing += 1
          // Decided at tick t and lost: counted as t − horizon.
          let tick = Double(counted.routers[router].ticks[row])
          #expect(countedReturns[router][row] == tick - 120)
          #expect(excusedReturns[router][row] == mean)
        } else {
          #expect(countedReturns[router][row] == excusedReturns[router][row])
        }
      }
    }
    // Each packet that the detector needs was decided on at least once.
    #expect(differing >= 5)
  }
}
