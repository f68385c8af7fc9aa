import Learning
import Randomness

/// Settings that the stationary policy searches share; the defaults are those of the experiments of
/// Subramanian & Mahajan (2019), section 3.
public struct PolicySearchConfiguration: Hashable, Sendable, Codable {
  /// K ≥ 1.
  public var iterations = 200
  /// θ₀.
  public var initialParameters = [0.9]
  /// Adam's α; its other parameters have their usual values.
  public var stepSize = 0.01
  /// How the step size changes with time; constant by default, as in the paper.
  public var schedule = StepSizeSchedule()
  /// c and the law of η.
  public var perturbation = SimultaneousPerturbation(kind: .rademacher, size: 0.01)
  /// Whether the two perturbed evaluations face the same random numbers (not said in the paper;
  /// they do by default, because the gradient's variance falls by a factor of about four).
  public var commonRandomNumbers = true
  /// B, m and n.
  public var meanField = MeanFieldUpdate()
  public var evaluation = SampledEvaluation.monteCarlo(MonteCarloEvaluation())

  public init() {}
}

/// Where a policy search has been and where it ended.
public struct PolicySearchResult: Hashable, Sendable, Codable {
  /// θ_k, k = 0 … K.
  public var parameters: [[Double]]
  /// The sampled estimate of J at each iteration (the mean of the two perturbed ones), k = 0 … K−1.
  public var values: [Double]
  /// The sampled mean field at the last iteration.
  public var meanField: [Double]
  /// ⟨z⟩ on the scale 0…1 at each iteration, k = 0 … K − 1.
  public var meanStates: [Double]
  /// Transitions sampled up to each iteration, k = 0 … K − 1.
  public var samples: [Int]

  init(start: [Double], meanField: [Double]) {
    parameters = [start]
    self.meanField = meanField
    (values, meanStates, samples) = ([], [], [])
  }

  mutating func record(
    parameters: [Double], value: Double, meanField: [Double], samples count: Int
  ) {
    self.parameters.append(parameters)
    values.append(value)
    self.meanField = meanField
    let top = Double(max(1, meanField.count - 1))
    meanStates.append(
      meanField.enumerated().reduce(0) { $0 + Double($1.offset) / top * $1.element })
    samples.append((samples.last ?? 0) + count)
  }

  /// The mean of the last `count` parameters (Polyak–Ruppert averaging): what remains of a single
  /// θ's noise falls with the number of iterates that are averaged.
  public func averagedParameters(last count: Int) -> [Double] {
    let tail = parameters.suffix(max(1, count))
    return (parameters.first ?? []).indices.map { index in
      tail.reduce(0) { $0 + $1[index] } / Double(tail.count)
    }
  }

  /// θ_K.
  public var finalParameters: [Double] { parameters.last ?? [] }
}
