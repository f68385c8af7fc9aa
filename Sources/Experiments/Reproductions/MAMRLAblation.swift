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
    var results: [Result] = []
    for network in study.networks(["b4"]) {
      for (state, observation) in Self.states {
        for (reward, form) in Self.rewards {
          let cells = try (0..<study.options.seeds).map { index in
            defer { counter.advance() }
            return try cell(network, observation, form, seedIndex: index)
          }
          results.append(
            Result(network: network, state: state, reward: reward, cells: cells))
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
    let verdicts = study.networks(["b4"]).flatMap { Self.verdicts($0, results) }
    return ReproductionOutcome(
      text: (lines + [""] + verdicts).joined(separator: "\n"),
      json: [
        "id": "mamrl-ablation", "quick": .bool(study.options.quick), "load": .number(load),
        "iterations": .integer(iterations), "seeds": .integer(study.options.seeds),
        "results": .array(members), "verdicts": .array(verdicts.map(JSONValue.string)),
      ], tables: [("mamrl-ablation.csv", table)],
      figures: study.networks(["b4"]).map { Self.figure($0, results) })
  }

  /// One combination's trainings.
  struct Result: Sendable {
    var network: String
    var state: String
    var reward: String
    var cells: [MAMRLStudy.Cell]
    var delay: Interval? { Interval.mean(of: cells.map(\.restricted)) }
    var share: Interval? { Interval.mean(of: cells.map(\.delivered)) }
  }

  /// Whether what is local costs anything, in words, by paired ratios over trainings.
  static func verdicts(_ network: String, _ results: [Result]) -> [String] {
    func find(_ state: String, _ reward: String) -> Result? {
      results.first { $0.network == network && $0.state == state && $0.reward == reward }
    }
    func sentence(_ what: String, _ a: Result?, _ b: Result?) -> String? {
      guard let a, let b,
        let ratio = Interval.ratio(a.cells.map(\.restricted), over: b.cells.map(\.restricted))
      else { return nil }
      let words: String
      switch (ratio.low, ratio.high) {
      case (let low?, _) where low > 1: words = "worse"
      case (_, let high?) where high < 1: words = "better"
      default: words = "no difference that these trainings show"
      }
      return "\(network): \(what): \(ratio.textOfRatio) times the delay over all packets, \(words)."
    }
    return [
      sentence(
        "local instead of global state, global reward", find("local", "global"),
        find("global", "global")),
      sentence(
        "consensus estimate instead of the global reward, local state",
        find("local", "consensus"), find("local", "global")),
      sentence(
        "own backlog only instead of the global reward, local state", find("local", "local"),
        find("local", "global")),
      sentence(
        "delay of the router's own packets instead of the global reward, local state",
        find("local", "packet delay"), find("local", "global")),
      sentence(
        "local instead of global state, delay of own packets", find("local", "packet delay"),
        find("global", "packet delay")),
    ].compactMap { $0 }
  }

  private static func figure(_ network: String, _ results: [Result]) -> ReproductionFigure {
    func series(_ measure: (Result) -> Interval?) -> [PanelGrid.Series] {
      states.enumerated().map { style, state in
        PanelGrid.Series(
          label: "\(state.name) state", style: style,
          points: rewards.enumerated().compactMap { place, reward in
            results.first {
              $0.network == network && $0.state == state.name && $0.reward == reward.name
            }.flatMap(measure).map {
              PanelGrid.Point(x: Double(place) + 0.16 * Double(style) - 0.08, y: $0)
            }
          })
      }
    }
    let names = rewards.map(\.name)
    return PanelGrid(
      name: "mamrl-ablation-plot-\(network)", columns: 2,
      panels: [
        .init(
          title: "\(network): restricted mean delay", yLabel: "all packets, ticks",
          series: series(\.delay), xLabel: "reward", xNames: names),
        .init(
          title: "\(network): delivered share", yLabel: "share", series: series(\.share),
          xLabel: "reward", yRange: (0, 1.05), xNames: names),
      ]
    ).figure
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
