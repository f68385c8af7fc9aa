import Networks
import Randomness

/// The packet world for an outside caller: every router is an agent, actions in, observations and
/// rewards out, for many replicas in step.
///
/// ```swift
/// let environment = RoutingEnvironment(scenario: scenario, replicas: 8)
/// var observations = environment.reset(seeds: seeds)
/// while !environment.isTruncated {
///   let step = environment.step(actions: choose(observations))
///   observations = step.observations
/// }
/// ```
///
/// An episode never *terminates* (no state ends it); after `horizon` ticks it is *truncated*. Agents
/// with an empty queue act too: their action is ignored, as `isActing` says beforehand.
///
/// - Shapes: `actions` and `rewards` are `[replica * routerCount + router]`; `observations` is
///   `[replica][…]` with router r's part at `layout.offsets[r] ..< layout.offsets[r + 1]`.
/// - Randomness: as `PacketWorld`; the environment draws nothing for the agents.
/// - Verified: `RoutingEnvironmentTests` (`checkEnvironment`, a transcript, agreement with the world).
public final class RoutingEnvironment {
  public let world: PacketWorld
  public let layout: AgentObservation
  public let reward: AgentReward

  /// What one step gives back.
  public struct Step: Sendable, Hashable {
    public var observations: [Float]
    public var rewards: [Float]
    public var isTruncated: Bool
  }

  public init(
    scenario: Scenario, replicas: Int = 1, observation: AgentObservation.Options = .init(),
    reward: AgentReward = .backlog
  ) {
    layout = AgentObservation(topology: scenario.topology, options: observation)
    self.reward = reward
    world = PacketWorld(
      scenario: scenario, replicas: replicas,
      requirements: WorldRequirements(
        events: true, pastActions: observation.pastActions, queueHistory: true))
  }

  public var isTruncated: Bool { world.isFinished }

  /// Starts an episode in every replica; returns the first observations.
  public func reset(seeds: [SeedTree], outages: [[LinkOutage]]? = nil) -> [Float] {
    world.reset(seeds: seeds, outages: outages)
    _ = world.beginTick()
    return observe()
  }

  /// Whether an agent's action will be carried out: it has a packet to forward, or may get one
  /// before it forwards (`published` order).
  public func isActing(replica: Int, router: Int) -> Bool {
    world.scenario.model.decidesBeforeArrivals
      || world.queueLength(replica: replica, router: router) > 0
  }

  /// Carries out one action per agent and plays to the next decision.
  ///
  /// - Parameter actions: a neighbour slot per agent; ignored where `isActing` is false.
  public func step(actions: [Int32]) -> Step {
    precondition(
      actions.count == world.replicaCount * world.routerCount,
      "step: \(actions.count) actions for \(world.replicaCount * world.routerCount) agents")
    let batch = world.currentBatch
    for k in 0..<batch.count {
      batch.choices[k] = actions[Int(batch.replicas[k]) * world.routerCount + Int(batch.routers[k])]
    }
    world.finishTick()
    let rewards = reward.rewards(in: world)
    if !world.isFinished { _ = world.beginTick() }
    return Step(observations: observe(), rewards: rewards, isTruncated: world.isFinished)
  }

  private func observe() -> [Float] {
    var values = [Float](repeating: 0, count: world.replicaCount * layout.width)
    for replica in 0..<world.replicaCount {
      for router in 0..<world.routerCount {
        layout.write(
          replica: replica, router: router, in: world, to: &values,
          at: replica * layout.width + layout.offsets[router])
      }
    }
    return values
  }
}

/// What each agent sees, as numbers.
///
/// In this order: destination of the head packet (−1: none); the last `pastActions` own slots,
/// newest first (−1: none yet); the slot of the neighbour with the longest queue; and, where asked
/// for, the queue length of every neighbour and the state of every own link (1 up, 0 down).
public struct AgentObservation: Sendable, Hashable {
  public struct Options: Sendable, Hashable, Codable {
    /// 0…100; default 10, the paper's.
    public var pastActions = 10
    /// Default `false`.
    public var neighbourQueues = false
    /// Default `false`: nobody is told of failures.
    public var ownLinkState = false
    public init(pastActions: Int = 10, neighbourQueues: Bool = false, ownLinkState: Bool = false) {
      self.pastActions = pastActions
      self.neighbourQueues = neighbourQueues
      self.ownLinkState = ownLinkState
    }
  }

  public let options: Options
  /// Where each router's numbers start; count is routers + 1.
  public let offsets: [Int]
  /// Numbers of one replica.
  public var width: Int { offsets[offsets.count - 1] }

  init(topology: Topology, options: Options) {
    self.options = options
    var offsets = [0]
    for router in topology.routerIDs {
      let perSlot = (options.neighbourQueues ? 1 : 0) + (options.ownLinkState ? 1 : 0)
      offsets.append(
        (offsets.last ?? 0) + 2 + options.pastActions + perSlot * topology.degree(router))
    }
    self.offsets = offsets
  }

  func write(
    replica: Int, router: Int, in world: PacketWorld, to values: inout [Float], at start: Int
  ) {
    var next = start
    func put(_ value: Int) {
      values[next] = Float(value)
      next += 1
    }
    put(world.headDestination(replica: replica, router: router)?.index ?? -1)
    for back in 0..<options.pastActions {
      put(world.pastAction(replica: replica, router: router, back: back))
    }
    put(world.busiestSlot(replica: replica, router: router))
    let topology = world.topology
    let arcs = topology.firstArc[router]..<topology.firstArc[router + 1]
    if options.neighbourQueues {
      for arc in arcs { put(world.observedQueueLength(replica: replica, arc: arc)) }
    }
    if options.ownLinkState {
      for arc in arcs {
        put(world.isUp(replica: replica, link: topology.arcs[arc].link) ? 1 : 0)
      }
    }
  }
}

/// What each agent is paid per tick.
public enum AgentReward: String, Codable, Sendable, Hashable, CaseIterable {
  /// Minus the packets queued at the router after the tick. Summed over agents and ticks, with the
  /// latencies that are spent anyway, this is the restricted delay: nothing can be gained by
  /// delivering less.
  case backlog
  /// Minus the packets lost at the router in this tick (the paper's r̃).
  case losses
  /// The packets delivered in this tick to the router.
  case deliveries

  func rewards(in world: PacketWorld) -> [Float] {
    var rewards = [Float](repeating: 0, count: world.replicaCount * world.routerCount)
    switch self {
    case .backlog:
      for cell in rewards.indices { rewards[cell] = -Float(world.queueLengths[cell]) }
    case .losses, .deliveries:
      let kind: PacketEvent.Kind = self == .losses ? .lost : .delivered
      for event in world.events where event.kind == kind {
        rewards[Int(event.replica) * world.routerCount + Int(event.router)] +=
          self == .losses ? -1 : 1
      }
    }
    return rewards
  }
}
