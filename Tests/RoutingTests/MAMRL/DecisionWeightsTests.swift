import Foundation
import Learning
import Networks
import PacketSimulation
import Randomness
import Routing
import Testing

/// The generalised advantages of a router's decisions against the double sum of the textbook.
///
/// Discount .9. In replicas 0 to 2 the router decides in every tick, in replica 3 in a few: there
/// what is paid between two decisions counts for the first.
struct DecisionWeightsTests {
  static let horizon = 20
  static let replicas = 4
  static let discount = 0.9
  let layout: ObservationLayout
  let trajectories: RouterTrajectories
  /// The router that is looked at.
  let router = 1

  init() throws {
    layout = ObservationLayout(
      scenario: try Scenario(
        topology: try SmallNetworks.square(), load: 0.1, horizon: Self.horizon),
      form: .oneHot, pastActions: 0)
    var draws = RandomStream(seed: 12)
    var part = RouterTrajectories.RouterTrajectory()
    for tick in 0..<Self.horizon {
      for replica in 0..<Self.replicas where replica < 3 || [0, 1, 4, 5, 9].contains(tick) {
        let destination = draws.integer(below: 4)
        let busiest = draws.integer(below: 2)
        // Five places for the destination, then two for the busiest neighbour.
        part.observations += [Int32(destination), Int32(5 + busiest)]
        part.actions.append(Int32(draws.integer(below: 2)))
        part.ticks.append(Int32(tick))
        part.replicas.append(Int32(replica))
        part.packetReturns.append(0)
      }
    }
    var routers = [RouterTrajectories.RouterTrajectory](repeating: .init(), count: 4)
    routers[1] = part
    var paid: [Float] = []
    for _ in 0..<Self.replicas * 4 * Self.horizon { paid.append(Float(draws.normal())) }
    trajectories = RouterTrajectories(
      routers: routers, paid: paid, horizon: Self.horizon, replicaCount: Self.replicas)
  }

  var part: RouterTrajectories.RouterTrajectory { trajectories.routers[router] }

  /// What the router was paid in a replica, tick by tick.
  func rewards(_ replica: Int) -> [Double] {
    let start = (replica * 4 + router) * Self.horizon
    return (0..<Self.horizon).map { Double(trajectories.paid[start + $0]) }
  }

  /// `Σ_{t ≥ from} .9^{t − from} r_t`, up to a tick.
  func discounted(_ rewards: [Double], from: Int, to end: Int) -> Double {
    var sum = 0.0
    for t in from..<end { sum += pow(Self.discount, Double(t - from)) * rewards[t] }
    return sum
  }

  /// The discounted return from each decision on.
  func returns() -> [Double] {
    part.ticks.indices.map { row -> Double in
      discounted(
        rewards(Int(part.replicas[row])), from: Int(part.ticks[row]), to: Self.horizon)
    }
  }

  /// The baseline's value at each decision: fitted to the returns.
  func baseline() -> [Double] {
    let input = NetworkInput<Float>.oneHot(
      indices: part.observations, activePerRow: layout.activePerRow)
    var fitted = LinearFeatureBaseline(inputs: layout.inputs(of: router))
    fitted.fit(input, times: part.ticks, returns: returns())
    return fitted.predict(input, times: part.ticks)
  }

  /// `A_k = Σ_{l ≥ k} λ^{l−k} .9^{t_l − t_k} δ_l` over the decisions k, l of a replica, with
  /// `δ_l = Σ_{t_l ≤ t < t_{l+1}} .9^{t − t_l} r_t + .9^{t_{l+1} − t_l} V_{l+1} − V_l`, and V = 0
  /// at the horizon. With a decision in every tick that is `Σ_l (.9λ)^{l−k} δ_l`.
  func doubleSum(_ lambda: Double) -> [Double] {
    let values = baseline()
    var result = [Double](repeating: 0, count: values.count)
    for replica in 0..<Self.replicas {
      let rows = part.replicas.indices.filter { part.replicas[$0] == Int32(replica) }
      let paid = rewards(replica)
      var ticks = rows.map { Int(part.ticks[$0]) }
      ticks.append(Self.horizon)
      var v = rows.map { values[$0] }
      v.append(0)
      var deltas: [Double] = []
      for l in rows.indices {
        let next = pow(Self.discount, Double(ticks[l + 1] - ticks[l])) * v[l + 1]
        deltas.append(discounted(paid, from: ticks[l], to: ticks[l + 1]) + next - v[l])
      }
      for k in rows.indices {
        var sum = 0.0
        for l in k..<rows.count {
          let factor = pow(lambda, Double(l - k)) * pow(Self.discount, Double(ticks[l] - ticks[k]))
          sum += factor * deltas[l]
        }
        result[rows[k]] = sum
      }
    }
    return result
  }

  /// The advantages that decisions are weighted by, normalised.
  func advantages(_ lambda: Double) -> [Double] {
    var settings = smallSettings()
    settings.reward = .globalBacklog  // per-packet credit has no advantages along a trajectory
    settings.discount = Self.discount
    settings.lambda = lambda
    let batch = DecisionWeights.weighted(
      trajectories, router: router, layout: layout, settings: settings)
    return batch.weights.map { Double($0) * Double(batch.rows) }
  }

  func check(_ found: [Double], _ expected: [Double]) {
    #expect(found.count == 65 && expected.count == 65)
    for (a, b) in zip(found, Returns.normalized(expected)) { #expect(abs(a - b) < 1e-4) }
  }

  @Test(arguments: [0, 0.3, 0.7, 0.95, 1])
  func generalizedAdvantagesAreTheDoubleSum(_ lambda: Double) {
    check(advantages(lambda), doubleSum(lambda))
  }

  /// λ = 1: the δ telescope to the return minus the baseline. So does the recursion, which is left
  /// out at exactly 1.
  @Test func theLimitOneIsTheReturnMinusTheBaseline() {
    let expected = zip(returns(), baseline()).map { $0 - $1 }
    check(advantages(1), expected)
    check(advantages(1 - 1e-9), expected)
    // .7 is something else: the tests above can fail.
    let other = zip(advantages(0.7), Returns.normalized(expected)).map { abs($0 - $1) }
    #expect(other.contains { $0 > 0.1 })
  }

  /// λ = 0: what is paid until the next decision, and the baseline there, minus the baseline here.
  @Test func theLimitZeroIsTheOneStepError() {
    let values = baseline()
    var expected: [Double] = []
    for row in part.ticks.indices {
      let (replica, tick) = (part.replicas[row], Int(part.ticks[row]))
      let next = part.ticks.indices.first { $0 > row && part.replicas[$0] == replica }
      let end = next.map { Int(part.ticks[$0]) } ?? Self.horizon
      let paid = discounted(rewards(Int(replica)), from: tick, to: end)
      let after = next.map { values[$0] } ?? 0
      expected.append(paid + pow(Self.discount, Double(end - tick)) * after - values[row])
    }
    check(advantages(0), expected)
  }
}
