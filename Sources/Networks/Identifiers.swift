/// A router, as its index in `Topology.routers`.
public struct RouterID: Hashable, Comparable, Sendable, Codable {
  public let index: Int
  @inlinable public init(_ index: Int) { self.index = index }
  @inlinable public static func < (a: RouterID, b: RouterID) -> Bool { a.index < b.index }
}

/// A link, as its index in `Topology.links` (the number that `topologies show` prints).
public struct LinkID: Hashable, Comparable, Sendable, Codable {
  public let index: Int
  @inlinable public init(_ index: Int) { self.index = index }
  @inlinable public static func < (a: LinkID, b: LinkID) -> Bool { a.index < b.index }
}

/// One direction of a link, as its index in `Topology.arcs`.
public struct ArcID: Hashable, Comparable, Sendable, Codable {
  public let index: Int
  @inlinable public init(_ index: Int) { self.index = index }
  @inlinable public static func < (a: ArcID, b: ArcID) -> Bool { a.index < b.index }
}
