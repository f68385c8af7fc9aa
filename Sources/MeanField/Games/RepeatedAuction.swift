import Foundation
import Randomness

/// A repeated second-price auction with budgets: the advertisers' game.
///
/// ```swift
/// let auction = RepeatedAuction()
/// let solution = MeanFieldLearning.gmfQ().run(auction, seeds: SeedTree(root: 1))
/// ```
///
/// ## Model
/// The state is the budget 0…`largestBudget`, the action the bid 0…`largestBid`. Each round an agent
/// meets `bidders` − 1 rivals whose bids are drawn from the population's law of actions; the highest
/// bid wins (ties are broken evenly) and pays the highest rival bid p. With v the value of the slot,
/// uniform on 1…`largestValue`, the winner earns (v − p) − (1 + ρ) max(p − s, 0), the loser nothing;
/// the budget falls to max(s − p, 0). Then it is refilled to the full with probability
/// `refillProbability`. Rewards are divided by `largestValue`, so that they are of order one.
///
/// - Algorithm: repeated-auction | Guo et al., 2019 | section 5 | exact check passed
/// - Source: Guo, Hu, Xu, Zhang (2019), *Learning mean-field games*, NeurIPS, section 5.
/// - Differs: the numbers (values, refill, ρ, discount) are not in our sources and are choices of this
///   project, fixed before any learner was tried.
/// - Verified: `MeanFieldLearningTests`.
public struct RepeatedAuction: StationaryModel, Hashable, Codable {
  public var largestBudget = 9
  public var largestBid = 9
  /// M ≥ 2, bidders in one auction.
  public var bidders = 5
  public var largestValue = 9
  /// ρ ≥ 0, the penalty for overspending.
  public var penalty = 0.2
  public var refillProbability = 0.2
  public var discount = 0.8

  public init() {}

  public var stateCount: Int { largestBudget + 1 }
  public var actionCount: Int { largestBid + 1 }
  public var initialDistribution: [Double] {
    [Double](repeating: 1 / Double(stateCount), count: stateCount)
  }

  /// The probability of winning at each price p ≤ bid, ties split evenly.
  ///
  /// Below the bid that is P(max of M − 1 rival bids = p) = F(p)^{M−1} − F(p − 1)^{M−1}. At p = bid,
  /// summing over the number of tied rivals gives (F(p)^M − F(p − 1)^M)/(M α(p)) − F(p − 1)^{M−1}.
  func winning(bid: Int, actions: [Double]) -> [Double] {
    let rivals = Double(bidders - 1)
    var below = 0.0
    var result = [Double](repeating: 0, count: bid + 1)
    for price in 0...bid {
      let upTo = below + actions[price]
      if price < bid {
        result[price] = pow(upTo, rivals) - pow(below, rivals)
      } else if actions[price] > 1e-12 {
        result[price] =
          (pow(upTo, rivals + 1) - pow(below, rivals + 1)) / ((rivals + 1) * actions[price])
          - pow(below, rivals)
      }
      below = upTo
    }
    // With no rival bid at all (F(p) = 0 up to the bid) nothing is won; a bid below all others loses.
    return result.map { max(0, $0) }
  }

  private func earning(state: Int, price: Int, value: Double) -> Double {
    let missing = Double(max(0, price - state))
    return (value - Double(price) - (1 + penalty) * missing) / Double(largestValue)
  }

  public func reward(state: Int, action: Int, law: PopulationLaw) -> Double {
    let value = Double(1 + largestValue) / 2
    return winning(bid: action, actions: law.actions).enumerated().reduce(0) {
      $0 + $1.element * earning(state: state, price: $1.offset, value: value)
    }
  }

  public func forEachTransition(
    state: Int, action: Int, law: PopulationLaw, _ visit: (Int, Double) -> Void
  ) {
    let prices = winning(bid: action, actions: law.actions)
    visit(largestBudget, refillProbability)
    let kept = 1 - refillProbability
    visit(state, kept * max(0, 1 - prices.reduce(0, +)))
    for (price, probability) in prices.enumerated() where probability > 0 {
      visit(max(0, state - price), kept * probability)
    }
  }

  public func sample(
    state: Int, action: Int, law: PopulationLaw, using stream: inout RandomStream
  ) -> (state: Int, reward: Double) {
    let actions = law.actions
    var price = 0
    var ties = 0
    for _ in 0..<bidders - 1 {
      let rival = stream.categorical(actions)
      if rival == price { ties += 1 }
      if rival > price { (price, ties) = (rival, 1) }
    }
    // `ties` counts rivals at the highest rival bid (0 included, where all of them tie).
    let wins = action > price || (action == price && stream.integer(below: ties + 1) == 0)
    let value = Double(1 + stream.integer(below: largestValue))
    let refilled = stream.bernoulli(refillProbability)
    let reward = wins ? earning(state: state, price: price, value: value) : 0
    let left = wins ? max(0, state - price) : state
    return (refilled ? largestBudget : left, reward)
  }
}
