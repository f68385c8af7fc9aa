import Experiments
import Foundation
import Networks
import PacketSimulation

/// `wayfield bench`: how fast the parts are, in processor seconds of one core.
enum BenchCommand: Command {
  static let benchmark = Argument<String>.option(
    "name", .choice("NAME", ["packet-simulation", "mamrl-training", "policy-gradient"]),
    default: "packet-simulation",
    help: "What to measure.")
  static let topology = Argument<String>.option(
    "topology", .path("T"), default: "b4", help: "A built-in network or a file.")
  static let ticks = Argument<Int>.option(
    "ticks", .integer(100...100_000_000), default: 100_000, help: "Ticks of each replica.")
  static let replicas = Argument<Int>.option(
    "replicas", .integer(1...1024), default: 16, help: "Replicas that are played in step.")
  static let repeats = Argument<Int>.option(
    "repeats", .integer(1...1000), default: 5, help: "Measured runs; the fastest is quoted.")
  static let iterations = Argument<Int>.option(
    "iterations", .integer(1...1000), default: 3, help: "mamrl-training: iterations measured.")
  static let plain = Argument<String?>.optional(
    "plain-network", .path("FILE"),
    help: "Also write the network for the plain C loop of Benchmarks/packet-simulation.")

  static let declaration = CommandDeclaration(
    name: "bench", summary: "Measures speed, in processor seconds of one core.",
    discussion: [
      "packet-simulation: shortest path at half of its own saturation, uniform demands, all measures "
        + "on; and the same network without packets. From the two follow the cost of a packet-hop and "
        + "that of an idle router's tick.",
      "mamrl-training: iterations of the published setting (five layers of 128, 15 + 15 episodes, second "
        + "order, TRPO) at λ = .5 of the released rules, their operations counted, against bare matrix "
        + "products on the same threads; and what 300 iterations take.",
      "policy-gradient: one step of a router of that size on 7,500 decisions, on one thread; "
        + "Benchmarks/learning/compare.sh sets it beside PyTorch.",
      "Benchmarks/packet-simulation/run.sh sets it beside a plain C loop.",
    ],
    examples: [
      "wayfield bench", "wayfield bench --topology geant --json",
      "wayfield bench --name mamrl-training --topology b4 --threads 2",
    ],
    arguments: [
      benchmark, topology, ticks, replicas, repeats, iterations, plain, RoutingArguments.settings,
      CommonArguments.seed, CommonArguments.threads,
    ])

  static func run(_ input: Invocation) throws -> CommandResult {
    if let file = try input[plain] { try OutputPlace.checkFile(file) }
    switch try input[benchmark] {
    case "mamrl-training": return try MetaTrainingTiming.run(input)
    case "policy-gradient": return try MetaTrainingTiming.policyGradient(input)
    default: break
    }
    let network = try TopologyCatalogue.load(try input[topology]).topology
    let count = try input[replicas]
    let seed = try input[CommonArguments.seed]
    let busy = try benchmark(network, load: nil, ticks: try input[ticks], replicas: count)
    let idle = try benchmark(network, load: 0, ticks: try input[ticks], replicas: count)
    if let file = try input[plain] {
      try Data(busy.plainNetwork.utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
    }
    let runs = try input[repeats]
    let busyTime = fastest(runs) { busy.play(seed: seed) }
    let idleTime = fastest(runs) { idle.play(seed: seed) }
    let work = busyTime.work
    let idleTick = idleTime.seconds / Double(idleTime.work.routerTicks)
    let idleTicks = Double(work.routerTicks - work.hops)
    let hop = (busyTime.seconds - idleTick * idleTicks) / Double(max(work.hops, 1))
    let rate = Double(work.hops) / busyTime.seconds / 1e6
    let json: JSONValue = [
      "benchmark": "packet-simulation", "topology": .string(network.name),
      "load": .number(busy.scenario.load), "saturation": .number(busy.saturation),
      "hops": .integer(work.hops), "routerTicks": .integer(work.routerTicks),
      "restrictedMeanDelay": .number(work.restrictedMeanDelay),
      "millionHopsPerSecond": .number(rate), "nanosecondsPerHop": .number(hop * 1e9),
      "nanosecondsPerIdleRouterTick": .number(idleTick * 1e9),
    ]
    let text = """
      \(network.name): \(work.hops) packet-hops in \(TextTable.number(busyTime.seconds, 3)) s of one \
      core: \(TextTable.number(rate, 1)) million packet-hops per second
      \(TextTable.number(hop * 1e9, 1)) ns per packet-hop + \
      \(TextTable.number(idleTick * 1e9, 2)) ns per idle router-tick
      """
    return CommandResult(json: json, text: text)
  }

  private static func benchmark(
    _ network: Topology, load: Double?, ticks: Int, replicas: Int
  ) throws -> SimulationBenchmark {
    do {
      return try SimulationBenchmark(
        topology: network, load: load, ticks: ticks, replicas: replicas)
    } catch {
      throw InputError(
        file: network.name, expected: "a network of 2 to 65535 routers was expected")
    }
  }

  /// The run that took least processor time.
  private static func fastest(
    _ runs: Int, _ body: () -> SimulationBenchmark.Work
  ) -> (seconds: Double, work: SimulationBenchmark.Work) {
    var best: (Double, SimulationBenchmark.Work)?
    for _ in 0..<runs {
      let start = clock()
      let work = body()
      let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
      if best.map({ seconds < $0.0 }) ?? true { best = (seconds, work) }
    }
    return best ?? (0, body())
  }
}
