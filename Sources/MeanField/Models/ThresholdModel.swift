/// A threshold policy on ordered states, mixed at one state at most.
///
/// States below `position` choose action 0, states from `position` upwards action 1. A position
/// between two whole numbers, i + f, means that state i chooses action 1 with probability 1 − f.
/// The position `stateCount` means that action 1 is never chosen.
public struct Threshold: Sendable, Hashable, Codable, Comparable {
  public var position: Double

  public init(_ position: Double) { self.position = position }

  public static func < (a: Threshold, b: Threshold) -> Bool { a.position < b.position }

  /// Whether no state mixes.
  public var isPure: Bool { position == position.rounded(.down) }

  /// The policy over `stateCount` ordered states.
  public func policy(stateCount: Int) -> StationaryPolicy {
    var policy = StationaryPolicy(
      probabilities: [Double](repeating: 0, count: 2 * stateCount), stateCount: stateCount,
      actionCount: 2)
    for state in 0..<stateCount {
      let waiting = min(1, max(0, position - Double(state)))
      policy[state, 0] = waiting
      policy[state, 1] = 1 - waiting
    }
    return policy
  }
}

/// A stationary model with two actions and ordered states in which threshold policies are of
/// interest. The three exact evaluations have general defaults; a model with more structure
/// replaces them by faster ones.
public protocol ThresholdModel: StationaryModel {
  /// The threshold in the model's own unit (for the malware model θ in [0, 1]; beyond: never).
  func thresholdPosition(_ threshold: Threshold) -> Double
  /// z* = Φ(z*, π).
  func exactMeanField(_ policy: StationaryPolicy) -> [Double]
  /// V_{π,z}.
  func exactValues(_ policy: StationaryPolicy, law: PopulationLaw) -> [Double]
  /// The best response to a law.
  func exactOptimum(law: PopulationLaw) -> OptimalControl
}

extension ThresholdModel {
  public func thresholdPosition(_ threshold: Threshold) -> Double { threshold.position }

  public func exactMeanField(_ policy: StationaryPolicy) -> [Double] {
    StationaryMeanField.find(self, policy: policy).states
  }

  public func exactValues(_ policy: StationaryPolicy, law: PopulationLaw) -> [Double] {
    DynamicProgramming.evaluate(FrozenModel(self, law: law), policy: policy)
  }

  public func exactOptimum(law: PopulationLaw) -> OptimalControl {
    DynamicProgramming.optimum(FrozenModel(self, law: law))
  }

  /// The law of a population that follows a threshold policy and has become stationary.
  public func stationaryLaw(_ threshold: Threshold) -> PopulationLaw {
    let policy = threshold.policy(stateCount: stateCount)
    return PopulationLaw(states: exactMeanField(policy), policy: policy)
  }

  /// Everything about one threshold: J, z*, the gain of the best deviation.
  public func evaluate(_ threshold: Threshold) -> ThresholdEvaluation {
    let policy = threshold.policy(stateCount: stateCount)
    let law = PopulationLaw(states: exactMeanField(policy), policy: policy)
    let values = exactValues(policy, law: law)
    let best = exactOptimum(law: law).values
    let initial = initialDistribution
    let gains = zip(best, values).map { $0 - $1 }
    return ThresholdEvaluation(
      threshold: threshold, position: thresholdPosition(threshold), law: law,
      value: zip(initial, values).reduce(0) { $0 + $1.0 * $1.1 },
      exploitability: max(0, zip(initial, gains).reduce(0) { $0 + $1.0 * $1.1 }),
      largestGain: max(0, gains.max() ?? 0))
  }
}

/// A threshold policy and what it is worth when the whole population follows it.
public struct ThresholdEvaluation: Sendable, Hashable {
  public let threshold: Threshold
  /// In the model's own unit.
  public let position: Double
  /// z* ⊙ π.
  public let law: PopulationLaw
  /// J.
  public let value: Double
  /// The expected gain of a best response from ξ₀.
  public let exploitability: Double
  /// The gain of a best response from its best state.
  public let largestGain: Double
}
