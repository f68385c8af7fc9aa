/// Finds what a user may have meant.
package enum Suggestions {
  /// The candidate nearest to a misspelt word, if one is near enough to be worth naming; among
  /// equally near ones the first.
  package static func nearest(to word: String, in candidates: [String]) -> String? {
    guard word.count <= 64 else { return nil }
    var best: (name: String, distance: Int)?
    for candidate in candidates where candidate.count <= 64 {
      let distance = editDistance(Array(word.lowercased()), Array(candidate.lowercased()))
      let limit = max(1, min(word.count, candidate.count) / 3)
      let isPrefix = word.count >= 3 && candidate.hasPrefix(word)
      guard distance <= limit || isPrefix else { continue }
      if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.name
  }

  /// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other
  /// (optimal string alignment distance).
  package static func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...b.count)
    for i in a.indices {
      var current = [i + 1]
      for j in b.indices {
        var cost = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          cost = min(cost, beforePrevious[j - 1] + 1)
        }
        current.append(cost)
      }
      beforePrevious = previous
      previous = current
    }
    return previous[b.count]
  }
}
