import Experiments
import Networks
import Routing
import Testing

@Suite struct FailureCampaignRunTests {
  private func results(threads: Int, scope: FailureScope = .links) throws -> FailureCampaignResults
  {
    var settings = try Settings([])
    let source = try ScenarioSource(
      network: try TopologyCatalogue.load("b4"), horizon: 100, settings: &settings)
    let entries = try ["shortest-path", "delay-optimal-split"].map { name in
      let algorithm = try RoutingCatalogue.algorithm(name)
      let settings = name == "shortest-path" ? [:] : ["recompute": "true"]
      return RoutingEntry(
        algorithm, configuration: try algorithm.configuration(settings: settings))
    }
    let context = RoutingContext(
      source: source, capacity: nil, episodes: 3, trainingSeeds: 1, seed: 5)
    let run = FailureCampaignRun(
      context: context,
      experiment: RoutingExperiment(source: source, episodes: 3, seed: 5, threads: threads),
      entries: entries, load: 0.1, reference: "delay-optimal-split")
    return try run.play(
      FailureCampaign(source.topology, scope: scope, limit: 40), from: 0, until: nil)
  }

  /// Who is never told keeps sending into every dead link that its paths use; who computes anew loses
  /// nothing when the link is down from the start.
  @Test func everyLinkOfB4() throws {
    let results = try results(threads: 2)
    #expect(results.rows.count == 2 * 20)
    #expect(results.rows.prefix(2).allSatisfy { $0.failure == nil && $0.ratioToIntact == nil })
    let told = results.rows(of: "delay-optimal-split")
    #expect(told.count == 19 && told.allSatisfy { $0.mean("lost") == 0 })
    let untold = results.rows(of: "shortest-path")
    #expect(untold.contains { ($0.mean("lost") ?? 0) > 0 })
    #expect(untold.allSatisfy { ($0.ratioToIntact?.mean ?? 0) > 0.999 })
    #expect(told.allSatisfy { $0.ratioToReference?.mean == 1 })
    let worst = results.worst(of: "shortest-path", count: 19).map {
      $0.mean("restrictedMeanDelay") ?? 0
    }
    #expect(worst == worst.sorted(by: >) && worst.count == 19)
    let summary = results.summary(of: "shortest-path")
    #expect(summary.cases == 19 && summary.separating == 0)
    #expect(summary.worst?.mean("restrictedMeanDelay") == worst.first)
    let mean = untold.reduce(0) { $0 + ($1.mean("restrictedMeanDelay") ?? 0) } / 19
    #expect(abs((summary.meanDelay ?? 0) - mean) < 1e-12)
  }

  @Test func threadsChangeNothing() throws {
    let (one, three) = (
      try results(threads: 1, scope: .pairs), try results(threads: 3, scope: .pairs)
    )
    #expect(one.omitted == 19 * 18 / 2 - 40)
    #expect(one.rows.count == 2 * 41)
    for (a, b) in zip(one.rows, three.rows) {
      #expect(a.failure == b.failure)
      #expect(a.mean("restrictedMeanDelay") == b.mean("restrictedMeanDelay"))
      #expect(a.mean("lost") == b.mean("lost"))
    }
  }
}
