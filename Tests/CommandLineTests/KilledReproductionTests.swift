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
    var seen: Set<String> = []
    var unfinished: String?
    // In its second training, as soon as that has a checkpoint.
    try Binary.kill(words(broken, threads: 1)) {
      let checkpoints = ((try? files(broken)) ?? []).filter { $0.hasSuffix(".safetensors") }
      if checkpoints.count == 1 { seen = checkpoints }
      unfinished = seen.isEmpty ? nil : checkpoints.subtracting(seen).first
      return unfinished != nil
    }
    let checkpoint = try #require(unfinished)
    let (names, left) = (try files(whole), try files(broken))
    #expect(names.count >= 8 && !names.isSubset(of: left))
    #expect(
      !FileManager.default.contentsEqual(atPath: whole + checkpoint, andPath: broken + checkpoint))
    // What was kept is not made again, and the unfinished checkpoint is where the second run begins: a
    // damaged one stops it.
    let damaged = scratch.path + "/damaged"
    try FileManager.default.copyItem(atPath: broken, toPath: damaged)
    try Data("x".utf8).write(to: URL(fileURLWithPath: damaged + checkpoint))
    let refused = try Binary.run(words(damaged, threads: 1))
    #expect(refused.exitCode == 2 && refused.error.contains(checkpoint))
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
