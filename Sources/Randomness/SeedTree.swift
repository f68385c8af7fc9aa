/// Names random streams, so that adding a consumer moves nobody else's draws.
///
/// ```swift
/// let seeds = SeedTree(root: 42)
/// let episode = seeds.child("episode", 17)
/// var arrivals = episode.child("environment").stream("arrivals", 3)
/// ```
///
/// ## Method
/// A node is a 64-bit key. A child's key is a SplitMix64 mix of the parent's key, the FNV-1a hash
/// of the child's name and its index; a stream is a child turned into a generator. Neither Swift's
/// `hashValue` (differs from process to process) nor the order in which children are asked for
/// enters.
///
/// - Randomness: a pure function of root, names and indices.
public struct SeedTree: Sendable, Hashable, Codable {
  /// The key of this node.
  public let key: UInt64

  /// The tree that belongs to a user's `--seed`.
  public init(root: UInt64) { key = SplitMix64.mix(root &+ 0x5741_5946_4945_4C44) }

  private init(key: UInt64) { self.key = key }

  /// The subtree for one named purpose; `index` tells apart its members (episodes, routers …).
  public func child(_ name: String, _ index: Int = 0) -> SeedTree {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    let named = SplitMix64.mix(key ^ SplitMix64.mix(hash))
    return SeedTree(
      key: SplitMix64.mix(named &+ UInt64(bitPattern: Int64(index)) &* 0x9E37_79B9_7F4A_7C15))
  }

  /// The generator for one named purpose below this node.
  public func stream(_ name: String, _ index: Int = 0) -> RandomStream {
    RandomStream(seed: child(name, index).key)
  }
}
