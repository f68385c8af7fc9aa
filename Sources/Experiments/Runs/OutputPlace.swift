import Foundation
import Networks

/// The place of a single file that a command is asked to write.
public enum OutputPlace {
  /// Checks whether a file can stand in a place: asked before a long job, so that it does not end
  /// without its result.
  ///
  /// - Throws: `InputError` where the place is a folder, or its folder is missing or closed to us.
  public static func checkFile(_ path: String) throws(InputError) {
    let files = FileManager.default
    var isFolder: ObjCBool = false
    if files.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw InputError(file: path, expected: "expected the path of a file; this is a folder")
    }
    let parent = URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent().path
    guard files.fileExists(atPath: parent, isDirectory: &isFolder), isFolder.boolValue else {
      throw InputError(file: path, expected: "there is no folder '\(parent)' to write it to")
    }
    guard files.isWritableFile(atPath: parent) else {
      throw InputError(file: path, expected: "the folder '\(parent)' cannot be written to")
    }
  }
}
