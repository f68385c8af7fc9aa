import PacketSimulation

/// What routers know of their neighbours where they hear it late: values and queue costs.
struct HeardMessages: Sendable {
  var values: HeardValues
  var queues: ToldQueues

  init(_ network: NetworkArrays, _ age: SimulationModel.ObservationAge) {
    values = HeardValues(network, age)
    queues = ToldQueues(routerCount: network.routerCount, greatestAge: values.greatestAge)
  }

  /// All that was learned before is known to all.
  mutating func beginEpisode(_ tables: ActorCriticTables) {
    values.beginEpisode()
    queues.announce(costs: tables.queueCost, means: tables.meanQueueCost, tick: -1)
  }
}
