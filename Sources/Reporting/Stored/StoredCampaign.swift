/// A stored failure campaign: `results.json` of a run folder that `failures` wrote.
public struct StoredCampaign: Decodable, Sendable, Hashable {
  public var topology: String
  public var traffic: String
  public var model: String
  public var load: Double
  public var capacity: Double?
  public var loadFraction: Double?
  public var horizon: Int
  public var episodes: Int
  public var seed: UInt64
  /// The command that repeats the run.
  public var commandLine: String
  /// What failed: `links`, `pairs`, `groups` or `routers`.
  public var scope: String
  /// Failures that the limit left out.
  public var omitted: Int
  public var from: Int
  public var until: Int?
  public var reference: String?
  public var summaries: [Summary]
  public var results: [Row]

  /// What an algorithm did over all failures that keep the network connected.
  public struct Summary: Decodable, Sendable, Hashable {
    public var algorithm: String
    public var intactDelay: Double?
    public var meanDelay: Double?
    public var meanLost: Double?
    public var worstFailure: String?
    public var worstDelay: Double?
    public var cases: Int
    public var separating: Int
  }

  /// One algorithm in one failure; nil: the intact network.
  public struct Row: Decodable, Sendable, Hashable {
    public var algorithm: String
    public var failure: String?
    public var links: [Int]
    public var router: Int?
    public var keepsConnected: Bool
    public var restrictedMeanDelay: StoredInterval
    public var deliveredShare: StoredInterval
    public var lost: StoredInterval
    public var lostInFlightAtFailure: StoredInterval
    public var ratioToIntact: StoredInterval
    public var ratioToReference: StoredInterval
  }

  /// Reads a run folder.
  public init(folder: String) throws(ReportError) {
    self = try StoredFiles.decode(StoredCampaign.self, folder + "/results.json")
    guard !results.isEmpty else {
      throw ReportError(.input, "\(folder)/results.json holds no results.")
    }
  }

  /// The rows of one algorithm with a failure, the greatest delay first.
  public func worst(_ algorithm: String) -> [Row] {
    results.filter { $0.algorithm == algorithm && $0.failure != nil }.enumerated().sorted { a, b in
      let (x, y) = (a.element.restrictedMeanDelay.mean, b.element.restrictedMeanDelay.mean)
      return x != y ? x > y : a.offset < b.offset
    }.map(\.element)
  }
}
