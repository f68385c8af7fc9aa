import Foundation

/// The public data files, which are no part of the project: tests that use them are skipped where
/// the folder beside the package is missing.
enum SharedData {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("shared/data")

  static let isPresent = FileManager.default.fileExists(atPath: root.path)

  static func path(_ relative: String) -> String { root.appendingPathComponent(relative).path }

  /// The files of a folder with the given extension, in order.
  static func files(_ folder: String, _ fileExtension: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path(folder))) ?? []
    return names.filter { $0.hasSuffix("." + fileExtension) }.sorted().map {
      path(folder + "/" + $0)
    }
  }
}
