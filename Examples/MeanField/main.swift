import Foundation
import MeanField

// A game of one's own: shoppers choose one of five shops each hour; walking costs, crowds annoy, and
// the third shop has an offer in the second half of the day.
struct ShoppingStreet: FiniteHorizonGame {
  let name = "shopping-street"
  let lastStep = 9
  let populations = [PopulationShape(name: "shoppers", states: 5, actions: 3)]

  func initialLaw(of population: Int) -> [Double] { [1, 0, 0, 0, 0] }

  func transitions(of population: Int) -> TransitionModel<Double> {
    .fixed(
      SparseTransitions(states: 5, actions: 3) { shop, action in
        [(min(max(shop + action - 1, 0), 4), 0.9), (shop, 0.1)]
      })
  }

  func fillRewards(
    step: Int, population: Int, states: Range<Int>, meanField: StepMeanField<Double>,
    into rewards: RewardWriter<Double>
  ) {
    for shop in states {
      for action in 0..<3 {
        let walk = action == 1 ? 0 : 0.1
        let offer = shop == 2 && step >= 5 ? 1.0 : 0
        rewards[shop, action] = offer - walk - 2 * meanField[state: shop]
      }
    }
  }
}

for problem in checkGame(ShoppingStreet()) { print(problem.description) }
let game = PreparedGame(ShoppingStreet())
let search = EquilibriumSearch(game, OnlineMirrorDescent(learningRate: 0.3))
let result = search.run(StoppingRule(iterations: 2000, exploitability: 1e-4))
print("\(result.status.sentence) after \(result.iterations) iterations")
let best = result.bestPolicy ?? result.policy
let measures = PolicyMeasures.evaluate(best, in: game)
for (hour, law) in measures.laws[0].enumerated() {
  print("hour \(hour):", law.map { String(format: "%.3f", $0) }.joined(separator: " "))
}
print(
  String(format: "value %.4f, exploitability %.1e", measures.values[0], measures.exploitability))
