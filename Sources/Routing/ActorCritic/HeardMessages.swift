import PacketSimulation

/// What routers know of their neighbours where they hear it late: values, shares and queue costs.
struct HeardMessages: Sendable {
  var values: HeardValues
  /// By router and place in its part of `ActorCriticTables.shares`.
  var shares: HeardValues
  var queues: ToldQueues

  init(_ network: NetworkArrays, _ age: SimulationModel.ObservationAge) {
    values = HeardValues(network, age)
    shares = values
    queues = ToldQueues(routerCount: network.routerCount, greatestAge: values.greatestAge)
  }

  /// All that was learned before is known to all.
  mutating func beginEpisode(_ tables: ActorCriticTables) {
    values.beginEpisode()
    shares.beginEpisode()
    queues.announce(costs: tables.queueCost, means: tables.meanQueueCost, tick: -1)
  }
}
