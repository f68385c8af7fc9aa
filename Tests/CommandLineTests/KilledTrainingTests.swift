import Foundation
import Testing

/// A training that is really killed, and given again with another number of threads.
struct KilledTrainingTests {
  static let line =
    "train mamrl --topology b4 --load 0.2 --horizon 150 --seed 4 --set iterations=60 "
    + "--set episodesPerBatch=4 --set hiddenUnits=12 --set failedLinks=masked "
    + "--set environments=listed --set environmentList=intact;E:G --set innerStepSizes=per-layer "
    + "--set entropyBonus=0.05"

  func words(_ path: String, threads: Int) -> [String] {
    Self.line.split(separator: " ").map(String.init)
      + ["--threads", "\(threads)", "--output", path]
  }

  @Test(.enabled(if: Binary.exists)) func policyAndProgressEndWithTheSameBytes() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let (whole, broken) = (folder.path + "/whole.st", folder.path + "/broken.st")
    #expect(try Binary.run(words(whole, threads: 1)).exitCode == 0)
    try Binary.kill(words(broken, threads: 1)) {
      FileManager.default.fileExists(atPath: broken)
    }
    let unfinished = try Data(contentsOf: URL(fileURLWithPath: broken))
    #expect(unfinished != (try Data(contentsOf: URL(fileURLWithPath: whole))))
    #expect(try Binary.run(words(broken, threads: 2)).exitCode == 0)
    for ending in ["", ".csv"] {
      #expect(
        FileManager.default.contentsEqual(atPath: whole + ending, andPath: broken + ending),
        "policy\(ending)")
    }
    // Sixty rows and the header, whatever the kill left behind.
    let progress = try String(contentsOfFile: broken + ".csv", encoding: .utf8)
    #expect(progress.split(separator: "\n").count == 61)
    // Once more changes nothing.
    #expect(try Binary.run(words(broken, threads: 1)).output.contains("already finished"))
    #expect(FileManager.default.contentsEqual(atPath: whole + ".csv", andPath: broken + ".csv"))
  }

  @Test(.enabled(if: Binary.exists)) func aListThatMeansNothingIsSaid() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let outcome = try Binary.run(
      "train mamrl --topology b4 --load 0.2 --set environments=listed "
        + "--set environmentList=E:Z --output \(folder.path)/p.st")
    #expect(outcome.exitCode == 2)
    #expect(outcome.error.contains("Z") && outcome.error.split(separator: "\n").count <= 2)
    #expect(folder.names.isEmpty)
  }
}
