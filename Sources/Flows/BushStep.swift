/// One destination's improvement step of `ConvexFlow`, with its buffers.
///
/// - Shapes: buffers are `[router]` or `[arc]`; `marginal[arc]` is the slope of the arc plus that of
///   its source router at the present flows.
struct BushStep: Sendable {
  private let network: FlowNetwork
  private(set) var marginal: [Double]
  private var arcCurvature: [Double]
  private var routerCurvature: [Double]
  private var routerSlope: [Double]
  private var arcSlope: [Double]

  private var paths: ShortestDistances
  private var label: [Double]
  private var pending: [Int]
  private var order: [Int] = []
  private var meanCost: [Double]
  private var meanCurvature: [Double]
  private var throughput: [Double]
  private var inflow: [Double]
  private var direction: [Double]
  private var loadChange: [Double]
  private var share: [Double]
  private var split = SimplexStep()

  init(_ network: FlowNetwork) {
    self.network = network
    let perArc = [Double](repeating: 0, count: network.arcCount)
    let perRouter = [Double](repeating: 0, count: network.routerCount)
    marginal = perArc
    arcCurvature = perArc
    arcSlope = perArc
    direction = perArc
    share = perArc
    routerCurvature = perRouter
    routerSlope = perRouter
    label = perRouter
    meanCost = perRouter
    meanCurvature = perRouter
    throughput = perRouter
    inflow = perRouter
    loadChange = perRouter
    pending = [Int](repeating: 0, count: network.routerCount)
    paths = ShortestDistances(routerCount: network.routerCount)
  }

  /// Evaluates all slopes and curvatures at the given flows.
  mutating func refresh<Cost: FlowCost>(cost: Cost, flows: DestinationFlows) {
    for r in 0..<network.routerCount {
      let router = cost.router(r, load: flows.routerLoad[r])
      routerSlope[r] = router.slope
      routerCurvature[r] = router.curvature
    }
    for a in 0..<network.arcCount {
      let arc = cost.arc(a, flow: flows.arcFlow[a])
      arcSlope[a] = arc.slope
      arcCurvature[a] = arc.curvature
      marginal[a] = arc.slope + routerSlope[network.arcSource[a]]
    }
  }

  // MARK: The first routing

  /// Puts one destination's demand on the start's splits, or on shortest paths where it has none.
  ///
  /// - Returns: the demand that no path can carry.
  mutating func load<Cost: FlowCost>(
    destination d: Int, demands: [Double], cost: Cost, flows: inout DestinationFlows,
    start: DestinationFlows?
  ) -> Double {
    let n = network.routerCount
    paths.solve(network, to: d, cost: marginal)
    var unreachable = 0.0
    for r in 0..<n {
      let demand = r == d ? 0 : demands[r * n + d]
      inflow[r] = demand
      if demand > 0, paths.nextArc[r] < 0 { unreachable += demand }
    }
    if let start, adopt(start, destination: d) {
      order.reverse()
    } else {
      for a in 0..<network.arcCount { share[a] = 0 }
      for r in paths.settled where r != d { share[paths.nextArc[r]] = 1 }
      order = paths.settled.reversed()
    }
    commit(destination: d, cost: cost, flows: &flows)
    return unreachable
  }

  /// Takes the splits of another routing over, if they lead everybody to the destination here.
  /// Leaves the routers in `order`, the destination first.
  private mutating func adopt(_ start: DestinationFlows, destination d: Int) -> Bool {
    let base = d * network.arcCount
    for r in 0..<network.routerCount {
      var sum = 0.0
      let out = network.firstOutgoing[r]..<network.firstOutgoing[r + 1]
      for a in out where network.isUsable[a] { sum += start.flow[base + a] }
      for a in out {
        share[a] = sum > 0 && network.isUsable[a] && r != d ? start.flow[base + a] / sum : 0
      }
      if sum == 0, paths.nextArc[r] >= 0 { share[paths.nextArc[r]] = 1 }
    }
    return orderByShares(destination: d) == paths.settled.count
  }

  /// Sorts the routers that lead to the destination so that each comes after those it sends to.
  ///
  /// - Returns: how many there are; fewer than all where the shares run in a circle.
  private mutating func orderByShares(destination d: Int) -> Int {
    for r in pending.indices { pending[r] = 0 }
    for a in 0..<network.arcCount where share[a] > 0 { pending[network.arcSource[a]] += 1 }
    order.removeAll(keepingCapacity: true)
    order.append(d)
    var done = 0
    while done < order.count {
      let head = order[done]
      done += 1
      for slot in network.firstIncoming[head]..<network.firstIncoming[head + 1] {
        let arc = network.incomingArcs[slot]
        guard share[arc] > 0 else { continue }
        let tail = network.arcSource[arc]
        pending[tail] -= 1
        if pending[tail] == 0 { order.append(tail) }
      }
    }
    return done
  }

  // MARK: The improvement

  /// Steps 1–4 of `ConvexFlow` for one destination.
  mutating func improve<Cost: FlowCost>(
    destination d: Int, demands: [Double], cost: Cost, flows: inout DestinationFlows
  ) {
    let n = network.routerCount
    readShares(destination: d, flows: flows)
    for r in 0..<n { inflow[r] = r == d ? 0 : demands[r * n + d] }
    guard labelRouters(destination: d) else {
      _ = load(destination: d, demands: demands, cost: cost, flows: &flows, start: nil)
      return
    }
    evaluateBush(destination: d)
    let slope = chooseDirection(destination: d, flows: flows)
    guard slope < 0 else { return }
    let length = stepLength(slope: slope, cost: cost, flows: flows)
    guard length > 0 else { return }
    move(by: length, destination: d, flows: flows)
    for r in 0..<n { inflow[r] = r == d ? 0 : demands[r * n + d] }
    commit(destination: d, cost: cost, flows: &flows)
  }

  private mutating func readShares(destination d: Int, flows: DestinationFlows) {
    let base = d * network.arcCount
    for r in 0..<network.routerCount {
      var sum = 0.0
      let out = network.firstOutgoing[r]..<network.firstOutgoing[r + 1]
      for a in out { sum += flows.flow[base + a] }
      throughput[r] = sum
      let factor = sum > 0 ? 1 / sum : 0
      for a in out { share[a] = flows.flow[base + a] * factor }
    }
  }

  /// Step 1: the greatest cost of a used path from each router; for a router without flow, the least
  /// cost over a neighbour. Leaves the routers in `order`, lowest label first.
  private mutating func labelRouters(destination d: Int) -> Bool {
    for r in label.indices { label[r] = -1 }
    let found = orderByShares(destination: d)
    for head in order {
      if head == d { label[head] = 0 }
      let base = label[head]
      for slot in network.firstIncoming[head]..<network.firstIncoming[head + 1] {
        let arc = network.incomingArcs[slot]
        guard share[arc] > 0 else { continue }
        let tail = network.arcSource[arc]
        label[tail] = max(label[tail], base + marginal[arc])
      }
    }
    var used = 1
    for r in label.indices where r != d && throughput[r] > 0 { used += 1 }
    guard found == used else { return false }
    if used < network.routerCount { labelUnusedRouters() }
    order.removeAll(keepingCapacity: true)
    for r in label.indices where label[r] < .infinity { order.append(r) }
    order.sort { label[$0] != label[$1] ? label[$0] < label[$1] : $0 < $1 }
    return true
  }

  /// Relaxes the labels of routers without flow until none falls (few of them, so Bellman–Ford).
  private mutating func labelUnusedRouters() {
    let unused = label.indices.filter { label[$0] < 0 }
    for r in unused { label[r] = .infinity }
    var changed = true
    while changed {
      changed = false
      for r in unused {
        for a in network.firstOutgoing[r]..<network.firstOutgoing[r + 1] where network.isUsable[a] {
          let candidate = label[network.arcTarget[a]] + marginal[a]
          if candidate < label[r] {
            label[r] = candidate
            changed = true
          }
        }
      }
    }
  }

  private func isDownhill(_ arc: Int) -> Bool {
    network.isUsable[arc] && label[network.arcSource[arc]] > label[network.arcTarget[arc]]
  }

  /// Step 2: mean cost and curvature from each router on, with the present splits.
  private mutating func evaluateBush(destination d: Int) {
    meanCost[d] = 0
    meanCurvature[d] = 0
    for r in order where r != d {
      let out = network.firstOutgoing[r]..<network.firstOutgoing[r + 1]
      if throughput[r] == 0 { chooseCheapest(router: r) }
      var mean = 0.0
      var curvature = routerCurvature[r]
      for a in out where share[a] > 0 {
        let head = network.arcTarget[a]
        mean += share[a] * (marginal[a] + meanCost[head])
        curvature += share[a] * share[a] * (arcCurvature[a] + meanCurvature[head])
      }
      meanCost[r] = mean
      meanCurvature[r] = curvature
    }
  }

  private mutating func chooseCheapest(router r: Int) {
    var best = -1
    var least = Double.infinity
    for a in network.firstOutgoing[r]..<network.firstOutgoing[r + 1] {
      share[a] = 0
      guard isDownhill(a) else { continue }
      let candidate = marginal[a] + meanCost[network.arcTarget[a]]
      if candidate < least {
        least = candidate
        best = a
      }
    }
    if best >= 0 { share[best] = 1 }
  }

  /// Step 3: every router's Newton step; fills `direction` and `loadChange`.
  ///
  /// - Returns: the slope of the cost along the direction, at most 0.
  private mutating func chooseDirection(destination d: Int, flows: DestinationFlows) -> Double {
    let base = d * network.arcCount
    for a in direction.indices { direction[a] = 0 }
    for r in loadChange.indices { loadChange[r] = 0 }
    var slope = 0.0
    for r in order.reversed() where r != d {
      let amount = inflow[r]
      guard amount > 0 || throughput[r] > 0 else { continue }
      let out = network.firstOutgoing[r]..<network.firstOutgoing[r + 1]
      split.removeAll()
      for a in out where isDownhill(a) {
        let head = network.arcTarget[a]
        split.append(
          a, cost: marginal[a] + meanCost[head], curvature: arcCurvature[a] + meanCurvature[head],
          present: amount * share[a])
      }
      split.solve(total: amount)
      for option in split.options {
        let change = option.amount - flows.flow[base + option.arc]
        direction[option.arc] = change
        // Against the present split and the mean cost: both factors are small near the optimum, so
        // that rounding does not drown the slope.
        let head = network.arcTarget[option.arc]
        slope +=
          (option.amount - amount * share[option.arc])
          * (marginal[option.arc] + meanCost[head] - meanCost[r])
        inflow[network.arcTarget[option.arc]] += option.amount
      }
      loadChange[r] = amount - throughput[r]
    }
    return slope
  }

  /// Step 4: 1 where the cost still falls there, else close to the least cost on the way.
  private func stepLength<Cost: FlowCost>(
    slope: Double, cost: Cost, flows: DestinationFlows
  ) -> Double {
    var low = 0.0
    var high = 1.0
    var slopeLow = slope
    var slopeHigh = directionalSlope(at: 1, from: slope, cost: cost, flows: flows)
    guard slopeHigh > 0 else { return 1 }
    for _ in 0..<12 {
      let guess = low + (high - low) * min(0.9, max(0.1, slopeLow / (slopeLow - slopeHigh)))
      let slopeGuess = directionalSlope(at: guess, from: slope, cost: cost, flows: flows)
      if abs(slopeGuess) <= 0.1 * abs(slope) { return guess }
      if slopeGuess > 0 {
        high = guess
        slopeHigh = slopeGuess
      } else {
        low = guess
        slopeLow = slopeGuess
      }
    }
    return low
  }

  /// The slope after a part of the way: the one at the start plus what the slopes changed.
  private func directionalSlope<Cost: FlowCost>(
    at length: Double, from start: Double, cost: Cost, flows: DestinationFlows
  ) -> Double {
    var sum = start
    if !cost.arcCostsAreLinear {
      for a in direction.indices where direction[a] != 0 {
        let flow = max(0, flows.arcFlow[a] + length * direction[a])
        sum += direction[a] * (cost.arc(a, flow: flow).slope - arcSlope[a])
      }
    }
    guard cost.hasRouterCosts else { return sum }
    for r in loadChange.indices where loadChange[r] != 0 {
      let load = max(0, flows.routerLoad[r] + length * loadChange[r])
      sum += loadChange[r] * (cost.router(r, load: load).slope - routerSlope[r])
    }
    return sum
  }

  /// Turns the moved flows into shares; shares below 1e-13 are rounding and become 0.
  private mutating func move(by length: Double, destination d: Int, flows: DestinationFlows) {
    let base = d * network.arcCount
    for r in 0..<network.routerCount where r != d {
      let out = network.firstOutgoing[r]..<network.firstOutgoing[r + 1]
      var sum = 0.0
      for a in out {
        let flow = max(0, flows.flow[base + a] + length * direction[a])
        direction[a] = flow
        sum += flow
      }
      guard sum > 0 else { continue }
      var kept = 0.0
      for a in out where direction[a] > 1e-13 * sum { kept += direction[a] }
      for a in out { share[a] = direction[a] > 1e-13 * sum ? direction[a] / kept : 0 }
    }
    order.reverse()
  }

  /// Sends `inflow` along `share`, in `order` (far end first), and updates sums and slopes.
  private mutating func commit<Cost: FlowCost>(
    destination d: Int, cost: Cost, flows: inout DestinationFlows
  ) {
    let base = d * network.arcCount
    for r in order where r != d {
      let out = network.firstOutgoing[r]..<network.firstOutgoing[r + 1]
      let amount = inflow[r]
      var change = 0.0
      for a in out {
        let flow = amount * share[a]
        let difference = flow - flows.flow[base + a]
        guard difference != 0 || flow > 0 else { continue }
        inflow[network.arcTarget[a]] += flow
        guard difference != 0 else { continue }
        flows.flow[base + a] = flow
        flows.arcFlow[a] = max(0, flows.arcFlow[a] + difference)
        change += difference
        if !cost.arcCostsAreLinear {
          let arc = cost.arc(a, flow: flows.arcFlow[a])
          arcSlope[a] = arc.slope
          arcCurvature[a] = arc.curvature
        }
      }
      updateRouter(r, change: change, cost: cost, flows: &flows)
      for a in out { marginal[a] = arcSlope[a] + routerSlope[r] }
    }
  }

  private mutating func updateRouter<Cost: FlowCost>(
    _ r: Int, change: Double, cost: Cost, flows: inout DestinationFlows
  ) {
    guard change != 0 else { return }
    flows.routerLoad[r] = max(0, flows.routerLoad[r] + change)
    guard cost.hasRouterCosts else { return }
    let router = cost.router(r, load: flows.routerLoad[r])
    routerSlope[r] = router.slope
    routerCurvature[r] = router.curvature
  }
}
