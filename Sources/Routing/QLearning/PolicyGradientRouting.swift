import Foundation
import Networks
import PacketSimulation
import Randomness

/// Settings of `policy-gradient`.
public struct PolicyGradientConfiguration: AlgorithmConfiguration {
  /// Step of the gradient per packet and hop, 0…1; default .002 (ours: stable on B4, Geant, ATT).
  public var learningRate = 0.002
  /// Step of the running mean that returns are compared with, 0…1; default .05.
  public var baselineRate = 0.05
  /// Ticks counted for a lost packet, 0…1,000,000; 200 as in `q-routing` here.
  public var lossPenalty = 200.0

  public init() {}

  public static var fields: [ConfigurationField<Self>] {
    [
      .number("learningRate", \.learningRate, 0...1, "Step of the gradient per packet and hop."),
      .number(
        "baselineRate", \.baselineRate, 0...1,
        "Step of the running mean return that returns are compared with."),
      .number("lossPenalty", \.lossPenalty, 0...1_000_000, "Ticks counted for a lost packet."),
    ]
  }
}

/// Learns a stochastic next hop per destination from how long each packet then took.
///
/// ```swift
/// var learner = PolicyGradientRouting(scenario: scenario)
/// ```
///
/// ## Method
/// `π(a | i, d) = softmax_a θ[i][d]`. When a packet is delivered (an acknowledgement returns along
/// its path), for every decision (i, d, a) that it had on its way, taken T ticks before:
/// `θ[i][d][b] += η (−T − baseline[i][d]) (1{b = a} − π(b | i, d))`.
///
/// - Source: Peshkin, Savova (2002), *Reinforcement learning for adaptive routing*, IJCNN (GAPS:
///   gradient ascent for the policies of many agents with one shared reward per packet).
/// - Differs: each decision is credited with the time from it on, not with the whole trip (the part
///   before cannot depend on it); a running mean per router and destination is the baseline; the
///   acknowledgement is instantaneous; a lost packet counts `lossPenalty` more ticks.
/// - Shapes: `θ` is `[router][destination][slot]`, baselines `[router][destination]`.
/// - Randomness: one number per decision.
/// - Complexity: O(degree) a decision; O(hops × degree) a delivery; memory for packets' paths.
/// - Verified: `PolicyGradientRoutingTests`.
/// - Algorithm: policy-gradient | Peshkin & Savova, 2002 | section 3 | exact check passed
public struct PolicyGradientRouting: TrainableLearner {
  public let requirements = WorldRequirements(events: true)
  private let configuration: PolicyGradientConfiguration
  private let network: NetworkArrays
  private var logits: [Float]
  private var baselines: [Float]
  private var paths: [[Step]] = []
  private var probabilities: [Float]
  public private(set) var controlBytes = 0

  private struct Step: Sendable {
    var router: Int32
    var slot: Int32
    var tick: Int32
  }

  public init(scenario: Scenario, configuration: PolicyGradientConfiguration = .init()) {
    self.configuration = configuration
    network = NetworkArrays(scenario)
    logits = [Float](repeating: 0, count: network.tableSize)
    baselines = [Float](repeating: .infinity, count: network.routerCount * network.routerCount)
    probabilities = [Float](repeating: 0, count: network.arcCount)
  }

  public mutating func beginEpisode(in world: PacketWorld) { paths.removeAll() }

  public mutating func decide(_ batch: DecisionBatch, in world: PacketWorld) {
    let policy = SoftmaxTable(network: network, logits: logits)
    policy.decide(batch)
  }

  public mutating func observe(tick: Int, in world: PacketWorld) {
    for event in world.events {
      let packet = Int(event.packet)
      while paths.count <= packet { paths.append([]) }
      switch event.kind {
      case .generated: paths[packet].removeAll(keepingCapacity: true)
      case .forwarded:
        paths[packet].append(
          Step(
            router: event.router,
            slot: event.arc - Int32(network.firstArc[Int(event.router)]), tick: Int32(tick)))
      case .received: break
      case .delivered: credit(event, tick: Double(tick))
      case .lost:
        if event.isSending {
          paths[packet].append(
            Step(
              router: event.router,
              slot: event.arc - Int32(network.firstArc[Int(event.router)]), tick: Int32(tick)))
        }
        credit(event, tick: Double(tick) + configuration.lossPenalty)
      }
    }
  }

  private mutating func credit(_ event: PacketEvent, tick: Double) {
    let packet = Int(event.packet)
    let destination = Int(event.destination)
    for step in paths[packet] {
      learn(
        router: Int(step.router), destination: destination, slot: Int(step.slot),
        outcome: Float(Double(step.tick) - tick))
      controlBytes += 4
    }
    paths[packet].removeAll(keepingCapacity: true)
  }

  private mutating func learn(router: Int, destination: Int, slot: Int, outcome: Float) {
    let pair = router * network.routerCount + destination
    if baselines[pair] == .infinity { baselines[pair] = outcome }
    let advantage = outcome - baselines[pair]
    baselines[pair] += Float(configuration.baselineRate) * advantage
    let start = network.offset(router: router, destination: destination)
    let degree = network.degree(router)
    SoftmaxTable.softmax(logits, from: start, degree: degree, into: &probabilities)
    let step = Float(configuration.learningRate) * advantage
    for b in 0..<degree {
      logits[start + b] += step * ((b == slot ? 1 : 0) - probabilities[b])
    }
  }

  public func frozenPolicy() -> any RoutingPolicy {
    SoftmaxTable(network: network, logits: logits)
  }
  public var state: LearnerState {
    LearnerState([.init("theta", logits), .init("baseline", baselines)])
  }
  public mutating func restore(_ state: LearnerState) throws(InputError) {
    logits = try state.table("theta", count: logits.count)
    baselines = try state.table("baseline", count: baselines.count)
  }
}

/// A softmax over neighbour slots per router and destination, as a frozen policy.
struct SoftmaxTable: RoutingPolicy {
  let network: NetworkArrays
  let logits: [Float]

  func decide(_ batch: DecisionBatch, in world: PacketWorld) { decide(batch) }

  func decide(_ batch: DecisionBatch) {
    var probabilities = [Float](repeating: 0, count: network.arcCount)
    for index in 0..<batch.count {
      let destination = Int(batch.destinations[index])
      guard destination >= 0 else { continue }
      let router = Int(batch.routers[index])
      let start = network.offset(router: router, destination: destination)
      let degree = network.degree(router)
      guard degree > 1 else { continue }
      Self.softmax(logits, from: start, degree: degree, into: &probabilities)
      var remaining = Float(batch.streams[Int(batch.replicas[index])].uniform())
      var slot = 0
      while slot < degree - 1 && remaining >= probabilities[slot] {
        remaining -= probabilities[slot]
        slot += 1
      }
      batch.choices[index] = Int32(slot)
    }
  }

  @inline(__always)
  static func softmax(
    _ logits: [Float], from start: Int, degree: Int, into probabilities: inout [Float]
  ) {
    var highest = -Float.infinity
    for slot in 0..<degree { highest = max(highest, logits[start + slot]) }
    var sum: Float = 0
    for slot in 0..<degree {
      probabilities[slot] = exp(logits[start + slot] - highest)
      sum += probabilities[slot]
    }
    for slot in 0..<degree { probabilities[slot] /= sum }
  }
}
