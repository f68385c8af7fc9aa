/// What SNDlib's native and XML formats have in common: how their nodes, links and demands become a
/// network.
///
/// - **Capacity** of a link is the pre-installed one; where that is missing or zero, its smallest
///   module, because SNDlib poses design problems whose links are still to be equipped.
/// - **Direction** is not in these files but in the model files beside them: links are taken to be
///   usable both ways, demands to go one way as written.
/// - **Units** stand only in the META section, one for capacities and demands.
///
/// - Source: Orlowski, Wessäly, Pióro, Tomaszewski (2010), *SNDlib 1.0: survivable network design
///   library*, Networks 55(3).
struct SNDlibNetwork {
  struct DemandEntry {
    let source: String
    let target: String
    let value: Double
    let line: Int
  }

  var builder: NetworkBuilder
  var unit: String?
  /// Whether coordinates are degrees; nil: the file does not say.
  var areCoordinatesGeographic: Bool?
  var hasDemandSection = false
  private var places: [(router: RouterID, x: Double, y: Double, line: Int)] = []
  private var demands: [DemandEntry] = []
  private var fromModules = 0
  private var firstModuleLine: Int?

  init(file: String) { builder = NetworkBuilder(file: file) }

  mutating func addNode(
    _ id: String, place: (x: Double, y: Double)?, line: Int
  ) throws(InputError) {
    let router = try builder.addRouter(key: id, line: line)
    if let place { places.append((router, place.x, place.y, line)) }
  }

  mutating func addLink(
    _ id: String, _ source: String, _ target: String, preinstalled: Double?, modules: [Double],
    routingCost: Double?, line: Int
  ) throws(InputError) {
    var capacity = preinstalled.flatMap { $0 > 0 ? $0 : nil }
    if capacity == nil, let smallest = modules.filter({ $0 > 0 }).min() {
      capacity = smallest
      fromModules += 1
      firstModuleLine = firstModuleLine ?? line
    }
    try builder.addLink(
      Link(
        try builder.requireRouter(source, field: "source of link \(id)", line: line),
        try builder.requireRouter(target, field: "target of link \(id)", line: line),
        label: id, capacity: capacity, weight: routingCost.flatMap { $0 > 0 ? $0 : nil }),
      line: line)
  }

  mutating func addDemand(_ demand: DemandEntry) throws(InputError) {
    guard demands.count < 25_000_000 else {
      throw builder.error(demand.line, "the file holds more demands than can be used")
    }
    demands.append(demand)
  }

  mutating func finish(name: String) throws(InputError) -> LoadedNetwork {
    placeRouters()
    if fromModules > 0 {
      builder.log.add(
        .capacity, line: firstModuleLine,
        "\(fromModules) of \(builder.links.count) links have no pre-installed capacity (the first is "
          + "here); their smallest module is taken")
    }
    if unit == nil {
      builder.log.add(.unit, line: nil, "no unit is given for capacities and demands")
    }
    let matrix = try matrix()
    let topology = try builder.finish(name: name, capacityUnit: unit)
    return LoadedNetwork(topology: topology, traffic: matrix, warnings: builder.log.warnings)
  }

  /// Degrees where the file says so, or where it says nothing and all numbers could be degrees.
  private mutating func placeRouters() {
    let couldBeDegrees = places.allSatisfy { $0.x.magnitude <= 180 && $0.y.magnitude <= 90 }
    let areDegrees = areCoordinatesGeographic ?? couldBeDegrees
    for place in places {
      if areDegrees {
        builder.setCoordinate(
          place.router, GeographicCoordinate(latitude: place.y, longitude: place.x),
          line: place.line)
      } else {
        // Pixels count downwards.
        builder.setPosition(place.router, DrawingPosition(x: place.x, y: -place.y))
      }
    }
    if areCoordinatesGeographic == nil, let first = places.first {
      builder.log.add(
        .coordinate, line: first.line,
        areDegrees
          ? "coordinates are taken to be degrees of longitude and latitude"
          : "coordinates cannot be degrees; taken to be places on a drawing")
    }
  }

  private mutating func matrix() throws(InputError) -> TrafficMatrix? {
    guard let first = demands.first else {
      // A file without links is the demand matrix of one interval, which may be empty.
      guard builder.links.isEmpty, hasDemandSection else { return nil }
      builder.log.add(.demand, line: nil, "the file holds no demands: a matrix of zeros")
      return try DemandBuilder(
        routerCount: builder.routers.count, file: builder.file, line: nil
      ).finish(unit: unit, log: &builder.log)
    }
    var sum = try DemandBuilder(
      routerCount: builder.routers.count, file: builder.file, line: first.line)
    for demand in demands {
      try sum.add(
        try builder.requireRouter(demand.source, field: "source of demand", line: demand.line),
        try builder.requireRouter(demand.target, field: "target of demand", line: demand.line),
        demand.value, text: NumberText.exact(demand.value), file: builder.file, line: demand.line)
    }
    let matrix = sum.finish(unit: unit, log: &builder.log)
    noteOneWayDemands(matrix, first: first.line)
    return matrix
  }

  /// Many SNDlib networks list each pair once.
  private mutating func noteOneWayDemands(_ matrix: TrafficMatrix, first: Int) {
    let n = matrix.routerCount
    var (single, both) = (0, 0)
    for s in 0..<n {
      for d in 0..<s {
        let isThere = matrix.values[s * n + d] > 0
        let isBack = matrix.values[d * n + s] > 0
        if isThere && isBack { both += 1 } else if isThere || isBack { single += 1 }
      }
    }
    if single > 0 && both == 0 {
      builder.log.add(
        .demand, line: first,
        "every pair of nodes has a demand in one direction only; taken as written, not doubled")
    }
  }

  /// A name that both formats allow as an identifier.
  static func identifiers(_ topology: Topology) -> [String] {
    var used: Set<String> = []
    return topology.routers.map { router in
      let plain = String(
        router.name.map { $0.isLetter || $0.isNumber || "._-".contains($0) ? $0 : "_" })
      var unique = plain.isEmpty ? "_" : plain
      var number = 2
      while !used.insert(unique).inserted {
        unique = "\(plain)_\(number)"
        number += 1
      }
      return unique
    }
  }

  /// What neither format can hold.
  static func losses(_ network: LoadedNetwork) -> [InputWarning] {
    var warnings = network.dropped([.series, .groups, .directions, .failureProbabilities])
    let topology = network.topology
    if topology.links.contains(where: { $0.latency != nil || $0.delayMilliseconds != nil }) {
      warnings.append(
        InputWarning(
          file: topology.name, message: "the format cannot hold its latencies; left out"))
    }
    if zip(topology.routers, identifiers(topology)).contains(where: { $0.name != $1 }) {
      warnings.append(
        InputWarning(
          file: topology.name,
          message: "some router names hold characters that the format does not allow; replaced by _"
        ))
    }
    return warnings
  }

  /// The label of a link as an identifier, unique by its number.
  static func linkIdentifier(_ link: Link, _ index: Int, used: inout Set<String>) -> String {
    let plain = String(
      (link.label ?? "").map { $0.isLetter || $0.isNumber || "._-".contains($0) ? $0 : "_" })
    let unique = plain.isEmpty || used.contains(plain) ? "L\(index)_\(plain)" : plain
    used.insert(unique)
    return unique
  }
}
