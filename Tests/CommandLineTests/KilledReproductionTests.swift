import Foundation
import Testing

/// A reproduction that is really killed in the middle of a training, and given again with another
/// number of threads.
struct KilledReproductionTests {
  func words(_ folder: String, threads: Int) -> [String] {
    "reproduce mamrl-fisher --quick --training-seeds 1".split(separator: " ").map(String.init)
      + ["--threads", "\(threads)", "--output", folder]
  }

  @Test(.enabled(if: Binary.exists)) func everyFileEndsWithTheSameBytes() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let (whole, broken) = (scratch.path + "/whole", scratch.path + "/broken")
    #expect(try Binary.run(words(whole, threads: 1)).exitCode == 0)
    let unfinished = try kill(broken)
    let (names, left) = (try files(whole), try files(broken))
    #expect(names.count >= 8 && !names.isSubset(of: left))
    #expect(
      !FileManager.default.contentsEqual(atPath: whole + unfinished, andPath: broken + unfinished))
    let kept = try left.filter { $0.hasSuffix(".json") }.map { ($0, try changed(broken + $0)) }
    #expect(!kept.isEmpty)
    #expect(try Binary.run(words(broken, threads: 2)).exitCode == 0)
    for (name, date) in kept { #expect(try changed(broken + name) == date, "\(name) made again") }
    #expect(try files(broken) == names)
    for name in names {
      #expect(
        FileManager.default.contentsEqual(atPath: whole + name, andPath: broken + name), "\(name)")
    }
  }

  /// Starts the reproduction and kills it in its second training, as soon as that has a checkpoint.
  ///
  /// - Returns: The unfinished training's checkpoint, as a path below the folder.
  private func kill(_ folder: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Binary.path)
    process.arguments = words(folder, threads: 1)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let start = Date()
    var checkpoints: Set<String> = []
    var first: Set<String> = []
    while process.isRunning, checkpoints.count < 2, Date().timeIntervalSince(start) < 600 {
      usleep(2000)
      checkpoints = (try? files(folder).filter { $0.hasSuffix(".safetensors") }) ?? []
      if checkpoints.count == 1 { first = checkpoints }
    }
    // A process that has ended is not killed: its number may be another's by now.
    try #require(process.isRunning, "ended before its second training could be seen")
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal)
    return try #require(checkpoints.subtracting(first).first)
  }

  private func changed(_ path: String) throws -> Date? {
    try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
  }

  /// All files below a folder, as paths that begin with a slash.
  private func files(_ folder: String) throws -> Set<String> {
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
    return Set(
      names.filter { name in
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
          && !isFolder.boolValue
      }.map { "/\($0)" })
  }
}
