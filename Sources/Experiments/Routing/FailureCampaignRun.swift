import Networks
import PacketSimulation

/// A failure campaign: every failure of one kind, each played by all algorithms on the same arrivals.
///
/// ```swift
/// let run = FailureCampaignRun(context: context, experiment: experiment, entries: entries, load: 0.2)
/// let results = try run.play(FailureCampaign(topology, scope: .links), from: 100, until: nil)
/// results.worst(of: "ecmp")
/// ```
///
/// - Randomness: everything follows from the experiment's seed; threads change nothing.
public struct FailureCampaignRun: Sendable {
  public let context: RoutingContext
  public let experiment: RoutingExperiment
  public let entries: [RoutingEntry]
  public let load: Double
  /// Ratios refer to this algorithm in the same failure.
  public let reference: String?

  public init(
    context: RoutingContext, experiment: RoutingExperiment, entries: [RoutingEntry], load: Double,
    reference: String?
  ) {
    self.context = context
    self.experiment = experiment
    self.entries = entries
    self.load = load
    self.reference = reference
  }

  /// Plays the intact network and then every case, down in the ticks `from ..< until`.
  public func play(
    _ campaign: FailureCampaign, from tick: Int, until: Int?
  ) throws -> FailureCampaignResults {
    let states =
      [FailureState.intact]
      + campaign.cases.map {
        FailureState(name: $0.name, outages: $0.scenario(from: tick, until: until).outages)
      }
    let referenceIndex = entries.firstIndex { $0.algorithm.name == reference }
    var intact: [RoutingResult] = []
    var rows: [FailureCampaignRow] = []
    try experiment.campaign(entries, load: load, failures: states) { index, results in
      if index == 0 { intact = results }
      for (entry, result) in results.enumerated() {
        rows.append(
          FailureCampaignRow(
            result, case: index == 0 ? nil : campaign.cases[index - 1], intact: intact[entry],
            reference: referenceIndex.map { results[$0] }))
      }
    }
    return FailureCampaignResults(
      algorithms: entries.map(\.algorithm.name), scope: campaign.scope, omitted: campaign.omitted,
      from: tick, until: until, rows: rows)
  }
}

/// One algorithm in one failure.
public struct FailureCampaignRow: Sendable {
  public let algorithm: String
  /// nil: the intact network.
  public let failure: String?
  public let links: [LinkID]
  public let router: RouterID?
  /// Whether every router can still reach every other (other than one that is down itself).
  public let keepsConnected: Bool
  /// Intervals by the names of `EpisodeMeasure`.
  public let measures: [(name: String, interval: Interval?)]
  public let lowestPairDeliveredShare: Interval?
  /// Restricted mean delay over that on the intact network, paired.
  public let ratioToIntact: Interval?
  /// Restricted mean delay over the reference's in the same failure, paired.
  public let ratioToReference: Interval?

  init(
    _ result: RoutingResult, case failure: FailureCase?, intact: RoutingResult,
    reference: RoutingResult?
  ) {
    algorithm = result.entry.algorithm.name
    self.failure = failure?.name
    links = failure?.links ?? []
    router = failure?.router
    keepsConnected = failure?.keepsConnected ?? true
    measures = Self.measures.map { ($0.name, result.interval($0)) }
    lowestPairDeliveredShare = result.lowestPairShare
    ratioToIntact = failure == nil ? nil : result.ratio(to: intact)
    ratioToReference = reference.flatMap { result.ratio(to: $0) }
  }

  static var measures: [EpisodeMeasure] {
    let names = [
      "restrictedMeanDelay", "deliveredShare", "lost", "lostInFlightAtFailure", "lostOnFailedLink",
      "meanDeliveryTime",
    ]
    return names.compactMap { name in
      (EpisodeMeasure.all + EpisodeMeasure.causes).first { $0.name == name }
    }
  }

  /// The mean of a measure; nil where no episode has it.
  public func mean(_ name: String) -> Double? {
    measures.first { $0.name == name }?.interval?.mean
  }
}

/// All rows of a campaign, in the order of the cases, the intact network first.
public struct FailureCampaignResults: Sendable {
  public let algorithms: [String]
  public let scope: FailureScope
  /// Cases that the limit left out.
  public let omitted: Int
  public let from: Int
  public let until: Int?
  public let rows: [FailureCampaignRow]

  /// What an algorithm did over all failures.
  public struct Summary: Sendable {
    public let algorithm: String
    public let intactDelay: Double?
    /// Means over the failures that leave the network connected; `worst` among them.
    public let meanDelay: Double?
    public let meanLost: Double?
    public let worst: FailureCampaignRow?
    public let cases: Int
    /// Failures that separate routers: left out above.
    public let separating: Int
  }

  public func rows(of algorithm: String) -> [FailureCampaignRow] {
    rows.filter { $0.algorithm == algorithm && $0.failure != nil }
  }

  /// The failures with the greatest restricted mean delay, worst first.
  public func worst(of algorithm: String, count: Int = 10) -> [FailureCampaignRow] {
    let sorted = rows(of: algorithm).enumerated().sorted { a, b in
      let (x, y) = (
        a.element.mean("restrictedMeanDelay") ?? 0, b.element.mean("restrictedMeanDelay") ?? 0
      )
      return x != y ? x > y : a.offset < b.offset
    }
    return sorted.prefix(count).map(\.element)
  }

  public func summary(of algorithm: String) -> Summary {
    let all = rows(of: algorithm)
    let kept = all.filter(\.keepsConnected)
    func mean(_ name: String) -> Double? {
      let values = kept.compactMap { $0.mean(name) }
      return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
    let intact = rows.first { $0.algorithm == algorithm && $0.failure == nil }
    return Summary(
      algorithm: algorithm, intactDelay: intact?.mean("restrictedMeanDelay"),
      meanDelay: mean("restrictedMeanDelay"), meanLost: mean("lost"),
      worst: worst(of: algorithm, count: all.count).first(where: \.keepsConnected),
      cases: kept.count, separating: all.count - kept.count)
  }
}
