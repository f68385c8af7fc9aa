import CKernels
import Foundation
import Randomness

/// A family of stationary policies π_θ with θ in a box Θ.
public protocol ParametricPolicy: Sendable {
  var stateCount: Int { get }
  var actionCount: Int { get }
  /// Θ, one range for each parameter; `project` clips to it.
  var box: [ClosedRange<Double>] { get }
  /// π_θ as a table.
  func policy(_ parameters: [Double]) -> StationaryPolicy
  /// Fills in the actions of a batch.
  func act(_ parameters: [Double], _ batch: inout ParticleBatch, using lanes: inout RandomLanes)
}

extension ParametricPolicy {
  /// [θ]_Θ, the nearest point of the box.
  public func project(_ parameters: [Double]) -> [Double] {
    zip(parameters, box).map { min($1.upperBound, max($1.lowerBound, $0)) }
  }

  /// Draws from the table, by inversion; one word a particle.
  public func act(
    _ parameters: [Double], _ batch: inout ParticleBatch, using lanes: inout RandomLanes
  ) {
    let table = policy(parameters).probabilities
    lanes.fill(&batch.words)
    for index in 0..<batch.count {
      var remaining = (Double(batch.words[index]) + 0.5) * 0x1p-32
      let base = Int(batch.states[index]) * actionCount
      var action = 0
      while action < actionCount - 1 && remaining >= table[base + action] {
        remaining -= table[base + action]
        action += 1
      }
      batch.actions[index] = Int32(action)
    }
  }
}

/// A family that is differentiable in θ: what likelihood-ratio gradients need.
public protocol DifferentiablePolicy: ParametricPolicy {
  /// ∇_θ log π_θ(action | state).
  func logGradient(_ parameters: [Double], state: Int, action: Int) -> [Double]
}

/// Action 1 from a threshold θ in [0, 1] on, on ordered states: equation (4) of Subramanian & Mahajan.
public struct HardThreshold: ParametricPolicy, Hashable {
  public let stateCount: Int

  public init(stateCount: Int) { self.stateCount = stateCount }

  public var actionCount: Int { 2 }
  public var box: [ClosedRange<Double>] { [0...1] }

  public func policy(_ parameters: [Double]) -> StationaryPolicy {
    Threshold(Double(first(parameters))).policy(stateCount: stateCount)
  }

  /// The first state x with x/(stateCount − 1) ≥ θ (θ = .22 means state 22 of 101, in spite of
  /// rounding); a perturbed θ may lie outside the box, and above 1 no state is left.
  public func first(_ parameters: [Double]) -> Int {
    let exact = parameters[0] * Double(stateCount - 1)
    return min(stateCount, max(0, Int((exact - 1e-9).rounded(.up))))
  }

  public func act(
    _ parameters: [Double], _ batch: inout ParticleBatch, using lanes: inout RandomLanes
  ) {
    wf_threshold_act(batch.count, batch.states, Int32(first(parameters)), &batch.actions)
  }
}

/// Action 1 with probability 1/(1 + exp((θ − x)/width)): a threshold with a differentiable edge.
public struct SmoothThreshold: DifferentiablePolicy, Hashable {
  public let stateCount: Int
  /// The width of the edge, as a share of the range of states.
  public let width: Double

  public init(stateCount: Int, width: Double = 0.05) {
    precondition(width > 0, "width \(width): must be positive")
    self.stateCount = stateCount
    self.width = width
  }

  public var actionCount: Int { 2 }
  public var box: [ClosedRange<Double>] { [0...1] }

  private func acting(_ parameters: [Double], _ state: Int) -> Double {
    1 / (1 + exp((parameters[0] - Double(state) / Double(stateCount - 1)) / width))
  }

  public func policy(_ parameters: [Double]) -> StationaryPolicy {
    var table: [Double] = []
    for state in 0..<stateCount {
      let probability = acting(parameters, state)
      table += [1 - probability, probability]
    }
    return StationaryPolicy(probabilities: table, stateCount: stateCount, actionCount: 2)
  }

  public func logGradient(_ parameters: [Double], state: Int, action: Int) -> [Double] {
    let probability = acting(parameters, state)
    return [(action == 1 ? probability - 1 : probability) / width]
  }
}

/// One preference for each pair of state and action: π(a | x) ∝ exp θ[x][a].
public struct TabularSoftmax: DifferentiablePolicy, Hashable {
  public let stateCount: Int
  public let actionCount: Int
  /// Preferences are clipped to ± this.
  public let bound: Double

  public init(stateCount: Int, actionCount: Int, bound: Double = 20) {
    self.stateCount = stateCount
    self.actionCount = actionCount
    self.bound = bound
  }

  public var box: [ClosedRange<Double>] {
    [ClosedRange<Double>](repeating: -bound...bound, count: stateCount * actionCount)
  }

  public func policy(_ parameters: [Double]) -> StationaryPolicy {
    StationaryPolicy.softmax(
      parameters, sharpness: 1, stateCount: stateCount, actionCount: actionCount)
  }

  public func logGradient(_ parameters: [Double], state: Int, action: Int) -> [Double] {
    let base = state * actionCount
    let row = StationaryPolicy.softmax(
      Array(parameters[base..<base + actionCount]), sharpness: 1, stateCount: 1,
      actionCount: actionCount)
    var gradient = [Double](repeating: 0, count: parameters.count)
    for other in 0..<actionCount {
      gradient[base + other] = (other == action ? 1 : 0) - row.probabilities[other]
    }
    return gradient
  }
}

extension StationaryPolicy {
  /// softmax_c: π(a | x) ∝ exp(c · value[x][a]), row by row, shifted so that nothing overflows.
  public static func softmax(
    _ values: [Double], sharpness: Double, stateCount: Int, actionCount: Int
  ) -> StationaryPolicy {
    var table = [Double](repeating: 0, count: stateCount * actionCount)
    for state in 0..<stateCount {
      let range = state * actionCount..<(state + 1) * actionCount
      let best = values[range].max() ?? 0
      var total = 0.0
      for index in range {
        table[index] = exp(sharpness * (values[index] - best))
        total += table[index]
      }
      for index in range { table[index] /= total }
    }
    return StationaryPolicy(
      probabilities: table, stateCount: stateCount, actionCount: actionCount)
  }
}
