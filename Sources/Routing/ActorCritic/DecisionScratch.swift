import Networks
import Randomness

/// Room for one decision: a router's slots.
struct DecisionScratch: Sendable {
  var probabilities: [Float]
  var costs: [Float]
  /// Costs with the neighbours' queues at their means.
  var meanCosts: [Float]
  var bins: [Int32]
  /// Slots whose link is held to be dead.
  var isDead: [Bool]
  /// Slots whose neighbour sends packets for the destination back.
  var returns: [Bool]

  init(_ network: NetworkArrays) {
    let degree = (0..<network.routerCount).map(network.degree).max() ?? 0
    probabilities = [Float](repeating: 0, count: degree)
    costs = probabilities
    meanCosts = probabilities
    bins = [Int32](repeating: -1, count: degree)
    isDead = [Bool](repeating: false, count: degree)
    returns = isDead
  }

  /// A slot drawn with the probabilities.
  @inline(__always)
  func draw(degree: Int, _ stream: inout RandomStream) -> Int {
    var remaining = Float(stream.uniform())
    var slot = 0
    while slot < degree - 1 {
      let probability = probabilities[slot]
      if remaining < probability { break }
      remaining -= probability
      slot += 1
    }
    // Rounding at the upper end never yields a slot of probability zero.
    while slot > 0 && probabilities[slot] == 0 { slot -= 1 }
    return slot
  }
}
