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
  /// The members of a reproduction of many.
  public var parts: [StoredReproduction]?

  /// All that a folder holds of one family (`mamrl`), by file name; one that stands alone replaces a
  /// part of the same name.
  static func all(folder: String, family: String) throws(ReportError) -> [StoredReproduction] {
    var found: [String: StoredReproduction] = [:]
    for file in files(folder: folder, family: family) {
      let stored = try StoredFiles.decode(StoredReproduction.self, folder + "/" + file)
      for part in stored.parts ?? [] where found[part.id] == nil { found[part.id] = part }
      if stored.parts == nil { found[stored.id] = stored }
    }
    return found.keys.sorted().compactMap { found[$0] }
  }

  static func files(folder: String, family: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasPrefix(family + "-") && $0.hasSuffix(".json") }.sorted()
  }
}
