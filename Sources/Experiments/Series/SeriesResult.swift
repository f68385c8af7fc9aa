import Networks
import PacketSimulation

/// Which matrix a fixed split was computed from.
public enum SeriesKnowledge: String, Codable, Hashable, Sendable {
  case `true`
  case previous
}

/// What one subject's episodes of one matrix came to, on the mean.
public struct SeriesCell: Codable, Hashable, Sendable {
  public var restrictedMeanDelay: Double
  public var deliveredShare: Double
  public var lost: Double

  init(_ results: EpisodeResults) {
    let count = Double(max(results.episodes.count, 1))
    restrictedMeanDelay = results.episodes.reduce(0) { $0 + $1.restrictedMeanDelay } / count
    deliveredShare = results.episodes.reduce(0) { $0 + $1.deliveredShare } / count
    lost = results.episodes.reduce(0) { $0 + Double($1.lost) } / count
  }

  public init(restrictedMeanDelay: Double, deliveredShare: Double = 1, lost: Double = 0) {
    self.restrictedMeanDelay = restrictedMeanDelay
    self.deliveredShare = deliveredShare
    self.lost = lost
  }
}

/// One algorithm over a series.
public struct SeriesSubject: Sendable {
  public var algorithm: String
  /// nil: a learner, which is told nothing.
  public var knowledge: SeriesKnowledge?
  public var isLearner: Bool
  /// `[training seed][matrix − 1]`.
  public var runs: [[SeriesCell]]

  public init(
    algorithm: String, knowledge: SeriesKnowledge?, isLearner: Bool, runs: [[SeriesCell]]
  ) {
    self.algorithm = algorithm
    self.knowledge = knowledge
    self.isLearner = isLearner
    self.runs = runs
  }

  public var name: String {
    guard let knowledge else { return algorithm }
    return "\(algorithm) (\(knowledge.rawValue) matrix)"
  }

  /// Matrices stand for the episodes of `CrossedSample`: those of one matrix share its luck.
  public func sample(_ value: (SeriesCell) -> Double) -> CrossedSample {
    CrossedSample(runs.map { $0.map(value) })
  }
  public var delays: CrossedSample { sample(\.restrictedMeanDelay) }

  /// Mean delay at one matrix over training seeds.
  public func delay(at index: Int) -> Double {
    runs.reduce(0) { $0 + $1[index].restrictedMeanDelay } / Double(runs.count)
  }
}

/// A played series: every subject at every matrix but the first.
public struct SeriesResult: Sendable {
  public var series: DemandSeries
  public var subjects: [SeriesSubject]

  public init(series: DemandSeries, subjects: [SeriesSubject]) {
    self.series = series
    self.subjects = subjects
  }

  private func split(_ knowledge: SeriesKnowledge) -> SeriesSubject? {
    subjects.first { $0.algorithm == "delay-optimal-split" && $0.knowledge == knowledge }
  }
  /// FD computed from the true matrices, and from those before.
  public var best: SeriesSubject? { split(.true) }
  public var stale: SeriesSubject? { split(.previous) }

  /// Delay over that of FD from the true matrix, on the same arrivals.
  public func ratio(_ subject: SeriesSubject) -> Interval? {
    best.flatMap { subject.delays.ratio(to: $0.delays) }
  }

  /// Delay minus the midpoint between FD from the matrix before and FD from the true one.
  public func distanceToMidpoint(_ subject: SeriesSubject) -> Interval? {
    guard let best, let stale else { return nil }
    let middle = CrossedSample([
      zip(best.runs[0], stale.runs[0]).map {
        ($0.restrictedMeanDelay + $1.restrictedMeanDelay) / 2
      }
    ])
    return subject.delays.difference(to: middle)
  }

  /// How much there is to win by knowing the true matrix: FD from the one before over it.
  public var gain: Interval? { stale.flatMap(ratio) }

  /// In words, whether a learner is below the midpoint.
  public func verdict(_ subject: SeriesSubject) -> String {
    guard let distance = distanceToMidpoint(subject) else { return "not comparable" }
    if let high = distance.high, high < 0 { return "below the midpoint" }
    if let low = distance.low, low > 0 { return "above the midpoint" }
    return distance.mean < 0
      ? "below the midpoint, not beyond chance" : "above the midpoint, not beyond chance"
  }

  public var table: CSVTable {
    var table = CSVTable(
      columns: ["matrix", "load", "load_fraction", "change"] + subjects.map(\.name))
    for index in 0..<(series.matrices.count - 1) {
      table.append(
        [
          .integer(index + 1), .number(series.loads[index + 1]),
          .number(series.fractions[index + 1]), .number(series.changes[index]),
        ] + subjects.map { .number($0.delay(at: index)) })
    }
    return table
  }

  var subjectsJSON: JSONValue {
    .array(
      subjects.map { subject in
        [
          "algorithm": .string(subject.algorithm),
          "matrix": subject.knowledge.map { .string($0.rawValue) } ?? .null,
          "restrictedMeanDelay": subject.delays.interval?.jsonValue ?? .null,
          "ratioToTrueSplit": ratio(subject)?.jsonValue ?? .null,
          "deliveredShare": subject.sample(\.deliveredShare).interval?.jsonValue ?? .null,
          "lost": subject.sample(\.lost).interval?.jsonValue ?? .null,
          "distanceToMidpoint": distanceToMidpoint(subject)?.jsonValue ?? .null,
          "verdict": subject.isLearner ? .string(verdict(subject)) : .null,
          "delays": .numbers(subject.runs[0].indices.map { subject.delay(at: $0) }),
        ]
      })
  }
  /// The object of `series --json`.
  public func json(
    _ experiment: SeriesExperiment, traffic: String, loadFraction: Double, scale: DemandSeries.Scale
  ) -> JSONValue {
    [
      "topology": .string(experiment.source.topology.name), "traffic": .string(traffic),
      "loadFraction": .number(loadFraction), "scale": .string(scale.rawValue),
      "horizon": .integer(experiment.source.horizon),
      "matrices": .integer(series.matrices.count),
      "episodesPerMatrix": .integer(experiment.episodesPerMatrix),
      "trainingSeeds": .integer(experiment.trainingSeeds), "seed": experiment.seed.jsonValue,
      "loads": .numbers(series.loads), "fractions": .numbers(series.fractions),
      "changes": .numbers(series.changes), "previousOverTrueSplit": gain?.jsonValue ?? .null,
      "results": subjectsJSON,
    ]
  }
}
