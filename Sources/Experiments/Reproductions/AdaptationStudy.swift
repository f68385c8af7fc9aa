import Networks
import PacketSimulation
import Randomness
import Routing

/// Measures how a trained learner takes a link failure: episodes to adapt, packets lost until then,
/// and the curve.
///
/// ## Method
/// The link is down from the first tick on, in every episode. The yardstick plays the same arrivals:
/// lp-split, recomputed at once for the failed network. Adapted is the first episode (counted from 1,
/// at least 5) from which on every five-episode moving average of the restricted mean delay is at
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

  /// One failure.
  public struct Outcome: Sendable {
    public var failure: FailureState
    /// nil: not within the episodes played.
    public var episodesToAdapt: Int?
    /// Up to and including that episode; over all episodes where it did not adapt.
    public var lostUntilAdapted: Int
    /// Restricted mean delay on the intact network, and over the last five episodes after.
    public var levelBefore: Double
    public var levelAfter: Double
    /// Restricted mean delay per episode, and the yardstick's.
    public var curve: [Double]
    public var reference: [Double]
    public var lost: [Int]

    public func json(topology: String, load: Double) -> JSONValue {
      [
        "topology": .string(topology), "failure": failure.name.map(JSONValue.string) ?? .null,
        "load": .number(load),
        "episodesToAdapt": episodesToAdapt.map(JSONValue.integer) ?? .null,
        "lostUntilAdapted": .integer(lostUntilAdapted), "levelBefore": .number(levelBefore),
        "levelAfter": .number(levelAfter), "curve": .numbers(curve),
        "reference": .numbers(reference), "lost": .numbers(lost.map(Double.init)),
      ]
    }
  }

  public func run(_ failure: FailureState) throws -> Outcome {
    let intact = try source.scenario(load: load)
    let failed = try source.scenario(load: load, outages: failure.outages)
    let seeds = SeedTree(root: seed).child("adaptation")
    var learner = try policy.learner(for: intact)
    let before = EpisodeRunner(scenario: intact).run(
      learner.frozenPolicy(), episodes: 5, seeds: seeds)
    let after = play(&learner, EpisodeRunner(scenario: failed), seeds)
    let yardstick = try reference(failed, seeds)
    let curve = after.episodes.map(\.restrictedMeanDelay)
    let lost = after.episodes.map(\.lost)
    let adapted = Self.adapted(curve, reference: yardstick)
    return Outcome(
      failure: failure, episodesToAdapt: adapted,
      lostUntilAdapted: lost.prefix(adapted ?? lost.count).reduce(0, +),
      levelBefore: before.episodes.reduce(0) { $0 + $1.restrictedMeanDelay } / 5,
      levelAfter: curve.suffix(5).reduce(0, +) / Double(max(min(curve.count, 5), 1)), curve: curve,
      reference: yardstick, lost: lost)
  }

  /// The definition above, on two curves.
  public static func adapted(_ curve: [Double], reference: [Double]) -> Int? {
    guard curve.count >= 5 else { return nil }
    var first: Int?
    for end in 5...curve.count {
      let mine = curve[(end - 5)..<end].reduce(0, +)
      let level = reference[(end - 5)..<end].reduce(0, +)
      if mine > 1.1 * level { first = nil } else if first == nil { first = end }
    }
    return first
  }

  private func reference(_ failed: Scenario, _ seeds: SeedTree) throws -> [Double] {
    let algorithm = try RoutingCatalogue.algorithm("lp-split")
    let actor = try algorithm.make(
      scenario: failed,
      configuration: try algorithm.configuration(settings: ["recompute": "true", "delay": "0"]))
    guard case .policy(let policy) = actor else { return [] }
    return EpisodeRunner(scenario: failed).run(policy, episodes: episodes, seeds: seeds)
      .episodes.map(\.restrictedMeanDelay)
  }

  private func play(
    _ learner: inout any TrainableLearner, _ runner: EpisodeRunner, _ seeds: SeedTree
  ) -> EpisodeResults {
    func opened<Learner: TrainableLearner>(_ concrete: inout Learner) -> EpisodeResults {
      runner.run(&concrete, episodes: episodes, seeds: seeds)
    }
    return opened(&learner)
  }
}
