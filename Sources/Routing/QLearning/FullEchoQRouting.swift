import Networks
import PacketSimulation
import Randomness

/// Q-routing that asks all neighbours, not only the one it sends to.
///
/// ```swift
/// var learner = FullEchoQRouting(scenario: scenario)
/// ```
///
/// ## Method
/// Before each packet for d leaves i, for every slot a of i with neighbour j:
/// `Q[i][d][a] += η (wait + latency(a) + min_b Q[j][d][b] − Q[i][d][a])`.
///
/// - Source: Boyan, Littman (1994), *Packet routing in dynamically changing networks: a
///   reinforcement learning approach*, NIPS 6, section 4 ("full echo").
/// - Differs: the echo comes with the packet that is sent, not before it is chosen; a loss adds
///   `lossPenalty` to the slot that lost.
/// - Shapes: `Q` is `[router][destination][slot]`.
/// - Randomness: none.
/// - Complexity: O(degree²) an update.
/// - Verified: `QRoutingTests`.
/// - Algorithm: full-echo-q-routing | Boyan & Littman, 1994 | section 4 | exact check passed
public struct FullEchoQRouting: TrainableLearner {
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
    for event in world.events where event.isSending { echo(event, tick: tick) }
  }

  private mutating func echo(_ event: PacketEvent, tick: Int) {
    let network = table.network
    let router = Int(event.router)
    let destination = Int(event.destination)
    let rate = Float(configuration.learningRate)
    let chosen = table.entry(event)
    let chosenTarget = table.target(event, penalty: configuration.lossPenalty, tick: tick)
    let start = network.offset(router: router, destination: destination)
    for slot in 0..<network.degree(router) {
      let arc = network.firstArc[router] + slot
      let target =
        start + slot == chosen
        ? chosenTarget
        : Float(event.wait) + Float(network.latencies[arc])
          + table.heardLowest(arc: arc, destination: destination, tick: tick)
      let value = table.values[start + slot]
      table.set(
        start + slot, to: value + rate * (target - value), router: router,
        destination: destination, tick: tick)
    }
    controlBytes += 4 * network.degree(router)
  }

  public func frozenPolicy() -> any RoutingPolicy { table.greedyPolicy }
  public var state: LearnerState { LearnerState([.init("Q", table.values)]) }
  public mutating func restore(_ state: LearnerState) throws(InputError) {
    table.values = try state.table("Q", count: table.values.count)
  }
}
