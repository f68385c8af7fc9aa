/// A network of routers and links: what stands in a topology file, indexed densely.
///
/// ```swift
/// let square = try Topology(
///   name: "square",
///   routers: ["A", "B", "C", "D"].map { Router(name: $0) },
///   links: [(0, 1), (1, 2), (2, 3), (3, 0)].map { Link(RouterID($0.0), RouterID($0.1), latency: 3) })
/// square.outgoing(RouterID(0))  // the arcs A→B and A→D, in the order of the links
/// ```
///
/// An undirected link gives two **arcs**, one each way, a directed link one; a link from a router to
/// itself gives none (it can never help) but stays in `links`. A router's outgoing arcs, in the
/// order of the links, are its **neighbour slots**: the actions of a routing agent. Parallel links
/// are separate slots.
///
/// - Shapes: everything is a dense array over the indices of the three ID types.
public struct Topology: Sendable, Hashable {
  public let name: String
  public let routers: [Router]
  public let links: [Link]
  /// The unit of `Link.capacity` as the file names it ("Mbit/s", "bytes" …); nil where it is unknown.
  public let capacityUnit: String?

  /// All directions of all links, ordered by source router, then by link.
  public let arcs: [Arc]
  /// `arcs[firstArc[r] ..< firstArc[r + 1]]` leave router `r`; count is routers + 1.
  public let firstArc: [Int]

  /// Creates a topology from routers and links.
  ///
  /// - Throws: `TopologyError` where a link names a router that does not exist, or a number is out
  ///   of range (capacity or latency not finite, or negative).
  public init(
    name: String, routers: [Router], links: [Link], capacityUnit: String? = nil
  ) throws(TopologyError) {
    for (index, link) in links.enumerated() {
      guard routers.indices.contains(link.source.index), routers.indices.contains(link.target.index)
      else { throw .unknownRouter(link: index, routerCount: routers.count) }
      try link.validate(index: index)
    }
    self.name = name
    self.routers = routers
    self.links = links
    self.capacityUnit = capacityUnit
    (arcs, firstArc) = Self.makeArcs(routerCount: routers.count, links: links)
  }

  public var routerCount: Int { routers.count }
  public var routerIDs: [RouterID] { routers.indices.map(RouterID.init) }
  public var linkIDs: [LinkID] { links.indices.map(LinkID.init) }

  /// The arcs that leave a router, in the order of its neighbour slots.
  @inlinable
  public func outgoing(_ router: RouterID) -> ArraySlice<Arc> {
    arcs[firstArc[router.index]..<firstArc[router.index + 1]]
  }

  /// The number of neighbour slots of a router.
  @inlinable
  public func degree(_ router: RouterID) -> Int {
    firstArc[router.index + 1] - firstArc[router.index]
  }

  /// The first router with the given name.
  public func router(named name: String) -> RouterID? {
    routers.firstIndex { $0.name == name }.map(RouterID.init)
  }

  /// The first link between two routers, in either direction if it is undirected.
  public func link(from a: RouterID, to b: RouterID) -> LinkID? {
    links.firstIndex {
      ($0.source == a && $0.target == b) || (!$0.isDirected && $0.source == b && $0.target == a)
    }.map(LinkID.init)
  }

  private static func makeArcs(routerCount: Int, links: [Link]) -> ([Arc], [Int]) {
    var count = [Int](repeating: 0, count: routerCount + 1)
    for link in links where link.source != link.target {
      count[link.source.index + 1] += 1
      if !link.isDirected { count[link.target.index + 1] += 1 }
    }
    for r in 0..<routerCount { count[r + 1] += count[r] }
    let unset = Arc(link: LinkID(0), source: RouterID(0), target: RouterID(0), isForward: true)
    var arcs = [Arc](repeating: unset, count: count[routerCount])
    var next = count
    for (index, link) in links.enumerated() where link.source != link.target {
      let id = LinkID(index)
      arcs[next[link.source.index]] = Arc(
        link: id, source: link.source, target: link.target, isForward: true)
      next[link.source.index] += 1
      if !link.isDirected {
        arcs[next[link.target.index]] = Arc(
          link: id, source: link.target, target: link.source, isForward: false)
        next[link.target.index] += 1
      }
    }
    return (arcs, count)
  }
}

/// A router: its name and, where the file gives them, its places on the earth and on a drawing.
public struct Router: Sendable, Hashable {
  public var name: String
  /// Where it stands on the earth, in degrees.
  public var coordinate: GeographicCoordinate?
  /// Where a drawing puts it, in arbitrary units; y grows upwards.
  public var position: DrawingPosition?

  public init(
    name: String, coordinate: GeographicCoordinate? = nil, position: DrawingPosition? = nil
  ) {
    self.name = name
    self.coordinate = coordinate
    self.position = position
  }
}

/// Degrees of latitude (north positive) and longitude (east positive).
public struct GeographicCoordinate: Sendable, Hashable {
  public var latitude: Double
  public var longitude: Double
  public init(latitude: Double, longitude: Double) {
    self.latitude = latitude
    self.longitude = longitude
  }
}

/// A point of a drawing, in arbitrary units; y grows upwards.
public struct DrawingPosition: Sendable, Hashable {
  public var x: Double
  public var y: Double
  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }
}

/// A link between two routers, with what its file says of it; what it does not say is nil.
public struct Link: Sendable, Hashable {
  public var source: RouterID
  public var target: RouterID
  /// `false`: usable both ways.
  public var isDirected: Bool
  /// The file's own name for the link.
  public var label: String?
  /// In the topology's `capacityUnit`; nil where the file says nothing.
  public var capacity: Double?
  /// In simulation ticks, where the file gives whole ticks.
  public var latency: Int?
  /// One-way propagation delay in milliseconds, where the file gives one.
  public var delayMilliseconds: Double?
  /// The administrative weight (IGP cost), where the file gives one.
  public var weight: Double?
  /// The probability that the link is down, where the file gives one.
  public var failureProbability: Double?

  public init(
    _ source: RouterID, _ target: RouterID, isDirected: Bool = false, label: String? = nil,
    capacity: Double? = nil, latency: Int? = nil, delayMilliseconds: Double? = nil,
    weight: Double? = nil, failureProbability: Double? = nil
  ) {
    self.source = source
    self.target = target
    self.isDirected = isDirected
    self.label = label
    self.capacity = capacity
    self.latency = latency
    self.delayMilliseconds = delayMilliseconds
    self.weight = weight
    self.failureProbability = failureProbability
  }

  fileprivate func validate(index: Int) throws(TopologyError) {
    let numbers = [
      ("capacity", capacity), ("delay", delayMilliseconds), ("weight", weight),
      ("failure probability", failureProbability),
    ]
    for (field, number) in numbers {
      if let number, !(number.isFinite && number >= 0) {
        throw .outOfRange(link: index, field: field, value: "\(number)")
      }
    }
    if let latency, latency < 0 || latency > 1_000_000 {
      throw .outOfRange(link: index, field: "latency", value: "\(latency)")
    }
  }
}

/// One direction of a link.
public struct Arc: Sendable, Hashable {
  public let link: LinkID
  public let source: RouterID
  public let target: RouterID
  /// `true` when the arc runs from the link's `source` to its `target`.
  public let isForward: Bool

  @inlinable
  public init(link: LinkID, source: RouterID, target: RouterID, isForward: Bool) {
    self.link = link
    self.source = source
    self.target = target
    self.isForward = isForward
  }
}

/// What is wrong with the parts of a topology.
public enum TopologyError: Error, Sendable, Hashable {
  case unknownRouter(link: Int, routerCount: Int)
  case outOfRange(link: Int, field: String, value: String)
}
