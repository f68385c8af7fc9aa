import Networks
import PacketSimulation
import Randomness
import Routing

/// Measures how a trained learner takes link failures: episodes to adapt, packets lost until then,
/// and the curve.
///
/// ## Method
/// Links fail and come back as a `FailureCourse` says. The yardstick plays the same arrivals: lp-split,
/// recomputed at once for what is up. Adapted is the first episode (counted from 1, at least 5, from
/// the change on) from which on every five-episode moving average of the restricted mean delay is at
/// most 1.1 times the yardstick's; nil where there is none.
///
/// - Source: `Documentation/Measures.md`.
public struct AdaptationStudy: Sendable {
  public var policy: PolicyFile
  public var source: ScenarioSource
  public var load: Double
  public var episodes: Int
  public var seed: UInt64

  public init(
    policy: PolicyFile, source: ScenarioSource, load: Double, episodes: Int, seed: UInt64
  ) {
    self.policy = policy
    self.source = source
    self.load = load
    self.episodes = episodes
    self.seed = seed
  }

  /// One course of failures. Everything but `levelBefore` counts from the change that is measured.
  public struct Outcome: Sendable {
    public var course: FailureCourse
    /// nil: not within the episodes played.
    public var episodesToAdapt: Int?
    /// Up to and including that episode; over all episodes where it did not adapt.
    public var lostUntilAdapted: Int
    /// Of these, packets that were on a link at the moment when it failed: nothing can save them.
    public var lostInFlight: Int
    /// Restricted mean delay on the intact network, and over the last five episodes.
    public var levelBefore: Double
    public var levelAfter: Double
    /// Restricted mean delay per episode, and the yardstick's.
    public var curve: [Double]
    public var reference: [Double]
    public var lost: [Int]

    public func json(topology: String, load: Double) -> JSONValue {
      [
        "topology": .string(topology), "failure": .string(course.name),
        "when": .string(course.timing.rawValue), "load": .number(load),
        "episodesToAdapt": episodesToAdapt.map { .integer($0) } ?? .null,
        "lostUntilAdapted": .integer(lostUntilAdapted), "lostInFlight": .integer(lostInFlight),
        "levelBefore": .number(levelBefore), "levelAfter": .number(levelAfter),
        "curve": .numbers(curve), "reference": .numbers(reference),
        "lost": .numbers(lost.map(Double.init)),
      ]
    }
  }

  /// - Parameter reference: the yardstick's curve, where it is known already.
  public func run(_ course: FailureCourse, reference: [Double]? = nil) throws -> Outcome {
    let intact = try source.scenario(load: load)
    var learner = try policy.learner(for: intact)
    let before = EpisodeRunner(scenario: intact).run(
      learner.frozenPolicy(), episodes: 5, seeds: seeds)
    let after = try play(course) { runner, count, first in
      learner.play(runner, episodes: count, seeds: seeds, firstEpisode: first)
    }
    let yardstick = try reference ?? self.reference(course)
    let curve = after.map(\.restrictedMeanDelay)
    let lost = after.map(\.lost)
    let adapted = Self.adapted(curve, reference: yardstick)
    let counted = after.prefix(adapted ?? after.count)
    return Outcome(
      course: course, episodesToAdapt: adapted,
      lostUntilAdapted: counted.reduce(0) { $0 + $1.lost },
      lostInFlight: counted.reduce(0) { $0 + $1.lostInFlightAtFailure },
      levelBefore: before.episodes.reduce(0) { $0 + $1.restrictedMeanDelay } / 5,
      levelAfter: curve.suffix(5).reduce(0, +) / Double(max(min(curve.count, 5), 1)), curve: curve,
      reference: yardstick, lost: lost)
  }

  /// The definition above, on two curves.
  public static func adapted(_ curve: [Double], reference: [Double]) -> Int? {
    let within = within(curve, reference: reference)
    guard let last = within.lastIndex(of: false) else { return within.isEmpty ? nil : 5 }
    return last == within.count - 1 ? nil : last + 6
  }

  /// The first episode (counted from 1, at least 5) whose five-episode moving average is at most 1.1 times
  /// the yardstick's, whatever comes after it; nil where there is none.
  ///
  /// Over many episodes "from which on" measures the rarest relapse rather than the adaptation.
  public static func firstWithin(_ curve: [Double], reference: [Double]) -> Int? {
    within(curve, reference: reference).firstIndex(of: true).map { $0 + 5 }
  }

  /// For each five episodes in a row, beginning with the first: whether their mean is within 10 %.
  private static func within(_ curve: [Double], reference: [Double]) -> [Bool] {
    guard curve.count >= 5 else { return [] }
    return (5...curve.count).map { end in
      let mine = curve[(end - 5)..<end].reduce(0, +)
      return mine <= 1.1 * reference[(end - 5)..<end].reduce(0, +)
    }
  }

  /// The yardstick's restricted mean delay per episode.
  public func reference(_ course: FailureCourse) throws -> [Double] {
    let algorithm = try RoutingCatalogue.algorithm("lp-split")
    let actor = try algorithm.make(
      scenario: try source.scenario(load: load),
      configuration: try algorithm.configuration(settings: ["recompute": "true", "delay": "0"]))
    guard case .policy(let policy) = actor else { return [] }
    return try play(course) { runner, count, first in
      runner.run(policy, episodes: count, seeds: seeds, firstEpisode: first)
    }.map(\.restrictedMeanDelay)
  }

  private var seeds: SeedTree { SeedTree(root: seed).child("adaptation") }

  /// Plays the phases of a course one after the other; the episodes that count.
  private func play(
    _ course: FailureCourse, _ body: (EpisodeRunner, Int, Int) -> EpisodeResults
  ) throws -> [EpisodeMetrics] {
    var counted: [EpisodeMetrics] = []
    var first = 0
    for phase in course.phases(episodes: episodes, horizon: source.horizon) {
      let scenario = try source.scenario(load: load, outages: phase.outages)
      let results = body(EpisodeRunner(scenario: scenario), phase.episodes, first)
      if phase.counts { counted += results.episodes }
      first += phase.episodes
    }
    return counted
  }
}
