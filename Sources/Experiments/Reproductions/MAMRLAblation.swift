import Networks
import PacketSimulation
import Randomness
import Routing

/// The question of seed 000, "is it possible to use only local state or reward?", answered by
/// training every combination of {global, local} state and {global, consensus, local} reward.
///
/// The world is the corrected one; the reward is the backlog: exact network mean (global), estimated
/// by consensus over the links (consensus), or the router's own packets only (local). A further row
/// pays each decision by its own packet's delay, which is local too.
///
/// - Source: seed 000 (Multi-agent MAML notes), sections 1 and 2.
struct MAMRLAblation: Sendable {
  let study: MAMRLStudy

  static let rewards: [(name: String, form: RewardForm)] = [
    ("global", .globalBacklog), ("consensus", .backlogShare), ("local", .localBacklog),
    ("packet delay", .packetDelay),
  ]
  static let states: [(name: String, form: ObservationForm)] = [
    ("global", .global), ("local", .oneHot),
  ]
  /// λ as a share of the capacity of B4 under uniform demands (.3143).
  var load: Double { study.options.loads?.first ?? 0.25 }

  func run() throws -> ReproductionOutcome {
    let counter = StepCounter(
      label: "mamrl-ablation",
      total: study.networks(["b4"]).count * 8 * study.options.seeds,
      observer: study.options.observer)
    var table = CSVTable(columns: [
      "network", "state", "reward", "restricted", "low", "high", "delivered", "deliveredLow",
      "deliveredHigh",
    ])
    var lines = ["network state    reward         restricted mean delay     delivered share"]
    var members: [JSONValue] = []
    for network in study.networks(["b4"]) {
      for (state, observation) in Self.states {
        for (reward, form) in Self.rewards {
          let cells = try (0..<study.options.seeds).map { index in
            defer { counter.advance() }
            return try cell(network, observation, form, seedIndex: index)
          }
          let delay = Interval.mean(of: cells.map(\.restricted))
          let share = Interval.mean(of: cells.map(\.delivered))
          table.append([
            .text(network), .text(state), .text(reward), .optional(delay?.mean),
            .optional(delay?.low), .optional(delay?.high), .optional(share?.mean),
            .optional(share?.low), .optional(share?.high),
          ])
          lines.append(
            [
              network.padded(7), state.padded(8), reward.padded(14), delay.text(1).padded(25),
              share.text(3),
            ].joined(separator: " "))
          members.append([
            "network": .string(network), "state": .string(state), "reward": .string(reward),
            "restrictedMeanDelay": delay?.jsonValue ?? .null,
            "deliveredShare": share?.jsonValue ?? .null,
          ])
        }
      }
    }
    return ReproductionOutcome(
      text: lines.joined(separator: "\n"),
      json: [
        "id": "mamrl-ablation", "quick": .bool(study.options.quick), "load": .number(load),
        "iterations": .integer(iterations), "seeds": .integer(study.options.seeds),
        "results": .array(members),
      ], tables: [("mamrl-ablation.csv", table)])
  }

  var iterations: Int { study.options.quick ? 40 : 300 }

  private func cell(
    _ network: String, _ observation: ObservationForm, _ reward: RewardForm, seedIndex: Int
  ) throws -> MAMRLStudy.Cell {
    let key =
      "\(study.sizeName)-ablation-\(network)-\(load)-\(observation.rawValue)-\(reward.rawValue)-"
      + "\(study.seed(seedIndex))"
    return try study.options.store.piece(key) {
      var settings = study.soundSettings
      settings.observation = observation
      settings.reward = reward
      settings.iterations = iterations
      let scenario = try study.source(network, .standard).scenario(load: load)
      let policies = try study.trained(
        settings, "mamrl", scenario, seedIndex: seedIndex, key: key)
      return study.measure(NeuralRoutingPolicy(policies), scenario, seedIndex)
    }
  }
}
