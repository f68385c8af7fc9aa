import Networks
import PacketSimulation
import Randomness
import Routing

/// The question of seed 000, "is it possible to use only local state or reward?", answered by
/// training every combination of {global, local} state and {global, consensus, local} reward.
///
/// The world is the corrected one; the reward is the backlog: exact network mean (global), estimated
/// by consensus over the links (consensus), or the router's own packets only (local). A further reward
/// pays each decision by its own packet's delay, which is local too. Two more rows are the seed's own
/// learner (`mamrl-global`: joint ratio, one constraint per agent, global state and reward) and no
/// training at all, which tells a learner that failed from one that did not begin.
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
      total: study.networks(["b4"]).count * 10 * study.options.seeds,
      observer: study.options.observer)
    var table = CSVTable(columns: [
      "network", "state", "reward", "restricted", "low", "high", "delivered", "deliveredLow",
      "deliveredHigh",
    ])
    var lines = ["network state    reward         restricted mean delay     delivered share"]
    var members: [JSONValue] = []
    var results: [Result] = []
    let rows: [(state: String, reward: String, arm: Arm)] =
      Self.states.flatMap { state in
        Self.rewards.map { (state.name, $0.name, .single(state.form, $0.form)) }
      } + [("global", "global, joint", .joint), ("local", "untrained", .untrained)]
    for network in study.networks(["b4"]) {
      for (state, reward, arm) in rows {
        let cells = try (0..<study.options.seeds).map { index in
          defer { counter.advance() }
          return try cell(network, arm, seedIndex: index)
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
      let words = Standing(ratio, against: 1).words(below: "better", above: "worse")
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
      sentence(
        "joint ratio and one constraint per agent (seed 000) instead of separate steps",
        find("global", "global, joint"), find("global", "global")),
      sentence(
        "trained on the global reward, local state, instead of not at all",
        find("local", "global"), find("local", "untrained")),
      sentence(
        "trained on the consensus estimate, local state, instead of not at all",
        find("local", "consensus"), find("local", "untrained")),
      sentence(
        "trained on the own backlog, local state, instead of not at all",
        find("local", "local"), find("local", "untrained")),
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

  /// How a row comes about.
  private enum Arm: Sendable {
    case single(ObservationForm, RewardForm)
    case joint, untrained

    var name: String {
      switch self {
      case .single(let observation, let reward): "\(observation.rawValue)-\(reward.rawValue)"
      case .joint: "joint"
      case .untrained: "untrained"
      }
    }
  }

  private func settings(_ arm: Arm) -> MAMRLConfiguration {
    var settings = study.soundSettings
    settings.iterations = iterations
    switch arm {
    case .single(let observation, let reward):
      (settings.observation, settings.reward) = (observation, reward)
    case .joint:
      let global = MAMRLConfiguration.global
      (settings.observation, settings.reward) = (global.observation, global.reward)
      settings.outerStep = global.outerStep
    case .untrained: break
    }
    return settings
  }

  private func cell(_ network: String, _ arm: Arm, seedIndex: Int) throws -> MAMRLStudy.Cell {
    let key =
      "\(study.sizeName)-ablation-\(network)-\(load)-\(arm.name)-\(study.seed(seedIndex))"
    return try study.options.store.piece(key) {
      let settings = settings(arm)
      let scenario = try study.source(network, .standard).scenario(load: load)
      if case .untrained = arm {
        let start = MetaTrainer(
          scenario: scenario, settings: settings,
          seeds: SeedTree(root: study.seed(seedIndex)).child("training"))
        return study.measure(NeuralRoutingPolicy(start.policies), scenario, seedIndex)
      }
      return try study.trained(settings, "mamrl", scenario, seedIndex: seedIndex, key: key)
    }
  }
}
