import Foundation

/// Keeps the finished pieces of a long job on file, so that a killed job loses at most one.
///
/// A piece's key names everything that decides its result (what, where, which seed, which size), so
/// a stored piece is the piece that would be computed. Without a folder nothing is kept.
public struct PieceStore: Sendable, Hashable {
  private let folder: URL?

  public init(folder: String?) {
    self.folder = folder.map { URL(fileURLWithPath: $0) }
  }

  /// The stored piece, or what `compute` returns, which is then stored.
  public func piece<Value: Codable>(_ key: String, _ compute: () throws -> Value) throws -> Value {
    guard let url = url(key, "json") else { return try compute() }
    if let data = try? Data(contentsOf: url),
      let value = try? JSONDecoder().decode(Value.self, from: data)
    {
      return value
    }
    let value = try compute()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try write(encoder.encode(value), to: url)
    return value
  }

  /// Where a piece may keep a checkpoint of its own; nil without a folder.
  public func checkpointPath(_ key: String) -> String? {
    guard let url = url(key, "safetensors") else { return nil }
    try? FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    return url.path
  }

  private func url(_ key: String, _ ending: String) -> URL? {
    let name = String(key.map { $0.isLetter || $0.isNumber || ".-_".contains($0) ? $0 : "_" })
    return folder?.appendingPathComponent("\(name).\(ending)")
  }

  private func write(_ data: Data, to url: URL) throws {
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: url, options: .atomic)
  }
}
