import Experiments
import Foundation
import Networks
import PacketSimulation
import Routing

/// `wayfield bench --name mamrl-training`: how fast MAMRL trains, and what share of the machine's
/// matrix products that is.
enum MetaTrainingTiming {
  static func run(_ input: Invocation) throws -> CommandResult {
    var settings = try Settings(try input[RoutingArguments.settings])
    let source = try ScenarioSource(
      network: try TopologyCatalogue.load(try input[BenchCommand.topology]), preset: .published,
      settings: &settings)
    let learner = try settings.take(MAMRLConfiguration.published, scope: "mamrl-published")
    try settings.finish()
    let threads = try input[CommonArguments.threads]
    let benchmark = MetaTrainingBenchmark(
      scenario: try source.scenario(load: 0.5), settings: learner, threads: threads)
    let count = try input[BenchCommand.iterations]
    var trainer = benchmark.trainer(seed: try input[CommonArguments.seed])
    let training = measure { benchmark.iterate(&trainer, count) }
    let products = try peak(benchmark)
    return result(learner, source.topology.name, count, threads, training, products)
  }

  /// One policy-gradient step on one thread: the fastest of the repeats, ten steps each.
  static func policyGradient(_ input: Invocation) throws -> CommandResult {
    let benchmark = PolicyGradientBenchmark(seed: try input[CommonArguments.seed])
    var best: Timing?
    for _ in 0..<(try input[BenchCommand.repeats]) {
      let here = measure {
        benchmark.steps(10).isFinite ? 10 * benchmark.operationsPerStep / 1e9 : 0
      }
      if best.map({ here.processor < $0.processor }) ?? true { best = here }
    }
    let seconds = (best?.processor ?? 0) / 10
    let rate = benchmark.operationsPerStep / 1e9 / max(seconds, 1e-9)
    return CommandResult(
      json: [
        "benchmark": "policy-gradient", "rows": .integer(PolicyGradientBenchmark.rows),
        "processorSecondsPerStep": .number(seconds), "gigaflops": .number(rate),
      ],
      text: "\(TextTable.number(seconds * 1e3, 2)) ms of one core a step, "
        + "\(TextTable.number(rate, 1)) GFLOP/s")
  }

  private struct Timing {
    var wall: Double
    var processor: Double
    /// Operations in units of 1e9.
    var work: Double
    var rate: Double { work / wall }
  }

  private static func measure(_ body: () throws -> Double) rethrows -> Timing {
    let (wall, processor) = (Date(), clock())
    let work = try body()
    return Timing(
      wall: Date().timeIntervalSince(wall),
      processor: Double(clock() - processor) / Double(CLOCKS_PER_SEC), work: work)
  }

  /// The fastest of five rounds of bare products.
  private static func peak(_ benchmark: MetaTrainingBenchmark) throws -> Timing {
    var best: Timing?
    for _ in 0..<5 {
      let here = try measure { try benchmark.products(1500) }
      if best.map({ here.rate > $0.rate }) ?? true { best = here }
    }
    return best ?? Timing(wall: 1, processor: 1, work: 0)
  }

  private static func result(
    _ settings: MAMRLConfiguration, _ topology: String, _ count: Int, _ threads: Int,
    _ training: Timing, _ products: Timing
  ) -> CommandResult {
    let perIteration = training.wall / Double(count)
    let whole = perIteration * Double(settings.iterations) / 60
    let share = training.rate / max(products.rate, 1e-9)
    let json: JSONValue = [
      "benchmark": "mamrl-training", "topology": .string(topology), "threads": .integer(threads),
      "iterations": .integer(count), "secondsPerIteration": .number(perIteration),
      "processorSecondsPerIteration": .number(training.processor / Double(count)),
      "gigaOperationsPerIteration": .number(training.work / Double(count)),
      "gigaflops": .number(training.rate), "matrixProductGigaflops": .number(products.rate),
      "shareOfMatrixProducts": .number(share), "fisherStride": .integer(settings.fisherStride),
      "iterationsOfATraining": .integer(settings.iterations), "minutesOfATraining": .number(whole),
    ]
    let text = """
      \(topology), \(threads) threads: \(TextTable.number(perIteration, 2)) s an iteration \
      (\(TextTable.number(training.processor / Double(count), 2)) processor seconds), \
      \(TextTable.number(training.work / Double(count), 0)) GFLOP in dense layers
      \(TextTable.number(training.rate, 1)) GFLOP/s, \(TextTable.number(share * 100, 0)) % of the \
      \(TextTable.number(products.rate, 1)) GFLOP/s of bare matrix products in the same run
      \(settings.iterations) iterations: \(TextTable.number(whole, 1)) minutes
      """
    return CommandResult(json: json, text: text)
  }
}
