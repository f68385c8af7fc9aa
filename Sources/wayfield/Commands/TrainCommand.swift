import Experiments
import Networks
import PacketSimulation
import Routing

/// `wayfield train`: trains a learner and keeps its policy on file.
enum TrainCommand: Command {
  static let algorithm = Argument<String>.positional(
    "algorithm",
    .choice("A", RoutingCatalogue.algorithms.filter { $0.kind == .learner }.map(\.name)),
    help: "The learner.")
  static let episodes = Argument<Int?>.optional(
    "episodes", .integer(1...10_000_000),
    help: "Episodes to train on; by default the algorithm's own number.")
  static let output = Argument<String>.required(
    "output", .path("policy"),
    help: "The policy file (safetensors). Where it holds the same training, unfinished, training "
      + "goes on from there; progress is written beside it as .csv.")

  static let declaration = CommandDeclaration(
    name: "train", summary: "Trains a learner and keeps its policy on file.",
    discussion: [
      "A training that was killed goes on from its last checkpoint when the same command is given "
        + "again, and ends with the same bytes."
    ],
    examples: [
      "wayfield train mamrl --topology b4 --load-fraction 0.8 --output b4.safetensors",
      "wayfield train q-routing --topology b4 --load 0.25 --episodes 100 --output q.safetensors",
    ],
    arguments: [
      algorithm, RoutingArguments.topology, SimulateCommand.load, SimulateCommand.fraction,
      episodes,
      output, RoutingArguments.traffic, RoutingArguments.model, RoutingArguments.horizon,
      RoutingArguments.informationAge,
      RoutingArguments.settings, CommonArguments.seed, CommonArguments.threads,
    ])

  static func run(_ input: Invocation) throws -> CommandResult {
    let given = (load: try input[SimulateCommand.load], share: try input[SimulateCommand.fraction])
    guard (given.load == nil) != (given.share == nil) else {
      throw UsageError("Exactly one of '--load' and '--load-fraction' is needed.")
    }
    let setup = try RoutingArguments.trainingSetup(
      input, algorithm: try input[algorithm], episodes: try input[episodes])
    let load = try given.load ?? setup.context.load(fraction: given.share ?? 0)
    let path = try input[output]
    try OutputPlace.checkFile(path)
    let training = LearnerTraining(
      entry: setup.entry, scenario: try setup.context.source.scenario(load: load),
      seed: setup.context.seed, threads: try input[CommonArguments.threads], path: path,
      observer: input.progress)
    let outcome = try training.run()
    return CommandResult(
      json: [
        "algorithm": .string(outcome.policy.algorithm),
        "topology": .string(outcome.policy.topology),
        "load": .number(load), "episodes": .integer(outcome.policy.episodes),
        "restrictedMeanDelay": .optional(outcome.restrictedMeanDelay),
        "deliveredShare": .optional(outcome.deliveredShare),
        "controlBytesPerPacket": .optional(outcome.controlBytesPerPacket),
        "bytesPerRouter": bytes(outcome.bytesPerRouter), "output": .string(path),
      ],
      text: text(outcome, path))
  }

  private static func text(_ outcome: LearnerTraining.Outcome, _ path: String) -> String {
    let policy = outcome.policy
    var line = "\(policy.algorithm) on \(policy.topology), \(policy.episodes) episodes"
    if let delay = outcome.restrictedMeanDelay, let share = outcome.deliveredShare {
      line += ": restricted mean delay \(TextTable.number(delay, 2)) ticks, delivered share "
      line += "\(TextTable.number(share, 4)) in the last of them"
      if let control = outcome.controlBytesPerPacket {
        line += "; routers tell each other \(TextTable.number(control, 1)) bytes per packet"
      }
    } else {
      line += ": already finished"
    }
    if !outcome.bytesPerRouter.isEmpty {
      line += "\nStored per router: \(TextTable.number(mean(outcome.bytesPerRouter), 0)) bytes on "
      line += "the mean, at most \(outcome.bytesPerRouter.max() ?? 0)"
    }
    return line + "\nPolicy: \(path)"
  }

  private static func mean(_ bytes: [Int]) -> Double {
    Double(bytes.reduce(0, +)) / Double(max(bytes.count, 1))
  }

  private static func bytes(_ bytes: [Int]) -> JSONValue {
    guard let most = bytes.max() else { return .null }
    return ["mean": .number(mean(bytes)), "max": .integer(most)]
  }
}
