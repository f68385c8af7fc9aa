import Foundation
import Networks

/// Writes a run's folder as a whole or not at all.
///
/// ```swift
/// let draft = try RunFolder.Draft(path: "runs/b4")
/// try draft.write(results.text(indented: true), to: "results.json")
/// try draft.publish()
/// ```
///
/// Files go to a hidden sibling folder first; `publish` renames it. A draft that is dropped without
/// being published removes what it wrote. An earlier run in the same place is replaced; any other
/// folder that is not empty is left alone and refused.
public enum RunFolder {
  /// The file that makes a folder a run: the configuration and the command that repeats it.
  public static let configurationFile = "configuration.json"

  /// Checks whether a run may stand in a place: worth asking before a long job.
  ///
  /// - Throws: `InputError` where the place is taken by something that is no run.
  public static func checkPlace(_ path: String) throws(InputError) {
    let files = FileManager.default
    var isFolder: ObjCBool = false
    guard files.fileExists(atPath: path, isDirectory: &isFolder) else { return }
    guard isFolder.boolValue else {
      throw InputError(file: path, expected: "a file is in the place of the run folder")
    }
    let isRun = files.fileExists(atPath: path + "/" + RunFolder.configurationFile)
    let isEmpty = (try? files.contentsOfDirectory(atPath: path).isEmpty) ?? false
    guard isRun || isEmpty else {
      throw InputError(
        file: path, expected: "the folder has other files and is no run; choose another one")
    }
  }

  /// A run folder that is being written.
  public final class Draft {
    /// Where the folder will be.
    public let path: String
    private let workPath: String
    private var isPublished = false

    /// - Throws: `InputError` where the place is taken by something that is no run.
    public init(path: String) throws {
      let url = URL(fileURLWithPath: path).standardizedFileURL
      self.path = url.path
      try RunFolder.checkPlace(path)
      let parent = url.deletingLastPathComponent()
      try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
      let process = ProcessInfo.processInfo.processIdentifier
      workPath = parent.appendingPathComponent(".\(url.lastPathComponent).part-\(process)").path
      try? FileManager.default.removeItem(atPath: workPath)
      try FileManager.default.createDirectory(
        atPath: workPath, withIntermediateDirectories: true)
    }

    deinit {
      if !isPublished { try? FileManager.default.removeItem(atPath: workPath) }
    }

    /// Where files stand until the draft is published; for programs that write figures there.
    public var workingPath: String { workPath }

    /// Writes a text file; `name` may lead through folders (`figures/map.svg`).
    public func write(_ text: String, to name: String) throws {
      let url = URL(fileURLWithPath: workPath).appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }

    /// Puts the folder in its place.
    public func publish() throws {
      let files = FileManager.default
      try RunFolder.checkPlace(path)
      let old = workPath + "-old"
      if files.fileExists(atPath: path) { try files.moveItem(atPath: path, toPath: old) }
      do {
        try files.moveItem(atPath: workPath, toPath: path)
      } catch {
        try? files.moveItem(atPath: old, toPath: path)
        throw error
      }
      isPublished = true
      try? files.removeItem(atPath: old)
    }
  }
}
