import Randomness

/// Whether the team solution of N agents is Pareto optimal, by comparing it with joint rules.
///
/// ```swift
/// let check = ParetoCheck.measure(CrowdChoice(discount: 0.5), agents: 2, rules: nil, seeds: SeedTree(root: 1))
/// check.dominating  // 0
/// ```
///
/// ## Method
/// The central controller's optimum maximises the mean of all agents' values. Deterministic joint rules
/// (a joint action for every joint state) are evaluated exactly for **each** agent; a rule dominates when no
/// agent is worse off and one is better off. All (A^N)^(S^N) rules are tried, or a random sample of them.
/// Beside it: how far the mean-field team policy, played by all N, is below the central optimum.
///
/// - Algorithm: pareto-check | Xu, 2020 | "Pareto optimality" slide | exact check passed
/// - Source: Xu (2020), *Multi-agent reinforcement learning: from a mean-field perspective*.
/// - Differs: None known.
/// - Complexity: rules × N solutions of S^N linear equations.
/// - Verified: `MeanFieldControlTests`.
public struct ParetoCheck: Sendable, Hashable {
  public var agents: Int
  /// Rules that were compared, and whether these were all.
  public var rules: Int
  public var isComplete: Bool
  /// Rules under which nobody loses and somebody gains.
  public var dominating: Int
  /// The largest gain over the optimum that all agents could have at once; ≤ 0 where none dominates.
  public var bestCommonGain: Double
  /// The mean value of the central optimum and of the mean-field team policy.
  public var optimum: Double
  public var meanFieldTeam: Double

  /// - Parameter rules: the size of the sample; nil: all.
  public static func measure<Model: StationaryModel>(
    _ model: Model, agents: Int, rules: Int?, seeds: SeedTree, threads: Int = 1
  ) -> ParetoCheck {
    let controller = CentralController(model, agents: agents)
    let best = controller.agentValues(controller.optimalRule())
    let (states, actions) = (controller.jointStateCount, controller.jointActionCount)
    var total = 1
    for _ in 0..<states where total < 1 << 40 { total *= actions }
    let count = min(total, rules ?? total)
    let isComplete = count == total
    let gains = concurrentMap(count: count, threads: threads) { index in
      var rule = [Int](repeating: 0, count: states)
      var stream = seeds.stream("rule", index)
      var rest = index
      for state in rule.indices {
        rule[state] = isComplete ? rest % actions : stream.integer(below: actions)
        rest /= actions
      }
      return zip(controller.agentValues(rule), best).map { $0 - $1 }
    }
    let dominating = gains.count { gain in
      gain.allSatisfy { $0 > -1e-9 } && gain.contains { $0 > 1e-9 }
    }
    let team = StationaryTeamSearch().run(model).policy
    return ParetoCheck(
      agents: agents, rules: count, isComplete: isComplete, dominating: dominating,
      bestCommonGain: gains.map { $0.min() ?? 0 }.max() ?? 0, optimum: Spread.mean(best),
      meanFieldTeam: controller.value(of: team))
  }
}
