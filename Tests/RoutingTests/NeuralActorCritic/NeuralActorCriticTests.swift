import Learning
import Networks
import PacketSimulation
import Randomness
import Routing
import Testing

@Suite struct NeuralActorCriticTests {
  static let b4 = BuiltInTopology.b4.topology
  static let capacity = 0.3143

  private func trained(
    _ scenario: Scenario, episodes: Int,
    _ change: (inout NeuralActorCriticConfiguration) -> Void = { _ in }
  ) -> any TrainableLearner {
    var configuration = NeuralActorCriticConfiguration()
    configuration.hiddenUnits = 32
    change(&configuration)
    var learner: any TrainableLearner = NeuralActorCritic(
      scenario: scenario, configuration: configuration, seeds: SeedTree(root: 4))
    train(&learner, scenario, episodes: episodes)
    return learner
  }

  /// Asked for two goals at two destinations, the actor comes to them, and the critic to its returns.
  @Test func bothNetworksComeToWhatTheyAreAskedFor() {
    var configuration = NeuralActorCriticConfiguration()
    configuration.hiddenUnits = 16
    var router = RouterLearner(
      inputs: 5, routerCount: 5, degree: 2, configuration: configuration,
      seeds: SeedTree(root: 2))
    let before = policy(router, at: 1)
    for _ in 0..<400 {
      router.observations = [1, 3]
      router.goals = [0.8, 0.2, 0.1, 0.9]
      router.destinations = [1, 3]
      router.returns = [6, -4]
      router.update(activePerRow: 1, scale: 2, stepSize: 0.02)
    }
    #expect(abs(before[0] - 0.8) > 0.05)
    #expect(abs(policy(router, at: 1)[0] - 0.8) < 0.02)
    #expect(abs(policy(router, at: 3)[0] - 0.1) < 0.02)
    let corrections = router.corrections(routerCount: 5)
    #expect(abs(2 * corrections[1] - 6) < 0.1 && abs(2 * corrections[3] + 4) < 0.1)
    #expect(router.destinations.isEmpty && router.goals.isEmpty)
  }

  private func policy(_ router: RouterLearner, at destination: Int32) -> [Float] {
    var logits = router.actor.outputs(
      router.actorWeights, .oneHot(indices: [destination], activePerRow: 1))
    router.softmax(&logits, 0..<2)
    return logits
  }

  @Test func queueClassesRiseAndEndOpen() {
    let classes = (0..<100).map(RouterObservation.queueClass)
    #expect(classes.prefix(4) == [0, 1, 2, 3])
    #expect(zip(classes, classes.dropFirst()).allSatisfy { $1 == $0 || $1 == $0 + 1 })
    #expect(classes.last == RouterObservation.classes - 1)
  }

  @Test(arguments: NeuralActorCriticConfiguration.Observation.allCases)
  func reachesTheBestFixedSplitNearCapacity(
    observation: NeuralActorCriticConfiguration.Observation
  ) throws {
    let scenario = try Scenario(topology: Self.b4, load: 0.9 * Self.capacity)
    let learner = trained(scenario, episodes: 100) { $0.observation = observation }
    let split = delay(DelayOptimalSplitPolicy(scenario: scenario), scenario, episodes: 20)
    let random = delay(RandomRouting(scenario: scenario), scenario, episodes: 4)
    // The paper's observation tells less of the queues than the other.
    let bound = observation == .queues ? split : 1.03 * split
    #expect(delay(learner.frozenPolicy(), scenario, episodes: 20) < bound)
    #expect(random > 2 * split)
  }

  @Test func frozenItIsAPolicyLikeAnyOther() throws {
    let scenario = try Scenario(topology: Self.b4, load: 0.2, horizon: 120)
    checkRoutingPolicy(trained(scenario, episodes: 2).frozenPolicy(), scenario)
  }
}
