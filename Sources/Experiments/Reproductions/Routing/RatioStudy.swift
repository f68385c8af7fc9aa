import Networks
import PacketSimulation
import Routing

/// The learner's restricted mean delay over that of the delay-optimal split (FD), network by network
/// and load by load, with the fairness guard and the cost in control messages.
///
/// Each cell trains `options.seeds` learners on the network at that load and plays the same 100
/// episodes with each of them and with FD (`RoutingExperiment`).
struct RatioStudy: Sendable {
  let id: String
  let options: ReproductionOptions
  let demand: StudyNetwork.Demand
  /// Built-in networks or files, where the user named none.
  let paths: @Sendable (ReproductionOptions) throws -> [String]
  let loads: [Double]

  /// One network at one load.
  struct Cell: Codable, Sendable {
    var network: String
    var size: String
    var traffic: String
    var capacity: Double
    var fraction: Double
    var reference: Double
    var learner: Double
    var ratio: Interval
    var lowestShare: Double?
    var referenceLowestShare: Double?
    /// The first less the second, paired.
    var lowestShareDifference: Interval?
    var jain: Double?
    var referenceJain: Double?
    var controlBytesPerPacket: Double?
  }

  static let episodes = 100
  private var study: RoutingStudy { RoutingStudy(options: options) }
  private var episodeCount: Int { options.quick ? 20 : Self.episodes }

  func run() throws -> ReproductionOutcome {
    let paths = try study.paths(default: paths(options))
    let loads = options.loads ?? loads
    let counter = StepCounter(
      label: id, total: paths.count * loads.count, observer: options.observer)
    var cells: [Cell] = []
    for path in paths {
      for load in loads {
        cells.append(try cell(path, load))
        counter.advance()
      }
    }
    return ReproductionOutcome(
      text: RatioTable(cells: cells, episodes: episodeCount, seeds: options.seeds).text,
      json: [
        "id": .string(id), "seeds": .integer(options.seeds), "episodes": .integer(episodeCount),
        "algorithm": .string(RoutingStudy.algorithm), "results": .array(cells.map(\.json)),
      ], tables: [("\(id).csv", Self.table(cells))])
  }

  private func cell(_ path: String, _ fraction: Double) throws -> Cell {
    let name = path.split(separator: "/").suffix(2).joined(separator: "-")
    let key = study.key("ratio", name, "\(demand)", "f\(fraction)", "e\(episodeCount)")
    return try options.store.piece(key) { try measure(path, fraction) }
  }

  private func measure(_ path: String, _ fraction: Double) throws -> Cell {
    let (network, learner) = try study.network(path, demand: demand)
    let reference = try RoutingCatalogue.algorithm("delay-optimal-split")
    let experiment = RoutingExperiment(
      source: network.source, episodes: episodeCount, trainingSeeds: options.seeds,
      seed: options.rootSeed, threads: options.threads)
    let load = Scenario.load(
      effectiveRate: fraction * network.capacity, law: network.source.model.arrivals)
    let results = try experiment.run(
      [learner, RoutingEntry(reference, configuration: reference.defaultConfiguration)],
      loads: [load], failures: [.intact])
    let (mine, split) = (results[0], results[1])
    return Cell(
      network: network.name, size: network.sizeText, traffic: network.traffic,
      capacity: network.capacity, fraction: fraction,
      reference: split.interval(.restrictedMeanDelay)?.mean ?? 0,
      learner: mine.interval(.restrictedMeanDelay)?.mean ?? 0,
      ratio: mine.ratio(to: split) ?? Interval(mean: 1),
      lowestShare: mine.lowestPairShare?.mean, referenceLowestShare: split.lowestPairShare?.mean,
      lowestShareDifference: mine.lowestPairShareDifference(to: split),
      jain: mine.jainIndex?.mean, referenceJain: split.jainIndex?.mean,
      controlBytesPerPacket: mine.interval(.controlBytesPerPacket)?.mean)
  }

  static func table(_ cells: [Cell]) -> CSVTable {
    var table = CSVTable(columns: [
      "network", "size", "traffic", "capacity", "fraction", "fd", "learner", "ratio", "low", "high",
      "lowestShare", "fdLowestShare", "differenceLow", "differenceHigh", "jain", "fdJain",
      "controlBytesPerPacket",
    ])
    for cell in cells {
      table.append([
        .text(cell.network), .text(cell.size), .text(cell.traffic), .number(cell.capacity),
        .number(cell.fraction), .number(cell.reference), .number(cell.learner),
        .number(cell.ratio.mean), .optional(cell.ratio.low), .optional(cell.ratio.high),
        .optional(cell.lowestShare), .optional(cell.referenceLowestShare),
        .optional(cell.lowestShareDifference?.low), .optional(cell.lowestShareDifference?.high),
        .optional(cell.jain), .optional(cell.referenceJain), .optional(cell.controlBytesPerPacket),
      ])
    }
    return table
  }
}

extension RatioStudy.Cell {
  var json: JSONValue {
    [
      "network": .string(network), "size": .string(size), "traffic": .string(traffic),
      "capacity": .number(capacity), "fraction": .number(fraction), "fd": .number(reference),
      "learner": .number(learner), "ratio": ratio.jsonValue,
      "lowestShare": .optional(lowestShare), "fdLowestShare": .optional(referenceLowestShare),
      "lowestShareDifference": lowestShareDifference?.jsonValue ?? .null,
      "jain": .optional(jain), "fdJain": .optional(referenceJain),
      "controlBytesPerPacket": .optional(controlBytesPerPacket),
    ]
  }
}
