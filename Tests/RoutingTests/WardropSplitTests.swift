import Flows
import Networks
import PacketSimulation
import Randomness
import Routing
import Testing

/// The mean-field prediction against packets: the equilibrium flow is played in the simulator, and the
/// delay that comes out must be the one that the game promised its players.
struct WardropSplitTests {
  /// Loads at which routers' arrivals are still nearly Poisson; long episodes, so that the packets
  /// that are under way at the end weigh little. Without the tick that a last hop does not take the
  /// prediction would be 9 % off on B4.
  @Test(arguments: [("b4", 0.1), ("abilene", 0.1), ("geant", 0.05)])
  func thePredictedDelayIsMeasured(name: String, load: Double) throws {
    let scenario = try Scenario(
      topology: TopologyCatalogue.load(name).topology, load: load, horizon: 4000)
    let queues = RouterQueueLatency(
      latency: scenario.arcLatencies, backlog: QueueBacklog(horizon: scenario.horizon))
    let game = WardropEquilibrium(
      FlowNetwork(scenario.topology), demands: scenario.demandRates, queues: queues)
    let result = EpisodeRunner(scenario: scenario).run(
      WardropSplitPolicy(scenario: scenario), episodes: 4, seeds: SeedTree(root: 11))
    let mean = result.episodes.reduce(0) { $0 + $1.restrictedMeanDelay } / 4
    let predicted = game.equilibrium.meanTime
    #expect(abs(mean - predicted) < 0.025 * predicted, "\(mean) measured, \(predicted) predicted")
  }
}
