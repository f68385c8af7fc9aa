import Learning
import Networks
import PacketSimulation

// Freezing and storing.
extension NeuralActorCritic {
  public func frozenPolicy() -> any RoutingPolicy {
    NeuralActorCriticPolicy(
      view: view, actors: routers.map(\.actor),
      weights: routers.indices.map {
        Array(averages[$0].prefix(routers[$0].actor.parameterCount))
      }, isDead: lossShare.map { $0 > ActorCriticTables.suspicion })
  }

  public func settled() -> NeuralActorCritic {
    var copy = self
    for router in routers.indices {
      let count = routers[router].actor.parameterCount
      copy.routers[router].actorWeights = Array(averages[router].prefix(count))
      copy.routers[router].criticWeights = Array(averages[router].dropFirst(count))
    }
    return copy
  }

  /// Weights, their running averages, both moments of the optimiser, the decisions between two updates,
  /// own values and those that neighbours told, and what `StoredBytes` says.
  public var bytesPerRouter: [Int] {
    let network = view.network
    return routers.indices.map { router in
      let degree = network.degree(router)
      let parameters = averages[router].count
      let decisions =
        (configuration.updateInterval + Self.imagined)
        * (view.observation.activePerRow[router] + degree + 2)
      // Own values and updates since a packet came by; values that neighbours told.
      let values = network.routerCount * (2 + degree)
      return StoredBytes.ofRouter(network, router) + 4 * (4 * parameters + decisions + values)
    }
  }

  public var state: LearnerState {
    LearnerState(
      [
        .init("networks", routers.flatMap(\.numbers)), .init("averages", averages.flatMap { $0 }),
        .init("values", values), .init("lossShare", lossShare),
        .init("episode", [Float(episode)]), .init("episodes", episodes.map(Float.init)),
        .init("unseen", unseen.map(Float.init)),
        suspicion.table,
      ] + prices.named("") + costs.named("") + queues.named)
  }

  public mutating func restore(_ state: LearnerState) throws(InputError) {
    let total = routers.reduce(0) { $0 + $1.numberCount }
    let numbers = try state.table("networks", count: total)
    let mixed = try state.table("averages", count: averages.reduce(0) { $0 + $1.count })
    var (next, nextMean) = (0, 0)
    for router in routers.indices {
      routers[router].restore(numbers[next..<next + routers[router].numberCount])
      next += routers[router].numberCount
      averages[router] = Array(mixed[nextMean..<nextMean + averages[router].count])
      nextMean += averages[router].count
    }
    values = try state.table("values", count: values.count)
    lossShare = try state.table("lossShare", count: lossShare.count)
    try suspicion.restore(state)
    episode = try state.wholeNumber("episode")
    unseen = try state.table("unseen", count: unseen.count).map(LearnerState.count)
    episodes = try state.table("episodes", count: episodes.count).map(LearnerState.count)
    try prices.restore(state, prefix: "")
    try costs.restore(state, prefix: "")
    try queues.restore(state)
  }
}
