import Networks
import PacketSimulation
import Randomness

/// A learner whose result can be frozen, stored and taken up again.
public protocol TrainableLearner: RoutingLearner, Sendable {
  /// What was learned so far as a policy that no longer changes, for all replicas at once.
  func frozenPolicy() -> any RoutingPolicy
  /// The learner at its best estimate: averages over its last episodes instead of the last values,
  /// where it keeps such. It learns on from there.
  func settled() -> Self
  /// Everything that is needed to continue, as numbers.
  ///
  /// A learner made anew with the same scenario, configuration and seeds, and given these numbers,
  /// continues with the same bytes.
  var state: LearnerState { get }
  /// Takes up a stored state.
  ///
  /// - Throws: `InputError` where it does not fit the network.
  mutating func restore(_ state: LearnerState) throws(InputError)
  /// Bytes of what each router has learned and must keep; empty where a learner does not say.
  var bytesPerRouter: [Int] { get }
}

extension TrainableLearner {
  public var bytesPerRouter: [Int] { [] }
  public func settled() -> Self { self }
}

/// What a learner has learned: named arrays of numbers.
public struct LearnerState: Sendable, Hashable {
  public struct Table: Sendable, Hashable {
    public var name: String
    public var values: [Float]
    public init(_ name: String, _ values: [Float]) {
      self.name = name
      self.values = values
    }
  }
  public var tables: [Table]

  public init(_ tables: [Table]) { self.tables = tables }

  /// The table of the given name.
  ///
  /// - Throws: `InputError` where it is missing or holds something that is no number.
  public func table(_ name: String) throws(InputError) -> [Float] {
    guard let found = tables.first(where: { $0.name == name }) else {
      throw InputError(file: "policy", field: name, expected: "the table is missing")
    }
    if let index = found.values.firstIndex(where: \.isNaN) {
      throw InputError(
        file: "policy", field: name, value: "NaN",
        expected: "expected numbers; entry \(index) is none, so the file is damaged")
    }
    return found.values
  }

  /// The table of the given name, which must have the given count.
  ///
  /// - Throws: `InputError` where it is missing, has another count or something that is no number.
  public func table(_ name: String, count: Int) throws(InputError) -> [Float] {
    let values = try table(name)
    guard values.count == count else {
      throw InputError(
        file: "policy", field: name, value: "\(values.count) numbers",
        expected: "expected \(count): the policy belongs to another network or setting")
    }
    return values
  }

  /// Counts and indices that are kept as a table.
  ///
  /// - Throws: `InputError` where the table is missing or one of them is not a whole number within the
  ///   range.
  public func wholeNumbers(_ name: String, in range: ClosedRange<Int>) throws(InputError) -> [Int] {
    let values = try table(name)
    var numbers: [Int] = []
    numbers.reserveCapacity(values.count)
    for value in values {
      guard let number = Int(exactly: value), range.contains(number) else {
        throw InputError(
          file: "policy", field: name, value: "\(value)",
          expected: "expected whole numbers from \(range.lowerBound) to \(range.upperBound)")
      }
      numbers.append(number)
    }
    return numbers
  }

  /// A stored number as the count that it was; 0 for what no count can be in a damaged file.
  public static func count(_ number: Float) -> Int {
    number >= 0 && number <= 16_777_216 ? Int(number) : 0
  }

  /// A count that is kept as a table of one number.
  ///
  /// - Throws: `InputError` where it is missing or no count.
  public func wholeNumber(_ name: String) throws(InputError) -> Int {
    let numbers = try wholeNumbers(name, in: 0...Int(UInt32.max))
    guard numbers.count == 1 else {
      throw InputError(file: "policy", field: name, expected: "expected one number")
    }
    return numbers[0]
  }
}

/// What a catalogued algorithm is made into.
public enum RoutingActor: Sendable {
  case policy(any RoutingPolicy)
  case learner(any TrainableLearner)
}

/// A routing algorithm in the catalogue: its name, what it is, its settings, and how it is made.
public struct RoutingAlgorithm: Sendable {
  public enum Kind: String, Sendable, Hashable, Codable {
    /// Frozen: decides from tables or from what it sees.
    case policy
    /// Changes as it goes.
    case learner
  }

  /// The name in kebab-case.
  public let name: String
  /// One sentence.
  public let documentation: String
  public let kind: Kind
  /// Episodes that `train` and `compare` let it learn unless told otherwise; 0 for policies.
  public let trainingEpisodes: Int
  public let defaultConfiguration: any AlgorithmConfiguration
  private let makeActor:
    @Sendable (Scenario, any AlgorithmConfiguration, SeedTree) throws -> RoutingActor

  /// A frozen policy.
  public init<Configuration: AlgorithmConfiguration>(
    policy name: String, _ documentation: String, _ defaults: Configuration,
    _ make: @escaping @Sendable (Scenario, Configuration) throws -> any RoutingPolicy
  ) {
    self.name = name
    self.documentation = documentation
    kind = .policy
    trainingEpisodes = 0
    defaultConfiguration = defaults
    makeActor = { scenario, configuration, _ in
      .policy(try make(scenario, configuration as? Configuration ?? defaults))
    }
  }

  /// A learner.
  public init<Configuration: AlgorithmConfiguration>(
    learner name: String, _ documentation: String, episodes: Int,
    _ defaults: Configuration,
    _ make: @escaping @Sendable (Scenario, Configuration, SeedTree) throws -> any TrainableLearner
  ) {
    self.name = name
    self.documentation = documentation
    kind = .learner
    trainingEpisodes = episodes
    defaultConfiguration = defaults
    makeActor = { scenario, configuration, seeds in
      .learner(try make(scenario, configuration as? Configuration ?? defaults, seeds))
    }
  }

  /// The settings with their defaults, as a user writes them.
  public var parameters: [(parameter: AlgorithmParameter, defaultValue: String)] {
    defaultConfiguration.parameters
  }

  /// A configuration with the given settings.
  ///
  /// - Throws: `InputError` for an unknown key or a value out of range.
  public func configuration(settings: [String: String]) throws(InputError)
    -> any AlgorithmConfiguration
  {
    try defaultConfiguration.applying(settings)
  }

  /// Makes the policy or learner for a scenario.
  ///
  /// - Parameters:
  ///   - configuration: of this algorithm's own type; the default where it is of another.
  ///   - seeds: what a learner's own start may depend on.
  public func make(
    scenario: Scenario, configuration: (any AlgorithmConfiguration)? = nil,
    seeds: SeedTree = SeedTree(root: 0)
  ) throws -> RoutingActor {
    try makeActor(scenario, configuration ?? defaultConfiguration, seeds)
  }
}
