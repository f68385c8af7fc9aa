/// Senders share one link of unknown bandwidth and adapt their rates: network traffic congestion
/// control.
///
/// ```swift
/// let learned = KernelQLearning(resolution: 10).learn(
///   ControlledModel(CongestionControl()), seeds: SeedTree(root: 1))
/// ```
///
/// ## Model
/// The state is a rate level 0…`levels` − 1, the rate (level + 1)/levels; the actions lower, keep or
/// raise the level, and take effect with probability `response`. With D the mean rate and B the
/// bandwidth for each sender, the share ℓ = max(0, 1 − B/D) of the traffic is lost. A sender earns
/// rate · (1 − ℓ) − `lossPenalty` · rate · ℓ − `latencyPenalty` · min(1, D/B)³, averaged over the
/// possible bandwidths, which nobody is told.
///
/// - Algorithm: congestion-control | Gu et al., 2021 | section 5 | exact check passed
/// - Source: Gu, Guo, Wei, Xu (2021), section 5 (network traffic congestion control); its numbers are
///   not in our sources and are choices of this project.
/// - Differs: see above.
/// - Verified: `MeanFieldControlTests` (slopes by hand).
public struct CongestionControl: StationaryModel, Hashable, Codable {
  /// ≥ 2.
  public var levels = 3
  /// The bandwidth for each sender, equally likely values > 0.
  public var bandwidths = [0.4, 0.6]
  public var lossPenalty = 2.0
  public var latencyPenalty = 0.2
  /// In (0, 1].
  public var response = 0.9
  public var discount = 0.8

  public init() {}

  public var stateCount: Int { levels }
  public var actionCount: Int { 3 }
  public var transitionsDependOnLaw: Bool { false }
  public var initialDistribution: [Double] {
    [Double](repeating: 1 / Double(levels), count: levels)
  }

  func rate(_ level: Int) -> Double { Double(level + 1) / Double(levels) }

  public func reward(state: Int, action: Int, law: PopulationLaw) -> Double {
    let demand = law.states.enumerated().reduce(0) { $0 + rate($1.offset) * $1.element }
    let own = rate(state)
    let total = bandwidths.reduce(0.0) { (sum: Double, bandwidth: Double) -> Double in
      let lost = max(0, 1 - bandwidth / demand)
      let load = min(1, demand / bandwidth)
      let throughput = own * (1 - lost)
      let loss = lossPenalty * own * lost
      let latency = latencyPenalty * load * load * load
      return sum + throughput - loss - latency
    }
    return total / Double(bandwidths.count)
  }

  public func forEachTransition(
    state: Int, action: Int, law: PopulationLaw, _ visit: (Int, Double) -> Void
  ) {
    let next = min(levels - 1, max(0, state + action - 1))
    visit(next, response)
    if response < 1 { visit(state, 1 - response) }
  }
}
