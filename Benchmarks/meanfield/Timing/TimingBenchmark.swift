import Foundation
import MeanField

/// One game in both precisions.
struct BenchmarkGame {
  let double: PreparedGame<Double>
  let single: PreparedGame<Float>

  static let all: [BenchmarkGame] = [
    .init(double: .init(LeftRight()), single: .init(LeftRight())),
    .init(double: .init(RockPaperScissors()), single: .init(RockPaperScissors())),
    .init(double: .init(SusceptibleInfected()), single: .init(SusceptibleInfected())),
    .init(double: .init(BeachBar()), single: .init(BeachBar())),
    .init(double: .init(LinearQuadratic()), single: .init(LinearQuadratic())),
    .init(double: .init(EquilibriumPrice()), single: .init(EquilibriumPrice())),
    .init(
      double: .init(ConservativeTreasureHunting()), single: .init(ConservativeTreasureHunting())),
    .init(double: .init(CrowdMotion()), single: .init(CrowdMotion())),
    .init(double: .init(BuildingEvacuation()), single: .init(BuildingEvacuation())),
    .init(double: .init(RandomLinear()), single: .init(RandomLinear())),
    .init(double: .init(PredatorPrey()), single: .init(PredatorPrey())),
  ]
}

enum TimingBenchmark {
  static func line(_ fields: [String]) { print(fields.joined(separator: "\t")) }

  static func seconds(_ body: () -> Void) -> Double {
    let clock = ContinuousClock()
    let time = clock.measure(body)
    return Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
  }

  // MARK: one iteration

  /// Of the named games; of all where none is named.
  static func iterations(_ names: [String]) {
    for game in BenchmarkGame.all where names.isEmpty || names.contains(game.double.name) {
      each(game.double, "double")
      each(game.single, "single")
    }
  }

  private static func each<Scalar: FlowScalar>(_ game: PreparedGame<Scalar>, _ precision: String) {
    time(game, OnlineMirrorDescent(learningRate: 0.1), precision)
    time(game, FictitiousPlay(), precision)
    time(game, PriorDescent(), precision)
  }

  /// The smallest of several batches: other processes only ever add time.
  private static func time<Scalar: FlowScalar, Solver: FiniteHorizonSolver>(
    _ game: PreparedGame<Scalar>, _ solver: Solver, _ precision: String
  ) {
    let search = EquilibriumSearch(game, solver)
    _ = search.run(StoppingRule(iterations: 5))
    var best = Double.infinity
    var batch = 10
    var spent = 0.0
    while spent < 0.3 {
      let first = search.iteration
      let elapsed = seconds { _ = search.run(StoppingRule(iterations: first + batch)) }
      best = min(best, elapsed / Double(batch))
      spent += elapsed
      if elapsed < 0.01 { batch *= 2 }
    }
    line(["iteration", game.name, Solver.name, precision, "\(best * 1000)"])
  }

  // MARK: time to a given exploitability

  static func targets() {
    for game in BenchmarkGame.all {
      for rate in [0.01, 0.1, 1, 10] {
        reach(game.double, OnlineMirrorDescent(learningRate: rate), "\(rate)")
      }
      reach(game.double, FictitiousPlay(), "")
      for temperature in [0.1, 1] {
        reach(
          game.double, PriorDescent(temperature: temperature, priorUpdateInterval: 10),
          "\(temperature) 10")
      }
    }
  }

  private static func reach<Solver: FiniteHorizonSolver>(
    _ game: PreparedGame<Double>, _ solver: Solver, _ setting: String
  ) {
    for target in [1e-1, 1e-2, 1e-3] {
      let search = EquilibriumSearch(game, solver)
      var result: SearchResult<Double>?
      let time = seconds {
        result = search.run(StoppingRule(iterations: 2000, exploitability: target))
      }
      guard let result else { continue }
      let reached = result.status == .converged
      line([
        "target", game.name, "\(Solver.name) \(setting)", "double", "\(target)",
        reached ? "\(time)" : "-", "\(result.iterations)",
      ])
    }
  }

  // MARK: scale

  static func scale(_ numbers: [Int]) {
    let side = numbers.first ?? 1000
    let horizon = numbers.count > 1 ? numbers[1] : 50
    let iterations = numbers.count > 2 ? numbers[2] : 3
    let threads = numbers.count > 3 ? numbers[3] : 1
    let game = PreparedGame(
      CrowdMotion<Float>(lastStep: horizon - 1, length: side, width: side))
    let search = EquilibriumSearch(
      game, OnlineMirrorDescent(learningRate: 0.1), threads: threads, keepsBest: false)
    // From the end of the first step to the end of the last: without set-up and first touch.
    let clock = ContinuousClock()
    var first = clock.now
    var last = first
    var gap = 0.0
    _ = search.run(StoppingRule(iterations: iterations + 1)) { record in
      last = clock.now
      if record.iteration == 0 { first = last }
      gap = record.exploitability
      return record.iteration < iterations
    }
    let time = last - first
    let spent =
      Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
    line([
      "scale", "\(side * side)", "\(game.transitionCount)",
      "\(spent / Double(iterations) * 1000)", "\(threads)", "\(gap)",
    ])
  }
}
