import Networks
import Randomness

/// What `checkEnvironment` found wrong, a sentence each; empty when the contract holds.
public typealias EnvironmentFaults = [String]

/// Plays episodes with random actions and checks what an environment promises: shapes stay, values
/// are finite, slots are in range, the same seed gives the same bytes, a replica does not depend on
/// the others, an episode lasts `horizon` ticks.
public func checkEnvironment(
  _ scenario: Scenario, observation: AgentObservation.Options = .init(),
  reward: AgentReward = .backlog, seed: UInt64 = 1
) -> EnvironmentFaults {
  var faults: EnvironmentFaults = []
  let alone = record(scenario, observation, reward, roots: [seed])
  let again = record(scenario, observation, reward, roots: [seed])
  let together = record(scenario, observation, reward, roots: [seed + 1, seed, seed + 2])
  if alone[0] != again[0] { faults.append("the same seed gave two different episodes") }
  if alone[0] != together[1] { faults.append("an episode depends on the other replicas") }
  if scenario.load > 0 && scenario.horizon >= 50 && together[0] == together[1] {
    faults.append("two different seeds gave the same episode")
  }
  if alone[0].steps != scenario.horizon {
    faults.append("an episode lasted \(alone[0].steps) ticks instead of \(scenario.horizon)")
  }
  if !alone[0].values.allSatisfy(\.isFinite) { faults.append("a value is not finite") }
  let degree = scenario.topology.routerIDs.map(scenario.topology.degree).max() ?? 0
  let busiest = alone[0].busiest
  if busiest.contains(where: { $0 < -1 || $0 >= Float(degree) }) {
    faults.append("the busiest neighbour is not a slot")
  }
  return faults
}

private struct Recording: Equatable {
  var values: [Float] = []
  var busiest: [Float] = []
  var steps = 0
}

private func record(
  _ scenario: Scenario, _ options: AgentObservation.Options, _ reward: AgentReward,
  roots: [UInt64]
) -> [Recording] {
  let environment = RoutingEnvironment(
    scenario: scenario, replicas: roots.count, observation: options, reward: reward)
  let seeds = roots.map(SeedTree.init(root:))
  var agents = seeds.map { $0.stream("agents") }
  var recordings = [Recording](repeating: Recording(), count: roots.count)
  let n = scenario.topology.routerCount
  let layout = environment.layout
  func keep(_ observations: [Float], _ rewards: [Float]) {
    for replica in roots.indices {
      let first = replica * layout.width
      recordings[replica].values += observations[first..<first + layout.width]
      if !rewards.isEmpty { recordings[replica].values += rewards[replica * n..<(replica + 1) * n] }
      for router in 0..<n {
        recordings[replica].busiest.append(
          observations[first + layout.offsets[router] + options.pastActions + 1])
      }
    }
  }
  keep(environment.reset(seeds: seeds), [])
  while !environment.isTruncated {
    let actions = roots.indices.flatMap { replica in
      (0..<n).map { router in
        Int32(
          agents[replica].integer(below: max(1, scenario.topology.degree(RouterID(router)))))
      }
    }
    let step = environment.step(actions: actions)
    keep(step.observations, step.rewards)
    for replica in roots.indices { recordings[replica].steps += 1 }
  }
  return recordings
}
