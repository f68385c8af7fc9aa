import Foundation
import Learning
import PacketSimulation

/// The trust-region step of seed 000: the ratio of the joint policy, one KL bound per agent.
///
/// ## Method
/// Maximises `Σ_g A_g Π_i (π_θᵢ(aᵢ|s)/π_oldᵢ(aᵢ|s)) / G` over all agents at once, subject to
/// `E KL(π_oldᵢ ‖ π_θᵢ) ≤ δ` for every agent i; g runs over the G pairs of replica and tick in which
/// somebody decided, the product over the agents that did. Around the old policies the gradient
/// splits into `Σ_g A_g ∇ log πᵢ`, and the constraints are separate, so each agent's full step is its
/// own natural gradient scaled to its own bound; the joint line search then shortens all steps
/// together until the joint surrogate rises and every bound holds.
///
/// `A_g` is the mean over deciding agents of their advantages, which differ only by their baselines:
/// state and reward are shared.
///
/// - Source: seed 000 (Multi-agent MAML notes), Eq. 2 and Algorithm 1; Schulman et al. (2015),
///   appendix C, for the solution.
/// - Algorithm: mamrl-global | multi-agent MAML notes, 2020 | Eq. 2, Algorithm 1 | exact check passed
/// - Differs: none known.
/// - Randomness: none.
/// - Complexity: as many local TRPO directions as agents, plus one evaluation of all per backtrack.
/// - Verified: `JointTrustRegionTests` (gradient, line search in closed form, threads),
///   `MetaTrainerTests` (bounds per agent).
package struct JointTrustRegion: Sendable {
  let settings: MAMRLConfiguration
  let threads: Int

  package init(settings: MAMRLConfiguration, threads: Int) {
    self.settings = settings
    self.threads = threads
  }

  package func step(_ policies: RouterNetworks, _ tasks: [TaskData]) -> [RouterUpdate] {
    let groups = tasks.map { JointGroups($0.outerTrajectories) }
    let shared = zip(tasks, groups).map { task, group in task.withJointAdvantages(group) }
    let n = policies.networks.count
    let locals = concurrentMap(count: n, threads: threads) { router in
      LocalProblem(
        MetaUpdate(settings: settings, stepSizes: policies.stepSizes(of: router)),
        policies.networks[router], policies.parameters[router], shared, router)
    }
    let region = settings.trustRegion
    let steps = concurrentMap(count: n, threads: threads) { router -> ([Float]?, Double) in
      let gradient = locals[router].gradient()
      let curvature = locals[router].curvature()
      return (
        region.fullStep(gradient: gradient, fisherProduct: curvature.product), gradient.norm
      )
    }
    var updates = (0..<n).map {
      RouterUpdate(
        parameters: policies.parameters[$0], divergence: 0, entropy: locals[$0].entropy,
        gradientNorm: steps[$0].1, accepted: false, stepSizes: locals[$0].learnedStepSizes())
    }
    let before = groups.indices.reduce(0.0) { sum, task in
      sum + groups[task].surrogate(shared[task], locals.map { _ in nil })
    }
    var scale = 1.0
    for _ in 0..<max(region.backtrackSteps, 1) {
      let candidates = (0..<n).map { router in
        steps[router].0.map { policies.parameters[router].adding(scale, $0) }
          ?? policies.parameters[router]
      }
      let trial = evaluate(candidates, locals, groups, shared)
      if trial.objective > before
        && trial.divergences.allSatisfy({ $0 <= region.maximumDivergence })
      {
        for router in 0..<n {
          updates[router].parameters = candidates[router]
          updates[router].divergence = trial.divergences[router]
          updates[router].accepted = steps[router].0 != nil
        }
        break
      }
      scale *= region.backtrackDecay
    }
    return updates
  }

  private func evaluate(
    _ candidates: [[Float]], _ locals: [LocalProblem], _ groups: [JointGroups],
    _ tasks: [TaskData]
  ) -> (objective: Double, divergences: [Double]) {
    let parts = concurrentMap(count: candidates.count, threads: threads) {
      router -> (ratios: [[Double]], divergence: Double) in
      let here = locals[router].readapted(candidates[router])
      var divergence = 0.0
      var ratios: [[Double]] = []
      for (new, old) in zip(here, locals[router].adapted) {
        divergence += new.meanDivergence(from: old) / Double(here.count)
        ratios.append(
          zip(new.actionLogProbabilities, old.actionLogProbabilities).map {
            Double($0) - Double($1)
          })
      }
      return (ratios, divergence)
    }
    let objective = groups.indices.reduce(0.0) { sum, task in
      sum + groups[task].surrogate(tasks[task], parts.map { $0.ratios[task] })
    }
    return (objective, parts.map(\.divergence))
  }
}

/// Which decisions were made together: the pairs of replica and tick of a set of episodes.
struct JointGroups: Sendable {
  /// `group[router][row]`.
  let group: [[Int]]
  let count: Int

  init(_ trajectories: RouterTrajectories) {
    var numbers = [Int](
      repeating: -1, count: trajectories.replicaCount * trajectories.horizon)
    var next = 0
    var group: [[Int]] = []
    for part in trajectories.routers {
      var row: [Int] = []
      for index in part.actions.indices {
        let place = Int(part.replicas[index]) * trajectories.horizon + Int(part.ticks[index])
        if numbers[place] < 0 {
          numbers[place] = next
          next += 1
        }
        row.append(numbers[place])
      }
      group.append(row)
    }
    self.group = group
    count = next
  }

  /// The mean over a group's rows of what each router has for it.
  func means(_ values: [[Double]]) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    var counts = sums
    for (router, rows) in group.enumerated() {
      for (row, g) in rows.enumerated() {
        sums[g] += values[router][row]
        counts[g] += 1
      }
    }
    return zip(sums, counts).map { $0 / max($1, 1) }
  }

  /// `Σ_g A_g Π ratio / G`; `logRatios[router]` nil means the old policy.
  func surrogate(_ task: TaskData, _ logRatios: [[Double]?]) -> Double {
    var logs = [Double](repeating: 0, count: count)
    var advantages = logs
    for (router, rows) in group.enumerated() {
      for (row, g) in rows.enumerated() {
        advantages[g] = Double(task.outer[router].weights[row])
        if let ratios = logRatios[router] { logs[g] += ratios[row] }
      }
    }
    return zip(advantages, logs).reduce(0) { $0 + $1.0 * exp($1.1) }
  }
}

extension TaskData {
  /// The same data with every decision weighted by its group's advantage, over the number of groups.
  func withJointAdvantages(_ groups: JointGroups) -> TaskData {
    let own = outer.map { batch in batch.weights.map { Double($0) * Double(batch.rows) } }
    let shared = groups.means(own)
    var copy = self
    for router in outer.indices {
      copy.outer[router].weights = groups.group[router].map {
        Float(shared[$0] / Double(max(groups.count, 1)))
      }
    }
    return copy
  }
}
