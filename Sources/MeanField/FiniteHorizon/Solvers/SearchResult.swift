/// How a policy did: one entry of a search's trace.
public struct IterationRecord: Codable, Sendable, Hashable {
  /// The number of the policy; 0 is the first one.
  public var iteration: Int
  /// Per population.
  public var values: [StartValues]

  public init(iteration: Int, values: [StartValues]) {
    self.iteration = iteration
    self.values = values
  }

  /// The sum over populations.
  public var exploitability: Double { values.reduce(0) { $0 + $1.exploitability } }
}

/// Why a search ended.
public enum SearchStatus: String, Codable, Sendable, Hashable {
  case converged
  case iterationLimit
  case diverged
  case interrupted

  /// The sentence for `meanfield solve --json`.
  public var sentence: String {
    switch self {
    case .converged: "converged"
    case .iterationLimit: "iteration limit reached"
    case .diverged: "diverged: the exploitability is not a finite number"
    case .interrupted: "ended by the observer"
    }
  }
}

/// What a search found.
public struct SearchResult<Scalar: FlowScalar>: Sendable {
  public let game: PreparedGame<Scalar>
  public let solver: String
  public let status: SearchStatus
  /// Steps taken.
  public let iterations: Int
  /// One record for each measured policy, the first policy's first.
  public let trace: [IterationRecord]
  /// The policy where the search ended.
  public let policy: FiniteHorizonPolicy<Scalar>
  /// The number of that policy.
  public let policyIteration: Int
  /// The least exploitable policy of the trace, where it was kept.
  public let bestPolicy: FiniteHorizonPolicy<Scalar>?
  /// The number of the least exploitable policy.
  public let bestIteration: Int

  /// The summed exploitability along the trace.
  public var exploitabilities: [Double] { trace.map(\.exploitability) }

  /// The smallest exploitability of the trace.
  public var bestExploitability: Double { exploitabilities.min() ?? .infinity }
}

/// A search in the middle, as a value that can be stored.
public struct SearchCheckpoint<Scalar: FlowScalar>: Codable, Sendable {
  public var solver: String
  public var game: String
  public var iteration: Int
  public var policy: [Scalar]
  public var carried: [[Scalar]]
  public var best: [Scalar]?
  public var bestIteration: Int
  public var bestExploitability: Double?
  public var trace: [IterationRecord]
}

/// Why a checkpoint cannot be taken up.
public enum CheckpointError: Error, Sendable, Hashable {
  case otherSearch(solver: String, game: String)
  case otherSize
}
