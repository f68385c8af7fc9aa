import Experiments
import Foundation
import Testing
import wayfield

@Suite(.enabled(if: Binary.exists, "the program was not built"))
struct SeriesCommandTests {
  private func withSeries(count: Int, _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("series-\(UUID().uuidString).csv").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let made = try Binary.run(
      "demands generate hotspot --topology b4 --count \(count) --output \(path)")
    #expect(made.exitCode == 0, "\(made.error)")
    try body(path)
  }

  @Test func playsASeriesWithTheSameBytesForAnyThreads() throws {
    try withSeries(count: 4) { path in
      let line =
        "series --topology b4 --traffic \(path) --algorithms q-routing,ecmp --horizon 100 "
        + "--episodes-per-matrix 2 --training-seeds 2 --set trainingEpisodes=2 --json"
      let one = try Binary.run(line + " --threads 1")
      #expect(one.exitCode == 0, "\(one.error)")
      #expect(try Binary.run(line + " --threads 2").output == one.output)
      #expect(try Binary.run(line + " --threads 1 --seed 2").output != one.output)
      let json = try one.json()
      #expect(json["matrices"] == 4 && json["scale"] == "mean")
      guard case .array(let results)? = json["results"] else {
        Issue.record("no results")
        return
      }
      #expect(
        results.map { $0["algorithm"] } == [
          "delay-optimal-split", "delay-optimal-split", "lp-split", "lp-split", "q-routing", "ecmp",
        ])
      #expect(results.prefix(2).map { $0["matrix"] } == ["true", "previous"])
      #expect(results[4]["verdict"] != .null)
    }
  }

  /// Whoever plays one matrix of many is told so.
  @Test func aSeriesGivenToSimulateIsNotCutInSilence() throws {
    try withSeries(count: 3) { path in
      let line =
        "simulate --topology b4 --algorithm ecmp --load 0.1 --episodes 2 --traffic \(path)"
      let outcome = try Binary.run(line)
      #expect(outcome.exitCode == 0)
      #expect(outcome.output.contains("of 3 matrices only the first is played"))
    }
  }

  @Test func badInputIsOneSentence() throws {
    try withSeries(count: 1) { path in
      let outcome = try Binary.run("series --topology b4 --traffic \(path)")
      #expect(outcome.exitCode == 2)
      #expect(outcome.error.contains("at least two"))
    }
    let missing = try Binary.run("series --topology b4 --traffic no-such-folder/2004*")
    #expect(missing.exitCode == 2 && missing.error.contains("begins so"))
  }
}
