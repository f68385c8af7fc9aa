/// The answer of a solver: the object that `meanfield solve --json` prints.
public struct MeanFieldSolution: Codable, Sendable, Hashable {
  /// How far a policy is from a best response, along the iterations.
  public struct ExploitabilityTrace: Codable, Sendable, Hashable {
    public var initial: Double
    public var final: Double
    /// One value for each iteration, the initial policy's first.
    public var trace: [Double]

    public init(trace: [Double]) {
      initial = trace.first ?? .nan
      final = trace.last ?? .nan
      self.trace = trace
    }
  }

  /// Filled in by the catalogue.
  public var game = ""
  /// Filled in by the catalogue.
  public var solver = ""
  /// Iterations that were carried out.
  public var iterations: Int
  /// Filled in by the catalogue.
  public var seed: UInt64 = 0
  /// Absent where the question is not an equilibrium (a team optimum, a control problem).
  public var exploitability: ExploitabilityTrace?
  /// The agent's expected reward under the policy (discounted, or summed over the horizon).
  public var value: Double?
  /// The population: `[state]` for stationary answers, `[time][state]` for flows, and one more
  /// dimension in front for several populations.
  public var meanField: NestedNumbers?
  /// `[state][action]`, or `[time][state][action]`, and one more for several populations.
  public var policy: NestedNumbers?
  /// Where the states of each population lie on a grid, for pictures; not part of the JSON.
  public var grids: [GridShape?] = []
  /// Named numbers of the answer, for instance the threshold.
  public var parameters: [String: Double] = [:]
  /// Named series along the iterations, for instance θ, J and the mean state.
  public var traces: [String: [Double]] = [:]
  /// Transitions that were sampled; 0 for a solver that knows the model.
  public var samples: Int = 0
  /// Team value minus equilibrium value, where both were asked.
  public var priceOfAnarchy: Double?
  /// One sentence: converged, iteration limit reached, no equilibrium exists …
  public var status: String

  public init(iterations: Int, status: String) {
    self.iterations = iterations
    self.status = status
  }
}

/// Numbers in lists of lists, written to JSON as such.
public enum NestedNumbers: Codable, Sendable, Hashable {
  case numbers([Double])
  case lists([NestedNumbers])

  public init(_ vector: [Double]) { self = .numbers(vector) }
  public init(_ matrix: [[Double]]) { self = .lists(matrix.map(NestedNumbers.numbers)) }
  public init(_ tensor: [[[Double]]]) { self = .lists(tensor.map { NestedNumbers($0) }) }
  public init(_ tensor: [[[[Double]]]]) { self = .lists(tensor.map { NestedNumbers($0) }) }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let vector = try? container.decode([Double].self) {
      self = .numbers(vector)
    } else {
      self = .lists(try container.decode([NestedNumbers].self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .numbers(let vector): try container.encode(vector)
    case .lists(let lists): try container.encode(lists)
    }
  }
}
