/// Puts a network together from what a reader finds, with the checks that all formats share.
///
/// - Router names become unique, because users address routers by name: the second `X` is called
///   `X (2)`, with a warning.
/// - Sizes are limited, so that a damaged file cannot take all memory.
struct NetworkBuilder {
  static let routerLimit = 100_000
  static let linkLimit = 200_000

  let file: String
  var log: WarningLog
  private(set) var routers: [Router] = []
  private(set) var links: [Link] = []
  private var routerLines: [Int?] = []
  private var linkLines: [Int?] = []
  private var idOfKey: [String: RouterID] = [:]
  private var usedNames: Set<String> = []
  private var nextSuffix: [String: Int] = [:]

  init(file: String) {
    self.file = file
    log = WarningLog(file: file)
  }

  func error(_ line: Int?, field: String? = nil, value: String? = nil, _ expected: String)
    -> InputError
  {
    InputError(file: file, line: line, field: field, value: value, expected: expected)
  }

  /// Adds a router under the key by which links of this file refer to it.
  @discardableResult
  mutating func addRouter(
    key: String, name: String? = nil, coordinate: GeographicCoordinate? = nil,
    position: DrawingPosition? = nil, line: Int?
  ) throws(InputError) -> RouterID {
    guard routers.count < Self.routerLimit else {
      throw error(line, "a network may have at most \(Self.routerLimit) routers")
    }
    let id = RouterID(routers.count)
    guard idOfKey.updateValue(id, forKey: key) == nil else {
      throw error(line, field: "router", value: key, "it is declared a second time")
    }
    let given = Self.clean(name ?? key)
    let unique = uniqueName(given.isEmpty ? Self.clean(key) : given, line: line)
    routers.append(
      Router(name: unique, coordinate: checked(coordinate, unique, line), position: position))
    routerLines.append(line)
    return id
  }

  func router(key: String) -> RouterID? { idOfKey[key] }

  /// The router that a link or demand refers to.
  func requireRouter(_ key: String, field: String, line: Int?) throws(InputError) -> RouterID {
    guard let id = idOfKey[key] else {
      throw error(line, field: field, value: key, "no router of this name is declared")
    }
    return id
  }

  mutating func setCoordinate(_ router: RouterID, _ coordinate: GeographicCoordinate?, line: Int?) {
    routers[router.index].coordinate = checked(coordinate, routers[router.index].name, line)
  }

  mutating func setPosition(_ router: RouterID, _ position: DrawingPosition?) {
    routers[router.index].position = position
  }

  mutating func addLink(_ link: Link, line: Int?) throws(InputError) {
    guard links.count < Self.linkLimit else {
      throw error(line, "a network may have at most \(Self.linkLimit) links")
    }
    if link.source == link.target {
      log.add(
        .selfLoop, line: line,
        "a link from '\(routers[link.source.index].name)' to itself is kept but never used")
    }
    links.append(link)
    linkLines.append(line)
  }

  /// Makes the topology.
  ///
  /// - Parameter pairing: whether two opposite directed links with the same numbers are one
  ///   undirected link, for formats that can only write directed ones.
  mutating func finish(
    name: String, capacityUnit: String? = nil, pairing: Bool = false
  ) throws(InputError) -> Topology {
    guard !routers.isEmpty else { throw error(nil, "at least one router was expected") }
    if pairing { pairOppositeLinks() }
    reportMissing()
    do {
      return try Topology(
        name: name, routers: routers, links: links, capacityUnit: capacityUnit)
    } catch let problem {
      switch problem {
      case .outOfRange(let link, let field, let value):
        throw error(linkLines[link], field: field, value: value, "it is out of range")
      case .unknownRouter(let link, let count):
        throw error(linkLines[link], "the link joins a router beyond the \(count) declared")
      }
    }
  }

  // MARK: Parts

  /// Without control characters and outer blanks; at most 200 characters.
  static func clean(_ name: String) -> String {
    let isPlain = name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    if isPlain && name.utf8.count <= 200 && name.first != " " && name.last != " " { return name }
    var visible = ""
    for scalar in name.unicodeScalars {
      let isControl = scalar.value < 0x20 || scalar.value == 0x7F
      visible.unicodeScalars.append(isControl ? " " : scalar)
    }
    return String(trimmed(visible).prefix(200))
  }

  /// Without blanks and tabs at both ends.
  static func trimmed(_ text: String) -> String {
    var rest = Substring(text)
    while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
    while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
    return String(rest)
  }

  private mutating func uniqueName(_ name: String, line: Int?) -> String {
    guard usedNames.contains(name) else {
      usedNames.insert(name)
      return name
    }
    var number = nextSuffix[name] ?? 2
    while usedNames.contains("\(name) (\(number))") { number += 1 }
    nextSuffix[name] = number + 1
    let unique = "\(name) (\(number))"
    usedNames.insert(unique)
    log.add(.name, line: line, "a router is named '\(name)' like another; it is called '\(unique)'")
    return unique
  }

  private mutating func checked(
    _ coordinate: GeographicCoordinate?, _ name: String, _ line: Int?
  ) -> GeographicCoordinate? {
    guard let coordinate else { return nil }
    guard coordinate.latitude.magnitude <= 90, coordinate.longitude.magnitude <= 360 else {
      log.add(
        .coordinate, line: line,
        "'\(name)' stands at latitude \(NumberText.exact(coordinate.latitude)), longitude "
          + "\(NumberText.exact(coordinate.longitude)), which is not on the earth; ignored")
      return nil
    }
    return coordinate
  }

  private struct Direction: Hashable {
    let source: RouterID
    let target: RouterID
  }

  private mutating func pairOppositeLinks() {
    var waiting: [Direction: [Int]] = [:]
    var isDropped = [Bool](repeating: false, count: links.count)
    for (index, link) in links.enumerated() where link.isDirected && link.source != link.target {
      let opposite = Direction(source: link.target, target: link.source)
      if let slot = waiting[opposite]?.firstIndex(where: { sameNumbers(links[$0], link) }),
        let partner = waiting[opposite]?.remove(at: slot)
      {
        links[partner].isDirected = false
        isDropped[index] = true
      } else {
        waiting[Direction(source: link.source, target: link.target), default: []].append(index)
      }
    }
    let kept = links.indices.filter { !isDropped[$0] }
    links = kept.map { links[$0] }
    linkLines = kept.map { linkLines[$0] }
    reportUnpaired()
  }

  private func sameNumbers(_ a: Link, _ b: Link) -> Bool {
    a.capacity == b.capacity && a.latency == b.latency
      && a.delayMilliseconds == b.delayMilliseconds && a.weight == b.weight
      && a.failureProbability == b.failureProbability
  }

  private mutating func reportUnpaired() {
    let single = links.indices.filter {
      links[$0].isDirected && links[$0].source != links[$0].target
    }
    guard let first = single.first else { return }
    log.add(
      .direction, line: linkLines[first],
      "\(single.count) of \(links.count) links have no opposite with the same numbers and stay "
        + "one-way (the first is here)")
  }

  /// One line each for what some routers or links lack, naming the first.
  private mutating func reportMissing() {
    let unplaced = routers.indices.filter {
      routers[$0].coordinate == nil && routers[$0].position == nil
    }
    if let first = unplaced.first {
      log.add(
        .coordinate, line: routerLines[first],
        "\(unplaced.count) of \(routers.count) routers have no coordinates (the first is "
          + "'\(routers[first].name)'); latencies of their links cannot come from distances")
    }
    let bare = links.indices.filter { links[$0].capacity == nil }
    if let first = bare.first {
      log.add(
        .capacity, line: linkLines[first],
        "\(bare.count) of \(links.count) links have no capacity (the first is here); a simulation "
          + "takes that of the fastest link, or no limit where none has one")
    }
  }
}
