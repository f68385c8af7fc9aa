import Networks
import PacketSimulation
import Randomness
import Routing
import Testing

@Suite struct PriceNetworkTests {
  /// Untaught it corrects nothing; taught two factors at two rows it comes to them.
  @Test func comesToWhatItIsTaught() {
    var network = PriceNetwork()
    let rows: [Float] = [0.5, 0.1, 0.3, 0.2, 0.9, 0.4, 0.9, 0.8, 0.5, 0.7, 0.3, 0.1]
    #expect(network.factors(rows) == [1, 1])
    for _ in 0..<600 {
      network.learn(
        rows, targets: [Float(0.5).logarithm, Float(1.5).logarithm], importance: [3, 1],
        stepSize: 0.01)
    }
    let factors = network.factors(rows)
    #expect(abs(factors[0] - 0.5) < 0.03 && abs(factors[1] - 1.5) < 0.05)
    var copy = PriceNetwork()
    copy.restore(network.numbers)
    #expect(copy.factors(rows) == factors)
  }

  /// Parameters learned on one network fit any other.
  @Test func parametersFitAnyNetwork() throws {
    var configuration = PricedDistancesConfiguration()
    configuration.priceModel = .network
    let b4 = try Scenario(topology: BuiltInTopology.b4.topology, load: 0.25)
    var learner = PricedDistances(scenario: b4, configuration: configuration)
    let before = learner.sharedParameters
    _ = EpisodeRunner(scenario: b4).run(&learner, episodes: 3, seeds: SeedTree(root: 1))
    #expect(learner.sharedParameters != before)
    let att = try Scenario(topology: BuiltInTopology.att.topology, load: 0.2)
    var other = PricedDistances(scenario: att, configuration: configuration)
    other.sharedParameters = learner.sharedParameters
    #expect(other.sharedParameters == learner.sharedParameters)
    let results = EpisodeRunner(scenario: att).run(&other, episodes: 2, seeds: SeedTree(root: 1))
    #expect(results.episodes.allSatisfy { $0.deliveredShare > 0.5 })
  }
}

extension Float {
  fileprivate var logarithm: Float { 0.6931472 * log2Value }
  private var log2Value: Float { self == 0.5 ? -1 : 0.5849625 }
}
