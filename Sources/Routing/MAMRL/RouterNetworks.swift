import Learning
import Networks
import PacketSimulation
import Randomness

/// One softmax policy per router, evaluated for all replicas of a tick at once.
///
/// ```swift
/// let policies = RouterNetworks(layout: layout, hidden: [64, 64], seeds: seeds)
/// let frozen = NeuralRoutingPolicy(policies)               // a RoutingPolicy for any runner
/// let rows = policies.evaluate(batch, in: world)           // what it saw, and its probabilities
/// ```
///
/// This is what any learner with neural routers builds on: it owns networks and parameters, groups a
/// batch of decisions by router, and runs each router's network once over its replicas. Parameters
/// are plain `[Float]` per router, for the optimisers of `Learning`.
///
/// - Shapes: `parameters[router]`, flat, in the layout of `FeedForwardNetwork`.
/// - Randomness: Xavier-uniform weights from `seeds.stream("weights", router)`.
public struct RouterNetworks: Sendable, Hashable {
  public let layout: ObservationLayout
  public let networks: [FeedForwardNetwork]
  public var parameters: [[Float]]
  /// Inner step sizes per router where they are learned; empty where they are a setting.
  public var stepSizes: [StepSizes] = []

  public init(layout: ObservationLayout, hidden: [Int], seeds: SeedTree) {
    self.layout = layout
    networks = (0..<layout.routerCount).map { layout.network(of: $0, hidden: hidden) }
    parameters = networks.enumerated().map { router, network in
      var draws = seeds.stream("weights", router)
      return network.initialParameters(using: &draws)
    }
  }

  /// Learned inner step sizes of a router; nil where they are a setting.
  func stepSizes(of router: Int) -> StepSizes? {
    stepSizes.indices.contains(router) ? stepSizes[router] : nil
  }

  /// Makes the inner step sizes something that is learned, from the setting on.
  mutating func startStepSizes(_ settings: MAMRLConfiguration) {
    let start = Double(Float(settings.innerStepSize))
    switch settings.innerStepSizes {
    case .fixed: stepSizes = []
    case .perRouter: stepSizes = networks.map { _ in .uniform(start) }
    case .perLayer: stepSizes = networks.map { .perLayer(start, of: $0) }
    }
  }

  /// The decisions of one router in a tick.
  public struct Rows: Sendable {
    /// Places in the decision batch, ascending.
    public var places: [Int] = []
    /// What it saw, `layout.activePerRow` numbers a row.
    public var observations: [Int32] = []
    /// `[row][slot]`.
    public var probabilities: [Float] = []
    /// `[row][slot]`, 0 for a slot that is shut; empty where none is anywhere.
    public var mask: [UInt8] = []
  }

  /// What every router sees and how likely it takes each slot.
  public func evaluate(_ batch: DecisionBatch, in world: PacketWorld) -> [Rows] {
    evaluate(batch, in: world, shutting: nil)
  }

  /// The same, with no way into links that the detector counts as failed.
  func evaluate(
    _ batch: DecisionBatch, in world: PacketWorld, shutting detector: FailureDetector?
  ) -> [Rows] {
    let failures = detector.flatMap { $0.isAnyFailed ? $0 : nil }
    var rows = [Rows](repeating: Rows(), count: layout.routerCount)
    for place in 0..<batch.count {
      let router = Int(batch.routers[place])
      rows[router].places.append(place)
      layout.append(
        replica: Int(batch.replicas[place]), router: router,
        destination: Int(batch.destinations[place]), in: world, to: &rows[router].observations)
      if let failures {
        rows[router].mask += openSlots(
          of: router, replica: Int(batch.replicas[place]), in: world, failures)
      }
    }
    for router in rows.indices where !rows[router].places.isEmpty {
      let logits = networks[router].outputs(
        parameters[router], layout.input(rows[router].observations))
      rows[router].probabilities =
        PolicyEvaluation<Float>.softmax(
          logits, mask: rows[router].mask.isEmpty ? nil : rows[router].mask,
          rows: rows[router].places.count, width: networks[router].outputs
        ).probabilities
    }
    return rows
  }

  /// 1 for every slot whose link does not count as failed; all 1 where all of them do.
  private func openSlots(
    of router: Int, replica: Int, in world: PacketWorld, _ failures: FailureDetector
  ) -> [UInt8] {
    let topology = world.topology
    let open = (topology.firstArc[router]..<topology.firstArc[router + 1]).map { arc -> UInt8 in
      failures.isFailed(topology.arcs[arc].link, replica: replica) ? 0 : 1
    }
    return open.contains(1) ? open : [UInt8](repeating: 1, count: open.count)
  }

  /// Draws a slot for every decision, in the order of the batch, and writes the choices.
  public func sample(_ rows: [Rows], _ batch: DecisionBatch) {
    var next = [Int](repeating: 0, count: rows.count)
    for place in 0..<batch.count {
      let router = Int(batch.routers[place])
      let width = networks[router].outputs
      let start = next[router] * width
      next[router] += 1
      let u = batch.streams[Int(batch.replicas[place])].uniform()
      batch.choices[place] = Int32(Self.slot(rows[router].probabilities, start, width, u))
    }
  }

  /// The slot at which the running sum of the probabilities passes `u`; never one of probability 0
  /// where another has more.
  static func slot(_ probabilities: [Float], _ start: Int, _ width: Int, _ u: Double) -> Int {
    var target = u
    var chosen = 0
    for slot in 0..<width where probabilities[start + slot] > 0 {
      chosen = slot
      target -= Double(probabilities[start + slot])
      if target < 0 { break }
    }
    return chosen
  }

  /// Takes up stored parameters.
  ///
  /// - Throws: `InputError` where they belong to another network or setting.
  public mutating func restore(_ state: LearnerState, prefix: String = "router")
    throws(InputError)
  {
    for router in networks.indices {
      parameters[router] = try state.table(
        "\(prefix).\(router)", count: networks[router].parameterCount)
    }
    for router in stepSizes.indices {
      let numbers = try state.table(
        "\(prefix).\(router).steps", count: stepSizes[router].values.count)
      stepSizes[router] = StepSizes(numbers.map(Double.init))
    }
  }

  /// The parameters as named tables.
  public func tables(prefix: String = "router") -> [LearnerState.Table] {
    parameters.enumerated().map { LearnerState.Table("\(prefix).\($0.offset)", $0.element) }
      + stepSizes.enumerated().map {
        LearnerState.Table("\(prefix).\($0.offset).steps", $0.element.values.map { Float($0) })
      }
  }
}

/// Frozen neural routers: samples every next hop from its router's softmax.
public struct NeuralRoutingPolicy: RoutingPolicy {
  public let networks: RouterNetworks

  public init(_ networks: RouterNetworks) { self.networks = networks }

  public var requirements: WorldRequirements { networks.layout.requirements }

  public func decide(_ batch: DecisionBatch, in world: PacketWorld) {
    networks.sample(networks.evaluate(batch, in: world), batch)
  }
}
