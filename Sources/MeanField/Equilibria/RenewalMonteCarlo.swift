import Foundation
import Randomness

/// Estimates J_{π,z} from the cycles between two visits of a renewal state.
///
/// ## Method
/// Cycles start and end in the renewal state s₀. With R = E Σ_{t<τ} γᵗ r_t and T = E Σ_{t<τ} γᵗ,
/// `V(s₀) = R / ((1 − γ) T)`. A start from ξ₀ adds the part before the first visit:
/// `J = E[Σ_{t<τ₁} γᵗ r_t] + E[γ^{τ₁}] V(s₀)`.
///
/// - Algorithm: renewal-monte-carlo | Subramanian & Mahajan, 2018 | algorithm 1 | exact check passed
/// - Source: Subramanian, Mahajan (2018), *Renewal Monte Carlo: renewal theory based reinforcement
///   learning*, arXiv 1804.01116.
/// - Differs: a cycle is cut after `longestCycle` steps, for policies that never come back; γ^τ is
///   then taken as it stands, so with γ^longestCycle negligible the estimate stays right.
/// - Randomness: one stream for starts and cycles; a pair of policies sees the same streams.
/// - Complexity: (starts + cycles) × mean cycle length.
/// - Verified: `PerturbationSolverTests.evaluationsAgreeWithBellman`.
public struct RenewalMonteCarlo: Hashable, Sendable, Codable {
  /// Starts from ξ₀, ≥ 1.
  public var starts: Int
  /// Cycles from the renewal state, ≥ 1.
  public var cycles: Int
  /// Steps after which a cycle is cut, ≥ 1.
  public var longestCycle: Int
  /// s₀.
  public var renewalState: Int

  public init(
    starts: Int = 1000, cycles: Int = 1000, longestCycle: Int = 200, renewalState: Int = 0
  ) {
    precondition(
      starts >= 1 && cycles >= 1 && longestCycle >= 1 && renewalState >= 0,
      "RenewalMonteCarlo(starts: \(starts), cycles: \(cycles), longestCycle: \(longestCycle))")
    self.starts = starts
    self.cycles = cycles
    self.longestCycle = longestCycle
    self.renewalState = renewalState
  }

  /// The estimate of J and the transitions it took.
  public func value(
    _ model: some AgentSimulator, policy: StationaryPolicy, states: [Double], seeds: SeedTree
  ) -> (value: Double, samples: Int) {
    let law = PopulationLaw(states: states, policy: policy)
    var walker = Walker(model: model, policy: policy, law: law, longest: longestCycle)
    var reward = 0.0
    var time = 0.0
    for index in 0..<cycles {
      var stream = seeds.stream("cycle", index)
      let part = walker.run(from: renewalState, until: renewalState, using: &stream)
      reward += part.reward
      time += (1 - part.discount) / (1 - model.discount)
    }
    let renewalValue = reward / ((1 - model.discount) * time)
    var total = 0.0
    for index in 0..<starts {
      var stream = seeds.stream("start", index)
      let start = stream.categorical(model.initialDistribution)
      if start == renewalState {
        total += renewalValue
      } else {
        let part = walker.run(from: start, until: renewalState, using: &stream)
        total += part.reward + part.discount * renewalValue
      }
    }
    return (total / Double(starts), walker.samples)
  }

  /// Follows one agent until it reaches a state.
  private struct Walker<Model: AgentSimulator> {
    let model: Model
    let policy: StationaryPolicy
    let law: PopulationLaw
    let longest: Int
    var samples = 0

    mutating func run(
      from start: Int, until end: Int, using stream: inout RandomStream
    ) -> (reward: Double, discount: Double) {
      var state = start
      var reward = 0.0
      var weight = 1.0
      for _ in 0..<longest {
        let action = stream.categorical(policy.row(state))
        let next = model.sample(state: state, action: action, law: law, using: &stream)
        samples += 1
        reward += weight * next.reward
        weight *= model.discount
        state = next.state
        if state == end { break }
      }
      return (reward, weight)
    }
  }
}
