import Networks
import PacketSimulation
import Randomness
import Routing

extension PolicyFile {
  /// The learner as it was when its training ended, for a scenario on the same network.
  ///
  /// - Throws: `InputError` where the algorithm learns nothing, a setting is unknown, or the tables do
  ///   not fit the network.
  func learner(for scenario: Scenario) throws -> any TrainableLearner {
    let algorithm = try RoutingCatalogue.algorithm(self.algorithm)
    let actor = try algorithm.make(
      scenario: scenario, configuration: try algorithm.configuration(settings: settings),
      seeds: SeedTree(root: seed).child("learner"))
    guard case .learner(var learner) = actor else {
      throw InputError(
        file: "--policy", value: self.algorithm, expected: "this algorithm learns nothing")
    }
    try learner.restore(state)
    return learner.settled()
  }
}
