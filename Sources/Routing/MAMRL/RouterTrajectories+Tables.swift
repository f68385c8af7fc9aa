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
        // An excused decision has no return (NaN); infinity stands for that, since a file with NaN is
        // taken to be damaged.
        ("returns", part.packetReturns.map { $0.isNaN ? .infinity : Float($0) }),
        (
          "remainders",
          part.packetReturns.map { $0.isNaN ? 0 : Float($0 - Double(Float($0))) }
        ),
        ("likelihoods", part.logLikelihoods), ("mask", part.mask.map { Float($0) }),
      ]
      tables += columns.map { LearnerState.Table("\(prefix).\(router).\($0.0)", $0.1) }
    }
    return tables
  }

  /// - Throws: `InputError` where a table is missing, differs in length from the others, or holds what
  ///   this network cannot have played.
  init(_ state: LearnerState, prefix: String, layout: ObservationLayout) throws(InputError) {
    let size = try state.wholeNumbers("\(prefix).size", in: 1...1_000_000)
    let paid = try state.table("\(prefix).paid")
    guard size.count == 2, paid.count == size[0] * size[1] * layout.routerCount else {
      throw InputError(file: "policy", field: "\(prefix).size", expected: "it fits no other table")
    }
    var routers: [RouterTrajectory] = []
    for router in 0..<layout.routerCount {
      routers.append(
        try Self.part(
          state, "\(prefix).\(router).", router: router, layout: layout, horizon: size[0],
          replicas: size[1]))
    }
    self.init(routers: routers, paid: paid, horizon: size[0], replicaCount: size[1])
  }

  private static func part(
    _ state: LearnerState, _ name: String, router: Int, layout: ObservationLayout, horizon: Int,
    replicas: Int
  ) throws(InputError) -> RouterTrajectory {
    let degree = layout.degrees[router]
    let inputs = layout.form == .rawIntegers ? layout.routerCount : layout.inputs(of: router)
    var part = RouterTrajectory()
    part.observations = try state.wholeNumbers(name + "observations", in: -1...inputs - 1)
      .map { Int32($0) }
    part.actions = try state.wholeNumbers(name + "actions", in: 0...max(degree - 1, 0))
      .map { Int32($0) }
    part.ticks = try state.wholeNumbers(name + "ticks", in: 0...horizon - 1).map { Int32($0) }
    part.replicas = try state.wholeNumbers(name + "replicas", in: 0...replicas - 1)
      .map { Int32($0) }
    let returns = try state.table(name + "returns")
    let remainders = try state.table(name + "remainders")
    part.packetReturns = zip(returns, remainders).map {
      $0.isInfinite ? .nan : Double($0) + Double($1)
    }
    part.logLikelihoods = try state.table(name + "likelihoods")
    part.mask = try state.wholeNumbers(name + "mask", in: 0...1).map { UInt8($0) }
    guard
      [part.ticks.count, part.replicas.count, returns.count, remainders.count]
        .allSatisfy({ $0 == part.rows }),
      part.observations.count == part.rows * layout.activePerRow,
      [0, part.rows].contains(part.logLikelihoods.count),
      [0, part.rows * degree].contains(part.mask.count)
    else {
      throw InputError(file: "policy", field: name, expected: "its tables differ in length")
    }
    return part
  }
}
