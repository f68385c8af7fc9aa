import Experiments
import Networks
import PacketSimulation
import Randomness
import Routing

/// `wayfield adapt`: how a trained learner takes link failures.
enum AdaptCommand: Command {
  static let policy = Argument<String>.required(
    "policy", .path("file"), help: "The policy file of a finished training.")
  static let failures = Argument<String>.required(
    "fail", .text("link|all|pairs"),
    help:
      "A link that fails (A:B or @12), several joined by + that fail at once, 'all': every link "
      + "whose failure leaves the network connected, one after the other, or 'pairs': \(pairCount) "
      + "pairs, drawn with the seed, that fail at once and leave it connected.")
  static let timing = Argument<FailureCourse.Timing>.option(
    "when", .cases("moment"), default: .start,
    help: "Down from the first tick of an episode on, from the middle of an episode on, or "
      + "repaired: down for as many episodes as are measured, then up again; what is measured is the "
      + "repair.")
  private static let pairCount = 20
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
      "wayfield adapt --policy b4.safetensors --topology b4 --load-fraction 0.8 --fail all",
      "wayfield adapt --policy b4.safetensors --topology b4 --load-fraction 0.8 --fail D:E+I:K "
        + "--when middle",
    ],
    arguments: [
      policy, RoutingArguments.topology, SimulateCommand.load, SimulateCommand.fraction, failures,
      timing, episodes, RoutingArguments.traffic, RoutingArguments.model, RoutingArguments.horizon,
      RoutingArguments.informationAge,
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
    let courses = try courses(
      wanted, setup.context.source.topology, try input[timing], seed: setup.context.seed)
    let outcomes = try ParallelMap(
      threads: try input[CommonArguments.threads], observer: input.progress, label: "failures"
    ).map(count: courses.count) { try study.run(courses[$0]) }
    let topology = setup.context.source.topology.name
    let objects = outcomes.map { $0.json(topology: topology, load: load) }
    return CommandResult(
      json: wanted == "all" || wanted == "pairs" ? .array(objects) : objects[0],
      text: text(outcomes))
  }

  private static func courses(
    _ text: String, _ topology: Topology, _ timing: FailureCourse.Timing, seed: UInt64
  ) throws -> [FailureCourse] {
    switch text {
    case "all": return FailureCourse.links(of: topology, timing: timing)
    case "pairs":
      return FailureCourse.pairs(
        of: topology, timing: timing, limit: pairCount, seeds: SeedTree(root: seed))
    default:
      // A router's name may hold a plus sign: then the whole text is one link.
      let isOne = (try? FailureScenario(parsing: [text], in: topology)) != nil
      let names = isOne ? [text] : text.split(separator: "+").map(String.init)
      guard !names.isEmpty else { throw UsageError("'--fail' names no link.") }
      let outages = try FailureScenario(parsing: names, in: topology).outages
      guard outages.allSatisfy({ $0.from == 0 && $0.until == nil }) else {
        throw UsageError("'adapt' takes links without ticks; '--when' says when they fail.")
      }
      return [FailureCourse(name: text, links: outages.map(\.link), timing: timing)]
    }
  }

  private static func text(_ outcomes: [AdaptationStudy.Outcome]) -> String {
    var table = TextTable(
      ["failure", "episodes to adapt", "lost until then", "before", "after", "lp-split after"])
    for outcome in outcomes {
      let reference = outcome.reference.suffix(5).reduce(0, +) / 5
      table.append([
        outcome.course.name, outcome.episodesToAdapt.map(String.init) ?? "not adapted",
        "\(outcome.lostUntilAdapted)", TextTable.number(outcome.levelBefore, 2),
        TextTable.number(outcome.levelAfter, 2), TextTable.number(reference, 2),
      ])
    }
    return table.text
  }
}
