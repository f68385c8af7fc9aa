import Foundation

/// A stored comparison of routing algorithms: `results.json` of a run folder.
public struct StoredComparison: Decodable, Sendable, Hashable {
  public var topology: String
  public var traffic: String
  public var model: String
  /// Largest load that any routing sustains (λ*), packets per router and tick; nil where unknown.
  public var capacity: Double?
  public var horizon: Int
  public var episodes: Int
  public var trainingSeeds: Int
  public var seed: UInt64
  /// The command that repeats the run.
  public var commandLine: String
  /// The algorithm that ratios refer to.
  public var reference: String?
  public var failures: [StoredFailure]
  public var results: [StoredResult]

  /// Reads a run folder.
  public init(folder: String) throws(ReportError) {
    self = try StoredFiles.decode(StoredComparison.self, folder + "/results.json")
    guard !results.isEmpty else {
      throw ReportError(.input, "\(folder)/results.json holds no results.")
    }
  }

  /// Algorithms in the order in which they were compared.
  public var algorithms: [String] { ordered(results.map(\.algorithm)) }
  /// Failure states in order: first the intact network (nil), where it was played.
  public var failureStates: [String?] { ordered(results.map(\.failure)) }

  private func ordered<Value: Hashable>(_ values: [Value]) -> [Value] {
    var seen: Set<Value> = []
    return values.filter { seen.insert($0).inserted }
  }

  /// The results of one state of the network.
  public func results(failure: String?) -> [StoredResult] {
    results.filter { $0.failure == failure }
  }

  /// The places on the load axis in ascending order.
  public func loads(failure: String?) -> [Double] {
    ordered(results(failure: failure).map(\.place)).sorted()
  }

  /// Whether the load axis shows shares of λ* (otherwise loads).
  public var hasFractions: Bool { results.allSatisfy { $0.loadFraction != nil } }

  /// One result, if it was played.
  public func result(_ algorithm: String, failure: String?, place: Double) -> StoredResult? {
    results.first { $0.algorithm == algorithm && $0.failure == failure && $0.place == place }
  }
}

/// A link that was down for a while.
public struct StoredFailure: Decodable, Sendable, Hashable {
  public var name: String
  /// Its index in `network.json`.
  public var link: Int
  public var from: Int
  public var until: Int?
}

/// A number with its 95 % interval.
public struct StoredInterval: Decodable, Sendable, Hashable {
  /// nil where no episode has the measure; `StoredResult` then has no interval at all.
  fileprivate var storedMean: Double?
  public var low: Double?
  public var high: Double?

  public var mean: Double { storedMean ?? .nan }

  private enum CodingKeys: String, CodingKey {
    case storedMean = "mean"
    case low, high
  }
}

/// One algorithm at one load in one state of the network.
public struct StoredResult: Decodable, Sendable, Hashable {
  public var algorithm: String
  public var load: Double
  public var loadFraction: Double?
  /// What failed; nil: the intact network.
  public var failure: String?
  private var intervals: [String: StoredInterval]

  public var lost: StoredInterval? { interval("lost") }
  public var deliveredShare: StoredInterval? { interval("deliveredShare") }
  public var meanDeliveryTime: StoredInterval? { interval("meanDeliveryTime") }
  public var restrictedMeanDelay: StoredInterval? { interval("restrictedMeanDelay") }
  public var delayP50: StoredInterval? { interval("delayP50") }
  public var delayP95: StoredInterval? { interval("delayP95") }
  public var delayP99: StoredInterval? { interval("delayP99") }
  public var lowestPairDeliveredShare: StoredInterval? { interval("lowestPairDeliveredShare") }
  public var jainIndex: StoredInterval? { interval("jainIndex") }
  /// nil in runs of versions that did not count it.
  public var controlBytesPerPacket: StoredInterval? { interval("controlBytesPerPacket") }
  /// Restricted mean delay over the reference's, paired.
  public var ratioToReference: StoredInterval? { interval("ratioToReference") }

  private func interval(_ name: String) -> StoredInterval? {
    intervals[name].flatMap { $0.storedMean == nil ? nil : $0 }
  }

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case algorithm, load, loadFraction, failure
    case lost, deliveredShare, meanDeliveryTime, restrictedMeanDelay, delayP50, delayP95, delayP99
    case lowestPairDeliveredShare, jainIndex, ratioToReference
    case controlBytesPerPacket
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    algorithm = try values.decode(String.self, forKey: .algorithm)
    load = try values.decode(Double.self, forKey: .load)
    loadFraction = try values.decodeIfPresent(Double.self, forKey: .loadFraction)
    failure = try values.decodeIfPresent(String.self, forKey: .failure)
    intervals = [:]
    for key in CodingKeys.allCases.dropFirst(4) {
      intervals[key.rawValue] = try values.decodeIfPresent(StoredInterval.self, forKey: key)
    }
  }

  /// Where it stands on the load axis.
  public var place: Double { loadFraction ?? load }
}

/// Reads stored files, with one sentence when that fails.
enum StoredFiles {
  static func data(_ path: String) throws(ReportError) -> Data {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ReportError(.input, "There is no file '\(path)'; is the folder a run of wayfield?")
    }
    return data
  }

  static func decode<Value: Decodable>(
    _ type: Value.Type, _ path: String
  ) throws(ReportError) -> Value {
    let data = try data(path)
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch {
      throw ReportError(.input, "'\(path)' is not what this report needs: \(reason(error)).")
    }
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      "the key '\((context.codingPath + [key]).map(\.stringValue).joined(separator: "."))' is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' has the wrong type"
    default: "it is damaged"
    }
  }
}
