import Networks
import PacketSimulation

/// What a router's network sees at a decision, as the positions of its ones.
///
/// Destination one-hot; then either the class of every neighbour's queue, or the slot of the
/// neighbour with the longest queue and the own last actions, the newest first.
package struct RouterObservation: Sendable {
  let inputs: [Int]
  let activePerRow: [Int]
  private let kind: NeuralActorCriticConfiguration.Observation
  private let pastActions: Int
  private let routerCount: Int

  /// Queue classes: 0, 1, 2, 3, 4–5, 6–7, 8–11, 12–15, 16–31, 32 and more.
  package static let classes = 10

  package static func queueClass(_ length: Int) -> Int {
    switch length {
    case ..<4: max(length, 0)
    case ..<8: 4 + (length - 4) / 2
    case ..<16: 6 + (length - 8) / 4
    case ..<32: 8
    default: 9
    }
  }

  init(_ network: NetworkArrays, configuration: NeuralActorCriticConfiguration) {
    routerCount = network.routerCount
    kind = configuration.observation
    pastActions = configuration.pastActions
    let n = network.routerCount
    let degrees = (0..<n).map(network.degree)
    switch kind {
    case .queues:
      inputs = degrees.map { n + $0 * Self.classes }
      activePerRow = degrees.map { 1 + $0 }
    case .paper:
      let actions = pastActions
      inputs = degrees.map { n + $0 * (1 + actions) }
      activePerRow = degrees.map { _ in 2 + actions }
    }
  }

  var requiredPastActions: Int { kind == .paper ? pastActions : 0 }

  /// Appends one row.
  @inline(__always)
  func append(
    router: Int, destination: Int, degree: Int, replica: Int, lengths: [Int],
    world: PacketWorld, to rows: inout [Int32]
  ) {
    rows.append(Int32(destination))
    switch kind {
    case .queues:
      for slot in 0..<degree {
        let index = routerCount + slot * Self.classes + Self.queueClass(lengths[slot])
        rows.append(Int32(index))
      }
    case .paper:
      var busiest = 0
      for slot in 1..<max(degree, 1) where lengths[slot] > lengths[busiest] { busiest = slot }
      rows.append(Int32(routerCount + busiest))
      for back in 0..<pastActions {
        let slot = world.pastAction(replica: replica, router: router, back: back)
        rows.append(slot < 0 ? -1 : Int32(routerCount + (1 + back) * degree + slot))
      }
    }
  }
}
