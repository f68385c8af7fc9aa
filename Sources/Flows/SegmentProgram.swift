/// The routing problem as a linear program over an allowed set of arcs per destination.
///
/// A router that may use a single arc towards a destination has nothing to decide. So variables are
/// only the arcs out of routers with a choice; each stands for the *segment* that starts with it
/// and follows forced arcs up to the next router with a choice. What routers without a choice
/// send is a constant. With all arcs allowed this is the complete problem; with few, it is small.
///
/// - Rows: one balance per destination and router with a choice (sum of its segments − segments that
///   end there = what it must send), then one per limited resource in `resources`
///   (load / (limit · scale) − utilisation ≤ 0).
/// - Columns: the segments, then the utilisation in units of `scale`.
struct SegmentProgram {
  private let network: FlowNetwork
  private let demands: [Double]
  private let limits: CapacityLimits
  /// `[destination * arcCount + arc]`.
  private let allowed: [Bool]
  /// Routers (their index) and arcs (routerCount + their index) that get a row.
  private let resources: [Int]
  private let scale: Double

  private var resourceRow: [Int]
  private var choiceRow: [Int]
  private var forcedArc: [Int]
  private var segments: [(destination: Int, arc: Int)] = []
  /// What routers without a choice send: load per resource, `[router]` then `[arc]`.
  private var constantLoad: [Double]
  private var constantFlow: [Double]
  private var balance: [Double] = []
  private var isReachable: [Bool]

  init(
    network: FlowNetwork, demands: [Double], limits: CapacityLimits, allowed: [Bool],
    resources: [Int], scale: Double
  ) {
    let n = network.routerCount
    self.network = network
    self.demands = demands
    self.limits = limits
    self.allowed = allowed
    self.resources = resources
    self.scale = scale
    resourceRow = [Int](repeating: -1, count: n + network.arcCount)
    choiceRow = [Int](repeating: -1, count: n * n)
    forcedArc = [Int](repeating: -1, count: n * n)
    constantLoad = [Double](repeating: 0, count: n + network.arcCount)
    constantFlow = [Double](repeating: 0, count: n * network.arcCount)
    isReachable = [Bool](repeating: false, count: n * n)
    for d in 0..<n { classify(destination: d) }
    for (index, resource) in resources.enumerated() {
      resourceRow[resource] = balance.count + index
    }
    for d in 0..<n { sendConstants(destination: d) }
  }

  /// The program; `hopCost` nil asks for the least utilisation, otherwise for the least cost at
  /// a utilisation of at most `scale`.
  func program(hopCost: [Double]?) -> LinearProgram {
    var lower = balance
    var upper = balance
    for resource in resources {
      lower.append(-.infinity)
      upper.append(-constantLoad[resource] / (limit(resource) * scale))
    }
    var program = LinearProgram(rowLower: lower, rowUpper: upper)
    var entries: [(row: Int, value: Double)] = []
    for (d, arc) in segments {
      entries.removeAll(keepingCapacity: true)
      var cost = 0.0
      let end = follow(destination: d, from: arc) { step in
        if let hopCost { cost += hopCost[step] }
        addEntries(of: step, to: &entries)
      }
      entries.append((choiceRow[d * network.routerCount + network.arcSource[arc]], 1))
      if end != d { entries.append((choiceRow[d * network.routerCount + end], -1)) }
      program.addColumn(cost: cost, upper: .infinity, entries: entries)
    }
    program.addColumn(
      cost: hopCost == nil ? 1 : 0, upper: hopCost == nil ? .infinity : 1,
      entries: resources.map { (resourceRow[$0], -1) })
    return program
  }

  /// The flows per destination that a solution means.
  func flows(_ solution: LinearProgramSolution) -> DestinationFlows {
    var flow = constantFlow
    for (column, segment) in segments.enumerated() where solution.values[column] > 0 {
      let base = segment.destination * network.arcCount
      _ = follow(destination: segment.destination, from: segment.arc) {
        flow[base + $0] += solution.values[column]
      }
    }
    return DestinationFlows(network, flow: flow)
  }

  /// The prices of the resources, per unit of load.
  func prices(_ solution: LinearProgramSolution) -> CapacityPrices {
    let n = network.routerCount
    var price = [Double](repeating: 0, count: n + network.arcCount)
    for resource in resources {
      let row = solution.rowPrices[resourceRow[resource]]
      price[resource] = max(0, -row) / (limit(resource) * scale)
    }
    return CapacityPrices(router: Array(price[..<n]), arc: Array(price[n...]))
  }

  private func limit(_ resource: Int) -> Double {
    resource < network.routerCount
      ? limits.router[resource] : limits.arc[resource - network.routerCount]
  }

  private func addEntries(of arc: Int, to entries: inout [(row: Int, value: Double)]) {
    for resource in [network.arcSource[arc], network.routerCount + arc] {
      let row = resourceRow[resource]
      if row >= 0 { entries.append((row, 1 / (limit(resource) * scale))) }
    }
  }

  /// Visits the arcs of a segment and returns where it ends.
  private func follow(destination d: Int, from first: Int, _ visit: (Int) -> Void) -> Int {
    var arc = first
    while true {
      visit(arc)
      let head = network.arcTarget[arc]
      guard head != d, forcedArc[d * network.routerCount + head] >= 0 else { return head }
      arc = forcedArc[d * network.routerCount + head]
    }
  }

  /// Finds who has a choice among the arcs that lead on to the destination.
  private mutating func classify(destination d: Int) {
    let n = network.routerCount
    let arcBase = d * network.arcCount
    var queue = [d]
    isReachable[d * n + d] = true
    var done = 0
    while done < queue.count {
      let head = queue[done]
      done += 1
      for slot in network.firstIncoming[head]..<network.firstIncoming[head + 1] {
        let arc = network.incomingArcs[slot]
        let tail = network.arcSource[arc]
        guard allowed[arcBase + arc], !isReachable[d * n + tail] else { continue }
        isReachable[d * n + tail] = true
        queue.append(tail)
      }
    }
    for r in 0..<n where r != d && isReachable[d * n + r] {
      let choices = (network.firstOutgoing[r]..<network.firstOutgoing[r + 1]).filter {
        allowed[arcBase + $0] && network.isUsable[$0] && isReachable[d * n + network.arcTarget[$0]]
      }
      if choices.count == 1 {
        forcedArc[d * n + r] = choices[0]
      } else {
        choiceRow[d * n + r] = balance.count
        balance.append(0)
        for arc in choices { segments.append((d, arc)) }
      }
    }
  }

  private mutating func sendConstants(destination d: Int) {
    let n = network.routerCount
    for r in 0..<n where r != d && isReachable[d * n + r] {
      let demand = demands[r * n + d]
      guard demand > 0 else { continue }
      var end = r
      if forcedArc[d * n + r] >= 0 {
        var arcs: [Int] = []
        end = follow(destination: d, from: forcedArc[d * n + r]) { arcs.append($0) }
        for arc in arcs {
          constantFlow[d * network.arcCount + arc] += demand
          constantLoad[network.arcSource[arc]] += demand
          constantLoad[n + arc] += demand
        }
      }
      if end != d { balance[choiceRow[d * n + end]] += demand }
    }
  }
}
