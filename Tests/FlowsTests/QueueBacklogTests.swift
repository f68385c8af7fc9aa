import Flows
import Foundation
import Testing

@Suite struct QueueBacklogTests {
  /// The definition, step by step: the law of the queue length after each tick.
  func meanBacklogByRecursion(load: Double, horizon: Int) -> Double {
    var arrivals: [Double] = [exp(-load)]
    while arrivals.count < 200 {
      arrivals.append(arrivals[arrivals.count - 1] * load / Double(arrivals.count))
    }
    var law: [Double] = [1]
    var sum = 0.0
    for _ in 0..<horizon {
      var next = [Double](repeating: 0, count: law.count + arrivals.count)
      for (queue, p) in law.enumerated() where p > 1e-30 {
        for (count, q) in arrivals.enumerated() { next[max(0, queue + count - 1)] += p * q }
      }
      while let last = next.last, last < 1e-25 { next.removeLast() }
      law = next
      sum += law.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }
    }
    return sum / Double(horizon)
  }

  @Test(arguments: [0.05, 0.4, 0.83, 0.97, 1, 1.02, 1.3, 2.01, 4.5])
  func agreesWithTheRecursionOnTheQueueLengthLaw(load: Double) {
    for horizon in [1, 7, 60] {
      let fast = QueueBacklog(horizon: horizon).value(at: load).value
      let slow = meanBacklogByRecursion(load: load, horizon: horizon)
      #expect(abs(fast - slow) <= 1e-11 * (1 + slow), "load \(load), horizon \(horizon)")
    }
  }

  /// One tick from empty: E (N − 1)⁺ = ρ − 1 + exp(−ρ).
  @Test func oneTickByHand() {
    let backlog = QueueBacklog(horizon: 1)
    for load in [0.0, 0.3, 1, 1.7, 3, 60] {
      let point = backlog.value(at: load)
      #expect(abs(point.value - (load - 1 + exp(-load))) < 1e-12)
      #expect(abs(point.slope - (1 - exp(-load))) < 1e-12)
      #expect(abs(point.curvature - exp(-load)) < 1e-9)
    }
  }

  /// Far from saturation a long episode shows the stationary mean ρ² / (2 (1 − ρ)).
  @Test func approachesTheStationaryQueue() {
    let backlog = QueueBacklog(horizon: 5000)
    for load in [0.2, 0.5, 0.7] {
      let stationary = load * load / (2 * (1 - load))
      #expect(abs(backlog.value(at: load).value - stationary) < 2e-3 * stationary)
    }
  }

  @Test func derivativesBelongToTheValueAndTheFunctionIsConvex() {
    let backlog = QueueBacklog(horizon: 500)
    var slope = -1.0
    for index in 0..<30_000 {
      let load = Double(index) * 0.0002
      let point = backlog.value(at: load)
      #expect(point.slope >= slope - 1e-11)
      slope = point.slope
      guard index % 37 == 1 else { continue }
      let step = 1e-5
      let low = backlog.value(at: load - step)
      let high = backlog.value(at: load + step)
      #expect(abs((high.value - low.value) / (2 * step) - point.slope) < 1e-4)
      #expect(
        abs((high.slope - low.slope) / (2 * step) - point.curvature) < 1e-3 * (1 + point.curvature))
    }
    #expect(abs(slope - 250.5) < 1)  // overload: every further packet waits half the episode
  }
}
