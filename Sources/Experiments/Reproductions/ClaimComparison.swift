/// A claim of a source, beside what the published model says of it in the published measure, and the
/// corrected model in the restricted mean delay over all packets.
struct ClaimComparison: Sendable, Hashable {
  var network: String
  var claim: String
  /// Published model, published measure.
  var published: String
  /// Corrected model, all packets counted.
  var sound: String
  /// In words, what holds.
  var verdict: String

  var json: JSONValue {
    [
      "network": .string(network), "claim": .string(claim), "published": .string(published),
      "sound": .string(sound), "verdict": .string(verdict),
    ]
  }

  /// The claim and what holds of it.
  var sentence: String { "\(network), \(claim): \(verdict)" }

  /// For readers of plain text: a paragraph a claim.
  static func text(_ claims: [ClaimComparison]) -> [String] {
    guard !claims.isEmpty else { return [] }
    return ["Claims side by side:"]
      + claims.flatMap {
        [
          "- \($0.network), \($0.claim).", "  published model, published measure: \($0.published)",
          "  corrected model, all packets:      \($0.sound)", "  \($0.verdict)",
        ]
      }
  }
}
