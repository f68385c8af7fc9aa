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

  private static let goals = [1e-1, 1e-2, 1e-3]

  /// Of the named games; of all where none is named.
  static func targets(_ names: [String]) {
    for game in BenchmarkGame.all where names.isEmpty || names.contains(game.double.name) {
      reach(game.double, "double")
      reach(game.single, "single")
    }
  }

  private static func reach<Scalar: FlowScalar>(_ game: PreparedGame<Scalar>, _ precision: String) {
    for rate in [0.1, 1] {
      reach(game, OnlineMirrorDescent(learningRate: rate), "\(rate)", precision)
    }
    reach(game, FictitiousPlay(), "", precision)
    reach(game, PriorDescent(temperature: 1, priorUpdateInterval: 10), "1 10", precision)
    reach(game, OccupationMeasureOptimisation(stepSize: 0.01), "0.01", precision)
    reach(game, OccupationMeasureInclusion(stepSize: 0.01), "0.01", precision)
  }

  /// One search, at most 2,000 steps or 4 seconds; a line for each goal, with the time at which it
  /// was passed.
  private static func reach<Scalar: FlowScalar, Solver: FiniteHorizonSolver>(
    _ game: PreparedGame<Scalar>, _ solver: Solver, _ setting: String, _ precision: String
  ) {
    let clock = ContinuousClock()
    let start = clock.now
    func elapsed() -> Double {
      let time = clock.now - start
      return Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
    }
    var passed: [(seconds: Double, iteration: Int)] = []
    var gap = Double.infinity
    let search = EquilibriumSearch(game, solver)
    let rule = StoppingRule(iterations: 2000, exploitability: goals[goals.count - 1])
    func note(_ exploitability: Double, _ iteration: Int) {
      gap = min(gap, exploitability)
      while passed.count < goals.count && exploitability <= goals[passed.count] {
        passed.append((elapsed(), iteration))
      }
    }
    let result = search.run(rule) { record in
      note(record.exploitability, record.iteration)
      return elapsed() < 4
    }
    if let last = result.trace.last { note(last.exploitability, last.iteration) }
    for (index, goal) in goals.enumerated() {
      let found = index < passed.count ? passed[index] : nil
      line([
        "target", game.name, "\(Solver.name) \(setting)", precision, "\(goal)",
        found.map { "\($0.seconds)" } ?? "-", "\(found?.iteration ?? result.iterations)", "\(gap)",
        "\(elapsed())",
      ])
    }
  }

  // MARK: limits

  /// What the arithmetic and the traffic of one mirror-descent step on building-evacuation cost at
  /// least: its exponentials, its logarithms, and one pass over the numbers that it touches.
  static func limits() {
    func fastest(_ body: () -> Void) -> Double {
      var best = Double.infinity
      for _ in 0..<200 { best = min(best, seconds { for _ in 0..<10 { body() } } / 10) }
      return best * 1e6
    }
    let (pairs, states) = (12_000, 2_000)
    let x = FlatBuffer<Double>(count: 40_000, repeating: 0.5)
    let y = FlatBuffer<Double>(count: 40_000)
    let u = FlatBuffer<Float>(count: 40_000, repeating: 0.5)
    let v = FlatBuffer<Float>(count: 40_000)
    line([
      "limit", "double", "\(fastest { VectorMath.exp(pairs, x.base, into: y.base) })",
      "\(fastest { VectorMath.log(states, x.base, into: y.base) })",
      "\(fastest { y.copy(from: x) })",
    ])
    line([
      "limit", "single", "\(fastest { VectorMath.exp(pairs, u.base, into: v.base) })",
      "\(fastest { VectorMath.log(states, u.base, into: v.base) })",
      "\(fastest { v.copy(from: u) })",
    ])
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
