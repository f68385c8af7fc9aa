import Networks
import PacketSimulation
import Randomness
import Routing

/// The learners that a failure is met with, one way of starting after the other.
struct InitialisationStarts {
  let fresh: any TrainableLearner
  let trained: any TrainableLearner
  let source: ScenarioSource
  let load: Double
  let seen: [FailureState]
  let iterations: Int
  let seeds: SeedTree

  /// Does the meta-training, and returns what makes a learner for a failure.
  func prepared(
    _ start: InitialisationStudy.Start
  ) throws -> (FailureState) throws -> any TrainableLearner {
    switch start {
    case .random: return { _ in fresh }
    case .continuing: return { _ in trained }
    case .reptile: return try meta(.reptile, innerEpisodes: 5)
    case .firstOrder: return try meta(.firstOrder, innerEpisodes: 1)
    case .firstOrderFive: return try meta(.firstOrder, innerEpisodes: 5)
    case .secondOrder: return try meta(.secondOrder, innerEpisodes: 1)
    case .steps: return try learnedSteps()
    case .linkPriors: return try linkPriors()
    case .oracle: return { failure in try restored(adapted(failure, episodes: 40)) }
    }
  }

  private func restored(_ state: LearnerState) throws -> any TrainableLearner {
    var learner = trained
    try learner.restore(state)
    return learner
  }

  private func meta(
    _ rule: InitialisationTrainer.Rule, innerEpisodes: Int
  ) throws -> (FailureState) throws -> any TrainableLearner {
    let trainer = InitialisationTrainer(
      rule: rule, innerEpisodes: innerEpisodes, iterations: iterations, source: source,
      load: load, failures: seen, seeds: seeds.child("\(rule.rawValue)-\(innerEpisodes)"))
    let state = try trainer.run(from: trained)
    return { _ in try restored(state) }
  }

  private func learnedSteps() throws -> (FailureState) throws -> any TrainableLearner {
    let settings = try LearnedSteps(
      iterations: iterations / 2, source: source, load: load, failures: seen,
      seeds: seeds.child("steps")
    ).run(from: trained.state)
    let algorithm = try RoutingCatalogue.algorithm("social-actor-critic")
    let actor = try algorithm.make(
      scenario: try source.scenario(load: load),
      configuration: try algorithm.configuration(settings: settings))
    guard case .learner(var learner) = actor else { return { _ in trained } }
    try learner.restore(trained.state)
    let ready = learner
    return { _ in ready }
  }

  /// What a trained learner has learned after some episodes with a failure; counts, losses and
  /// suspicions as before it.
  private func adapted(_ failure: FailureState, episodes: Int) throws -> LearnerState {
    let runner = EpisodeRunner(scenario: try source.scenario(load: load, outages: failure.outages))
    var learner = trained
    let name = failure.name ?? ""
    _ = runner.play(&learner, episodes: episodes, seeds: seeds.child("adapting " + name))
    return trained.state.taking(learnedFrom: learner.settled().state)
  }

  /// Routers at the ends of a failed link keep preferences of their own for that state of their
  /// links, learned where it was seen; all others, and ends that never saw it, go on as they were.
  private func linkPriors() throws -> (FailureState) throws -> any TrainableLearner {
    var priors: [LinkID: LearnerState] = [:]
    for failure in seen {
      guard let link = failure.outages.first?.link else { continue }
      priors[link] = try adapted(failure, episodes: 40)
    }
    let known = priors
    return { failure in
      guard let link = failure.outages.first?.link, let prior = known[link] else { return trained }
      let ends = source.topology.links[link.index]
      return try restored(
        trained.state.taking(
          rowsFrom: prior, routers: [ends.source.index, ends.target.index],
          topology: source.topology))
    }
  }
}

extension LearnerState {
  /// This state with the preferences and values of some routers from another.
  func taking(rowsFrom other: LearnerState, routers: [Int], topology: Topology) -> LearnerState {
    var result = self
    let n = topology.routerCount
    for index in result.tables.indices {
      let ranges: [Range<Int>]
      switch result.tables[index].name {
      case "logits":
        ranges = routers.map { topology.firstArc[$0] * n..<topology.firstArc[$0 + 1] * n }
      case "onward": ranges = routers.map { $0 * n..<($0 + 1) * n }
      default: continue
      }
      for range in ranges {
        result.tables[index].values.replaceSubrange(range, with: other.tables[index].values[range])
      }
    }
    return result
  }
}
