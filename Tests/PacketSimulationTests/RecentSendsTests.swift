import Networks
import PacketSimulation
import Randomness
import Testing

@Suite struct RecentSendsTests {
  /// Notes every send that goes on from the neighbour, and compares windows with the world's.
  private struct Recorder: RoutingLearner {
    let topology: Topology
    var requirements: WorldRequirements { WorldRequirements(events: true, recentSends: true) }
    /// Ticks of sends by arc.
    var sends: [[Int]]
    var draws: RandomStream
    var faults = 0
    var checked = 0

    mutating func beginEpisode(in world: PacketWorld) {
      sends = sends.map { _ in [] }
    }

    mutating func decide(_ batch: DecisionBatch, in world: PacketWorld) {
      for arc in sends.indices {
        let newest = 1 + draws.integer(below: 6)
        let oldest = newest + draws.integer(below: 70) - 3
        let slow = sends[arc].count {
          world.tick - $0 >= newest && world.tick - $0 <= min(oldest, 63)
        }
        let seen = world.recentSends(replica: 0, arc: arc, oldest: oldest, newest: newest)
        if seen != slow { faults += 1 }
        if slow > 0 { checked += 1 }
      }
      ScramblePolicy().decide(batch, in: world)
    }

    mutating func observe(tick: Int, in world: PacketWorld) {
      for event in world.events where event.kind == .forwarded {
        let arc = Int(event.arc)
        if topology.arcs[arc].target.index != Int(event.destination) { sends[arc].append(tick) }
      }
    }
  }

  @Test func windowsCountWhatWasSentAndGoesOn() throws {
    var stream = RandomStream(seed: 3)
    let topology = try randomTopology(routers: 7, chords: 4, capacity: 1, stream: &stream)
    let scenario = try Scenario(topology: topology, load: 0.3, horizon: 200)
    var recorder = Recorder(
      topology: topology, sends: [[Int]](repeating: [], count: topology.arcs.count),
      draws: RandomStream(seed: 8))
    _ = EpisodeRunner(scenario: scenario).run(
      &recorder, episodes: 2, seeds: SeedTree(root: 4))
    #expect(recorder.faults == 0)
    #expect(recorder.checked > 500)
  }
}
