import Foundation
import Learning
import Networks
import PacketSimulation

/// How a world becomes rows for the routers' networks, and logits become choices.
struct NeuralView: Sendable {
  let network: NetworkArrays
  let observation: RouterObservation
  let sight: QueueSight

  init(_ scenario: Scenario, _ configuration: NeuralActorCriticConfiguration) {
    network = NetworkArrays(scenario)
    observation = RouterObservation(network, configuration: configuration)
    sight = QueueSight(network, scenario: scenario, configuration: ActorCriticConfiguration())
  }

  var requirements: WorldRequirements {
    var requirements = sight.requirements
    requirements.pastActions = observation.requiredPastActions
    return requirements
  }

  /// Appends the row of a decision, and leaves the neighbours' queues in `lengths`: as long as the
  /// router sees them, with the packets under way that they cannot show yet.
  @inline(__always)
  func append(
    router: Int, destination: Int, replica: Int, world: PacketWorld, lengths: inout [Int],
    to rows: inout [Int32]
  ) {
    let first = network.firstArc[router]
    let degree = network.degree(router)
    for slot in 0..<degree {
      lengths[slot] = sight.length(world, replica: replica, arc: first + slot)
    }
    observation.append(
      router: router, destination: destination, degree: degree, replica: replica,
      lengths: lengths, world: world, to: &rows)
  }

  /// Probabilities from logits, links held to be dead left out.
  @inline(__always)
  func choose(
    router: Int, degree: Int, logits: inout [Float], isDead: [Bool],
    into scratch: inout DecisionScratch
  ) {
    var highest = -Float.infinity
    for slot in 0..<degree {
      scratch.probabilities[slot] = isDead[slot] ? -.infinity : logits[slot]
      highest = max(highest, scratch.probabilities[slot])
    }
    scratch.normalise(degree: degree, highest: highest)
  }
}

/// The learned networks, frozen.
struct NeuralActorCriticPolicy: RoutingPolicy {
  let view: NeuralView
  let actors: [FeedForwardNetwork]
  let weights: [[Float]]
  /// Links that were held to be dead when it was frozen, by arc.
  let isDead: [Bool]
  var requirements: WorldRequirements { view.requirements }
  var controlBytesPerTick: Int { view.sight.controlBytesPerTick }

  func decide(_ batch: DecisionBatch, in world: PacketWorld) {
    var scratch = DecisionScratch(view.network)
    var lengths = [Int](repeating: 0, count: scratch.costs.count)
    var row: [Int32] = []
    for index in 0..<batch.count {
      let destination = Int(batch.destinations[index])
      guard destination >= 0 else { continue }
      let router = Int(batch.routers[index])
      let replica = Int(batch.replicas[index])
      row.removeAll(keepingCapacity: true)
      view.append(
        router: router, destination: destination, replica: replica, world: world,
        lengths: &lengths, to: &row)
      var logits = actors[router].outputs(
        weights[router],
        .oneHot(indices: row, activePerRow: view.observation.activePerRow[router]))
      let first = view.network.firstArc[router]
      let degree = view.network.degree(router)
      for slot in 0..<degree { scratch.isDead[slot] = isDead[first + slot] }
      view.choose(
        router: router, degree: degree, logits: &logits, isDead: scratch.isDead, into: &scratch)
      batch.choices[index] = Int32(scratch.draw(degree: degree, &batch.streams[replica]))
    }
  }
}
