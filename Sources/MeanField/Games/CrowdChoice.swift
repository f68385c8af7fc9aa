/// Everybody chooses a place for the next step, and crowded places are unpleasant: the smallest
/// stationary game whose equilibrium and team optimum are known in closed form.
///
/// ```swift
/// let game = CrowdChoice(crowding: [1, 2], toll: [0.5, 0])
/// game.equilibriumShares  // [0.5, 0.5]: 1·½ + ½ = 2·½
/// game.teamShares         // [7/12, 5/12]: 2·1·μ₀ + ½ = 2·2·μ₁
/// ```
///
/// ## Model
/// States and actions are places; action a leads to place a. The reward in place s is
/// −(w_s μ(s) + b_s), with μ(s) the share of agents there. In equilibrium all used places cost the
/// same; the team equalises marginal costs 2 w_s μ(s) + b_s instead (Pigou's two roads).
///
/// - Algorithm: crowd-choice | Pigou, 1920 | two roads | exact check passed
/// - Source: standard; used here to check every learner against a closed form.
/// - Differs: None known.
/// - Verified: `MeanFieldLearningTests`, `MeanFieldControlTests`, `PopulationPolicyTests`.
public struct CrowdChoice: StationaryModel, Hashable, Codable {
  /// w, one positive number for each place.
  public var crowding: [Double]
  /// b, one number ≥ 0 for each place.
  public var toll: [Double]
  public var discount: Double
  /// Where agents start; uniform by default.
  public var initialDistribution: [Double]

  public init(
    crowding: [Double] = [1, 2], toll: [Double] = [0.5, 0], discount: Double = 0.8,
    initialDistribution: [Double]? = nil
  ) {
    precondition(
      crowding.count == toll.count && !crowding.isEmpty && crowding.allSatisfy { $0 > 0 },
      "CrowdChoice(crowding: \(crowding), toll: \(toll))")
    self.crowding = crowding
    self.toll = toll
    self.discount = discount
    self.initialDistribution =
      initialDistribution
      ?? [Double](repeating: 1 / Double(crowding.count), count: crowding.count)
  }

  public var stateCount: Int { crowding.count }
  public var actionCount: Int { crowding.count }
  public var transitionsDependOnLaw: Bool { false }

  public func reward(state: Int, action: Int, law: PopulationLaw) -> Double {
    -(crowding[state] * law.states[state] + toll[state])
  }

  public func forEachTransition(
    state: Int, action: Int, law: PopulationLaw, _ visit: (Int, Double) -> Void
  ) { visit(action, 1) }

  /// The shares at which all used places cost the same.
  public var equilibriumShares: [Double] { shares(slopes: crowding) }

  /// The shares at which all used places have the same marginal cost.
  public var teamShares: [Double] { shares(slopes: crowding.map { 2 * $0 }) }

  /// Water-filling: μ_s = max(0, (level − b_s)/slope_s) with the level at which they sum to one.
  private func shares(slopes: [Double]) -> [Double] {
    let order = toll.indices.sorted { toll[$0] < toll[$1] }
    var level = 0.0
    for used in 1...order.count {
      let set = order[0..<used]
      let weight = set.reduce(0) { $0 + 1 / slopes[$1] }
      level = (1 + set.reduce(0) { $0 + toll[$1] / slopes[$1] }) / weight
      if used == order.count || level <= toll[order[used]] { break }
    }
    return toll.indices.map { max(0, (level - toll[$0]) / slopes[$0]) }
  }
}
