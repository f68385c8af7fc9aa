import Experiments
import Foundation
import Testing

/// The built program, run as a user runs it.
struct Binary {
  struct Outcome {
    var output: String
    var error: String
    var exitCode: Int32

    /// Standard output as exactly one JSON document.
    func json() throws -> JSONValue { try JSONValue(parsing: output, file: "standard output") }
  }

  /// Stands beside the test runner.
  static let path = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent("wayfield").path
  static let exists = FileManager.default.isExecutableFile(atPath: path)

  static func run(
    _ words: [String], environment: [String: String] = [:]
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = words
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    // Files instead of pipes: a full pipe would stop the program while nobody reads.
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("wayfield-cli-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["out", "err"].map { folder.appendingPathComponent($0) }
    for file in files { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    process.waitUntilExit()
    return Outcome(
      output: try String(contentsOf: files[0], encoding: .utf8),
      error: try String(contentsOf: files[1], encoding: .utf8),
      exitCode: process.terminationStatus)
  }

  /// Starts the program and kills it as soon as something holds.
  static func kill(_ words: [String], once holds: () throws -> Bool) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = words
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let start = Date()
    while process.isRunning, try !holds(), Date().timeIntervalSince(start) < 600 { usleep(2000) }
    // A process that has ended is not killed: its number may be another's by now.
    try #require(process.isRunning, "ended before it could be killed")
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal)
  }

  static func run(_ line: String) throws -> Outcome {
    try run(line.split(separator: " ").map(String.init))
  }
}

/// A folder that is gone after the test.
struct ScratchFolder {
  let path = FileManager.default.temporaryDirectory
    .appendingPathComponent("wayfield-scratch-\(UUID().uuidString)").path

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  func remove() { try? FileManager.default.removeItem(atPath: path) }
  var names: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? []
  }
}
