import Networks
import PacketSimulation
import Randomness

/// Settings of `q-routing`, `full-echo-q-routing` and `dual-q-routing`.
public struct QRoutingConfiguration: AlgorithmConfiguration {
  /// Step towards a new estimate, 0…1; default .7, as in the released program of the MAMRL paper.
  public var learningRate = 0.7
  /// Ticks added to the estimate when the packet is lost, 0…1,000,000; default 200, as there.
  public var lossPenalty = 200.0

  public init() {}

  public static var fields: [ConfigurationField<Self>] {
    [
      .number("learningRate", \.learningRate, 0...1, "Step towards a new estimate."),
      .number(
        "lossPenalty", \.lossPenalty, 0...1_000_000, "Ticks added when the packet is lost."),
    ]
  }
}

/// Learns, from neighbours' estimates, how long packets take over each neighbour, and takes the
/// quickest.
///
/// ```swift
/// var learner = QRouting(scenario: scenario)
/// let training = EpisodeRunner(scenario: scenario).run(&learner, episodes: 40, seeds: seeds)
/// let policy = learner.frozenPolicy()
/// ```
///
/// ## Method
/// `Q[i][d][a] += η (wait + latency + min_b Q[j][d][b] − Q[i][d][a])` when i sends a packet for d over
/// slot a to j; the minimum is 0 where j is d.
/// - `η`: `configuration.learningRate`; `wait`: ticks in i's queue; `latency`: ticks on the link.
///
/// - Source: Boyan, Littman (1994), *Packet routing in dynamically changing networks: a
///   reinforcement learning approach*, NIPS 6, section 2.
/// - Differs: as in the program released with the MAMRL paper: updated when the packet is sent, zero
///   start, always greedy (ties to the lowest slot), a loss adds `lossPenalty`; a blind decision is
///   slot 0.
/// - Shapes: `Q` is `[router][destination][slot]`.
/// - Randomness: none.
/// - Complexity: O(degree) a decision and an update; O(arcs × routers) memory.
/// - Verified: `QRoutingTests` (updates by hand, figures of the released program).
/// - Algorithm: q-routing | Boyan & Littman, 1994 | section 2 | reproduces a published figure
public struct QRouting: TrainableLearner {
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
    let rate = Float(configuration.learningRate)
    for event in world.events where event.isSending {
      let target = table.target(event, penalty: configuration.lossPenalty, tick: tick)
      let entry = table.entry(event)
      table.set(
        entry, to: table.values[entry] + rate * (target - table.values[entry]),
        router: Int(event.router), destination: Int(event.destination), tick: tick)
      controlBytes += 4
    }
  }

  /// The estimate of a router for a destination over a slot, in ticks.
  public func value(at router: RouterID, to destination: RouterID, slot: Int) -> Double {
    let start = table.network.offset(router: router.index, destination: destination.index)
    return Double(table.values[start + slot])
  }

  public func frozenPolicy() -> any RoutingPolicy { table.greedyPolicy }
  public var state: LearnerState { LearnerState([.init("Q", table.values)]) }
  public mutating func restore(_ state: LearnerState) throws(InputError) {
    table.values = try state.table("Q", count: table.values.count)
  }
}
