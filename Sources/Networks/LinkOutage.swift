/// One link that is down for a while: what a packet simulation plays.
///
/// The link carries nothing in the ticks `from ..< until`; what is on it when it fails is lost.
public struct LinkOutage: Hashable, Sendable, Codable {
  public var link: LinkID
  /// The first tick in which the link is down; 0 means from the start.
  public var from: Int
  /// The first tick in which it is up again; nil means never.
  public var until: Int?

  public init(link: LinkID, from: Int = 0, until: Int? = nil) {
    precondition(
      from >= 0 && (until.map { $0 > from } ?? true),
      "LinkOutage(from: \(from), until: \(String(describing: until))): ticks must ascend from 0")
    self.link = link
    self.from = from
    self.until = until
  }

  /// Whether the link is down at a tick.
  @inlinable
  public func isDown(at tick: Int) -> Bool {
    tick >= from && (until.map { tick < $0 } ?? true)
  }
}
