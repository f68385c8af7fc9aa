import Foundation
import Learning
import Networks
import PacketSimulation
import Randomness
import Routing

/// Learns the step sizes with which a trained `social-actor-critic` meets failures, instead of its
/// initialisation.
///
/// ## Method
/// Simultaneous perturbation on the logarithms of `stepVisits`, `highestStep`, `recallVisits`,
/// `recallPackets`, `queueRate` and `lossRate`: the objective is the mean delay of the first five
/// episodes after a failure over that before learning, on common arrivals for both signs.
///
/// - Source: Li, Zhou, Chen, Li (2017), *Meta-SGD: learning to learn quickly*, arXiv 1707.09835
///   (learned step sizes); Spall (1992) for the gradient.
/// - Randomness: everything follows from `seeds`.
struct LearnedSteps {
  let iterations: Int
  let source: ScenarioSource
  let load: Double
  let failures: [FailureState]
  let seeds: SeedTree

  static let names = [
    "stepVisits", "highestStep", "recallVisits", "recallPackets", "queueRate", "lossRate",
  ]

  /// The settings that were found, as a user writes them.
  func run(from learned: LearnerState) throws -> [String: String] {
    let base = ActorCriticConfiguration()
    let defaults = Dictionary(
      uniqueKeysWithValues: base.values.map { ($0.name, Double($0.value) ?? 1) })
    let origin = Self.names.map { log(defaults[$0] ?? 1) }
    var point = origin
    var draws = seeds.stream("directions")
    let method = SimultaneousPerturbation(size: 0.3)
    for iteration in 0..<iterations {
      let direction = method.direction(count: point.count, using: &draws)
      let (plus, minus) = method.perturbed(point, along: direction)
      let arrivals = seeds.child("iteration", iteration)
      let gradient = method.gradient(
        direction, plus: try cost(plus, learned, arrivals),
        minus: try cost(minus, learned, arrivals))
      let step = 1 / pow(Double(iteration) + 5, 0.602)
      // At most a factor of 1.35 at a time, within a factor of 10 of the start.
      for index in point.indices {
        let move = max(-0.3, min(0.3, 3 * step * gradient[index]))
        point[index] = max(
          origin[index] - log(10), min(origin[index] + log(10), point[index] - move))
      }
    }
    return Self.settings(point)
  }

  static func settings(_ point: [Double]) -> [String: String] {
    var settings: [String: String] = [:]
    for (name, value) in zip(names, point) {
      let isShare = ["highestStep", "queueRate", "lossRate"].contains(name)
      settings[name] = "\(isShare ? min(exp(value), 1) : max(exp(value), 1))"
    }
    return settings
  }

  /// Mean delay of the first five episodes over four failures, in units of 10 ticks.
  private func cost(_ point: [Double], _ learned: LearnerState, _ arrivals: SeedTree) throws
    -> Double
  {
    let algorithm = try RoutingCatalogue.algorithm("social-actor-critic")
    let configuration = try algorithm.configuration(settings: Self.settings(point))
    var draws = arrivals.stream("failures")
    var sum = 0.0
    for task in 0..<4 {
      let failure = failures[draws.integer(below: failures.count)]
      let scenario = try source.scenario(load: load, outages: failure.outages)
      guard
        case .learner(var learner) = try algorithm.make(
          scenario: scenario, configuration: configuration)
      else { continue }
      try learner.restore(learned)
      let results = EpisodeRunner(scenario: scenario).play(
        &learner, episodes: 5, seeds: arrivals.child("task", task))
      sum += results.episodes.reduce(0) { $0 + $1.restrictedMeanDelay } / 5
    }
    return sum / 40
  }
}
