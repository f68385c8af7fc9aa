/// The loop of `ExactCapacity`: solve, price, allow more arcs, until nothing is missing.
struct Sifting {
  private let problem: ExactCapacity
  private let network: FlowNetwork
  private let scale: Double
  private let hopCost: [Double]?
  private var allowed: [Bool]
  private var isRow: [Bool]
  private static let roundLimit = 60
  /// Relative accuracy at which a bound counts as attained: what simplex tolerances leave.
  private static let accuracy = 1e-8

  init(_ problem: ExactCapacity, scale: Double, hopCost: [Double]?) {
    self.problem = problem
    network = problem.network
    self.scale = scale
    self.hopCost = hopCost
    allowed = [Bool](repeating: false, count: network.routerCount * network.arcCount)
    isRow = [Bool](repeating: false, count: network.routerCount + network.arcCount)
    if problem.usesAllArcs { allowEverything() }
  }

  private mutating func allowEverything() {
    for d in 0..<network.routerCount {
      for a in 0..<network.arcCount where network.isUsable[a] && network.arcSource[a] != d {
        allowed[d * network.arcCount + a] = true
      }
    }
    for index in isRow.indices where limit(index) < .infinity { isRow[index] = true }
  }

  private func limit(_ resource: Int) -> Double {
    resource < network.routerCount
      ? problem.limits.router[resource] : problem.limits.arc[resource - network.routerCount]
  }

  private func load(_ resource: Int, _ flows: DestinationFlows) -> Double {
    resource < network.routerCount
      ? flows.routerLoad[resource] : flows.arcFlow[resource - network.routerCount]
  }

  /// Allows the arcs of a routing, and rows for what it uses to more than 9/10.
  mutating func allow(usedBy flows: DestinationFlows) {
    for index in allowed.indices where flows.flow[index] > 0 { allowed[index] = true }
    for resource in isRow.indices where limit(resource) < .infinity {
      if load(resource, flows) > 0.9 * scale * limit(resource) { isRow[resource] = true }
    }
    let hops = network.arcSource.map { _ in 1.0 }
    var paths = ShortestDistances(routerCount: network.routerCount)
    for d in 0..<network.routerCount {
      paths.solve(network, to: d, cost: hops)
      for r in paths.settled where r != d {
        let out = network.firstOutgoing[r]..<network.firstOutgoing[r + 1]
        if !out.contains(where: { allowed[d * network.arcCount + $0] }) {
          allowed[d * network.arcCount + paths.nextArc[r]] = true
        }
      }
    }
  }

  mutating func allowShortestPaths(cost: [Double]) {
    var paths = ShortestDistances(routerCount: network.routerCount)
    for d in 0..<network.routerCount {
      paths.solve(network, to: d, cost: cost)
      for r in paths.settled where r != d {
        allowed[d * network.arcCount + paths.nextArc[r]] = true
      }
    }
  }

  /// Solves until weak duality proves the optimum.
  mutating func run() -> ExactStage {
    var stage = solveOnce(round: 1)
    while stage.rounds < Self.roundLimit {
      let grown = addRows(stage.flows)
      let wider = stage.relativeGap > Self.accuracy && addArcs(stage.prices)
      guard grown || wider else { break }
      stage = solveOnce(round: stage.rounds + 1)
    }
    return stage
  }

  private func solveOnce(round: Int) -> ExactStage {
    let program = SegmentProgram(
      network: network, demands: problem.demands, limits: problem.limits, allowed: allowed,
      resources: isRow.indices.filter { isRow[$0] }, scale: scale)
    let solution = program.program(hopCost: hopCost).solve()
    let flows = program.flows(solution)
    let prices = program.prices(solution)
    return ExactStage(
      value: hopCost.map { flows.total($0) } ?? problem.limits.largestUtilisation(flows),
      lowerBound: lowerBound(prices), flows: flows, prices: prices, rounds: round)
  }

  /// Weak duality: for the utilisation as in `CapacityPrices`; for the cost,
  /// `Σ demand · distance under hopCost + price − Σ price · limit · scale`.
  private func lowerBound(_ prices: CapacityPrices) -> Double {
    guard hopCost != nil else {
      return prices.utilisationBound(network, demands: problem.demands, limits: problem.limits)
    }
    var worth = 0.0
    for r in 0..<network.routerCount where prices.router[r] > 0 {
      worth += prices.router[r] * problem.limits.router[r] * scale
    }
    for a in 0..<network.arcCount where prices.arc[a] > 0 {
      worth += prices.arc[a] * problem.limits.arc[a] * scale
    }
    return weightedDistance(network, demands: problem.demands, cost: arcCost(prices)) - worth
  }

  private func arcCost(_ prices: CapacityPrices) -> [Double] {
    (0..<network.arcCount).map {
      prices.arc[$0] + prices.router[network.arcSource[$0]] + (hopCost?[$0] ?? 0)
    }
  }

  /// Gives resources that the solution overloads a row.
  private mutating func addRows(_ flows: DestinationFlows) -> Bool {
    let ceiling =
      hopCost == nil
      ? isRow.indices.filter { isRow[$0] }.map { load($0, flows) / limit($0) }.max() ?? 0 : scale
    var grown = false
    for resource in isRow.indices where !isRow[resource] && limit(resource) < .infinity {
      if load(resource, flows) > (1 + 1e-9) * ceiling * limit(resource) {
        isRow[resource] = true
        grown = true
      }
    }
    return grown
  }

  /// Allows the first arcs of true shortest paths wherever the allowed ones are longer.
  private mutating func addArcs(_ prices: CapacityPrices) -> Bool {
    let cost = arcCost(prices)
    var restricted = ShortestDistances(routerCount: network.routerCount)
    var free = ShortestDistances(routerCount: network.routerCount)
    var grown = false
    var cut = cost
    for d in 0..<network.routerCount {
      let base = d * network.arcCount
      for a in cut.indices { cut[a] = allowed[base + a] ? cost[a] : .infinity }
      restricted.solve(network, to: d, cost: cut)
      free.solve(network, to: d, cost: cost)
      for r in free.settled where r != d {
        let tolerance = 1e-11 * restricted.distance[r]
        guard free.distance[r] < restricted.distance[r] - tolerance else { continue }
        guard !allowed[base + free.nextArc[r]] else { continue }
        allowed[base + free.nextArc[r]] = true
        grown = true
      }
    }
    return grown
  }
}
