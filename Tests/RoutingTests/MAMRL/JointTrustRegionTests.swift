import Foundation
import Learning
import Networks
import PacketSimulation
import Randomness
import Routing
import Testing

/// Seed 000's step: the ratio of the joint policy, `S = Σ_g A_g Π_i ratio_i / G`.
struct JointTrustRegionTests {
  /// A square: every router has two neighbours, hence two actions.
  let layout: ObservationLayout
  let policies: RouterNetworks

  init() throws {
    layout = ObservationLayout(
      scenario: try Scenario(topology: try SmallNetworks.square(), load: 0.1, horizon: 4),
      form: .oneHot, pastActions: 0)
    policies = RouterNetworks(layout: layout, hidden: [], seeds: SeedTree(root: 3))
  }

  func settings(bound: Double) -> MAMRLConfiguration {
    var settings = smallSettings()
    settings.innerSteps = 0
    settings.outerStep = .jointTrpo
    settings.reward = .globalBacklog
    settings.maximumDivergence = bound
    return settings
  }

  /// Decisions in episodes of four ticks, each router's weighted by its advantages over their
  /// number.
  func task(
    _ routers: [RouterTrajectories.RouterTrajectory], _ advantages: [[Double]], replicas: Int
  ) -> TaskData {
    var outer: [PolicyBatch<Float>] = []
    for (part, own) in zip(routers, advantages) {
      outer.append(
        PolicyBatch(
          input: .oneHot(indices: part.observations, activePerRow: layout.activePerRow),
          actions: part.actions, weights: own.map { Float($0 / Double(own.count)) }))
    }
    let paid = [Float](repeating: 0, count: replicas * 4 * 4)
    return TaskData(
      inner: [], outer: outer,
      outerTrajectories: RouterTrajectories(
        routers: routers, paid: paid, horizon: 4, replicaCount: replicas))
  }

  func note(
    _ action: Int, tick: Int, replica: Int, seeing observation: [Int32],
    in part: inout RouterTrajectories.RouterTrajectory
  ) {
    part.observations += observation
    part.actions.append(Int32(action))
    part.ticks.append(Int32(tick))
    part.replicas.append(Int32(replica))
    part.packetReturns.append(0)
  }

  /// Two routers, one observation, even policies, each pair of actions once, with
  /// `A(0, 0) = −3`, `A(0, 1) = A(1, 0) = 2`, `A(1, 1) = 0`.
  ///
  /// With q and s the routers' probabilities of action 0, a group's ratio is 4 times the
  /// probability of its pair, so `S = −3qs + 2q(1 − s) + 2(1 − q)s = 2q + 2s − 7qs`. At q = s = ½
  /// it is ¼, with `∂S/∂q = −3/2`: both want less of action 0. Alone either could go down to 0, S
  /// rising to 1; but together `S = 4q − 7q²` exceeds ¼ only between q = 1/14 and ½.
  ///
  /// Let d be the difference of a router's two logits, `q = 1/(1 + e^{−d})`. Three inputs are
  /// active (a destination, a neighbour, the bias), so d is a sum of three differences of two
  /// weights. Then `∂S/∂d = −3/8`, which each of the six weights gets with its sign: the gradient's
  /// norm is ⅜·√6. By the Fisher matrix the divergence is `d²/8`: the full step ends at
  /// `d = −√(8δ)`, where in truth it is `ln cosh(d/2) < δ`. It is taken if `q > 1/14`, that is
  /// `|d| < ln 13` or `δ < .8224`, and halved else.
  @Test func theLineSearchReadsTheJointRatio() {
    let zeros = [Float](repeating: 0, count: 16)
    var even = policies
    for router in 0..<4 { even.parameters[router] = zeros }
    var routers = [RouterTrajectories.RouterTrajectory](repeating: .init(), count: 4)
    for (tick, pair) in [(0, 0), (0, 1), (1, 0), (1, 1)].enumerated() {
      note(pair.0, tick: tick, replica: 0, seeing: [3, 5], in: &routers[0])
      note(pair.1, tick: tick, replica: 0, seeing: [3, 5], in: &routers[1])
    }
    // A group's advantage is the mean over its routers.
    let advantages: [[Double]] = [[-2.5, 2.5, 2.5, 0.5], [-3.5, 1.5, 1.5, -0.5], [], []]
    let data = task(routers, advantages, replicas: 1)
    for (bound, scale) in [(0.8, 1.0), (0.85, 0.5)] {
      let updates = JointTrustRegion(settings: settings(bound: bound), threads: 1)
        .step(even, [data])
      let d = -scale * (8 * bound).squareRoot()
      // Inputs 3 and 5 and the bias, which stands where an input 7 would; a sixth of d each.
      var expected = zeros
      for input in [3, 5, 7] {
        expected[2 * input] = Float(d / 6)
        expected[2 * input + 1] = Float(-d / 6)
      }
      for update in updates.prefix(2) {
        #expect(update.accepted)
        #expect(abs(update.gradientNorm - 0.375 * 6.0.squareRoot()) < 1e-5)
        #expect(update.parameters.adding(-1, expected).norm < 1e-4)
        #expect(abs(update.divergence - log(cosh(d / 2))) < 1e-4)
      }
      for update in updates.suffix(2) {
        #expect(!update.accepted && update.parameters == zeros)
      }
    }
  }

  /// Random decisions, of several routers or of one alone, against the surrogate written out.
  @Test func theGradientIsTheSlopeOfTheJointSurrogate() {
    var draws = RandomStream(seed: 7)
    var routers = [RouterTrajectories.RouterTrajectory](repeating: .init(), count: 4)
    var advantages = [[Double]](repeating: [], count: 4)
    for tick in 0..<4 {
      for replica in 0..<2 {
        for router in 0..<4 where draws.uniform() < 0.6 {
          let destination = draws.integer(below: 4)
          let busiest = draws.integer(below: 2)
          let action = draws.integer(below: 2)
          note(
            action, tick: tick, replica: replica, seeing: [Int32(destination), Int32(5 + busiest)],
            in: &routers[router])
          advantages[router].append(draws.normal())
        }
      }
    }
    let surrogate = SlowSurrogate(
      routers: routers, advantages: advantages,
      old: policies.parameters.map { own in own.map { Double($0) } })
    let updates = JointTrustRegion(settings: settings(bound: 0.05), threads: 1)
      .step(policies, [task(routers, advantages, replicas: 2)])
    for router in 0..<4 {
      var slopes: [Double] = []
      for index in surrogate.old[router].indices {
        var (up, down) = (surrogate.old, surrogate.old)
        up[router][index] += 1e-5
        down[router][index] -= 1e-5
        slopes.append((surrogate.value(up) - surrogate.value(down)) / 2e-5)
      }
      #expect(slopes.norm > 1e-3)
      #expect(abs(updates[router].gradientNorm - slopes.norm) < 1e-4 * slopes.norm)
      // Each router climbs, and keeps its own bound.
      let after = updates[router].parameters.map { Double($0) }
      #expect(updates[router].accepted)
      #expect(after.adding(-1, surrogate.old[router]).dot(slopes) > 0)
      #expect(updates[router].divergence > 0 && updates[router].divergence <= 0.05)
    }
    let after = updates.map { update in update.parameters.map { Double($0) } }
    #expect(surrogate.value(after) > surrogate.value(surrogate.old))
  }

  @Test func threadsGiveTheSameBytes() throws {
    let scenario = try Scenario(topology: BuiltInTopology.b4.topology, load: 0.2, horizon: 60)
    var settings = MAMRLConfiguration.global
    settings.hiddenLayers = 1
    settings.hiddenUnits = 16
    settings.episodesPerBatch = 10  // two pieces of replicas
    let start = MetaTrainer(scenario: scenario, settings: settings, seeds: SeedTree(root: 2))
    var one = start
    var two = MetaTrainer(
      scenario: scenario, settings: settings, seeds: SeedTree(root: 2), threads: 2)
    for _ in 0..<3 {
      let (alone, together) = (one.iterate(), two.iterate())
      #expect(alone == together)
    }
    #expect(two.policies.parameters == one.policies.parameters)
    #expect(one.policies.parameters != start.policies.parameters)
  }
}

/// The joint surrogate of linear policies with two actions, in double precision: the mean over the
/// pairs of replica and tick in which somebody decided.
private struct SlowSurrogate {
  let routers: [RouterTrajectories.RouterTrajectory]
  let advantages: [[Double]]
  let old: [[Double]]

  func value(_ new: [[Double]]) -> Double {
    var (sum, groups) = (0.0, 0.0)
    for replica in 0..<2 {
      for tick in 0..<4 {
        var (ratio, total, count) = (1.0, 0.0, 0.0)
        for (router, part) in routers.enumerated() {
          for row in part.actions.indices
          where part.replicas[row] == Int32(replica) && part.ticks[row] == Int32(tick) {
            ratio *= probability(part, row, new[router]) / probability(part, row, old[router])
            total += advantages[router][row]
            count += 1
          }
        }
        guard count > 0 else { continue }
        sum += total / count * ratio
        groups += 1
      }
    }
    return sum / groups
  }

  /// How likely the chosen action is: weights `[input][action]` of seven inputs, then two biases.
  private func probability(
    _ part: RouterTrajectories.RouterTrajectory, _ row: Int, _ parameters: [Double]
  ) -> Double {
    let inputs = [Int(part.observations[2 * row]), Int(part.observations[2 * row + 1]), 7]
    var logits = [0.0, 0.0]
    for input in inputs {
      logits[0] += parameters[2 * input]
      logits[1] += parameters[2 * input + 1]
    }
    return exp(logits[Int(part.actions[row])]) / (exp(logits[0]) + exp(logits[1]))
  }
}
