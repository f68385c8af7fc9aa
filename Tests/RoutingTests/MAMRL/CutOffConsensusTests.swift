import Networks
import PacketSimulation
import Randomness
import Routing
import Testing

/// Estimates mix over links that are up, and over no others.
struct CutOffConsensusTests {
  /// What A, B and C were paid on a line with packets between all of them; C's link may be down.
  func paid(_ form: RewardForm, _ outages: [LinkOutage]) throws -> [[Double]] {
    let scenario = try Scenario(topology: try SmallNetworks.line(), load: 0.6, horizon: 60)
    let layout = ObservationLayout(scenario: scenario, form: .oneHot, pastActions: 0)
    var settings = smallSettings()
    settings.reward = form
    settings.lossWeight = 0
    let played = RouterTrajectories.collect(
      RouterNetworks(layout: layout, hidden: [8], seeds: SeedTree(root: 1)), scenario: scenario,
      seeds: [SeedTree(root: 2)], outages: outages, settings: settings, threads: 1)
    return (0..<3).map { router -> [Double] in
      (0..<60).map { Double(played.paid[router * 60 + $0]) }
    }
  }

  @Test func cutOffFromTheStart() throws {
    let down = [LinkOutage(link: LinkID(1))]
    let own = try paid(.localBacklog, down)
    let told = try paid(.backlogShare, down)
    #expect(own[2].contains { $0 != 0 })
    #expect(told[2] == own[2])
    // A and B mix with each other only: their sum is kept.
    #expect(told[0] != own[0])
    for tick in 0..<60 {
      let difference = told[0][tick] + told[1][tick] - own[0][tick] - own[1][tick]
      #expect(abs(difference) < 1e-4)
    }
    // While its link is up, C hears of the others.
    let ownWhole = try paid(.localBacklog, [])
    let toldWhole = try paid(.backlogShare, [])
    #expect(toldWhole[2] != ownWhole[2])
  }

  /// From the cut on nothing more reaches C: what it is told differs from its own number by what
  /// had been corrected until then.
  @Test func cutOffOnTheWay() throws {
    let cut = [LinkOutage(link: LinkID(1), from: 30)]
    let own = try paid(.localBacklog, cut)
    let told = try paid(.backlogShare, cut)
    let corrections = (0..<3).map { router -> [Double] in
      (0..<60).map { told[router][$0] - own[router][$0] }
    }
    let ofC = corrections[2]
    #expect((1..<30).contains { abs(ofC[$0] - ofC[$0 - 1]) > 0.01 })
    for tick in 30..<60 { #expect(abs(ofC[tick] - ofC[30]) < 1e-4) }
    // A and B still correct each other, and all corrections cancel.
    #expect((31..<60).contains { abs(corrections[0][$0] - corrections[0][$0 - 1]) > 0.01 })
    for tick in 0..<60 {
      #expect(abs(corrections[0][tick] + corrections[1][tick] + ofC[tick]) < 1e-4)
    }
  }
}
