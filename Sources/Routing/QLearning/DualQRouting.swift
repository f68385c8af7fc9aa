import Networks
import PacketSimulation
import Randomness

/// Q-routing that also learns backwards, from what packets tell of the way they came.
///
/// ```swift
/// var learner = DualQRouting(scenario: scenario)
/// ```
///
/// ## Method
/// Forward as in Q-routing. Backward: a packet from source s that reaches y over the link from x
/// carries x's own estimate to s, so y learns about sending back over the same link (slot b):
/// `Q[y][s][b] += η (wait(y) + latency + min_c Q[x][s][c] − Q[y][s][b])`.
/// - `wait(y)`: the queue length of y, the ticks that a packet joining now would wait.
///
/// - Source: Kumar, Miikkulainen (1997), *Dual reinforcement Q-routing: an on-line adaptive routing
///   algorithm*, ANNIE '97, section 3.
/// - Differs: one learning rate for both directions; waits are counted at the sender (the paper: at
///   the receiver). Directed links have no backward update.
/// - Shapes: `Q` is `[router][destination][slot]`.
/// - Randomness: none.
/// - Complexity: O(degree) an update.
/// - Verified: `QRoutingTests`.
/// - Algorithm: dual-q-routing | Kumar & Miikkulainen, 1997 | section 3 | exact check passed
public struct DualQRouting: TrainableLearner {
  public let requirements = WorldRequirements(events: true)
  private let configuration: QRoutingConfiguration
  private var table: ActionValues
  public private(set) var controlBytes = 0

  public init(scenario: Scenario, configuration: QRoutingConfiguration = .init()) {
    self.configuration = configuration
    table = ActionValues(scenario)
  }

  public mutating func beginEpisode(in world: PacketWorld) { table.beginEpisode() }

  public mutating func decide(_ batch: DecisionBatch, in world: PacketWorld) {
    table.decideGreedily(batch)
  }

  public mutating func observe(tick: Int, in world: PacketWorld) {
    for event in world.events {
      if event.isSending {
        let target = table.target(event, penalty: configuration.lossPenalty, tick: tick)
        move(
          table.entry(event), to: target, router: Int(event.router),
          destination: Int(event.destination), tick: tick)
      } else if event.kind == .received || event.kind == .delivered {
        learnBackward(event, tick: tick, in: world)
      }
    }
  }

  private mutating func learnBackward(_ event: PacketEvent, tick: Int, in world: PacketWorld) {
    let network = table.network
    let router = Int(event.router)
    let source = Int(event.source)
    let back = network.reverse[Int(event.arc)]
    guard back >= 0, source != router else { return }
    let wait = world.queueLength(replica: Int(event.replica), router: router)
    // The packet carried the estimate; that it is read at the end of the way is a simplification.
    let onward = table.lowest(router: network.targets[back], destination: source)
    let slot = back - network.firstArc[router]
    move(
      network.offset(router: router, destination: source) + slot,
      to: Float(wait + network.latencies[back]) + onward, router: router, destination: source,
      tick: tick)
  }

  private mutating func move(
    _ entry: Int, to target: Float, router: Int, destination: Int, tick: Int
  ) {
    let value = table.values[entry]
    table.set(
      entry, to: value + Float(configuration.learningRate) * (target - value), router: router,
      destination: destination, tick: tick)
    controlBytes += 4
  }

  public func frozenPolicy() -> any RoutingPolicy { table.greedyPolicy }
  public var state: LearnerState { LearnerState([.init("Q", table.values)]) }
  public mutating func restore(_ state: LearnerState) throws(InputError) {
    table.values = try state.table("Q", count: table.values.count)
  }
}
