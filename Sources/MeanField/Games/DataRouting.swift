import Networks

/// Packets find their way to one router of a network, over links that slow down as they fill: data
/// routing as a mean-field game and as a control problem.
///
/// ```swift
/// let game = DataRouting(topology, destination: RouterID(0))
/// let selfish = MeanFieldLearning.gmfQ().run(game, seeds: SeedTree(root: 1))
/// ```
///
/// ## Model
/// The state is the router where a packet is, the action one of its neighbour slots (slots beyond
/// the router's degree mean its last one). Crossing an arc takes latency · (1 + congestion ·
/// flow/capacity), with `flow` the share of all packets that cross the arc in this step; the reward is
/// minus that time. At the destination a packet is delivered and a new one enters at a router drawn
/// evenly from the others.
///
/// - Algorithm: data-routing | Xu, 2020 | "other examples" slide | exact check passed
/// - Source: the third example of Xu (2020); the latency curve is a choice of this project (linear, as
///   in Pigou's examples).
/// - Differs: see above.
/// - Verified: `MeanFieldLearningTests`.
public struct DataRouting: StationaryModel, Hashable {
  public let discount: Double
  public let congestion: Double
  public let destination: Int
  public let actionCount: Int
  /// `[router][slot]`: target, latency and capacity of each slot.
  private let slots: [[Slot]]

  private struct Slot: Hashable, Sendable {
    var target: Int
    var latency: Double
    var capacity: Double
  }

  /// Latencies and capacities are divided by their means over the arcs; a missing one counts as 1.
  ///
  /// - Throws: `InputError` where a router other than the destination has no outgoing arc.
  public init(
    _ topology: Topology, destination: RouterID, congestion: Double = 5, discount: Double = 0.9
  ) throws(InputError) {
    self.discount = discount
    self.congestion = congestion
    self.destination = destination.index
    let latencies = topology.links.map {
      $0.latency.map(Double.init) ?? $0.delayMilliseconds ?? 1
    }
    let capacities = topology.links.map { $0.capacity ?? 1 }
    let meanLatency = Self.positiveMean(latencies)
    let meanCapacity = Self.positiveMean(capacities)
    var slots: [[Slot]] = []
    for router in topology.routerIDs {
      let own = topology.outgoing(router).map { arc in
        Slot(
          target: arc.target.index, latency: latencies[arc.link.index] / meanLatency,
          capacity: max(1e-9, capacities[arc.link.index] / meanCapacity))
      }
      if own.isEmpty && router != destination {
        throw InputError(
          file: topology.name, field: topology.routers[router.index].name,
          expected: "a router from which the destination can be reached")
      }
      slots.append(own)
    }
    self.slots = slots
    actionCount = max(1, slots.map(\.count).max() ?? 1)
  }

  private static func positiveMean(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(max(1, values.count))
    return mean > 0 ? mean : 1
  }

  public var stateCount: Int { slots.count }
  public var transitionsDependOnLaw: Bool { false }
  public var initialDistribution: [Double] {
    slots.indices.map { $0 == destination ? 0 : 1 / Double(slots.count - 1) }
  }

  private func slot(_ state: Int, _ action: Int) -> Int { min(action, slots[state].count - 1) }

  public func reward(state: Int, action: Int, law: PopulationLaw) -> Double {
    guard state != destination else { return 0 }
    let chosen = slot(state, action)
    let range =
      chosen == slots[state].count - 1 ? chosen..<actionCount : chosen..<chosen + 1
    let flow = range.reduce(0) { $0 + law.joint[state * actionCount + $1] }
    let arc = slots[state][chosen]
    return -arc.latency * (1 + congestion * flow / arc.capacity)
  }

  public func forEachTransition(
    state: Int, action: Int, law: PopulationLaw, _ visit: (Int, Double) -> Void
  ) {
    guard state == destination else {
      return visit(slots[state][slot(state, action)].target, 1)
    }
    for router in slots.indices where router != destination {
      visit(router, 1 / Double(slots.count - 1))
    }
  }
}
