import MeanField
import Testing

@Suite struct LectureStartTests {
  /// Reference values computed with scipy's brentq in double precision (facts of the project).
  @Test func solvedCases() {
    func start(_ game: LectureStart) -> Double {
      guard case .exists(let start, let residual, _) = game.equilibrium() else { return .nan }
      #expect(abs(residual) < 1e-14)
      return start
    }
    #expect(abs(start(LectureStart()) - 2.123172799117515) < 1e-12)
    let mixed = LectureStart(missedCost: 2, scales: [0.5, 1, 2], weights: [1, 1, 1])
    #expect(abs(start(mixed) - 1.757123730385238) < 1e-12)
    // Moving the schedule moves the start with it.
    #expect(abs(start(LectureStart(scheduled: 19)) - 21.123172799117515) < 1e-12)
  }

  /// With β = γ = 1 and α very large nobody comes after t, and the lecture starts on time.
  @Test func startsOnTime() {
    let game = LectureStart(latenessCost: 1e6)
    guard case .exists(let start, _, _) = game.equilibrium() else {
      Issue.record("an equilibrium exists")
      return
    }
    #expect(start == 0)
  }

  /// γ = 2 > α = 1: T grows by .8508… in every iteration. By hand: far from t the condition is
  /// 3 N(τ − T) = 1, so τ = T + N⁻¹(1/3) = T − .430727…, and Q = τ + N⁻¹(.9) = τ + 1.281551….
  @Test func noFiniteEquilibrium() {
    let game = LectureStart(waitingCost: 2)
    guard case .noFiniteEquilibrium(let growth) = game.equilibrium() else {
      Issue.record("no finite equilibrium exists")
      return
    }
    #expect(abs(growth - (1.2815515655446004 - 0.4307272992954576)) < 1e-12)
    var expected = 0.0
    for _ in 0..<50 { expected = game.actualStart(expected: expected) }
    #expect(abs(game.actualStart(expected: expected) - expected - growth) < 1e-9)
  }

  /// γ > α alone does not rule an equilibrium out: with q = .5 the drift N⁻¹(1/3) is negative.
  @Test func largeWaitingCostWithASmallQuantile() {
    guard case .exists(let start, _, _) = LectureStart(waitingCost: 2, quantile: 0.5).equilibrium()
    else {
      Issue.record("an equilibrium exists")
      return
    }
    let game = LectureStart(waitingCost: 2, quantile: 0.5)
    #expect(abs(game.actualStart(expected: start) - start) < 1e-12)
  }

  @Test func degenerateCosts() {
    guard case .unbounded = LectureStart(waitingCost: 0).equilibrium() else {
      Issue.record("waiting is free")
      return
    }
  }
}
