import PacketSimulation

/// The learned values, frozen.
struct PricedDistancesPolicy: RoutingPolicy {
  let tables: PricedDistanceTables
  var requirements: WorldRequirements { tables.requirements }
  var controlBytesPerTick: Int { tables.controlBytesPerTick }

  func decide(_ batch: DecisionBatch, in world: PacketWorld) {
    var scratch = DecisionScratch(tables.network)
    for index in 0..<batch.count {
      let destination = Int(batch.destinations[index])
      guard destination >= 0 else { continue }
      let router = Int(batch.routers[index])
      let replica = Int(batch.replicas[index])
      tables.evaluate(
        router: router, destination: destination, replica: replica, world: world, heard: nil,
        into: &scratch)
      batch.choices[index] = Int32(
        scratch.draw(degree: tables.network.degree(router), &batch.streams[replica]))
    }
  }
}
