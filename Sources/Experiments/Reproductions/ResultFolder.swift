import Foundation

/// A folder into which finished files are put one by one, beside the pieces of a resumable run.
public struct ResultFolder: Sendable {
  private let url: URL

  /// Makes the folder where it does not exist.
  public init(_ path: String) throws {
    url = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  /// The folder that a file stands in.
  public init(of file: String) throws {
    try self.init(URL(fileURLWithPath: file).deletingLastPathComponent().path)
  }

  /// Writes a file as a whole or not at all.
  public func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: url.appendingPathComponent(name), options: .atomic)
  }
}
