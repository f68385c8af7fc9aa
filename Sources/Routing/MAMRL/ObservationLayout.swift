import Learning
import PacketSimulation

/// How what a router sees becomes the input of its network.
///
/// One-hot blocks, in this order: destination of the head packet (and one place for an empty queue),
/// `pastActions` blocks of own past slots, newest first, and the busiest neighbour's slot. The global
/// form adds, for every router, its head destination and its queue length in the buckets 0, 1, 2–3,
/// 4–7, 8–15, 16 and more.
///
/// - Shapes: `activePerRow` indices a row, −1 for "none yet".
/// - Source: the MAMRL paper, section 3.3; seed 000, section 1 (global state).
/// - Verified: `ObservationLayoutTests` (raw integers with the released slip, by hand).
public struct ObservationLayout: Hashable, Sendable {
  public let form: ObservationForm
  public let pastActions: Int
  public let routerCount: Int
  /// Neighbour slots of each router.
  public let degrees: [Int]
  private let targets: [[Int]]

  static let buckets = 6

  public init(scenario: Scenario, form: ObservationForm, pastActions: Int) {
    let topology = scenario.topology
    self.form = form
    self.pastActions = form == .rawIntegers ? 5 : pastActions
    routerCount = topology.routerCount
    degrees = topology.routerIDs.map(topology.degree)
    targets = topology.routerIDs.map { topology.outgoing($0).map(\.target.index) }
  }

  public var requirements: WorldRequirements {
    WorldRequirements(pastActions: pastActions, queueHistory: true)
  }

  /// The inputs of one router's network.
  public func inputs(of router: Int) -> Int {
    let degree = degrees[router]
    let local = routerCount + 1 + pastActions * degree + degree
    switch form {
    case .oneHot: return local
    case .rawIntegers: return pastActions + 2
    case .global: return local + routerCount * (routerCount + 1 + Self.buckets)
    }
  }

  /// The indices of a row.
  public var activePerRow: Int {
    switch form {
    case .oneHot: pastActions + 2
    case .rawIntegers: pastActions + 2
    case .global: pastActions + 2 + 2 * routerCount
    }
  }

  /// The network of one router.
  public func network(of router: Int, hidden: [Int]) -> FeedForwardNetwork {
    FeedForwardNetwork(inputs: inputs(of: router), hidden: hidden, outputs: max(degrees[router], 1))
  }

  /// Appends what a router sees now: indices, or for the raw form the integers themselves.
  func append(
    replica: Int, router: Int, destination: Int, in world: PacketWorld, to row: inout [Int32]
  ) {
    let degree = degrees[router]
    let busiest = world.busiestSlot(replica: replica, router: router)
    if form == .rawIntegers {
      let neighbour = busiest < 0 ? router : targets[router][busiest]
      row.append(Int32(max(destination, 0)))
      for back in 0..<pastActions {
        row.append(
          Int32(max(world.pastAction(replica: replica, router: neighbour, back: back), 0)))
      }
      row.append(Int32(neighbour))
      return
    }
    row.append(Int32(destination < 0 ? routerCount : destination))
    var offset = routerCount + 1
    for back in 0..<pastActions {
      let slot = world.pastAction(replica: replica, router: router, back: back)
      row.append(slot < 0 ? -1 : Int32(offset + slot))
      offset += degree
    }
    row.append(busiest < 0 ? -1 : Int32(offset + busiest))
    if form == .global { appendGlobal(replica, offset + degree, in: world, to: &row) }
  }

  private func appendGlobal(
    _ replica: Int, _ start: Int, in world: PacketWorld, to row: inout [Int32]
  ) {
    var offset = start
    for router in 0..<routerCount {
      let head = world.headDestination(replica: replica, router: router)?.index ?? routerCount
      row.append(Int32(offset + head))
      offset += routerCount + 1
      let length = world.queueLength(replica: replica, router: router)
      let bucket = Int.bitWidth - length.leadingZeroBitCount  // 0, 1, 2, 2, 3, 3, 3, 3, 4 …
      row.append(Int32(offset + min(bucket, Self.buckets - 1)))
      offset += Self.buckets
    }
  }

  /// Appended rows as the input of a network.
  func input(_ rows: [Int32]) -> NetworkInput<Float> {
    form == .rawIntegers
      ? .dense(rows.map(Float.init), inputs: activePerRow)
      : .oneHot(indices: rows, activePerRow: activePerRow)
  }
}
