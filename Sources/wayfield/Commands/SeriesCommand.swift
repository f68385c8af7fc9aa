import Experiments
import Networks
import Routing

/// `wayfield series`: a series of demand matrices, one after the other.
enum SeriesCommand: Command {
  static let traffic = Argument<String>.required(
    "traffic", .path("file"),
    help:
      "The series: rows of numbers (TEAVAR), a folder of SNDlib files ('folder/2004*' for those "
      + "that begin so), or CSV with a column 'matrix'.")
  static let algorithms = Argument<[String]>.option(
    "algorithms", ValueType.choice("name", RoutingArguments.algorithmNames).list(),
    default: ["social-actor-critic"], help: "What plays the series beside the references.")
  static let fraction = Argument<Double>.option(
    "load-fraction", .positive(placeholder: "f"), default: 0.8,
    help: "The load as a share of λ*; of which matrix, '--scale' says.")
  static let scale = Argument<DemandSeries.Scale>.option(
    "scale", .cases("rule"), default: .mean,
    help: "mean: one factor for all, so that the mean matrix is at the load; each: every matrix is "
      + "at the load of its own λ*.")
  static let first = Argument<Int>.option(
    "first", .integer(0...10_000_000), default: 0, help: "The matrix to begin with, from 0.")
  static let stride = Argument<Int>.option(
    "stride", .integer(1...10_000_000), default: 1, help: "Take every so many-th matrix.")
  static let count = Argument<Int>.option(
    "matrices", .integer(2...10_000_000), default: 25, help: "At most so many matrices.")
  static let perMatrix = Argument<Int>.option(
    "episodes-per-matrix", .integer(1...1_000_000), default: 10,
    help: "Episodes played before the next matrix comes.")
  static let output = Argument<String?>.optional(
    "output", .path("folder"), help: "Writes series.csv, series.json and series.txt there.")

  static let declaration = CommandDeclaration(
    name: "series",
    summary: "Plays a series of demand matrices; learners go on learning from one to the next.",
    discussion: [
      "Learners train on the first matrix, which does not count, and are told nothing of later ones. "
        + "References: delay-optimal-split and lp-split computed from the matrix before, as an "
        + "operator would, and from the true one, as if it were known in advance.",
      "'change' is half the sum of absolute differences between the shares that two matrices in a "
        + "row give to pairs: 0 the same pattern, 1 nothing in common.",
    ],
    examples: [
      "wayfield series --topology b4 --traffic demand.txt --matrices 25 --training-seeds 5",
      "wayfield series --topology abilene --traffic measured/2004* --scale each --output runs/day",
    ],
    arguments: [
      RoutingArguments.topology, traffic, algorithms, fraction, scale, first, stride, count,
      perMatrix, RoutingArguments.trainingSeeds, RoutingArguments.model, RoutingArguments.horizon,
      RoutingArguments.settings, output, CommonArguments.seed, CommonArguments.threads,
    ])

  static func run(_ input: Invocation) throws -> CommandResult {
    let network = try TopologyCatalogue.load(try input[RoutingArguments.topology])
    let path = try input[traffic]
    let demands = try DemandCatalogue.load(path, for: network.topology)
    let every = try input[stride]
    let chosen = demands.series.dropFirst(try input[first]).enumerated()
      .filter { $0.offset % every == 0 }.map(\.element).prefix(try input[count])
    let series = try DemandSeries(
      matrices: Array(chosen), topology: network.topology, loadFraction: try input[fraction],
      scale: try input[scale], file: path)
    var settings = try Settings(try input[RoutingArguments.settings])
    let source = try ScenarioSource(
      network: network, preset: try input[RoutingArguments.model],
      horizon: try input[RoutingArguments.horizon], settings: &settings)
    let entries = try RoutingArguments.entries(try input[algorithms], &settings)
    try settings.finish()
    let folder = try input[output].map { try ResultFolder($0) }
    let experiment = SeriesExperiment(
      source: source, series: series, episodesPerMatrix: try input[perMatrix],
      trainingSeeds: try input[RoutingArguments.trainingSeeds],
      seed: try input[CommonArguments.seed], threads: try input[CommonArguments.threads],
      observer: input.progress)
    let result = try experiment.run(entries)
    let warnings = (source.warnings + demands.warnings).map { "Warning: \($0.description)\n" }
    let outcome = CommandResult(
      json: result.json(
        experiment, traffic: path, loadFraction: try input[fraction], scale: try input[scale]),
      text: warnings.joined() + text(result))
    if let folder {
      try folder.write(result.table.text, to: "series.csv")
      try folder.write(outcome.json.text(indented: true) + "\n", to: "series.json")
      try folder.write(outcome.text + "\n", to: "series.txt")
    }
    return outcome
  }

  private static func text(_ result: SeriesResult) -> String {
    var table = TextTable(
      ["algorithm", "delay", "95 % interval", "over FD (true)", "95 % interval", "lost", ""],
      leftColumns: 1)
    for subject in result.subjects {
      let (delay, ratio) = (subject.delays.interval, result.ratio(subject))
      table.append([
        subject.name, TextTable.number(delay?.mean, 2),
        "\(TextTable.number(delay?.low, 2)) … \(TextTable.number(delay?.high, 2))",
        TextTable.number(ratio?.mean, 4),
        "\(TextTable.number(ratio?.low, 4)) … \(TextTable.number(ratio?.high, 4))",
        TextTable.number(subject.sample(\.lost).interval?.mean, 1),
        subject.isLearner ? result.verdict(subject) : "",
      ])
    }
    let changes = result.series.changes
    let played = result.series.fractions.dropFirst()
    let mean = changes.reduce(0, +) / Double(changes.count)
    return table.text
      + "\n\n\(changes.count) matrices after the first, at "
      + "\(TextTable.number(played.min(), 2)) to \(TextTable.number(played.max(), 2)) of their own λ*; "
      + "mean change \(TextTable.number(mean, 3)), largest \(TextTable.number(changes.max(), 3)).\n"
      + "Knowing the true matrix is worth \(percent(result.gain)) to a fixed split. "
      + "Midpoint: halfway between FD from the matrix before and FD (true).\n"
      + "delay: restricted mean over all packets, in ticks; intervals over matrices and seeds."
  }

  private static func percent(_ gain: Interval?) -> String {
    func share(_ value: Double?) -> String { TextTable.number(value.map { 100 * ($0 - 1) }, 2) }
    return "\(share(gain?.mean)) % (\(share(gain?.low)) … \(share(gain?.high)))"
  }
}
