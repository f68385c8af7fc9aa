import Networks
import PacketSimulation
import Randomness
import Routing
import Testing

/// What routers see, in a world that is played by hand.
struct ObservationLayoutTests {
  /// The diamond A–B–D, A–C–D: A and C send D one packet in every tick (at this load the gap of the
  /// growing hazard is always one tick). A always sends to C, its slot 1; C sends to D (slot 1) in
  /// tick 0, then back to A (slot 0) twice. B has no packets.
  ///
  /// So A's busiest neighbour is always C (which has at least its own new packet), and C's is A.
  /// The released program shows a router not its own last actions but the busiest neighbour's: A
  /// sees what C chose, newest first, and C what A chose. An action that was not yet made is 0.
  @Test func theReleasedSlipShowsTheBusiestNeighboursActions() throws {
    var model = SimulationModel.standard
    model.arrivals = .growingHazard
    var values = [Double](repeating: 0, count: 16)
    (values[3], values[11]) = (1, 1)  // A to D, C to D
    let scenario = try Scenario(
      topology: try diamond(), model: model, load: 1000,
      traffic: try TrafficMatrix(routerCount: 4, values: values), horizon: 4)
    func networks(_ form: ObservationForm) -> RouterNetworks {
      RouterNetworks(
        layout: ObservationLayout(scenario: scenario, form: form, pastActions: 5), hidden: [],
        seeds: SeedTree(root: 1))
    }
    let (raw, oneHot) = (networks(.rawIntegers), networks(.oneHot))
    let world = PacketWorld(
      scenario: scenario, replicas: 1, requirements: raw.layout.requirements)
    world.reset(seeds: [SeedTree(root: 2)])
    let ofC: [Int32] = [1, 0, 0, 1]
    var seenByA: [[Int32]] = []
    var seenByC: [[Int32]] = []
    var own: [RouterNetworks.Rows] = []
    for tick in 0..<4 {
      let batch = world.beginTick()
      let rows = raw.evaluate(batch, in: world)
      #expect(rows.map(\.places) == [[0], [], [1], []])
      seenByA.append(rows[0].observations)
      seenByC.append(rows[2].observations)
      own = oneHot.evaluate(batch, in: world)
      for place in 0..<batch.count {
        batch.choices[place] = batch.routers[place] == 0 ? 1 : ofC[tick]
      }
      world.finishTick()
    }
    // Destination, five past actions, the busiest neighbour.
    #expect(
      seenByA == [
        [3, 0, 0, 0, 0, 0, 2],
        [3, 1, 0, 0, 0, 0, 2],
        [3, 0, 1, 0, 0, 0, 2],
        [3, 0, 0, 1, 0, 0, 2],
      ])
    #expect(
      seenByC == [
        [3, 0, 0, 0, 0, 0, 0],
        [3, 1, 0, 0, 0, 0, 0],
        [3, 1, 1, 0, 0, 0, 0],
        [3, 1, 1, 1, 0, 0, 0],
      ])
    // One-hot, in tick 3, the own actions: five places for the destination, two for each past
    // action from places 5, 7, 9 … on, two for the busiest neighbour's slot from place 15 on. A: 1,
    // 1, 1 and slot 1; C: 0, 0, 1 and slot 0.
    #expect(own[0].observations == [3, 6, 8, 10, -1, -1, 16])
    #expect(own[2].observations == [3, 5, 7, 10, -1, -1, 15])
  }
}
