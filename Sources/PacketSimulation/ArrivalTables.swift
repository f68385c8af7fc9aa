import Foundation
import Networks
import Randomness

/// How packets enter: rates, destinations and sizes, prepared for drawing in constant time.
final class ArrivalTables: Sendable {
  let law: SimulationModel.ArrivalLaw
  /// λ per router.
  let rates: [Double]
  private let routerCount: Int
  private let alias: AliasTables?
  private let sizes: PacketSizes
  private let sizeLaw: SimulationModel.PacketSizeLaw
  private let isUnitSize: Bool
  private let hasMatrix: Bool

  init(scenario: Scenario) {
    let n = scenario.topology.routerCount
    law = scenario.model.arrivals
    routerCount = n
    sizes = scenario.packetSizes
    sizeLaw = scenario.model.packetSize
    isUnitSize = scenario.model.packetSize == .unit || scenario.packetSizes == .unit
    hasMatrix = scenario.traffic != nil
    if let traffic = scenario.traffic {
      let pairs = traffic.packetRates(meanPerRouter: scenario.load)
      rates = (0..<n).map { r in pairs[r * n..<(r + 1) * n].reduce(0, +) }
      alias = AliasTables(rowCount: n, weights: pairs)
    } else {
      rates = [Double](repeating: scenario.load, count: n)
      alias = nil
    }
  }

  /// The tick of a router's next packet is the integer part of the value returned; `now` is the
  /// value before it (0 at the start).
  @inline(__always)
  func next(after now: Double, router: Int, _ stream: inout RandomStream) -> Double {
    let rate = rates[router]
    guard rate > 0 else { return .infinity }
    let waiting = stream.exponential(rate: 1)
    switch law {
    case .poisson: return now + waiting / rate
    case .growingHazard:
      // Survival exp(−λk(k+1)/2): the gap is the smallest k ≥ 1 with λk(k+1)/2 ≥ an exponential.
      let gap = max(1, ((-1 + (1 + 8 * waiting / rate).squareRoot()) / 2).rounded(.up))
      return now + gap
    }
  }

  /// The value from which the first gap counts: k starts at 0 one tick before the first.
  var start: Double { law == .poisson ? 0 : -1 }

  @inline(__always)
  func destination(from source: Int, _ stream: inout RandomStream) -> Int {
    if hasMatrix, let alias, rates[source] > 0 { return alias.draw(row: source, &stream) }
    let other = stream.integer(below: routerCount - 1)
    return other >= source ? other + 1 : other
  }

  @inline(__always)
  func size(from source: Int, to destination: Int, _ stream: inout RandomStream) -> Float {
    if isUnitSize { return 1 }
    switch (sizeLaw, sizes) {
    case (.unit, _), (_, .unit): return 1
    case (_, .rows(let rowCount, let values)):
      let row = stream.integer(below: rowCount)
      return values[(row * routerCount + source) * routerCount + destination]
    case (_, .lognormal(let mu, let sigma)):
      let pair = source * routerCount + destination
      return Float(exp(Double(mu[pair]) + Double(sigma[pair]) * stream.normal()))
    }
  }
}

/// Walker's alias method for many discrete distributions of the same length.
///
/// - Source: Vose (1991), *A linear algorithm for generating random numbers with a given
///   distribution*, IEEE TSE 17(9).
struct AliasTables: Sendable {
  private let columns: Int
  private let threshold: [Double]
  private let other: [Int32]

  /// - Parameter weights: `[row * columns + column]`, non-negative; a row of zeros is never drawn
  ///   from.
  init(rowCount: Int, weights: [Double]) {
    let columns = rowCount
    var threshold = [Double](repeating: 1, count: rowCount * columns)
    var other = [Int32](repeating: 0, count: rowCount * columns)
    for row in 0..<rowCount {
      let base = row * columns
      let total = weights[base..<base + columns].reduce(0, +)
      guard total > 0 else { continue }
      var scaled = (0..<columns).map { weights[base + $0] / total * Double(columns) }
      var small = (0..<columns).filter { scaled[$0] < 1 }
      var large = (0..<columns).filter { scaled[$0] >= 1 }
      while let s = small.last, let l = large.last {
        small.removeLast()
        threshold[base + s] = scaled[s]
        other[base + s] = Int32(l)
        scaled[l] -= 1 - scaled[s]
        if scaled[l] < 1 {
          large.removeLast()
          small.append(l)
        }
      }
      // What is left over by rounding: a column of weight zero must still never be drawn.
      let heaviest = (0..<columns).max { weights[base + $0] < weights[base + $1] } ?? 0
      for s in small where weights[base + s] == 0 {
        threshold[base + s] = 0
        other[base + s] = Int32(heaviest)
      }
    }
    self.columns = columns
    self.threshold = threshold
    self.other = other
  }

  @inline(__always)
  func draw(row: Int, _ stream: inout RandomStream) -> Int {
    let column = stream.integer(below: columns)
    let index = row * columns + column
    return stream.uniform() < threshold[index] ? column : Int(other[index])
  }
}
