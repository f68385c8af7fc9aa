import Networks
import Randomness
import Testing

/// Damages a file in the ways that files get damaged: cut off, bits flipped, words swapped, doubled
/// or lost, numbers replaced by extreme ones.
struct FileDamage {
  private var stream: RandomStream
  private let bytes: [UInt8]
  private let words: [Range<Int>]

  init(_ text: String, seed: UInt64) {
    stream = SeedTree(root: seed).stream("damage")
    bytes = Array(text.utf8)
    words = Self.words(bytes)
  }

  private static func words(_ bytes: [UInt8]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start: Int?
    for (index, byte) in bytes.enumerated() {
      let isWord = byte > 0x20 && !"<>[]{}(),;:=\"".utf8.contains(byte)
      if isWord && start == nil { start = index }
      if !isWord, let from = start {
        result.append(from..<index)
        start = nil
      }
    }
    return result
  }

  private static let extremes = [
    "-1", "1e308", "1e999", "nan", "0", "99999999999999999999", "", "\"", "<", "]", "}", "--->",
    "A B", "\u{0}", "é", "-0.0", "4294967296",
  ]

  mutating func next(_ number: Int) -> [UInt8] {
    var result = bytes
    switch number % 5 {
    case 0: return Array(bytes.prefix(stream.integer(below: bytes.count + 1)))
    case 1:
      for _ in 0...stream.integer(below: 3) {
        result[stream.integer(below: result.count)] ^= 1 << UInt8(stream.integer(below: 8))
      }
    case 2:
      let (a, b) = (word(), word())
      let (low, high) = a.lowerBound < b.lowerBound ? (a, b) : (b, a)
      guard low.upperBound <= high.lowerBound else { return result }
      let swapped = Array(bytes[high]) + bytes[low.upperBound..<high.lowerBound] + bytes[low]
      result.replaceSubrange(low.lowerBound..<high.upperBound, with: swapped)
    case 3:
      let extreme = Self.extremes[stream.integer(below: Self.extremes.count)]
      result.replaceSubrange(word(), with: Array(extreme.utf8))
    default:
      let from = stream.integer(below: bytes.count)
      let length = min(bytes.count - from, 1 + stream.integer(below: 40))
      let piece = bytes[from..<from + length]
      if stream.bernoulli(0.5) {
        result.removeSubrange(from..<from + length)
      } else {
        result.insert(contentsOf: piece, at: stream.integer(below: bytes.count))
      }
    }
    return result
  }

  private mutating func word() -> Range<Int> {
    words.isEmpty ? 0..<bytes.count : words[stream.integer(below: words.count)]
  }
}

/// Reads `count` damaged variants of a text: each must give a topology, or an error with a sentence.
/// Returns how many were refused, so that a test can show that the damage bites.
func refusals(
  of text: String, as format: TopologyFormat, count: Int = 2_000, seed: UInt64
) -> Int {
  var damage = FileDamage(text, seed: seed)
  var refused = 0
  for number in 0..<count {
    let variant = InputText(file: "damaged", bytes: damage.next(number))
    do {
      let network = try format.read(variant)
      // What is accepted must be usable: every number finite, every end declared.
      if network.topology.routerCount == 0 { Issue.record("variant \(number) has no routers") }
    } catch {
      refused += 1
      if error.expected.isEmpty { Issue.record("variant \(number) is refused without a reason") }
    }
  }
  return refused
}
