import Experiments
import Networks
import PacketSimulation
import Routing

/// `wayfield adapt`: how a trained learner takes link failures.
enum AdaptCommand: Command {
  static let policy = Argument<String>.required(
    "policy", .path("file"), help: "The policy file of a finished training.")
  static let failures = Argument<String>.required(
    "fail", .text("link|all"),
    help: "A link that fails (A:B or @12), or 'all': every link whose failure leaves the network "
      + "connected, one after the other.")
  static let episodes = Argument<Int>.option(
    "episodes", .integer(5...1_000_000), default: 50, help: "Episodes after the failure.")

  static let declaration = CommandDeclaration(
    name: "adapt", summary: "Lets a trained learner meet a link failure and measures it.",
    discussion: [
      "Adapted: the first episode from which on the five-episode average of the restricted mean delay "
        + "stays within 10 % of lp-split's, recomputed at once for the failed network, on the same "
        + "arrivals. The least possible number is 5."
    ],
    examples: [
      "wayfield adapt --policy b4.safetensors --topology b4 --load-fraction 0.8 --fail all"
    ],
    arguments: [
      policy, RoutingArguments.topology, SimulateCommand.load, SimulateCommand.fraction, failures,
      episodes, RoutingArguments.traffic, RoutingArguments.model, RoutingArguments.horizon,
      RoutingArguments.settings, CommonArguments.seed, CommonArguments.threads,
    ])

  static func run(_ input: Invocation) throws -> CommandResult {
    let given = (load: try input[SimulateCommand.load], share: try input[SimulateCommand.fraction])
    guard (given.load == nil) != (given.share == nil) else {
      throw UsageError("Exactly one of '--load' and '--load-fraction' is needed.")
    }
    let file = try PolicyFile(path: try input[policy])
    let setup = try RoutingArguments.trainingSetup(input, algorithm: file.algorithm, episodes: nil)
    let load = try given.load ?? setup.context.load(fraction: given.share ?? 0)
    let study = AdaptationStudy(
      policy: file, source: setup.context.source, load: load, episodes: try input[episodes],
      seed: setup.context.seed)
    let wanted = try input[failures]
    let states = try failureStates(wanted, setup.context.source.topology)
    let outcomes = try ParallelMap(
      threads: try input[CommonArguments.threads], observer: input.progress, label: "failures"
    ).map(count: states.count) { try study.run(states[$0]) }
    let topology = setup.context.source.topology.name
    let objects = outcomes.map { $0.json(topology: topology, load: load) }
    return CommandResult(
      json: wanted == "all" ? .array(objects) : objects[0],
      text: text(outcomes))
  }

  private static func failureStates(
    _ text: String, _ topology: Topology
  ) throws -> [FailureState] {
    guard text == "all" else {
      let parsed = try FailureScenario(parsing: [text], in: topology)
      return [FailureState(name: text, outages: parsed.outages)]
    }
    return EnvironmentDistribution.survivable(topology).map { link in
      let ends = topology.links[link.index]
      let name =
        "\(topology.routers[ends.source.index].name):\(topology.routers[ends.target.index].name)"
      return FailureState(name: name, outages: [LinkOutage(link: link)])
    }
  }

  private static func text(_ outcomes: [AdaptationStudy.Outcome]) -> String {
    var table = TextTable(
      ["failure", "episodes to adapt", "lost until then", "before", "after", "lp-split after"])
    for outcome in outcomes {
      let reference = outcome.reference.suffix(5).reduce(0, +) / 5
      table.append([
        outcome.failure.name ?? "", outcome.episodesToAdapt.map(String.init) ?? "not adapted",
        "\(outcome.lostUntilAdapted)", TextTable.number(outcome.levelBefore, 2),
        TextTable.number(outcome.levelAfter, 2), TextTable.number(reference, 2),
      ])
    }
    return table.text
  }
}
