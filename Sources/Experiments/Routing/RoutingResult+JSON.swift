import Networks
import PacketSimulation

/// What every result of an experiment shares.
public struct RoutingContext: Sendable {
  public let source: ScenarioSource
  /// nil where demands have no path.
  public let capacity: NetworkCapacity?
  public let episodes: Int
  public let trainingSeeds: Int
  public let seed: UInt64

  public init(
    source: ScenarioSource, capacity: NetworkCapacity?, episodes: Int, trainingSeeds: Int,
    seed: UInt64
  ) {
    self.source = source
    self.capacity = capacity
    self.episodes = episodes
    self.trainingSeeds = trainingSeeds
    self.seed = seed
  }

  /// The λ whose effective rate is the given share of λ*.
  public func load(fraction: Double) throws(InputError) -> Double {
    guard let capacity else {
      throw InputError(
        file: "--load-fraction", expected: "the capacity of this network is not known; use --load")
    }
    return Scenario.load(effectiveRate: fraction * capacity.value, law: source.model.arrivals)
  }

  /// The share of λ* that a load λ really asks for.
  func fraction(load: Double) -> Double? {
    capacity.map { capacity in
      let share = Scenario.effectiveRate(load: load, law: source.model.arrivals) / capacity.value
      // A fraction that was turned into a load and back shall read as it was written.
      let rounded = (share * 1e9).rounded() / 1e9
      return rounded
    }
  }
}

extension RoutingResult {
  /// The object of `simulate --json`; `compare` prints a list of them.
  ///
  /// - Parameter reference: the result that `ratioToReference` and
  ///   `lowestPairShareDifference` are taken to.
  public func json(_ context: RoutingContext, reference: RoutingResult? = nil) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("topology", .string(context.source.topology.name)),
      .init("algorithm", .string(entry.algorithm.name)),
      .init("model", .string(context.source.preset.rawValue)),
      .init("traffic", .string(context.source.trafficName)),
      .init("load", .number(load)),
      .init("effectiveRate", .number(scenario.effectiveRate)),
      .init("capacity", .optional(context.capacity?.value)),
      .init("loadFraction", .optional(context.fraction(load: load))),
      .init("failure", failure.name.map { .string($0) } ?? .null),
      .init("horizon", .integer(scenario.horizon)),
      .init("episodes", .integer(context.episodes)),
      .init("seed", context.seed.jsonValue),
      .init("trainingSeeds", .integer(entry.isLearner ? context.trainingSeeds : 0)),
      .init("trainingEpisodes", .integer(entry.trainingEpisodes)),
    ]
    members += EpisodeMeasure.all.map { .init($0.name, interval($0).jsonObject) }
    members.append(.init("lowestPairDeliveredShare", lowestPairShare.jsonObject))
    members.append(.init("jainIndex", jainIndex.jsonObject))
    members += EpisodeMeasure.causes.map { .init($0.name, interval($0).jsonObject) }
    if let reference {
      members.append(.init("ratioToReference", ratio(to: reference).jsonObject))
      members.append(
        .init(
          "lowestPairShareDifference", lowestPairShareDifference(to: reference).jsonObject))
    }
    return .object(members)
  }
}

extension Interval? {
  /// `{mean, low, high}`, all null where there is no estimate.
  var jsonObject: JSONValue {
    self?.jsonValue ?? ["mean": nil, "low": nil, "high": nil]
  }
}

extension UInt64 {
  /// A seed as JSON: whole, also beyond the range of `Int`.
  var jsonValue: JSONValue { Int(exactly: self).map { .integer($0) } ?? .string(String(self)) }
}
