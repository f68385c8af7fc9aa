import Learning
import PacketSimulation

/// Weighs every decision of a router by what followed it: the estimators of Eq. 2 and Eq. 5.
///
/// ## Method
/// The objective of a batch is `Σ weight·log π(action)`; its gradient estimates ∇J. With K episodes:
/// - whole trajectory: `weight = R(τ)/K`, `R(τ) = Σ_t e_t`, as Eq. 2 and Eq. 5 print it;
/// - reward to go: `weight = Σ_{l≥t} e_l / K`: same expectation, because an action cannot change
///   what was paid before it (Appendix A's derivation with the past dropped);
/// - advantage: GAE over the linear-feature baseline, normalised to mean 0 and deviation 1 over the
///   router's decisions, divided by their number (the released program). With γ = λ = 1 this is the
///   return to go minus the baseline.
/// With per-packet credit the return of a decision is its packet's; the baseline is then fitted to
/// those.
///
/// - Source: the MAMRL paper, Eq. 2, Eq. 5, Eq. 6, Appendix A; released program for the advantage.
/// - Algorithm: trajectory-gradient-estimators | MAMRL (Sun, Kiran, Ren), 2021 | Eq. 2, Eq. 5 | exact check passed
/// - Complexity: linear in decisions, plus the baseline's fit.
/// - Verified: `EstimatorTests` (both unbiased on a problem whose gradient is enumerated),
///   `DecisionWeightsTests` (GAE against its double sum).
package enum DecisionWeights {
  /// The router's batch, weighted.
  package static func weighted(
    _ trajectories: RouterTrajectories, router: Int, layout: ObservationLayout,
    settings: MAMRLConfiguration
  ) -> PolicyBatch<Float> {
    var batch = trajectories.batch(router, layout)
    guard batch.rows > 0 else { return batch }
    let returns = decisionReturns(trajectories, router: router, settings: settings)
    switch settings.estimator {
    case .wholeTrajectory, .rewardToGo:
      let scale = 1 / Double(trajectories.replicaCount)
      batch.weights = returns.map { Float($0 * scale) }
    case .advantage:
      var advantages = Returns.normalized(
        advantages(trajectories, router, batch, returns, layout, settings))
      if settings.entropyBonus > 0 {
        addEntropy(&advantages, trajectories.routers[router], settings.entropyBonus)
      }
      batch = batch.weighted(byMeanOf: advantages.map(Float.init))
    }
    return batch
  }

  /// Adds `bonus·(−log π(a) − mean)`: its expectation under `∇ log π` is the gradient of the entropy,
  /// since `∇H = −E[log π · ∇ log π]`; the mean only lowers the variance.
  private static func addEntropy(
    _ advantages: inout [Double], _ part: RouterTrajectories.RouterTrajectory, _ bonus: Double
  ) {
    let surprise = part.logLikelihoods.map { -Double($0) }
    let mean = surprise.reduce(0, +) / Double(max(surprise.count, 1))
    for row in advantages.indices { advantages[row] += bonus * (surprise[row] - mean) }
  }

  /// The return that follows each decision (or its whole trajectory's).
  package static func decisionReturns(
    _ trajectories: RouterTrajectories, router: Int, settings: MAMRLConfiguration
  ) -> [Double] {
    let part = trajectories.routers[router]
    let perReplica = (0..<trajectories.replicaCount).map { replica -> [Double] in
      let rewards = trajectories.rewards(replica: replica, router: router)
      let toGo = Returns.discounted(rewards, discount: settings.discount)
      return settings.estimator == .wholeTrajectory
        ? [Double](repeating: toGo.first ?? 0, count: toGo.count) : toGo
    }
    let credited = part.packetReturns.filter { !$0.isNaN }
    let mean = credited.reduce(0, +) / Double(max(credited.count, 1))
    return part.actions.indices.map {
      let own = part.packetReturns[$0].isNaN ? mean : part.packetReturns[$0]
      return own + perReplica[Int(part.replicas[$0])][Int(part.ticks[$0])]
    }
  }

  /// Advantages over a baseline fitted to this batch.
  private static func advantages(
    _ trajectories: RouterTrajectories, _ router: Int, _ batch: PolicyBatch<Float>,
    _ returns: [Double], _ layout: ObservationLayout, _ settings: MAMRLConfiguration
  ) -> [Double] {
    let part = trajectories.routers[router]
    var baseline = LinearFeatureBaseline(inputs: layout.inputs(of: router))
    baseline.fit(batch.input, times: part.ticks, returns: returns)
    let values = baseline.predict(batch.input, times: part.ticks)
    guard settings.lambda < 1, settings.reward != .packetDelay else {
      return zip(returns, values).map { $0 - $1 }
    }
    return generalized(trajectories, router, values, settings)
  }

  /// GAE along each replica's decisions: what is paid between two decisions counts as the reward of
  /// the first, discounted per tick.
  private static func generalized(
    _ trajectories: RouterTrajectories, _ router: Int, _ values: [Double],
    _ settings: MAMRLConfiguration
  ) -> [Double] {
    let part = trajectories.routers[router]
    var result = values
    for replica in 0..<trajectories.replicaCount {
      let rows = part.actions.indices.filter { part.replicas[$0] == Int32(replica) }
      let rewards = trajectories.rewards(replica: replica, router: router)
      var next = 0.0
      var nextValue = 0.0
      var nextTick = trajectories.horizon
      for row in rows.reversed() {
        let tick = Int(part.ticks[row])
        var paid = 0.0
        var factor = 1.0
        for t in tick..<nextTick {
          paid += factor * rewards[t]
          factor *= settings.discount
        }
        let delta = paid + factor * nextValue - values[row]
        next = delta + factor * settings.lambda * next
        result[row] = next
        nextValue = values[row]
        nextTick = tick
      }
    }
    return result
  }
}
