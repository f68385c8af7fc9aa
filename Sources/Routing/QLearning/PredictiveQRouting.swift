import Networks
import PacketSimulation
import Randomness

/// Settings of `predictive-q-routing`.
public struct PredictiveQRoutingConfiguration: AlgorithmConfiguration {
  /// α, step of the estimate, 0…1; 1 as in the paper.
  public var learningRate = 1.0
  /// β, step of the recovery rate, 0…1; .7 as in the paper.
  public var recoveryLearningRate = 0.7
  /// γ, decay of the recovery rate when an estimate rises, 0…1; .9 as in the paper.
  public var recoveryDecay = 0.9
  /// Ticks added when the packet is lost, 0…1,000,000; 200 as in `q-routing` here.
  public var lossPenalty = 200.0

  public init() {}

  public static var fields: [ConfigurationField<Self>] {
    [
      .number("learningRate", \.learningRate, 0...1, "Step of the estimate (α)."),
      .number(
        "recoveryLearningRate", \.recoveryLearningRate, 0...1, "Step of the recovery rate (β)."),
      .number(
        "recoveryDecay", \.recoveryDecay, 0...1,
        "Decay of the recovery rate when an estimate rises (γ)."),
      .number(
        "lossPenalty", \.lossPenalty, 0...1_000_000, "Ticks added when the packet is lost."),
    ]
  }
}

/// Q-routing that remembers good experiences and probes routes that should have recovered.
///
/// ```swift
/// var learner = PredictiveQRouting(scenario: scenario)
/// ```
///
/// ## Method
/// With Δ = wait + latency + min_b Q[j][d][b] − Q[i][d][a] at time t:
/// ```
/// Q += α Δ;  B = min(B, Q)
/// R += β Δ / (t − U) if Δ < 0;  R = γ R if Δ > 0;  U = t
/// choose argmin_a max(B, Q + (t − U) R)
/// ```
/// - `B`: the best estimate so far; `R` ≤ 0: the recovery rate; `U`: the tick of the last update.
///
/// - Source: Choi, Yeung (1996), *Predictive Q-routing: a memory-based reinforcement learning
///   approach to adaptive traffic control*, NIPS 8, section 3.
/// - Differs: zero start (the first estimate of an entry sets its B); a loss adds `lossPenalty`. The
///   clock runs on over episodes.
/// - Shapes: all tables `[router][destination][slot]`.
/// - Randomness: none.
/// - Complexity: O(degree) a decision and an update.
/// - Verified: `QRoutingTests`.
/// - Algorithm: predictive-q-routing | Choi & Yeung, 1996 | section 3 | exact check passed
public struct PredictiveQRouting: TrainableLearner {
  public let requirements = WorldRequirements(events: true)
  private let configuration: PredictiveQRoutingConfiguration
  private var table: ActionValues
  private var best: [Float]
  private var recovery: [Float]
  /// Ticks since the start of learning at which an entry was last updated.
  private var updated: [Float]
  private var clock: Float = 0
  public private(set) var controlBytes = 0

  public init(scenario: Scenario, configuration: PredictiveQRoutingConfiguration = .init()) {
    self.configuration = configuration
    table = ActionValues(scenario)
    best = [Float](repeating: .infinity, count: table.values.count)
    recovery = [Float](repeating: 0, count: table.values.count)
    updated = recovery
  }

  public mutating func beginEpisode(in world: PacketWorld) { table.beginEpisode() }

  public mutating func decide(_ batch: DecisionBatch, in world: PacketWorld) {
    for index in 0..<batch.count {
      let destination = Int(batch.destinations[index])
      guard destination >= 0 else { continue }
      batch.choices[index] = Int32(
        slot(router: Int(batch.routers[index]), destination: destination))
    }
  }

  private func slot(router: Int, destination: Int) -> Int {
    let start = table.network.offset(router: router, destination: destination)
    var lowest = Float.infinity
    var chosen = 0
    for slot in 0..<table.network.degree(router) {
      let entry = start + slot
      let predicted = table.values[entry] + (clock - updated[entry]) * recovery[entry]
      let value = best[entry].isFinite ? max(best[entry], predicted) : table.values[entry]
      if value < lowest {
        lowest = value
        chosen = slot
      }
    }
    return chosen
  }

  public mutating func observe(tick: Int, in world: PacketWorld) {
    for event in world.events where event.isSending {
      let entry = table.entry(event)
      let change =
        table.target(event, penalty: configuration.lossPenalty, tick: tick) - table.values[entry]
      table.set(
        entry, to: table.values[entry] + Float(configuration.learningRate) * change,
        router: Int(event.router), destination: Int(event.destination), tick: tick)
      best[entry] = min(best[entry], table.values[entry])
      if change < 0 {
        let elapsed = max(1, clock - updated[entry])
        recovery[entry] += Float(configuration.recoveryLearningRate) * change / elapsed
      } else if change > 0 {
        recovery[entry] *= Float(configuration.recoveryDecay)
      }
      updated[entry] = clock
      controlBytes += 4
    }
    clock += 1
  }

  public func frozenPolicy() -> any RoutingPolicy { table.greedyPolicy }
  public var state: LearnerState {
    LearnerState([
      .init("Q", table.values), .init("best", best), .init("recovery", recovery),
      .init("updated", updated), .init("clock", [clock]),
    ])
  }
  public mutating func restore(_ state: LearnerState) throws(InputError) {
    let count = table.values.count
    table.values = try state.table("Q", count: count)
    best = try state.table("best", count: count)
    recovery = try state.table("recovery", count: count)
    updated = try state.table("updated", count: count)
    clock = try state.table("clock", count: 1)[0]
  }
}
