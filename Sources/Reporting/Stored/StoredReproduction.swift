import Foundation

/// A stored reproduction of a figure or table: `<id>.json` of a result folder.
public struct StoredReproduction: Decodable, Sendable, Hashable {
  /// A claim of the source, beside what both models say of it.
  public struct Claim: Decodable, Sendable, Hashable {
    public var network: String
    public var claim: String
    public var published: String
    public var sound: String
    public var verdict: String
  }

  public var id: String
  public var quick: Bool?
  /// Trainings behind the intervals.
  public var seeds: Int?
  public var claims: [Claim]?
  /// Sentences.
  public var verdicts: [String]?
  /// What repeats it.
  public var command: String?

  /// Those of the named reproductions that a folder holds, in their order.
  static func all(
    folder: String, ids: [String]
  ) throws(ReportError) -> [StoredReproduction] {
    var found: [StoredReproduction] = []
    for id in ids where exists(folder: folder, id: id) {
      found.append(try StoredFiles.decode(StoredReproduction.self, "\(folder)/\(id).json"))
    }
    return found
  }

  static func exists(folder: String, id: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(folder)/\(id).json")
  }
}
