import Networks
import PacketSimulation
import Randomness
import Routing

/// Learns an initialisation of `social-actor-critic` from failures: Reptile and MAML for a learner in
/// tables.
///
/// ## Method
/// From θ, each failure of a batch is met for K episodes (the inner steps: natural-gradient steps at
/// every decision), which gives θ′; one episode more on fresh arrivals gives θ″.
/// ```
/// Reptile:            θ ← θ + β mean (θ′ − θ)
/// first-order MAML:   θ ← θ + β mean (θ″ − θ′)
/// second-order MAML:  θ ← θ + β mean Dᵀ(θ″ − θ′),   D = ∂θ′/∂θ
/// ```
/// θ″ − θ′ is the natural gradient of the cost after adaptation. At given costs the inner step
/// `θ ← θ − η (c − c̄ + τθ)` is affine in θ, so that D is, up to a shift of all slots that a softmax
/// does not see, the diagonal of `Π (1 − η_k τ)` over the k visits of a router and destination: **with
/// natural gradients the second-order term only damps**, the more the more often a cell was visited.
/// The costs' own dependence on θ, through everyone's traffic, is left out, as in MAML for given
/// trajectories.
///
/// - Source: Finn, Abbeel, Levine (2017), *Model-agnostic meta-learning*, ICML; Nichol, Achiam,
///   Schulman (2018), *On first-order meta-learning algorithms*, arXiv 1803.02999.
/// - Randomness: everything follows from `seeds`.
struct InitialisationTrainer {
  enum Rule: String, Sendable, CaseIterable {
    case reptile
    case firstOrder = "first-order MAML"
    case secondOrder = "second-order MAML"
  }

  let rule: Rule
  let innerEpisodes: Int
  var iterations: Int
  var batch = 3
  /// β: falls linearly to nothing over the iterations.
  var outerStep: Float = 0.3
  let source: ScenarioSource
  let load: Double
  let failures: [FailureState]
  let seeds: SeedTree

  /// The state of `learner` with its learned numbers moved to the meta-learned initialisation.
  func run(from learner: any TrainableLearner) throws -> LearnerState {
    var state = learner.state
    var draws = seeds.stream("tasks")
    for iteration in 0..<iterations {
      let moves = try (0..<batch).map { task in
        let failure = failures[draws.integer(below: failures.count)]
        return try move(
          from: state, learner, failure, seeds.child("iteration", iteration).child("task", task))
      }
      let step = outerStep * (1 - Float(iteration) / Float(iterations))
      state = state.moved(by: moves, weight: step / Float(batch))
    }
    return state
  }

  private func move(
    from state: LearnerState, _ template: any TrainableLearner, _ failure: FailureState,
    _ seeds: SeedTree
  ) throws -> (from: LearnerState, to: LearnerState, damping: [String: [Float]]) {
    let runner = EpisodeRunner(scenario: try source.scenario(load: load, outages: failure.outages))
    var adapting = template
    try adapting.restore(state)
    _ = runner.play(&adapting, episodes: innerEpisodes, seeds: seeds)
    let adapted = adapting.state
    if rule == .reptile { return (state, adapted, [:]) }
    _ = runner.play(&adapting, episodes: 1, seeds: seeds, firstEpisode: innerEpisodes)
    guard rule == .secondOrder else { return (adapted, adapting.state, [:]) }
    return (
      adapted, adapting.state,
      InnerJacobian.damping(from: state, to: adapted, topology: source.topology)
    )
  }
}

/// The derivative of adapted tables with respect to their start, number by number.
package enum InnerJacobian {
  /// For `logits` and `onward`, from how often each router and destination was visited between two
  /// states of a `social-actor-critic` at its default steps.
  static func damping(
    from: LearnerState, to: LearnerState, topology: Topology
  ) -> [String: [Float]] {
    let (before, after) = (from.values("decisions"), to.values("decisions"))
    let settings = ActorCriticConfiguration()
    let kept = before.indices.map { cell in
      // A failure brings counts back to `recallVisits`: from there on they rise with every visit.
      retained(
        from: min(before[cell], Float(settings.recallVisits)), to: after[cell], settings)
    }
    guard !kept.isEmpty else { return [:] }
    let n = topology.routerCount
    let logits = topology.routerIDs.flatMap { router in
      (0..<n).flatMap { destination in
        [Float](
          repeating: kept[router.index * n + destination].actor, count: topology.degree(router))
      }
    }
    return ["onward": kept.map(\.critic), "logits": logits]
  }

  /// What is left of the start after the visits from one count to another.
  package static func retained(
    from start: Float, to end: Float, _ settings: ActorCriticConfiguration
  ) -> (actor: Float, critic: Float) {
    var (actor, critic): (Float, Float) = (1, 1)
    var count = start + 1
    while count <= end, actor > 1e-6 || critic > 1e-6 {
      let share = min(
        Float(settings.highestStep),
        max(Float(settings.lowestStep), Float(settings.stepVisits) / count))
      actor *= 1 - share
      critic *= 1 - Float(settings.criticRate)
      count += 1
    }
    return (actor, critic)
  }
}
