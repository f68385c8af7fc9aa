import MeanField
import Testing

struct PopulationAwareTests {
  static let ring = PreparedGame(CrowdModelling<Double>(lastStep: 5, size: 6))

  static func solver() -> PopulationAwareMirrorDescent {
    var solver = PopulationAwareMirrorDescent()
    solver.trainingLaws = 24
    solver.hidden = [32, 32]
    solver.stepSize = 3e-3
    return solver
  }

  /// From laws that were not trained on, exactly measured: far below the uniform policy, and below a
  /// network of the same shape and training that cannot see the population.
  @Test
  func itGeneralisesToUnseenLawsWhereABlindPolicyDoesNot() {
    let solver = Self.solver()
    let aware = solver.train(Self.ring, iterations: 60)
    let blind = solver.train(Self.ring, iterations: 60, seesPopulation: false)
    let laws = solver.laws(12, "unseen", for: Self.ring)
    #expect(laws.allSatisfy { !solver.laws(24, "training", for: Self.ring).contains($0) })
    func mean(_ gap: ([[Double]]) -> Double) -> Double {
      laws.reduce(0) { $0 + gap($1) } / Double(laws.count)
    }
    let seeing = mean { aware.policy.measure(from: $0, in: Self.ring).exploitability }
    let unseeing = mean { blind.policy.measure(from: $0, in: Self.ring).exploitability }
    let uniform = mean {
      PolicyMeasures.evaluate(.uniform(Self.ring), in: Self.ring.startingFrom($0)).exploitability
    }
    #expect(seeing < 0.35 * uniform, "\(seeing) of \(uniform)")
    #expect(seeing < 0.7 * unseeing, "\(seeing) seeing, \(unseeing) blind")
  }

  @Test
  func sameSeedSameBytesAndPoliciesThatAreOnes() {
    var solver = Self.solver()
    solver.trainingLaws = 3
    let game = PreparedGame(PredatorPrey<Double>(lastStep: 2, size: 2))
    let one = solver.train(game, iterations: 3)
    #expect(one.trace == solver.train(game, iterations: 3).trace)
    let policy = one.policy.policy(from: solver.laws(1, "unseen", for: game)[0], in: game)
    for population in 0..<3 {
      for rows in policy.nested(population: population) {
        for row in rows { #expect(abs(row.reduce(0, +) - 1) < 1e-12) }
      }
    }
    solver.seed = 1
    #expect(one.trace != solver.train(game, iterations: 3).trace)
  }
}
