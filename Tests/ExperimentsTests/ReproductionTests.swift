import Experiments
import Foundation
import Networks
import PacketSimulation
import Routing
import Testing

struct ReproductionTests {
  /// A folder that is gone afterwards.
  func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url.path)
  }

  func smallSettings(iterations: Int) -> MAMRLConfiguration {
    var settings = MAMRLConfiguration()
    settings.hiddenLayers = 1
    settings.hiddenUnits = 4
    settings.episodesPerBatch = 2
    settings.iterations = iterations
    return settings
  }

  func train(_ path: String, iterations: Int, seed: UInt64 = 3, threads: Int = 1) throws {
    var training = MetaTraining(
      scenario: try Scenario(topology: BuiltInTopology.b4.topology, load: 0.2, horizon: 30),
      settings: smallSettings(iterations: iterations), algorithm: "mamrl", seed: seed,
      threads: threads, path: path)
    training.checkpointEvery = 1
    _ = try training.run()
  }

  @Test func aKilledTrainingEndsWithTheSameBytes() throws {
    try withFolder { folder in
      let (whole, broken) = (folder + "/whole.st", folder + "/broken.st")
      try train(whole, iterations: 5, threads: 2)
      try train(broken, iterations: 2)
      try train(broken, iterations: 5)
      #expect(FileManager.default.contentsEqual(atPath: whole, andPath: broken))
    }
  }

  @Test func anotherTrainingIsNotOverwritten() throws {
    try withFolder { folder in
      try train(folder + "/policy.st", iterations: 1)
      #expect(throws: InputError.self) {
        try train(folder + "/policy.st", iterations: 2, seed: 4)
      }
      #expect(throws: InputError.self) { try PolicyFile(path: folder + "/missing.st") }
    }
  }

  @Test func aStoredPieceIsNotComputedAgain() throws {
    try withFolder { folder in
      let store = PieceStore(folder: folder)
      var computed = 0
      for _ in 0..<2 {
        let value = try store.piece("quick-b4-0.3") { () -> [Double] in
          computed += 1
          return [1.5, 0.1]
        }
        #expect(value == [1.5, 0.1])
      }
      #expect(computed == 1)
      #expect(try store.piece("quick-b4-0.5") { [2.0] } == [2.0])
    }
  }

  /// Reference 10 throughout: 20 in the first three episodes, 10 from then on. The average of the
  /// episodes ending with the seventh is (20 + 4·10)/5 = 12 > 11; that of the eighth is 10.
  @Test func adaptedByHand() {
    let curve = [20.0, 20, 20] + [Double](repeating: 10, count: 9)
    let reference = [Double](repeating: 10, count: 12)
    #expect(AdaptationStudy.adapted(curve, reference: reference) == 8)
    #expect(AdaptationStudy.adapted(reference, reference: reference) == 5)
    #expect(AdaptationStudy.adapted(curve.map { $0 + 2 }, reference: reference) == nil)
    #expect(AdaptationStudy.adapted([10, 10], reference: [10, 10]) == nil)
    #expect(AdaptationStudy.firstWithin(curve, reference: reference) == 8)
    #expect(AdaptationStudy.firstWithin(reference, reference: reference) == 5)
    #expect(AdaptationStudy.firstWithin(curve.map { $0 + 2 }, reference: reference) == nil)
    #expect(AdaptationStudy.firstWithin([10, 10], reference: [10, 10]) == nil)
    // A relapse counts, though it was within 10 % before: averages 10, 10, 12, 12, 12, 12, 12, 10, 10.
    var relapsed = [Double](repeating: 10, count: 13)
    relapsed[6] = 20
    let long = [Double](repeating: 10, count: 13)
    #expect(AdaptationStudy.adapted(relapsed, reference: long) == 12)
    #expect(AdaptationStudy.firstWithin(relapsed, reference: long) == 5)
    #expect(
      AdaptationStudy.adapted(reference.dropLast() + [100], reference: reference) == nil)
  }

  @Test func tableOneNamesTheExtraRouter() throws {
    let table = try #require(ReproductionCatalogue.reproduction("mamrl-table1"))
    let outcome = try table.run(ReproductionOptions(quick: true))
    #expect(outcome.text.contains("22 (21)"))
    #expect(ReproductionCatalogue.all.count == Set(ReproductionCatalogue.all.map(\.id)).count)
  }
}
