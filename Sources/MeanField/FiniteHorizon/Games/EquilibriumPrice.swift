import Foundation

/// Producers hold stock, sell and produce; the price falls with what all of them sell.
///
/// ## Method
/// Stock s ∈ 0…S; action (q, h) ∈ 0…Q × 0…H: sell q, produce h (action number q (H + 1) + h);
/// `p = (d / (E_L[q] + e_0))^{1/σ}`; `r = (p − c_0) q − c_1 q² − c_2 h − (c_2 + c_3) max(q − s, 0) − c_4 s`;
/// `s' = min(s − min(q, s) + h, S)`; μ_0 uniform.
///
/// - Source: Guo et al. (2020), *A general framework for learning mean-field games*, section 7;
///   constants as in MFGLib.
/// - Differs: None known.
/// - Verified: `FiniteHorizonReferenceTests`.
public struct EquilibriumPrice<Scalar: FlowScalar>: FiniteHorizonGame {
  public let name = "equilibrium-price"
  /// T ≥ 0; default 4 (MFGLib's).
  public let lastStep: Int
  /// S ≥ 1; default 3 (MFGLib's).
  public let largestStock: Int
  /// Q ≥ 0; default 2 (MFGLib's).
  public let largestSale: Int
  /// H ≥ 0; default 2 (MFGLib's).
  public let largestProduction: Int
  /// d > 0, e_0 > 0, σ > 0; default 1 each (MFGLib's).
  public let demand, demandOffset, elasticity: Double
  /// c_0…c_4; default 1 each (MFGLib's).
  public let costs: [Double]
  public let populations: [PopulationShape]
  public let readsJointLaw = true
  private let fixedRewards: [Scalar]

  public init(
    lastStep: Int = 4, largestStock: Int = 3, largestSale: Int = 2, largestProduction: Int = 2,
    demand: Double = 1, demandOffset: Double = 1, elasticity: Double = 1,
    costs: [Double] = [1, 1, 1, 1, 1]
  ) {
    precondition(costs.count == 5, "five costs c_0…c_4")
    self.lastStep = lastStep
    self.largestStock = largestStock
    self.largestSale = largestSale
    self.largestProduction = largestProduction
    self.demand = demand
    self.demandOffset = demandOffset
    self.elasticity = elasticity
    self.costs = costs
    let shape = PopulationShape(
      states: largestStock + 1, actions: (largestSale + 1) * (largestProduction + 1))
    populations = [shape]
    fixedRewards = (0..<shape.actionCount).flatMap { action in
      let sale = Double(action / (largestProduction + 1))
      let production = Double(action % (largestProduction + 1))
      return (0...largestStock).map { stock in
        let shortage = (costs[2] + costs[3]) * max(sale - Double(stock), 0)
        return Scalar(
          -costs[0] * sale - costs[1] * sale * sale - costs[2] * production - shortage
            - costs[4] * Double(stock))
      }
    }
  }

  public func initialLaw(of population: Int) -> [Scalar] {
    [Scalar](repeating: 1 / Scalar(largestStock + 1), count: largestStock + 1)
  }

  public func transitions(of population: Int) -> TransitionModel<Scalar> {
    .fixed(
      SparseTransitions(states: largestStock + 1, actions: populations[0].actionCount) {
        stock, action in
        let sale = action / (largestProduction + 1)
        let production = action % (largestProduction + 1)
        return [(min(stock - min(sale, stock) + production, largestStock), 1)]
      })
  }

  private func price(_ joint: UnsafePointer<Scalar>) -> Double {
    let states = largestStock + 1
    var sold = 0.0
    for action in 0..<populations[0].actionCount {
      var mass = 0.0
      for stock in 0..<states { mass += Double(joint[action * states + stock]) }
      sold += Double(action / (largestProduction + 1)) * mass
    }
    let ratio = demand / (sold + demandOffset)
    return elasticity == 1 ? ratio : pow(ratio, 1 / elasticity)
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func fillRewards(
    step: Int, population: Int, states: Range<Int>, meanField: StepMeanField<Scalar>,
    into rewards: RewardWriter<Scalar>
  ) {
    let price = Scalar(price(meanField.jointLaw()))
    let stocks = largestStock + 1
    fixedRewards.withUnsafeBufferPointer { fixed in
      for action in 0..<populations[0].actionCount {
        let income = price * Scalar(action / (largestProduction + 1))
        for stock in states {
          rewards[stock, action] = income + fixed[action * stocks + stock]
        }
      }
    }
  }
}
