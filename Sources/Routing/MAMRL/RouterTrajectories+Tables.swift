import Networks
import PacketSimulation

// Played episodes as named tables, so that a learner that was stopped within a batch goes on with it.
// All numbers are integers below 2^24, or single precision already, so nothing is rounded.
extension RouterTrajectories {
  /// What learning needs; the metrics are left out.
  func tables(prefix: String) -> [LearnerState.Table] {
    var tables = [
      LearnerState.Table("\(prefix).size", [Float(horizon), Float(replicaCount)]),
      LearnerState.Table("\(prefix).paid", paid),
    ]
    for (router, part) in routers.enumerated() {
      let columns: [(String, [Float])] = [
        ("observations", part.observations.map { Float($0) }),
        ("actions", part.actions.map { Float($0) }), ("ticks", part.ticks.map { Float($0) }),
        ("replicas", part.replicas.map { Float($0) }),
        ("returns", part.packetReturns.map { Float($0) }),
        ("remainders", part.packetReturns.map { Float($0 - Double(Float($0))) }),
        ("likelihoods", part.logLikelihoods), ("mask", part.mask.map { Float($0) }),
      ]
      tables += columns.map { LearnerState.Table("\(prefix).\(router).\($0.0)", $0.1) }
    }
    return tables
  }

  init(_ state: LearnerState, prefix: String, routerCount: Int) throws(InputError) {
    func numbers(_ name: String) throws(InputError) -> [Float] {
      guard let table = state.tables.first(where: { $0.name == "\(prefix).\(name)" }) else {
        throw InputError(
          file: "policy", field: "\(prefix).\(name)", expected: "the table is missing")
      }
      return table.values
    }
    let size = try state.table("\(prefix).size", count: 2).map { Int($0) }
    var routers: [RouterTrajectory] = []
    for router in 0..<routerCount {
      var part = RouterTrajectory()
      part.observations = try numbers("\(router).observations").map { Int32($0) }
      part.actions = try numbers("\(router).actions").map { Int32($0) }
      part.ticks = try numbers("\(router).ticks").map { Int32($0) }
      part.replicas = try numbers("\(router).replicas").map { Int32($0) }
      part.packetReturns = zip(
        try numbers("\(router).returns"), try numbers("\(router).remainders")
      ).map { Double($0) + Double($1) }
      part.logLikelihoods = try numbers("\(router).likelihoods")
      part.mask = try numbers("\(router).mask").map { UInt8($0) }
      guard
        [part.ticks.count, part.replicas.count, part.packetReturns.count]
          .allSatisfy({ $0 == part.rows })
      else {
        throw InputError(
          file: "policy", field: "\(prefix).\(router)", expected: "its tables differ in length")
      }
      routers.append(part)
    }
    self.init(
      routers: routers, paid: try numbers("paid"), horizon: size[0], replicaCount: size[1])
  }
}
