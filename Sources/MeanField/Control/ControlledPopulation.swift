import Randomness

/// A population under one controller: the lifted, deterministic decision process of mean-field
/// control, with the distribution of states as its state and a local policy as its action.
public protocol ControlledPopulation: CataloguedGame {
  var stateCount: Int { get }
  var actionCount: Int { get }
  var discount: Double { get }
  var initialDistribution: [Double] { get }
  /// After this many steps rewards and transitions repeat; 1 where they do not depend on time.
  var period: Int { get }
  /// The number of steps, after which nothing more is earned; nil: infinitely many.
  var horizon: Int? { get }
  /// The agents' model at a time of the period.
  func model(at time: Int) -> any StationaryModel
}

extension ControlledPopulation {
  public var period: Int { 1 }
  public var horizon: Int? { nil }

  /// r(μ, h) and Φ(μ, h): the mean reward and the next distribution.
  public func step(
    _ states: [Double], policy: StationaryPolicy, time: Int = 0
  ) -> (reward: Double, next: [Double]) {
    Self.step(model(at: time % period), states, policy)
  }

  private static func step(
    _ model: some StationaryModel, _ states: [Double], _ policy: StationaryPolicy
  ) -> (reward: Double, next: [Double]) {
    let law = PopulationLaw(states: states, policy: policy)
    var reward = 0.0
    var next = [Double](repeating: 0, count: states.count)
    for state in states.indices {
      for action in 0..<model.actionCount {
        let mass = law.joint[state * model.actionCount + action]
        guard mass > 0 else { continue }
        reward += mass * model.reward(state: state, action: action, law: law)
        model.forEachTransition(state: state, action: action, law: law) { target, probability in
          next[target] += mass * probability
        }
      }
    }
    return (reward, next)
  }
}

/// A stationary model under one controller, with an infinite or a finite horizon.
public struct ControlledModel<Model: StationaryModel>: ControlledPopulation {
  public let base: Model
  public let horizon: Int?

  public init(_ base: Model, horizon: Int? = nil) {
    self.base = base
    self.horizon = horizon
  }

  public var stateCount: Int { base.stateCount }
  public var actionCount: Int { base.actionCount }
  public var discount: Double { base.discount }
  public var initialDistribution: [Double] { base.initialDistribution }
  public func model(at time: Int) -> any StationaryModel { base }
}

/// H_ε: the local policies whose probabilities are multiples of 1/M (M = 1: the deterministic ones).
public struct LocalPolicyNet: Sendable, Hashable {
  public let policies: [StationaryPolicy]

  public init(stateCount: Int, actionCount: Int, resolution: Int = 1) {
    let rows = SimplexNet(dimension: actionCount, resolution: resolution).points
    var tables: [[Double]] = [[]]
    for _ in 0..<stateCount {
      tables = tables.flatMap { table in rows.map { table + $0 } }
    }
    policies = tables.map {
      StationaryPolicy(probabilities: $0, stateCount: stateCount, actionCount: actionCount)
    }
  }
}
