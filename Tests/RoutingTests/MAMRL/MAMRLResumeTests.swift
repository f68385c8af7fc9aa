import Learning
import Networks
import PacketSimulation
import Randomness
import Routing
import Testing

/// A learner that is stopped within a batch, and made anew, goes on with the same bytes.
struct MAMRLResumeTests {
  func settings() -> MAMRLConfiguration {
    var settings = smallSettings()
    settings.episodesPerBatch = 3
    settings.adaptationEpisodes = 3
    settings.failedLinks = .masked
    settings.entropyBonus = 0.1
    settings.innerStepSizes = .perLayer
    settings.detectorLosses = 2
    return settings
  }

  func scenario(failed: Bool) throws -> Scenario {
    try Scenario(
      topology: BuiltInTopology.b4.topology, load: 0.25, horizon: 60,
      outages: failed ? [LinkOutage(link: LinkID(3))] : [])
  }

  /// Plays the episodes, with a new learner from the state after each of the given counts.
  func play(
    _ start: MAMRLRouting, in scenario: Scenario, episodes: Int, breaks: Set<Int>
  ) throws -> MAMRLRouting {
    var learner = start
    for episode in 0..<episodes {
      if breaks.contains(episode) {
        let state = learner.state
        learner = MAMRLRouting(
          scenario: scenario, settings: settings(), seeds: SeedTree(root: 99))
        try learner.restore(state)
      }
      _ = EpisodeRunner(scenario: scenario).run(
        &learner, episodes: 1, seeds: SeedTree(root: 5), firstEpisode: episode)
    }
    return learner
  }

  /// Three episodes fill the inner batch, three more the outer: breaks stand within both.
  @Test func whileItIsTrained() throws {
    let scenario = try scenario(failed: false)
    let start = MAMRLRouting(scenario: scenario, settings: settings(), seeds: SeedTree(root: 1))
    let whole = try play(start, in: scenario, episodes: 8, breaks: [])
    let broken = try play(start, in: scenario, episodes: 8, breaks: [1, 3, 5, 7])
    #expect(!whole.isAdapting)
    #expect(whole.policies.parameters != start.policies.parameters)
    #expect(whole.policies.stepSizes != start.policies.stepSizes)
    #expect(whole.state == broken.state)
  }

  @Test func atTestTime() throws {
    let scenario = try scenario(failed: true)
    var start = MAMRLRouting(scenario: scenario, settings: settings(), seeds: SeedTree(root: 1))
    start.beginTestTime()
    let whole = try play(start, in: scenario, episodes: 6, breaks: [])
    let broken = try play(start, in: scenario, episodes: 6, breaks: [1, 2, 4, 5])
    #expect(whole.isAdapting && whole.resets == 1)
    #expect(whole.acting.parameters != start.acting.parameters)
    #expect(whole.state == broken.state)
  }
}
