import Foundation
import Learning
import Networks
import PacketSimulation
import Randomness

/// What K episodes, played in step, taught each router: observations, actions and pay.
///
/// - Shapes: one `RouterTrajectory` per router; its rows are ordered by tick, then replica,
///   within each piece of replicas.
package struct RouterTrajectories: Sendable {
  /// The decisions of one router.
  package struct RouterTrajectory: Sendable {
    package var observations: [Int32] = []
    package var actions: [Int32] = []
    package var ticks: [Int32] = []
    package var replicas: [Int32] = []
    /// Per-packet credit of each decision, where the reward form asks for it.
    package var packetReturns: [Double] = []
    /// How likely the chosen slot was, as a natural logarithm; empty where nobody asks.
    package var logLikelihoods: [Float] = []
    /// `[row][slot]`, 0 for a shut slot; empty where none was shut.
    package var mask: [UInt8] = []
    package init() {}
    var rows: Int { actions.count }
  }

  package var routers: [RouterTrajectory]
  /// `[(replica * routerCount + router) * horizon + tick]`.
  package var paid: [Float]
  package let horizon: Int
  package var replicaCount: Int
  package var metrics: [EpisodeMetrics]

  package init(
    routers: [RouterTrajectory], paid: [Float], horizon: Int, replicaCount: Int,
    metrics: [EpisodeMetrics] = []
  ) {
    self.routers = routers
    self.paid = paid
    self.horizon = horizon
    self.replicaCount = replicaCount
    self.metrics = metrics
  }

  /// Replicas that are played in step; fixed, so that the order of rows is the same for any number
  /// of threads.
  static let pieceReplicas = 8

  /// Plays one episode per seed with the given policies.
  package static func collect(
    _ policies: RouterNetworks, scenario: Scenario, seeds: [SeedTree], outages: [LinkOutage],
    settings: MAMRLConfiguration, threads: Int
  ) -> RouterTrajectories {
    let starts = Array(stride(from: 0, to: seeds.count, by: pieceReplicas))
    let pieces = concurrentMap(count: starts.count, threads: threads) { piece in
      let end = min(starts[piece] + pieceReplicas, seeds.count)
      return collectPiece(
        policies, scenario: scenario, seeds: Array(seeds[starts[piece]..<end]), outages: outages,
        settings: settings)
    }
    return joining(pieces)
  }

  private static func collectPiece(
    _ policies: RouterNetworks, scenario: Scenario, seeds: [SeedTree], outages: [LinkOutage],
    settings: MAMRLConfiguration
  ) -> RouterTrajectories {
    var requirements = policies.layout.requirements
    requirements.events = true
    var detector =
      settings.failedLinks == .masked
      ? FailureDetector(
        topology: scenario.topology, threshold: settings.detectorLosses, replicas: seeds.count)
      : nil
    let world = PacketWorld(
      scenario: scenario, replicas: seeds.count, requirements: requirements)
    world.reset(seeds: seeds, outages: seeds.map { _ in outages })
    var recorder = TrajectoryRecorder(world: world, settings: settings)
    while !world.isFinished {
      let tick = world.tick
      let batch = world.beginTick()
      let rows = policies.evaluate(batch, in: world, shutting: detector)
      policies.sample(rows, batch)
      recorder.record(rows, batch, tick: tick)
      world.finishTick()
      _ = detector?.observe(world.events, topology: world.topology)
      recorder.observe(tick: tick, in: world)
    }
    return recorder.finish(world)
  }

  /// Several sets of episodes as one, in the given order.
  static func joining(_ parts: [RouterTrajectories]) -> RouterTrajectories {
    var all = parts[0]
    for part in parts.dropFirst() {
      for router in all.routers.indices {
        let more = part.routers[router]
        all.routers[router].joinMask(more)
        all.routers[router].observations += more.observations
        all.routers[router].actions += more.actions
        all.routers[router].ticks += more.ticks
        all.routers[router].replicas += more.replicas.map { $0 + Int32(all.replicaCount) }
        all.routers[router].packetReturns += more.packetReturns
        all.routers[router].logLikelihoods += more.logLikelihoods
      }
      all.paid += part.paid
      all.metrics += part.metrics
      all.replicaCount += part.replicaCount
    }
    return all
  }

  /// The decisions of one router as a batch without weights.
  func batch(_ router: Int, _ layout: ObservationLayout) -> PolicyBatch<Float> {
    let part = routers[router]
    return PolicyBatch(
      input: layout.input(part.observations), mask: part.mask.isEmpty ? nil : part.mask,
      actions: part.actions,
      weights: [Float](repeating: 0, count: part.rows))
  }

  /// What one router was paid in one replica, tick by tick.
  func rewards(replica: Int, router: Int) -> [Double] {
    let start = (replica * routers.count + router) * horizon
    return paid[start..<start + horizon].map(Double.init)
  }
}

extension LossCause {
  /// Whether a link that is down took the packet.
  fileprivate var isFailure: Bool { self == .failedLink || self == .inFlightAtFailure }
}

extension RouterTrajectories.RouterTrajectory {
  /// Takes up the shut slots of further rows: rows from when nothing was shut count as open.
  mutating func joinMask(_ more: Self) {
    if mask.isEmpty && more.mask.isEmpty { return }
    let width = mask.isEmpty ? more.mask.count / more.rows : mask.count / rows
    if mask.isEmpty { mask = [UInt8](repeating: 1, count: rows * width) }
    mask +=
      more.mask.isEmpty ? [UInt8](repeating: 1, count: more.rows * width) : more.mask
  }
}

/// Writes trajectories down while a world is played.
struct TrajectoryRecorder {
  private let settings: MAMRLConfiguration
  private var trajectories: RouterTrajectories
  private var signals: RewardSignals
  private var credit: PacketCredit?
  /// The row of the decision that each cell made this tick; −1 for none.
  private var rowOfCell: [Int]

  init(world: PacketWorld, settings: MAMRLConfiguration) {
    self.settings = settings
    trajectories = RouterTrajectories(
      routers: Array(
        repeating: RouterTrajectories.RouterTrajectory(), count: world.routerCount),
      paid: [], horizon: world.scenario.horizon, replicaCount: world.replicaCount, metrics: [])
    signals = RewardSignals(world: world, settings: settings)
    credit = settings.reward == .packetDelay ? PacketCredit() : nil
    rowOfCell = [Int](repeating: -1, count: world.replicaCount * world.routerCount)
  }

  /// Notes the decisions of a tick, after the choices were made.
  mutating func record(_ rows: [RouterNetworks.Rows], _ batch: DecisionBatch, tick: Int) {
    let n = rows.count
    for cell in rowOfCell.indices { rowOfCell[cell] = -1 }
    for (router, part) in rows.enumerated() where !part.places.isEmpty {
      noteMask(router, part)
      trajectories.routers[router].observations += part.observations
      if settings.entropyBonus > 0 { noteLikelihoods(router, part, batch) }
      for place in part.places {
        let replica = batch.replicas[place]
        rowOfCell[Int(replica) * n + router] = trajectories.routers[router].rows
        trajectories.routers[router].actions.append(batch.choices[place])
        trajectories.routers[router].ticks.append(Int32(tick))
        trajectories.routers[router].replicas.append(replica)
        trajectories.routers[router].packetReturns.append(0)
      }
    }
  }

  private mutating func noteMask(_ router: Int, _ part: RouterNetworks.Rows) {
    let before = trajectories.routers[router]
    if before.mask.isEmpty && part.mask.isEmpty { return }
    let width = part.probabilities.count / part.places.count
    if before.mask.isEmpty {
      trajectories.routers[router].mask = [UInt8](repeating: 1, count: before.rows * width)
    }
    trajectories.routers[router].mask +=
      part.mask.isEmpty
      ? [UInt8](repeating: 1, count: part.places.count * width) : part.mask
  }

  private mutating func noteLikelihoods(
    _ router: Int, _ part: RouterNetworks.Rows, _ batch: DecisionBatch
  ) {
    let width = part.probabilities.count / part.places.count
    for (row, place) in part.places.enumerated() {
      let p = part.probabilities[row * width + Int(batch.choices[place])]
      trajectories.routers[router].logLikelihoods.append(Float(log(Double(p))))
    }
  }

  /// Books the events of a tick that is finished.
  mutating func observe(tick: Int, in world: PacketWorld) {
    signals.observe(tick: tick, in: world)
    guard credit != nil else { return }
    for event in world.events {
      switch event.kind {
      case .forwarded: noteDecision(event, in: world)
      case .delivered: close(event.packet, at: tick)
      case .lost:
        noteDecision(event, in: world)
        if settings.failureLosses == .excused && event.lossCause.isFailure {
          excuse(event.packet)
        } else {
          close(event.packet, at: world.scenario.horizon)
        }
      case .generated, .received: break
      }
    }
  }

  private mutating func noteDecision(_ event: PacketEvent, in world: PacketWorld) {
    // A packet lost on a link when it failed was sent earlier: its decision is already noted.
    if event.kind == .lost && (event.lossCause == .inFlightAtFailure || event.arc < 0) { return }
    let row = rowOfCell[Int(event.replica) * world.routerCount + Int(event.router)]
    if row >= 0 {
      credit?.decided(
        packet: Int(event.packet), router: Int(event.router), row: row,
        cost: signals.price(of: event, in: world))
    }
  }

  private mutating func close(_ packet: Int32, at tick: Int) {
    for decision in credit?.close(packet: Int(packet)) ?? [] { pay(decision, tick) }
  }

  /// No number: `DecisionWeights` puts the router's mean there.
  private mutating func excuse(_ packet: Int32) {
    for decision in credit?.close(packet: Int(packet)) ?? [] {
      trajectories.routers[decision.router].packetReturns[decision.row] = .nan
    }
  }

  private mutating func pay(_ decision: PacketCredit.Decision, _ tick: Int) {
    let decided = Int(trajectories.routers[decision.router].ticks[decision.row])
    trajectories.routers[decision.router].packetReturns[decision.row] =
      Double(decided - tick) - decision.costs
  }

  /// The trajectories, once the world is finished.
  mutating func finish(_ world: PacketWorld) -> RouterTrajectories {
    for decision in credit?.closeAll() ?? [] { pay(decision, world.scenario.horizon) }
    trajectories.paid = signals.paid
    trajectories.metrics = (0..<world.replicaCount).map { world.metrics(replica: $0) }
    return trajectories
  }
}
