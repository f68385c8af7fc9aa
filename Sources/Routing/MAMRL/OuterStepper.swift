import Learning
import Networks
import PacketSimulation

/// The outer step of Algorithm 1 for all routers, in whichever form the settings ask for.
struct OuterStepper: Sendable {
  let settings: MAMRLConfiguration
  let threads: Int

  func step(
    _ policies: RouterNetworks, _ tasks: [TaskData], optimisers: inout [Adam<Float>]
  ) -> (policies: RouterNetworks, updates: [RouterUpdate]) {
    let updates = routerUpdates(policies, tasks, &optimisers)
    var result = policies
    for router in updates.indices {
      result.parameters[router] = updates[router].parameters
      if let sizes = updates[router].stepSizes { result.stepSizes[router] = sizes }
    }
    return (result, updates)
  }

  private func routerUpdates(
    _ policies: RouterNetworks, _ tasks: [TaskData], _ optimisers: inout [Adam<Float>]
  ) -> [RouterUpdate] {
    if settings.outerStep == .jointTrpo {
      return JointTrustRegion(settings: settings, threads: threads).step(policies, tasks)
    }
    let before = optimisers
    let results = concurrentMap(count: policies.networks.count, threads: threads) { router in
      var optimiser = before[router]
      let result = MetaUpdate(
        settings: settings, stepSizes: policies.stepSizes(of: router)
      ).update(
        policies.networks[router], policies.parameters[router], tasks, router: router,
        optimiser: &optimiser)
      return (result, optimiser)
    }
    optimisers = results.map(\.1)
    return results.map(\.0)
  }
}

/// The iteration count and the optimisers' moments as tables.
enum OptimiserTables {
  static func tables(
    _ optimisers: [Adam<Float>], _ iteration: Int, _ settings: MAMRLConfiguration
  ) -> [LearnerState.Table] {
    let count = [Float(iteration & 0xFFFF), Float(iteration >> 16)]
    var tables = [LearnerState.Table("iteration", count)]
    guard settings.outerStep == .adam else { return tables }
    for (router, optimiser) in optimisers.enumerated() {
      tables.append(LearnerState.Table("first.\(router)", optimiser.moments.first))
      tables.append(LearnerState.Table("second.\(router)", optimiser.moments.second))
    }
    return tables
  }

  /// Restores the optimisers and returns the iteration count.
  static func restore(
    _ optimisers: inout [Adam<Float>], _ policies: RouterNetworks, _ settings: MAMRLConfiguration,
    _ state: LearnerState
  ) throws(InputError) -> Int {
    let count = try state.table("iteration", count: 2)
    guard let low = UInt16(exactly: count[0]), let high = UInt32(exactly: count[1]) else {
      throw InputError(
        file: "policy", field: "iteration", value: "\(count[0]), \(count[1])",
        expected: "expected two whole numbers; the file is damaged")
    }
    let iteration = Int(low) + Int(high) << 16
    guard settings.outerStep == .adam else { return iteration }
    for router in optimisers.indices {
      let size = policies.networks[router].parameterCount
      optimisers[router].restore(
        steps: iteration, first: try state.table("first.\(router)", count: size),
        second: try state.table("second.\(router)", count: size))
    }
    return iteration
  }
}
